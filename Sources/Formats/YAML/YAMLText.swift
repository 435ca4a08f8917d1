/// Writes scalars of YAML that every reader takes for what they are, also those that know YAML 1.1.
package enum YAMLText {
  /// A text: without quotes where nothing else could be meant, else between double ones.
  package static func text(_ text: String) -> String {
    isPlain(text) ? text : quoted(text)
  }

  /// Letters first, then what neither ends a scalar nor makes a number, a time or a tag of it; or a
  /// date, which both versions print as it is written.
  private static func isPlain(_ text: String) -> Bool {
    if isDate(text) { return true }
    guard let first = text.unicodeScalars.first, first.properties.isAlphabetic || first == "_",
      text.unicodeScalars.last != " ", text.utf8.count <= 200,
      !words.contains(text.lowercased())
    else { return false }
    return text.unicodeScalars.allSatisfy { scalar in
      scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
        || " _-./@+".unicodeScalars
          .contains(scalar)
    }
  }

  /// What YAML 1.2's core schema or 1.1 (<https://yaml.org/type/>) reads as another type.
  private static let words: Set<String> = [
    "null", "true", "false", "yes", "no", "on", "off", "y", "n",
  ]

  private static func isDate(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    return parts.map(\.utf8.count) == [4, 2, 2]
      && parts.allSatisfy { $0.utf8.allSatisfy { (48...57).contains($0) } }
  }

  /// Between double quotes, with JSON's escapes, all of which are YAML's too, and beyond these with one
  /// for what YAML does not print (<https://yaml.org/spec/1.2.2/#57-escaped-characters>).
  private static func quoted(_ text: String) -> String {
    JSONText.quoted(text).unicodeScalars.map { isPrintable($0) ? String($0) : escape($0) }.joined()
  }

  /// Line ends of Unicode and marks that are not seen are better escaped.
  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD,
      0x10000...0x10FFFF:
      true
    default: false
    }
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    let (mark, width) = scalar.value < 0x100 ? ("x", 2) : ("u", 4)
    return "\\\(mark)" + String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
