/// Reads an expression as `pg_get_expr` prints it, or as a snapshot of SQLite has it.
///
/// What it does not know becomes `.unknown` where that can be cut out, and fails as a whole otherwise.
struct ExpressionParser {
  private var words: ArraySlice<SQLWord>

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

  private init(words: ArraySlice<SQLWord>) { self.words = words }

  private var unexpected: NotUnderstood {
    NotUnderstood(what: words.first.map { "\($0)" } ?? "the end of the expression")
  }

  // MARK: Tokens

  private func isNext(_ keyword: String, at distance: Int = 0) -> Bool {
    let index = words.startIndex + distance
    return index < words.endIndex && words[index].keyword == keyword
  }

  private mutating func take(word keywords: String...) -> Bool {
    for (distance, keyword) in keywords.enumerated() where !isNext(keyword, at: distance) {
      return false
    }
    words = words.dropFirst(keywords.count)
    return true
  }

  private mutating func take(_ symbol: String) -> Bool {
    guard words.first == .symbol(symbol) else { return false }
    words.removeFirst()
    return true
  }

  private mutating func expect(_ symbol: String) throws {
    guard take(symbol) else { throw unexpected }
  }

  private mutating func expect(word: String) throws {
    guard take(word: word) else { throw unexpected }
  }

  private mutating func takeSymbol(of symbols: Set<String>) -> String? {
    guard case .symbol(let symbol)? = words.first, symbols.contains(symbol) else { return nil }
    words.removeFirst()
    return symbol
  }

  // MARK: From the weakest binding to the strongest

  private mutating func disjunction() throws -> SQLExpression {
    var parts = [try conjunction()]
    while take(word: "OR") { parts.append(try conjunction()) }
    return parts.count == 1 ? parts[0] : .any(parts)
  }

  private mutating func conjunction() throws -> SQLExpression {
    var parts = [try inversion()]
    while take(word: "AND") { parts.append(try inversion()) }
    return parts.count == 1 ? parts[0] : .all(parts)
  }

  private mutating func inversion() throws -> SQLExpression {
    if take(word: "NOT") { return .not(try inversion()) }
    return try test()
  }

  /// `=`, `IN`, `LIKE`, `BETWEEN`, `IS`, left to right.
  private mutating func test() throws -> SQLExpression {
    var left = try relation()
    while let next = try test(of: left) { left = next }
    return left
  }

  private mutating func test(of left: SQLExpression) throws -> SQLExpression? {
    if let sign = takeSymbol(of: ["=", "==", "<>", "!="]) {
      return try comparison(sign == "==" ? "=" : sign == "!=" ? "<>" : sign, left)
    }
    if take(word: "IS") { return try identity(left) }
    if take(word: "ISNULL") { return .isNull(left) }
    if take(word: "NOTNULL") { return .not(.isNull(left)) }
    if isNext("NOT"), let tested = try negatedTest(of: left) { return tested }
    return try plainTest(of: left)
  }

  private mutating func negatedTest(of left: SQLExpression) throws -> SQLExpression? {
    let before = words
    words.removeFirst()
    if take(word: "NULL") { return .not(.isNull(left)) }
    if let tested = try plainTest(of: left) { return .not(tested) }
    words = before
    return nil
  }

  private mutating func plainTest(of left: SQLExpression) throws -> SQLExpression? {
    if take(word: "IN") {
      try expect("(")
      guard !isNext("SELECT") else { throw NotUnderstood(what: "a subquery") }
      var items: [SQLExpression] = []
      if !take(")") {
        repeat { items.append(try disjunction()) } while take(",")
        try expect(")")
      }
      return .quantified("=", left, items, all: false)
    }
    if take(word: "BETWEEN") {
      _ = take(word: "SYMMETRIC")
      let low = try relation()
      try expect(word: "AND")
      let high = try relation()
      return .all([.comparison(">=", left, low), .comparison("<=", left, high)])
    }
    if take(word: "LIKE") { return try like(left, caseless: nil) }
    if take(word: "ILIKE") { return try like(left, caseless: true) }
    if take(word: "GLOB") { return .matches(left, .glob, try relation()) }
    for word in ["REGEXP", "MATCH"] where take(word: word) {
      _ = try relation()
      return .unknown(word)
    }
    return nil
  }

  private mutating func like(_ left: SQLExpression, caseless: Bool?) throws -> SQLExpression {
    let pattern = try relation()
    var escape: Character?
    if take(word: "ESCAPE"), case .literal(.text(let text)) = try relation() { escape = text.first }
    // SQLite's LIKE does not look at the case of ASCII's letters; PostgreSQL prints `~~`.
    return .matches(left, .like(caseless: caseless ?? true, escape: escape), pattern)
  }

