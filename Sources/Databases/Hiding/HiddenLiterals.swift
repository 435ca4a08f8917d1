/// Takes the literals out of SQL: texts, numbers and comments, which an f-string may have put values
/// into. Names stay, and the lengths of types.
package struct HiddenLiterals {
  private static let mark = "…"
  private let isName: (String) -> Bool
  private var rest: Substring
  private var result = ""
  /// The last word and, in its parentheses, the type whose length stands there.
  private var lastWord = ""
  private var sizedType = false
  /// Whether text between dollars is a program, and not a value.
  private let hasBody: Bool

  /// - Parameter isName: whether what stands between double quotes names something; SQLite takes it for
  ///   a text where it does not.
  package static func hide(in sql: String, keeping isName: (String) -> Bool) -> String {
    withoutActuallyEscaping(isName) { isName in
      var scan = HiddenLiterals(isName: isName, sql: sql[...])
      return scan.run()
    }
  }

  private init(isName: @escaping (String) -> Bool, sql: Substring) {
    self.isName = isName
    rest = sql
    let first = sql.drop { !$0.isLetter }.prefix { $0.isLetter }.lowercased()
    hasBody = first == "do" || first == "create"
  }

  private mutating func run() -> String {
    while let first = rest.first {
      switch first {
      case "'": text()
      case "\"", "`": name(first)
      case "$": dollar()
      case "-" where rest.hasPrefix("--"): comment("--", until: "\n", closing: "")
      case "/" where rest.hasPrefix("/*"): comment("/*", until: "*/", closing: "*/")
      case "0"..."9": number()
      case _ where Self.isWord(first): word()
      default:
        if first == "(" { sizedType = Self.sized.contains(lastWord) }
        if first == ")" { sizedType = false }
        if !first.isWhitespace { lastWord = "" }
        result.append(first)
        rest = rest.dropFirst()
      }
    }
    return result
  }

  /// A doubled quote stands for itself; in PostgreSQL's `E'…'` a backslash escapes too.
  private mutating func text() {
    let isEscaped = lastWord == "e"
    rest = rest.dropFirst()
    while let next = rest.first {
      rest = rest.dropFirst()
      if next == "\\", isEscaped {
        rest = rest.dropFirst()
      } else if next == "'" {
        guard rest.first == "'" else { break }
        rest = rest.dropFirst()
      }
    }
    result += "'\(Self.mark)'"
    lastWord = ""
  }

  private mutating func name(_ quote: Character) {
    let content = rest.dropFirst().prefix { $0 != quote }
    result += "\(quote)\(isName(String(content)) ? String(content) : Self.mark)\(quote)"
    rest = rest[content.endIndex...].dropFirst()
    lastWord = ""
  }

  /// `$1` is a parameter, `$tag$ … $tag$` a text.
  private mutating func dollar() {
    guard let opening = rest.prefixMatch(of: /\$(?:[A-Za-z_]\w*)?\$/)?.0 else {
      let parameter = rest.prefix { $0 == "$" || $0.isNumber }
      result += parameter
      rest = rest[parameter.endIndex...]
      return
    }
    let body = rest[opening.endIndex...]
    let end = body.firstRange(of: opening)
    let content = body[..<(end?.lowerBound ?? body.endIndex)]
    var inner = HiddenLiterals(isName: isName, sql: content)
    result += opening + (hasBody ? inner.run() : Self.mark) + (end == nil ? "" : opening)
    rest = end.map { body[$0.upperBound...] } ?? ""
    lastWord = ""
  }

  private mutating func comment(_ opening: String, until end: String, closing: String) {
    let found = rest.dropFirst(2).firstRange(of: end)
    result += opening + Self.mark + closing
    rest = found.map { rest[(closing.isEmpty ? $0.lowerBound : $0.upperBound)...] } ?? ""
  }

  private mutating func number() {
    let digits = rest.prefix { $0 == "." || Self.isWord($0) }
    result += sizedType ? String(digits) : Self.mark
    rest = rest[digits.endIndex...]
  }

  /// A name may hold digits, and a parameter is a name with a sign before it.
  private mutating func word() {
    let word = rest.prefix(while: Self.isWord)
    result += word
    rest = rest[word.endIndex...]
    lastWord = word.lowercased()
  }

  private static func isWord(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_"
  }

  private static let sized: Set<String> = [
    "char", "character", "varchar", "nchar", "nvarchar", "varying", "bpchar", "numeric", "decimal",
    "dec", "float", "bit", "varbit", "time", "timestamp", "timestamptz", "interval",
  ]
}
