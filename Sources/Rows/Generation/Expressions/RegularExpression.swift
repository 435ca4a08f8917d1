/// Reads the common part of PostgreSQL's regular expressions
/// (<https://www.postgresql.org/docs/current/functions-matching.html#POSIX-SYNTAX-DETAILS>).
struct RegularExpression {
  private var rest: ArraySlice<Unicode.Scalar>

  /// - Throws: `NotUnderstood` for back references and looks around.
  static func pattern(_ text: String) throws -> TextPattern {
    var reader = RegularExpression(rest: Array(text.unicodeScalars)[...])
    let pattern = try reader.choice()
    guard reader.rest.isEmpty else { throw NotUnderstood(what: "the regular expression \(text)") }
    return pattern
  }

  private mutating func choice() throws -> TextPattern {
    var options = [try sequence()]
    while rest.first == "|" {
      rest.removeFirst()
      options.append(try sequence())
    }
    return options.count == 1 ? options[0] : .choice(options)
  }

  private mutating func sequence() throws -> TextPattern {
    var parts: [TextPattern] = []
    while let next = rest.first, next != "|", next != ")" {
      parts.append(try repetition(of: try atom()))
    }
    return parts.count == 1 ? parts[0] : .sequence(parts)
  }

  private mutating func repetition(of atom: TextPattern) throws -> TextPattern {
    var pattern = atom
    while let next = rest.first {
      switch next {
      case "*": pattern = .repeated(pattern, 0, nil)
      case "+": pattern = .repeated(pattern, 1, nil)
      case "?": pattern = .repeated(pattern, 0, 1)
      case "{":
        guard let (least, most, length) = bounds() else { return pattern }
        rest = rest.dropFirst(length)
        pattern = .repeated(pattern, least, most)
        continue
      default: return pattern
      }
      rest.removeFirst()
      // Unwilling repetition matches the same texts.
      if rest.first == "?" { rest.removeFirst() }
    }
    return pattern
  }

  /// Of `{2}`, `{2,}`, `{2,5}`.
  private func bounds() -> (Int, Int?, Int)? {
    guard let end = rest.firstIndex(of: "}") else { return nil }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: rest[(rest.startIndex + 1)..<end])
    let fields = String(text).split(separator: ",", omittingEmptySubsequences: false)
    guard let least = Int(fields[0]), fields.count < 3 else { return nil }
    let most = fields.count == 1 ? least : Int(fields[1])
    return (least, most, end - rest.startIndex + 1)
  }

  private mutating func atom() throws -> TextPattern {
    guard let next = rest.popFirst() else { return .empty }
    switch next {
    case "^": return .start
    case "$": return .end
    case ".": return .anything
    case "(":
      if rest.first == "?" {
        guard rest.dropFirst().first == ":" else {
          throw NotUnderstood(what: "a regular expression that looks around")
        }
        rest = rest.dropFirst(2)
      }
      let inner = try choice()
      guard rest.popFirst() == ")" else { throw NotUnderstood(what: "a regular expression") }
      return inner
    case "[": return try Self.characterClass(&rest, isGlob: false)
    case "\\": return try escaped()
    default: return .scalar(next)
    }
  }

  private mutating func escaped() throws -> TextPattern {
    guard let next = rest.popFirst() else { return .scalar("\\") }
    switch next {
    case "A": return .start
    case "Z": return .end
    case "n": return .scalar("\n")
    case "t": return .scalar("\t")
    case "r": return .scalar("\r")
    case "m", "M", "y", "Y", "b", "B", "1"..."9", "x", "u", "U":
      throw NotUnderstood(what: "\\\(next) in a regular expression")
    default:
      if let ranges = Self.shorthands[next] { return .one(ranges, negated: false) }
      let lowered = Unicode.Scalar(next.value | 0x20) ?? next
      if next != lowered, let ranges = Self.shorthands[lowered] {
        return .one(ranges, negated: true)
      }
      return .scalar(next)
    }
  }

  private static let shorthands: [Unicode.Scalar: [ClosedRange<Unicode.Scalar>]] = [
    "d": ["0"..."9"], "w": ["a"..."z", "A"..."Z", "0"..."9", "_"..."_"],
    "s": [" "..." ", "\t"..."\r"],
  ]

  private static let classes: [String: [ClosedRange<Unicode.Scalar>]] = [
    "alpha": ["a"..."z", "A"..."Z"], "digit": ["0"..."9"],
    "alnum": ["a"..."z", "A"..."Z", "0"..."9"], "lower": ["a"..."z"], "upper": ["A"..."Z"],
    "space": [" "..." ", "\t"..."\r"], "xdigit": ["0"..."9", "a"..."f", "A"..."F"],
    "punct": ["!"..."/", ":"..."@", "["..."`", "{"..."~"],
  ]

  /// What follows `[`, the closing bracket included.
  static func characterClass(
    _ rest: inout ArraySlice<Unicode.Scalar>, isGlob: Bool
  ) throws -> TextPattern {
    var ranges: [ClosedRange<Unicode.Scalar>] = []
    let negated = rest.first == "^"
    if negated { rest.removeFirst() }
    var isFirst = true
    while let next = rest.popFirst() {
      if next == "]", !isFirst { return .one(ranges, negated: negated) }
      isFirst = false
      if !isGlob, next == "[", rest.first == ":" {
        let name = rest.dropFirst().prefix { $0 != ":" }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: name)
        guard let known = classes[String(text)] else { throw NotUnderstood(what: "[:\(text):]") }
        ranges += known
        rest = rest.dropFirst(name.count + 3)
        continue
      }
      var scalar = next
      if !isGlob, next == "\\", let escaped = rest.popFirst() {
        if let known = shorthands[escaped] {
          ranges += known
          continue
        }
        let letters: [Unicode.Scalar: Unicode.Scalar] = ["n": "\n", "t": "\t", "r": "\r"]
        guard letters[escaped] != nil || !escaped.properties.isAlphabetic else {
          throw NotUnderstood(what: "\\\(escaped) between brackets")
        }
        scalar = letters[escaped] ?? escaped
      }
      if rest.first == "-", let end = rest.dropFirst().first, end != "]" {
        rest = rest.dropFirst(2)
        var last = end
        if !isGlob, end == "\\", let escaped = rest.popFirst() { last = escaped }
        guard scalar <= last else { throw NotUnderstood(what: "a range in a regular expression") }
        ranges.append(scalar...last)
      } else {
        ranges.append(scalar...scalar)
      }
    }
    throw NotUnderstood(what: "an open bracket in a pattern")
  }
}