  private mutating func identity(_ left: SQLExpression) throws -> SQLExpression {
    let isNegated = take(word: "NOT")
    let test: SQLExpression
    if take(word: "NULL") || take(word: "UNKNOWN") {
      test = .isNull(left)
    } else if take(word: "DISTINCT", "FROM") {
      test = .not(.same(left, try relation()))
    } else if isNext("TRUE") || isNext("FALSE") {
      test = .isBoolean(left, isNext("TRUE"))
      words.removeFirst()
    } else {
      test = .same(left, try relation())
    }
    return isNegated ? .not(test) : test
  }

  private mutating func comparison(_ sign: String, _ left: SQLExpression) throws -> SQLExpression {
    for word in ["ANY", "SOME", "ALL"] where isNext(word) {
      words.removeFirst()
      try expect("(")
      let list = try disjunction()
      try expect(")")
      guard let items = Self.elements(of: list) else { return .unknown("\(word) of a column") }
      return .quantified(sign, left, items, all: word == "ALL")
    }
    return .comparison(sign, left, try relation())
  }

  /// The elements of `ARRAY[…]`, casts of the whole handed on to each.
  private static func elements(of list: SQLExpression) -> [SQLExpression]? {
    switch list {
    case .array(let items): items
    case .cast(.literal(.text(let text)), let type) where type.hasSuffix("[]"):
      ArrayText.elements(of: text)?.map {
        .cast(.literal($0.map { .text($0) } ?? .null), String(type.dropLast(2)))
      }
    case .cast(let inner, let type):
      elements(of: inner)?.map { .cast($0, type.hasSuffix("[]") ? String(type.dropLast(2)) : type) }
    default: nil
    }
  }

  private mutating func relation() throws -> SQLExpression {
    var left = try matching()
    while let sign = takeSymbol(of: ["<", "<=", ">", ">="]) {
      for word in ["ANY", "SOME", "ALL"] where isNext(word) { return try comparison(sign, left) }
      left = .comparison(sign, left, try matching())
    }
    return left
  }

