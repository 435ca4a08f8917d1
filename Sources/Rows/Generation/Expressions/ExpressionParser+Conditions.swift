/// What gives a truth: `=`, `IN`, `LIKE`, `BETWEEN`, `IS`.
extension ExpressionParser {
  /// `=`, `IN`, `LIKE`, `BETWEEN`, `IS`, left to right.
  mutating func test() throws -> SQLExpression {
    var left = try relation()
    while let next = try test(of: left) { left = next }
    return left
  }

  mutating func test(of left: SQLExpression) throws -> SQLExpression? {
    if let sign = takeSymbol(of: ["=", "==", "<>", "!="]) {
      return try comparison(sign == "==" ? "=" : sign == "!=" ? "<>" : sign, left)
    }
    if take(word: "IS") { return try identity(left) }
    if take(word: "ISNULL") { return .isNull(left) }
    if take(word: "NOTNULL") { return .not(.isNull(left)) }
    if isNext("NOT"), let tested = try negatedTest(of: left) { return tested }
    return try plainTest(of: left)
  }

  mutating func negatedTest(of left: SQLExpression) throws -> SQLExpression? {
    let before = words
    words.removeFirst()
    if take(word: "NULL") { return .not(.isNull(left)) }
    if let tested = try plainTest(of: left) { return .not(tested) }
    words = before
    return nil
  }

  mutating func plainTest(of left: SQLExpression) throws -> SQLExpression? {
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

  mutating func like(_ left: SQLExpression, caseless: Bool?) throws -> SQLExpression {
    let pattern = try relation()
    var escape: Character?
    if take(word: "ESCAPE"), case .literal(.text(let text)) = try relation() { escape = text.first }
    // SQLite's LIKE does not look at the case of ASCII's letters; PostgreSQL prints `~~`.
    return .matches(left, .like(caseless: caseless ?? true, escape: escape), pattern)
  }

  mutating func identity(_ left: SQLExpression) throws -> SQLExpression {
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

  mutating func comparison(_ sign: String, _ left: SQLExpression) throws -> SQLExpression {
    for word in ["ANY", "SOME", "ALL"] where isNext(word) {
      words.removeFirst()
      try expect("(")
      let list = try disjunction()
      try expect(")")
      guard let items = Self.elements(of: list) else {
        return .quantifiedList(sign, left, list, all: word == "ALL")
      }
      return .quantified(sign, left, items, all: word == "ALL")
    }
    return .comparison(sign, left, try relation())
  }

  /// The elements of `ARRAY[…]`, casts of the whole handed on to each.
  static func elements(of list: SQLExpression) -> [SQLExpression]? {
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
}
