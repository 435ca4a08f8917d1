import Databases

/// Puts expressions together so that what means the same becomes the same.
struct ExpressionBuilder {
  /// The boolean columns, in small letters: what compares them with 1 or `true` is what they are.
  let booleans: Set<String>
  /// Whether what the other engine has no word for is kept: collations, names' case, functions as they
  /// are called.
  let isExact: Bool

  init(booleans: Set<String> = [], isExact: Bool = false) {
    self.booleans = booleans
    self.isExact = isExact
  }

  typealias Expression = PortableExpression

  func not(_ operand: Expression) -> Expression {
    switch operand {
    case .call("not", let inner) where inner.count == 1: inner[0]
    // Of `NOT BETWEEN 0 AND 9`, PostgreSQL keeps `< 0 OR > 9`; where an operand is NULL, so are both.
    case .call("and", let inner): junction("or", inner.map(not))
    case .call("or", let inner): junction("and", inner.map(not))
    case .call("<", let sides) where sides.count == 2: .call("<=", sides.reversed())
    case .call("<=", let sides) where sides.count == 2: .call("<", sides.reversed())
    case .truth(let truth): .truth(!truth)
    default: .call("not", [operand])
    }
  }

  /// `AND` or `OR` of all, whatever their order and grouping.
  func junction(_ name: String, _ operands: [Expression]) -> Expression {
    var flat: [Expression] = []
    for operand in operands {
      if case .call(name, let inner) = operand { flat += inner } else { flat.append(operand) }
    }
    let idle = Expression.truth(name == "and")
    let rest = Set(flat.filter { $0 != idle }).sorted()
    return rest.isEmpty ? idle : rest.count == 1 ? rest[0] : .call(name, rest)
  }

  /// A comparison under one of both engines' spellings; nil for what is none.
  func comparison(_ symbol: String, _ left: Expression, _ right: Expression) -> Expression? {
    switch symbol {
    case "=", "==": equality(left, right)
    case "<>", "!=": not(equality(left, right))
    case "<", "<=": .call(symbol, [left, right])
    case ">", ">=": .call(symbol == ">" ? "<" : "<=", [right, left])
    case "~~", "!~~", "~~*", "!~~*": likeness(symbol, left, right)
    default: nil
    }
  }

  private func likeness(_ symbol: String, _ left: Expression, _ right: Expression) -> Expression {
    let isCaseless = isExact && symbol.hasSuffix("*")
    let found = Expression.call(isCaseless ? "ilike" : "like", [left, right])
    return symbol.hasPrefix("!") ? not(found) : found
  }

  private func equality(_ left: Expression, _ right: Expression) -> Expression {
    truth(left, right) ?? .call("=", [left, right].sorted())
  }

  /// `active = 1` as `active`, `deleted = false` as `not deleted`; nil for all others.
  private func truth(_ left: Expression, _ right: Expression) -> Expression? {
    for (operand, value) in [(left, right), (right, left)] {
      guard operand.isTruth(booleans), let truth = value.truth else { continue }
      return truth ? operand : not(operand)
    }
    return nil
  }

  /// `x IS y`.
  func identity(_ left: Expression, _ right: Expression) -> Expression {
    if right == .null { return .call("isnull", [left]) }
    // Of a condition that is NULL, `IS TRUE` is false.
    return (isExact ? nil : truth(left, right)) ?? .call("is", [left, right].sorted())
  }

  /// The same where only what is true counts, as in an index's predicate: there `IS TRUE` says no more.
  func condition(_ expression: Expression) -> Expression {
    switch expression {
    case .call("is", let sides) where sides.count == 2: truth(sides[0], sides[1]) ?? expression
    case .call(let name, let operands) where name == "and" || name == "or":
      junction(name, operands.map(condition))
    default: expression
    }
  }

  /// `x IN (…)`, whatever the order.
  func membership(_ operand: Expression, _ items: [Expression]) -> Expression {
    let items = Set(items).sorted()
    if operand.isTruth(booleans), Set(items.compactMap(\.truth)).count == 2 { return .truth(true) }
    if items.count == 1 { return equality(operand, items[0]) }
    return .call("in", [operand] + items)
  }

