import Databases

/// Writes values as Python's source text.
enum PythonText {
  /// A string literal between double quotes, or single ones where that spares escapes; one piece a
  /// line where the text has several.
  static func literal(_ text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count > 1 else { return piece(text) }
    let pieces = lines.enumerated().map { index, line in
      piece(String(line) + (index < lines.count - 1 ? "\n" : ""))
    }
    return "\n    " + pieces.filter { $0 != "\"\"" }.joined(separator: "\n    ") + "\n"
  }

  static func literal(_ name: Identifier) -> String { piece(name.raw) }

  /// A list of string literals.
  static func list(_ texts: [String]) -> String {
    "[\(texts.map(piece).joined(separator: ", "))]"
  }

  /// `sa.text("…")` of SQL.
  static func saText(_ sql: String) -> String { "sa.text(\(piece(escapingBinds(sql))))" }

  /// SQLAlchemy reads `:name` in texts as a parameter; a backslash before the colon prevents it.
  static func escapingBinds(_ sql: String) -> String {
    var escaped = ""
    var previous: Character = " "
    let characters = Array(sql)
    for (index, character) in characters.enumerated() {
      if character == ":", previous != ":", previous != "\\", !isWord(previous),
        index + 1 < characters.count, isWord(characters[index + 1])
      {
        escaped += "\\"
      }
      escaped.append(character)
      previous = character
    }
    return escaped
  }

  private static func isWord(_ character: Character) -> Bool {
    character == "_" || character.isLetter || character.isNumber
  }

  private static func piece(_ text: String) -> String {
    let quote: Character = text.contains("\"") && !text.contains("'") ? "'" : "\""
    var literal = String(quote)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": literal += "\\\\"
      case "\n": literal += "\\n"
      case "\r": literal += "\\r"
      case "\t": literal += "\\t"
      case _ where Character(scalar) == quote: literal += "\\\(quote)"
      case _ where scalar.value < 32 || scalar.value == 127:
        let digits = String(scalar.value, radix: 16)
        literal += "\\x" + (digits.count == 1 ? "0" : "") + digits
      default: literal.unicodeScalars.append(scalar)
      }
    }
    literal.append(quote)
    return literal
  }
}
