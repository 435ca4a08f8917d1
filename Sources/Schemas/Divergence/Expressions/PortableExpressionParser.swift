import Databases

/// Reads an expression as one engine writes it.
///
/// A text that this grammar does not know is given as a whole, as what only its engine understands:
/// nothing is ever found to differ because it could not be read.
struct PortableExpressionParser {
  typealias Expression = PortableExpression

  var reader: TokenReader
  let engine: Engine
  let build: ExpressionBuilder

  /// - Parameter booleans: the boolean columns of the table in question, in small letters.
  static func expression(
    _ text: String, of engine: Engine, booleans: Set<String> = []
  ) -> Expression {
    var parser = PortableExpressionParser(text, engine, ExpressionBuilder(booleans: booleans))
    return parser.whole() ?? .opaque(text)
  }

  /// An expression in a form in which it can be held against another one of the same engine: what the
  /// other engine has no word for stays. Nil where the grammar does not know it.
  static func exact(_ text: String, of engine: Engine, by build: ExpressionBuilder) -> Expression? {
    var parser = PortableExpressionParser(text, engine, build)
    return parser.whole()
  }

  /// The same of a key's column or expression, and what follows it: order, operator class.
  static func exactKey(
    _ text: String, of engine: Engine, by build: ExpressionBuilder
  ) -> (Expression, rest: [Token])? {
    var parser = PortableExpressionParser(text, engine, build)
    guard let found = try? parser.disjunction() else { return nil }
    return (found, parser.reader.rest.filter { !$0.isWord("ASC") })
  }

  /// A text's tokens without the casts of PostgreSQL's, and without parentheses around a single one that
  /// is no argument.
  static func tokensWithoutCasts(_ text: String, of engine: Engine) -> [Token] {
    var parser = PortableExpressionParser(text, engine, ExpressionBuilder(isExact: true))
    var kept: [Token] = []
    while let token = parser.reader.next {
      if parser.reader.take(symbol: "::"), (try? parser.typeName()) != nil { continue }
      guard parser.reader.next == token, (try? parser.reader.take()) != nil else { continue }
      kept.append(token)
      let end = kept.suffix(4)
      if token.isSymbol(")"), end.count > 2, end.dropLast(2).last?.isSymbol("(") == true,
        end.count < 4 || end.first?.kind == .symbol
      {
        kept.remove(at: kept.count - 3)
        kept.removeLast()
      }
    }
    return kept
  }

  private mutating func whole() -> Expression? {
    guard let found = try? disjunction(), reader.isAtEnd else { return nil }
    return found
  }

  /// A key column or expression of an index, with what is said of its order.
  struct Key: Hashable {
    let expression: Expression
    let isDescending: Bool
    /// Whether an operator class or its like is named, which the other engine has no word for.
    let isSpecial: Bool
  }

  static func key(_ text: String, of engine: Engine, booleans: Set<String>) -> Key {
    var parser = PortableExpressionParser(text, engine, ExpressionBuilder(booleans: booleans))
    guard let found = try? parser.keyPart() else {
      return Key(expression: .opaque(text), isDescending: false, isSpecial: true)
    }
    return found
  }

  private init(_ text: String, _ engine: Engine, _ build: ExpressionBuilder) {
    reader = TokenReader(Tokenizer.tokens(of: text, as: engine))
    self.engine = engine
    self.build = build
  }

  private mutating func keyPart() throws -> Key {
    let expression = try disjunction()
    var isDescending = false
    var isSpecial = false
    while let token = reader.next {
      if reader.take(words: "DESC") {
        isDescending = true
      } else if !reader.take(words: "ASC"), !reader.take(words: "NULLS", "FIRST"),
        !reader.take(words: "NULLS", "LAST")
      {
        isSpecial = true
        _ = token
        _ = try reader.take()
      }
    }
    return Key(expression: expression, isDescending: isDescending, isSpecial: isSpecial)
  }