  /// PostgreSQL's operators on text, and those that are only read over.
  private mutating func matching() throws -> SQLExpression {
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
  private mutating func patterns(
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
    "@>", "<@", "&&", "<<", ">>", "->", "->>", "#>", "#>>", "?", "?|", "?&", "-|-", "&", "|", "#",
    "^", "<<=", ">>=", "@",
  ]

  private mutating func sum() throws -> SQLExpression {
    var left = try product()
    while let sign = takeSymbol(of: ["+", "-"]) { left = .arithmetic(sign, left, try product()) }
    return left
  }

  private mutating func product() throws -> SQLExpression {
    var left = try joined()
    while let sign = takeSymbol(of: ["*", "/", "%"]) {
      left = .arithmetic(sign, left, try joined())
    }
    return left
  }

  private mutating func joined() throws -> SQLExpression {
    var left = try signed()
    while take("||") { left = .arithmetic("||", left, try signed()) }
    return left
  }

  private mutating func signed() throws -> SQLExpression {
    if take("-") { return .negated(try signed()) }
    if take("+") { return try signed() }
    return try suffixed()
  }

  private mutating func suffixed() throws -> SQLExpression {
    var value = try ExpressionAtom.read(&self)
    while true {
      if take("::") {
        value = .cast(value, try typeName())
      } else if take(word: "COLLATE") {
        while words.first?.name != nil || words.first == .symbol(".") { words.removeFirst() }
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
  private mutating func typeName() throws -> String {
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

  // MARK: What stands by itself

  private enum ExpressionAtom {
    static func read(_ parser: inout ExpressionParser) throws -> SQLExpression {
      guard let word = parser.words.first else { throw parser.unexpected }
      switch word {
      case .number(let digits):
        parser.words.removeFirst()
        return .literal(Int64(digits).map { .integer($0) } ?? .number(Double(digits) ?? 0))
      case .string(let text):
        parser.words.removeFirst()
        return .literal(.text(text))
      case .coded(_, let digits):
        parser.words.removeFirst()
        return .literal(.text(digits))
      case .symbol("("):
        parser.words.removeFirst()
        if parser.isNext("SELECT") { throw NotUnderstood(what: "a subquery") }
        var items = [try parser.disjunction()]
        while parser.take(",") { items.append(try parser.disjunction()) }
        try parser.expect(")")
        return items.count == 1 ? items[0] : .array(items)
      case .symbol: throw parser.unexpected
      case .quoted(let name):
        parser.words.removeFirst()
        return try parser.reference(name)
      case .word(let name):
        parser.words.removeFirst()
        return try parser.keywordAtom(word.keyword) ?? parser.reference(name)
      }
    }
  }

  private mutating func keywordAtom(_ keyword: String) throws -> SQLExpression? {
    switch keyword {
    case "NULL": return .literal(.null)
    case "TRUE": return .literal(.boolean(true))
    case "FALSE": return .literal(.boolean(false))
    case "CURRENT_DATE": return .call("current_date", [])
    case "CURRENT_TIMESTAMP", "LOCALTIMESTAMP": return .call("now", [])
    case "EXISTS", "SELECT": throw NotUnderstood(what: "a subquery")
    case "CASE": return try choice()
    case "NOT": return .not(try inversion())
    case "ARRAY", "ROW":
      let closing = keyword == "ARRAY" ? "]" : ")"
      try expect(keyword == "ARRAY" ? "[" : "(")
      var items: [SQLExpression] = []
      if !take(closing) {
        repeat { items.append(try disjunction()) } while take(",")
        try expect(closing)
      }
      return .array(items)
    default: break
    }
    guard words.first == .symbol("(") else { return nil }
    return try specialCall(keyword)
  }

  /// The functions whose arguments stand between words.
  private mutating func specialCall(_ keyword: String) throws -> SQLExpression? {
    let before = words
    words.removeFirst()
    switch keyword {
    case "CAST":
      let value = try disjunction()
      try expect(word: "AS")
      let type = try typeName()
      try expect(")")
      return .cast(value, type)
    case "EXTRACT":
      guard let field = words.first?.name else { throw unexpected }
      words.removeFirst()
      try expect(word: "FROM")
      let value = try disjunction()
      try expect(")")
      return .call("date_part", [.literal(.text(field)), value])
    case "POSITION":
      let part = try matching()
      try expect(word: "IN")
      let whole = try disjunction()
      try expect(")")
      return .call("strpos", [whole, part])
    case "TRIM":
      let sides = ["BOTH": "btrim", "LEADING": "ltrim", "TRAILING": "rtrim"]
      guard let name = words.first.flatMap({ sides[$0.keyword] }) else { break }
      words.removeFirst()
      var arguments: [SQLExpression] = []
      if !isNext("FROM") { arguments.append(try disjunction()) }
      try expect(word: "FROM")
      arguments.insert(try disjunction(), at: 0)
      try expect(")")
      return .call(name, arguments)
    case "SUBSTRING":
      let value = try disjunction()
      guard take(word: "FROM") else { break }
      var arguments = [value, try disjunction()]
      if take(word: "FOR") { arguments.append(try disjunction()) }
      try expect(")")
      return .call("substr", arguments)
    default: break
    }
    words = before
    return nil
  }

  private mutating func choice() throws -> SQLExpression {
    let operand = isNext("WHEN") ? nil : try disjunction()
    var branches: [SQLExpression.Branch] = []
    while take(word: "WHEN") {
      let condition = try disjunction()
      try expect(word: "THEN")
      branches.append(
        .init(
          condition: operand.map { .comparison("=", $0, condition) } ?? condition,
          value: try disjunction()))
    }
    let otherwise = take(word: "ELSE") ? try disjunction() : .literal(.null)
    try expect(word: "END")
    return .choice(branches, otherwise: otherwise)
  }

  /// A column, perhaps after its table's name, or a function's call.
  private mutating func reference(_ name: String) throws -> SQLExpression {
    var name = name
    while take(".") {
      guard let next = words.first?.name else { throw unexpected }
      words.removeFirst()
      name = next
    }
    guard take("(") else { return .column(name) }
    var arguments: [SQLExpression] = []
    if !take(")") {
      repeat { arguments.append(try disjunction()) } while take(",")
      try expect(")")
    }
    return .call(name.lowercased(), arguments)
  }
}

/// PostgreSQL's text form of an array of one dimension.
enum ArrayText {
  /// The elements, nil for NULL; nil for what is no such array.
  static func elements(of literal: String) -> [String?]? {
    guard literal.first == "{", literal.last == "}" else { return nil }
    var elements: [String?] = []
    var element = ""
    var (isQuoted, wasQuoted, isEscaped) = (false, false, false)
    let content = literal.dropFirst().dropLast()
    if content.isEmpty { return [] }
    func finish() {
      elements.append(!wasQuoted && element.uppercased() == "NULL" ? nil : element)
      element = ""
      wasQuoted = false
    }
    for character in content {
      if isEscaped {
        element.append(character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character == "\"" {
        isQuoted.toggle()
        wasQuoted = true
      } else if character == ",", !isQuoted {
        finish()
      } else if character == "{", !isQuoted {
        return nil
      } else {
        element.append(character)
      }
    }
    finish()
    return elements
  }
}
