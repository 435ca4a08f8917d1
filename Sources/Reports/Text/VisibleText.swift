/// Makes text of unknown origin harmless for a terminal: what would steer it is shown instead.
package enum VisibleText {
  /// Keeps line breaks (Windows' become plain) and tabs; shows control characters (`\x1B`) and those that turn the direction
  /// of writing (`\u{202E}`).
  package static func lines(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { steers($0) }) else { return text }
    var shown = ""
    let text = text.replacing("\r\n", with: "\n")
    for scalar in text.unicodeScalars {
      if steers(scalar) { shown += escape(scalar) } else { shown.unicodeScalars.append(scalar) }
    }
    return shown
  }

  /// One line: line breaks and runs of white space become one space.
  static func oneLine(_ text: String) -> String {
    lines(
      text.split { $0 == " " || $0 == "\n" || $0 == "\r\n" || $0 == "\t" }.joined(separator: " "))
  }

  /// The signs that Stairway's own sentences hold in ASCII, for a terminal without Unicode.
  package static func plain(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
    return text.replacing("…", with: "...").replacing("→", with: "->").replacing("·", with: "-")
  }

  /// Text without colour: the sequences that programs colour their output with are markup of the
  /// terminal they expected, not content.
  static func withoutColour(_ text: String) -> String {
    guard text.utf8.contains(0x1B) else { return text }
    var kept: [UInt8] = []
    let bytes = Array(text.utf8)
    var index = 0
    while index < bytes.count {
      if bytes[index] == 0x1B, index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "[") {
        var end = index + 2
        while end < bytes.count, (0x30...0x3F).contains(bytes[end]) { end += 1 }
        if end < bytes.count, bytes[end] == UInt8(ascii: "m") {
          index = end + 1
          continue
        }
      }
      kept.append(bytes[index])
      index += 1
    }
    return String(decoding: kept, as: UTF8.self)
  }

  private static func steers(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A: false
    case 0..<0x20, 0x7F..<0xA0: true
    case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    if scalar == "\r" { return "\\r" }
    let digits = String(scalar.value, radix: 16, uppercase: true)
    if scalar.value < 0x100 { return "\\x" + (digits.count < 2 ? "0" : "") + digits }
    return "\\u{\(digits)}"
  }
}