  mutating func disjunction() throws -> Expression {
    var operands = [try conjunction()]
    while reader.take(words: "OR") { operands.append(try conjunction()) }
    return operands.count == 1 ? operands[0] : build.junction("or", operands)
  }

  private mutating func conjunction() throws -> Expression {
    var operands = [try negation()]
    while reader.take(words: "AND") { operands.append(try negation()) }
    return operands.count == 1 ? operands[0] : build.junction("and", operands)
  }

  private mutating func negation() throws -> Expression {
    reader.take(words: "NOT") ? build.not(try negation()) : try condition()
  }

  /// A comparison, or what stands alone.
  private mutating func condition() throws -> Expression {
    var left = try operation()
    while let token = reader.next {
      if token.kind == .symbol {
        guard let symbol = comparisonSymbol(token) else { break }
        _ = try reader.take()
        left = try compared(left, symbol)
      } else if reader.take(words: "ISNULL") {
        left = .call("isnull", [left])
      } else if reader.take(words: "NOTNULL") || reader.take(words: "NOT", "NULL") {
        left = build.not(.call("isnull", [left]))
      } else if reader.take(words: "IS") {
        left = try identity(of: left)
      } else if let found = try worded(left) {
        left = found
      } else {
        break
      }
    }
    return left
  }

  private func comparisonSymbol(_ token: Token) -> String? {
    build.comparison(token.text, .null, .null) == nil ? nil : token.text
  }

  private mutating func compared(_ left: Expression, _ symbol: String) throws -> Expression {
    for word in ["ANY", "SOME", "ALL"] where reader.take(words: word) {
      try reader.expect(symbol: "(")
      let list = try disjunction()
      try reader.expect(symbol: ")")
      switch (list, symbol, word) {
      case (.array(let items), "=", "ANY"), (.array(let items), "=", "SOME"):
        return build.membership(left, items)
      case (.array(let items), "<>", "ALL"):
        return build.not(build.membership(left, items))
      default:
        return .call("\(symbol) \(word.lowercased())", [left, list])
      }
    }
    let right = try operation()
    return build.comparison(symbol, left, right) ?? .call(symbol, [left, right])
  }

  /// What follows `IS`.
  private mutating func identity(of left: Expression) throws -> Expression {
    var isNegated = reader.take(words: "NOT")
    if reader.take(words: "DISTINCT", "FROM") { isNegated.toggle() }
    let found = build.identity(left, try operation())
    return isNegated ? build.not(found) : found
  }

  /// `IN`, `BETWEEN`, `LIKE` and their like, with `NOT` before them or not; nil for anything else.
  private mutating func worded(_ left: Expression) throws -> Expression? {
    let before = reader
    let isNegated = reader.take(words: "NOT")
    let found: Expression
    if reader.take(words: "IN") {
      found = build.membership(left, try list())
    } else if reader.take(words: "BETWEEN") {
      let lower = try operation()
      try reader.expect(word: "AND")
      let upper = try operation()
      found = build.junction("and", [.call("<=", [lower, left]), .call("<=", [left, upper])])
    } else if let word = ["LIKE", "ILIKE"].first(where: isNext) {
      _ = try reader.take()
      let pattern = try operation()
      let escape = reader.take(words: "ESCAPE") ? [try operation()] : []
      found = .call(build.isExact ? word.lowercased() : "like", [left, pattern] + escape)
    } else if let word = ["GLOB", "REGEXP", "MATCH", "SIMILAR"].first(where: isNext) {
      _ = try reader.take()
      found = .call(word.lowercased(), [left, try operation()])
    } else {
      reader = before
      return nil
    }
    return isNegated ? build.not(found) : found
  }

  private func isNext(_ word: String) -> Bool { reader.next?.isWord(word) == true }

  /// Expressions between parentheses, with commas between them; there may be none.
  mutating func list() throws -> [Expression] {
    try reader.expect(symbol: "(")
    var items: [Expression] = []
    guard !reader.take(symbol: ")") else { return items }
    repeat { items.append(try disjunction()) } while reader.take(symbol: ",")
    try reader.expect(symbol: ")")
    return items
  }
}
