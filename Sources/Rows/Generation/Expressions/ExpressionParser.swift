/// Reads an expression as `pg_get_expr` prints it, or as a snapshot of SQLite has it.
///
/// What it does not know becomes `.unknown` where that can be cut out, and fails as a whole otherwise.
struct ExpressionParser {
  var words: ArraySlice<SQLWord>

  /// - Throws: `NotUnderstood`.
  static func expression(_ text: String) throws -> SQLExpression {
    var parser = ExpressionParser(words: SQLWord.words(of: text)[...])
    let expression = try parser.disjunction()
    guard parser.words.isEmpty else { throw parser.unexpected }
    return expression
  }

  /// Several, between commas.
  static func list(_ words: ArraySlice<SQLWord>) throws -> [SQLExpression] {
    var parser = ExpressionParser(words: words)
    var items = [try parser.disjunction()]
    while parser.take(",") { items.append(try parser.disjunction()) }
    guard parser.words.isEmpty else { throw parser.unexpected }
    return items
  }

  init(words: ArraySlice<SQLWord>) { self.words = words }

  var unexpected: NotUnderstood {
    NotUnderstood(what: words.first.map { "\($0)" } ?? "the end of the expression")
  }

  // MARK: Tokens

  func isNext(_ keyword: String, at distance: Int = 0) -> Bool {
    let index = words.startIndex + distance
    return index < words.endIndex && words[index].keyword == keyword
  }

  mutating func take(word keywords: String...) -> Bool {
    for (distance, keyword) in keywords.enumerated() where !isNext(keyword, at: distance) {
      return false
    }
    words = words.dropFirst(keywords.count)
    return true
  }

  mutating func take(_ symbol: String) -> Bool {
    guard words.first == .symbol(symbol) else { return false }
    words.removeFirst()
    return true
  }

  mutating func expect(_ symbol: String) throws {
    guard take(symbol) else { throw unexpected }
  }

  mutating func expect(word: String) throws {
    guard take(word: word) else { throw unexpected }
  }

  mutating func takeSymbol(of symbols: Set<String>) -> String? {
    guard case .symbol(let symbol)? = words.first, symbols.contains(symbol) else { return nil }
    words.removeFirst()
    return symbol
  }

  // MARK: From the weakest binding to the strongest

  mutating func disjunction() throws -> SQLExpression {
    var parts = [try conjunction()]
    while take(word: "OR") { parts.append(try conjunction()) }
    return parts.count == 1 ? parts[0] : .any(parts)
  }

  mutating func conjunction() throws -> SQLExpression {
    var parts = [try inversion()]
    while take(word: "AND") { parts.append(try inversion()) }
    return parts.count == 1 ? parts[0] : .all(parts)
  }

  mutating func inversion() throws -> SQLExpression {
    if take(word: "NOT") { return .not(try inversion()) }
    return try test()
  }

  mutating func relation() throws -> SQLExpression {
    var left = try matching()
    while let sign = takeSymbol(of: ["<", "<=", ">", ">="]) {
      for word in ["ANY", "SOME", "ALL"] where isNext(word) { return try comparison(sign, left) }
      left = .comparison(sign, left, try matching())
    }
    return left
  }

  /// PostgreSQL's operators on text, and those that are only read over.
  mutating func matching() throws -> SQLExpression {
    var left = try sum()
    while case .symbol(let symbol)? = words.first {
      let kinds: [String: (SQLExpression.Pattern, Bool)] = [
        "~": (.regular(caseless: false), true), "~*": (.regular(caseless: true), true),
        "!~": (.regular(caseless: false), false), "!~*": (.regular(caseless: true), false),
        "~~": (.like(caseless: false, escape: "\\"), true),
        "!~~": (.like(caseless: false, escape: "\\"), false),
        "~~*": (.like(caseless: true, escape: "\\"), true),
        "!~~*": (.like(caseless: true, escape: "\\"), false),
      ]
      if let (pattern, holds) = kinds[symbol] {
        words.removeFirst()
        if isNext("ANY") || isNext("ALL") {
          left = try patterns(left, pattern, holds: holds)
          continue
        }
        let test = SQLExpression.matches(left, pattern, try sum())
        left = holds ? test : .not(test)
      } else if symbol == "^@" {
        words.removeFirst()
        left = .call("starts_with", [left, try sum()])
      } else if Self.opaque.contains(symbol) {
        words.removeFirst()
        left = .call("operator \(symbol)", [left, try sum()])
      } else {
        break
      }
    }
    return left
  }

