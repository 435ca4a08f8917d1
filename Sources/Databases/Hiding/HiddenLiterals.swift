/// Takes the literals out of SQL, and out of lines of Python that hold SQL: texts, numbers and comments,
/// which an f-string may have put values into. Names stay, and the lengths of types.
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
  private let isCode: Bool

  /// - Parameter isName: whether what stands between double quotes names something; SQLite takes it for
  ///   a text where it does not.
  package static func hide(in sql: String, keeping isName: (String) -> Bool) -> String {
    withoutActuallyEscaping(isName) { isName in
      var scan = HiddenLiterals(isName: isName, sql: sql[...])
      return scan.run()
    }
  }

  /// - Parameters:
  ///   - line: of Python, or of SQL that lies in it over several lines.
  ///   - isName: whether a string names something. One that begins as a statement does is SQL.
  package static func hide(inCode line: String, keeping isName: (String) -> Bool) -> String {
    withoutActuallyEscaping(isName) { isName in
      var scan = HiddenLiterals(isName: isName, sql: line[...], isCode: true)
      return scan.run()
    }
  }

  private init(isName: @escaping (String) -> Bool, sql: Substring, isCode: Bool = false) {
    self.isName = isName
    self.isCode = isCode
    rest = sql
    let first = sql.drop { !$0.isLetter }.prefix { $0.isLetter }.lowercased()
    hasBody = first == "do" || first == "create"
  }

  private mutating func run() -> String {
    while let first = rest.first {
      switch first {
      case "'" where isCode, "\"" where isCode: string(first)
      case "#" where isCode: comment("#", until: "\n", closing: "")
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

  /// Python's, which three quotes may enclose; without an end it goes on in the next line.
  private mutating func string(_ quote: Character) {
    let triple = String(repeating: quote, count: 3)
    let mark = rest.hasPrefix(triple) ? triple : String(quote)
    rest = rest.dropFirst(mark.count)
    var end = rest.startIndex
    while end < rest.endIndex, !rest[end...].hasPrefix(mark) {
      let isEscape = rest[end] == "\\"
      end = rest.index(end, offsetBy: isEscape ? 2 : 1, limitedBy: rest.endIndex) ?? rest.endIndex
    }
    let content = rest[..<end]
    let isEnded = end < rest.endIndex
    result += mark + shown(content) + (isEnded ? mark : "")
    rest = rest[end...].dropFirst(isEnded ? mark.count : 0)
    lastWord = ""
  }

  private func shown(_ content: Substring) -> String {
    if content.isEmpty || isName(String(content)) { return String(content) }
    let first = content.drop { !$0.isLetter }.prefix { $0.isLetter }.lowercased()
    return Self.verbs.contains(first)
      ? Self.hide(in: String(content), keeping: isName) : Self.mark
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
    let found = rest.dropFirst(opening.count).firstRange(of: end)
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
    // SQLAlchemy's.
    "string", "unicode", "largebinary",
  ]

  private static let verbs: Set<String> = [
    "select", "insert", "update", "delete", "merge", "with", "values", "create", "alter", "drop",
    "truncate", "comment", "grant", "revoke", "do", "call", "set", "pragma",
  ]
}