  /// A function, under the name that both engines' spellings of it have in common.
  func function(_ name: String, _ arguments: [Expression], of engine: Engine) -> Expression {
    var arguments = arguments
    if name == "timezone", case .string(let zone)? = arguments.first {
      arguments[0] = .string(zone.lowercased())
    }
    if isExact {
      // On SQLite, `now()` is no function at all.
      let isNow =
        engine == .postgresql && ["current_timestamp", "transaction_timestamp"].contains(name)
      return .call(isNow && arguments.isEmpty ? "now" : name, arguments)
    }
    return .call(Vocabulary.canonical(name), arguments)
  }

  /// A name as it is told apart from others; in small letters, but where PostgreSQL has it in quotes.
  func name(_ token: Token, of engine: Engine) -> String {
    isExact && engine == .postgresql && token.kind == .quoted ? token.text : token.text.lowercased()
  }

  /// A value of another type: a literal takes that type's form, all else stays as it is.
  func cast(_ operand: Expression, to type: String) -> Expression {
    if case .array(let items) = operand, type.hasSuffix("[]") {
      return .array(items.map { cast($0, to: String(type.dropLast(2))) })
    }
    guard case .string(let text) = operand else { return operand }
    let name = type.prefix { $0 != "(" }
    switch name {
    case "integer", "bigint", "smallint", "numeric", "real", "double precision", "decimal", "int":
      return DecimalText.shortest(text).map { .number($0) } ?? operand
    case "boolean":
      return operand.truth.map { .truth($0) } ?? operand
    case "bytea" where text.hasPrefix("\\x"):
      return .bytes(text.dropFirst(2).lowercased())
    default:
      guard type.hasSuffix("[]"), text.hasPrefix("{") else { return operand }
      return cast(.array(ArrayLiteral.elements(of: text).map { .string($0) }), to: type)
    }
  }
}

extension PortableExpression {
  /// Whether it is true or false, so that comparing it with a truth value says nothing more.
  fileprivate func isTruth(_ booleans: Set<String>) -> Bool {
    switch self {
    case .name(let name): booleans.contains(name)
    case .call(let name, _): ["and", "or", "not", "isnull", "in", "like", "<", "<="].contains(name)
    default: false
    }
  }

  /// The truth value that a literal stands for on either engine; nil for all others.
  var truth: Bool? {
    switch self {
    case .truth(let truth): truth
    case .number("1"): true
    case .number("0"): false
    case .string(let text):
      switch text.lowercased() {
      case "t", "true", "yes", "on", "y", "1": true
      case "f", "false", "no", "off", "n", "0": false
      default: nil
      }
    default: nil
    }
  }
}

/// Decimal numbers as text, without going through a binary one, which would round them.
enum DecimalText {
  /// `1.5` for `+01.50`, `-90` for `-90.0`, `0` for `-0`, `100` for `1e2`; nil for what is no decimal
  /// number.
  static func shortest(_ text: String) -> String? {
    let halves = text.split(maxSplits: 1, omittingEmptySubsequences: false) { "eE".contains($0) }
    guard halves.count == 2 else { return shortest(text[...], movedBy: 0) }
    guard let exponent = Int(halves[1]), abs(exponent) <= 1000 else { return nil }
    return shortest(halves[0], movedBy: exponent)
  }

  /// - Parameter exponent: how far the point is moved to the right.
  private static func shortest(_ text: Substring, movedBy exponent: Int) -> String? {
    var digits = text.utf8.drop { $0 == UInt8(ascii: " ") }
    var sign = ""
    if let first = digits.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
      sign = first == UInt8(ascii: "-") ? "-" : ""
      digits = digits.dropFirst().drop { $0 == UInt8(ascii: " ") }
    }
    let parts = digits.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let isNumber = parts.allSatisfy { $0.allSatisfy { (48...57).contains($0) } }
    guard (1...2).contains(parts.count), isNumber, parts.contains(where: { !$0.isEmpty }) else {
      return nil
    }
    let zeros = [UInt8](repeating: 48, count: abs(exponent))
    let written = Array(parts[0])
    let all = (exponent < 0 ? zeros : []) + parts.joined() + (exponent > 0 ? zeros : [])
    let point = written.count + (exponent < 0 ? 0 : exponent)
    let whole = String(decoding: all[..<point].drop { $0 == 48 }, as: UTF8.self)
    var fraction = Array(all[point...])
    while fraction.last == 48 { fraction.removeLast() }
    let number =
      (whole.isEmpty ? "0" : whole)
      + (fraction.isEmpty ? "" : "." + String(decoding: fraction, as: UTF8.self))
    return number == "0" ? number : sign + number
  }
}