  /// `~~ ANY (ARRAY[…])`.
  mutating func patterns(
    _ left: SQLExpression, _ pattern: SQLExpression.Pattern, holds: Bool
  ) throws -> SQLExpression {
    let isAll = isNext("ALL")
    words.removeFirst()
    try expect("(")
    let list = try disjunction()
    try expect(")")
    guard let items = Self.elements(of: list) else { return .unknown("patterns of a column") }
    let tests = items.map { item -> SQLExpression in
      let test = SQLExpression.matches(left, pattern, item)
      return holds ? test : .not(test)
    }
    return isAll ? .all(tests) : .any(tests)
  }

  private static let opaque: Set<String> = [
    "@>", "<@", "&&", "<<", ">>", "#>", "#>>", "?", "?|", "?&", "-|-", "&", "|", "#", "^", "<<=",
    ">>=", "@",
  ]

  mutating func sum() throws -> SQLExpression {
    var left = try product()
    while let sign = takeSymbol(of: ["+", "-"]) { left = .arithmetic(sign, left, try product()) }
    return left
  }

  mutating func product() throws -> SQLExpression {
    var left = try joined()
    while let sign = takeSymbol(of: ["*", "/", "%"]) {
      left = .arithmetic(sign, left, try joined())
    }
    return left
  }

  /// Where SQLite has `->` and `->>`; PostgreSQL prints parentheses around them.
  mutating func joined() throws -> SQLExpression {
    var left = try signed()
    while let sign = takeSymbol(of: ["||", "->", "->>"]) {
      let right = try signed()
      left =
        sign == "||" ? .arithmetic(sign, left, right) : .call("operator \(sign)", [left, right])
    }
    return left
  }

  mutating func signed() throws -> SQLExpression {
    if take("-") { return .negated(try signed()) }
    if take("+") { return try signed() }
    return try suffixed()
  }

  mutating func suffixed() throws -> SQLExpression {
    var value = try atom()
    while true {
      if take("::") {
        value = .cast(value, try typeName())
      } else if take(word: "COLLATE") {
        repeat {
          guard words.first?.name != nil else { throw unexpected }
          words.removeFirst()
        } while take(".")
      } else if take(word: "AT", "TIME", "ZONE") {
        value = .call("timezone", [value, try suffixed()])
      } else if take("[") {
        let index = try disjunction()
        try expect("]")
        value = .call("element", [value, index])
      } else {
        return value
      }
    }
  }

  /// `character varying(10)`, `public."T t"[]`, `timestamp(3) with time zone`; without its numbers.
  mutating func typeName() throws -> String {
    guard let first = words.first?.name else { throw unexpected }
    words.removeFirst()
    var name = first
    while take(".") {
      guard let next = words.first?.name else { throw unexpected }
      words.removeFirst()
      name += "." + next
    }
    for word in ["VARYING", "PRECISION"] where take(word: word) { name += " " + word.lowercased() }
    if take("(") { while !take(")"), !words.isEmpty { words.removeFirst() } }
    if take(word: "WITH", "TIME", "ZONE") { name += " with time zone" }
    if take(word: "WITHOUT", "TIME", "ZONE") { name += " without time zone" }
    while take("[") {
      try expect("]")
      name += "[]"
    }
    return name
  }
}
