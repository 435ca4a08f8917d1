import Databases

/// What an engine refuses to compute: the row with it is refused too. PostgreSQL's integers of 32 bits
/// give no larger ones; those of 64 are held to the same as long as they are small.
struct OutOfRange: Error {}

/// Works an expression out for one row, with NULL as the engines have it.
struct Evaluator {
  let engine: Engine
  /// The row's value in a column; nil where the row has no such column.
  let value: (String) -> Datum?

  /// What stands for the present.
  var now = Evaluator.early

  /// The present lies between these whenever Stairway runs: what holds at both holds now.
  static let early = Double(Calendar.days(year: 2025, month: 1, day: 1)) * 86_400
  static let late = Double(Calendar.days(year: 2060, month: 1, day: 1)) * 86_400

  /// For columns of PostgreSQL's `character(n)`, the length to which they are filled with blanks:
  /// patterns see those, lengths and comparisons do not.
  let width: (String) -> Int?

  init(
    engine: Engine, width: @escaping (String) -> Int? = { _ in nil },
    value: @escaping (String) -> Datum?
  ) {
    self.engine = engine
    self.width = width
    self.value = value
  }

  /// The same at the other end of what may be the present.
  var later: Evaluator {
    var copy = self
    copy.now = Self.late
    return copy
  }

  /// Whether a row may be there as far as this condition goes: NULL does not break a check, and what
  /// is not understood is left to the engine.
  func allows(_ condition: SQLExpression) -> Bool {
    do {
      return try truth(condition) != false
    } catch {
      return error is NotUnderstood
    }
  }

  /// - Throws: `NotUnderstood`.
  func truth(_ expression: SQLExpression) throws -> Bool? { try datum(expression).truth }

  func datum(_ expression: SQLExpression) throws -> Datum {
    switch expression {
    case .literal(let datum): return datum
    case .column(let name):
      guard let datum = value(name) else { throw NotUnderstood(what: name) }
      return datum
    case .unknown(let what): throw NotUnderstood(what: what)
    case .negated(let one):
      switch try datum(one) {
      case .integer(let number): return .integer(0 &- number)
      case let other: return other.double.map { .number(-$0) } ?? .null
      }
    case .not(let one): return logical(try truth(one).map { !$0 })
    case .all(let parts): return logical(try junction(parts, deciding: false))
    case .any(let parts): return logical(try junction(parts, deciding: true))
    case .comparison(let sign, let left, let right):
      return logical(try Self.compare(sign, datum(left), datum(right)))
    case .isNull(let one): return logical(try datum(one) == .null)
    case .isBoolean(let one, let flag): return logical(try truth(one) == flag)
    case .same(let left, let right):
      let (left, right) = (try datum(left), try datum(right))
      if left == .null || right == .null { return logical(left == right) }
      return logical(try Datum.order(left, right) == 0)
    case .quantified(let sign, let left, let items, let all):
      let tests = items.map { SQLExpression.comparison(sign, left, $0) }
      return logical(try junction(tests, deciding: !all))
    case .quantifiedList(let sign, let left, let list, let all):
      let list = try datum(list)
      guard case .list(let items) = list else {
        if list == .null { return .null }
        throw NotUnderstood(what: "the elements of what is no list")
      }
      let tests = items.map { SQLExpression.comparison(sign, left, .literal($0)) }
      return logical(try junction(tests, deciding: !all))
    case .matches(let left, let pattern, let right):
      return try matches(filled(left), pattern, datum(right))
    case .arithmetic(let sign, let left, let right):
      return try arithmetic(sign, datum(left), datum(right))
    case .cast(let one, let type): return try Casting(engine: engine).cast(datum(one), to: type)
    case .array(let items): return .list(try items.map(datum))
    case .choice(let branches, let otherwise):
      for branch in branches where try truth(branch.condition) == true {
        return try datum(branch.value)
      }
      return try datum(otherwise)
    case .call(let name, let arguments):
      return try FunctionCall(engine: engine, name: name, arguments: arguments, evaluator: self)
        .datum()
    }
  }

  private func logical(_ truth: Bool?) -> Datum { truth.map { .boolean($0) } ?? .null }

  /// AND decides by what is false, OR by what is true; a part that is not understood does not
  /// matter where another decides.
  private func junction(_ parts: [SQLExpression], deciding: Bool) throws -> Bool? {
    var isOpen = false
    var failure: NotUnderstood?
    for part in parts {
      do {
        let truth = try truth(part)
        if truth == deciding { return deciding }
        if truth == nil { isOpen = true }
      } catch let error as NotUnderstood {
        failure = error
      }
    }
    if let failure { throw failure }
    return isOpen ? nil : !deciding
  }

  static func compare(_ sign: String, _ left: Datum, _ right: Datum) throws -> Bool? {
    guard let order = try Datum.order(left, right) else { return nil }
    return switch sign {
    case "=": order == 0
    case "<>": order != 0
    case "<": order < 0
    case "<=": order <= 0
    case ">": order > 0
    case ">=": order >= 0
    default: throw NotUnderstood(what: sign)
    }
  }

  /// What a pattern sees.
  private func filled(_ expression: SQLExpression) throws -> Datum {
    let datum = try datum(expression)
    guard case .column(let name) = expression, let width = width(name), let text = datum.text else {
      return datum
    }
    return .text(text + String(repeating: " ", count: max(0, width - text.unicodeScalars.count)))
  }

  private func matches(
    _ left: Datum, _ pattern: SQLExpression.Pattern, _ right: Datum
  ) throws -> Datum {
    guard left != .null, right != .null else { return .null }
    guard let text = left.text, let source = right.text else {
      throw NotUnderstood(what: "a pattern on what is no text")
    }
    let caseless =
      switch pattern {
      case .like(let caseless, _), .regular(let caseless): caseless
      case .glob: false
      }
    return .boolean(
      try Self.pattern(pattern, source).matches(text, caseless: caseless))
  }

  static func pattern(
    _ pattern: SQLExpression.Pattern, _ source: String
  ) throws -> TextPattern {
    switch pattern {
    case .like(_, let escape): TextPattern.like(source, escape: escape)
    case .glob: try TextPattern.glob(source)
    case .regular: try RegularExpression.pattern(source)
    }
  }

  private func arithmetic(_ sign: String, _ left: Datum, _ right: Datum) throws -> Datum {
    guard left != .null, right != .null else { return .null }
    if sign == "||" {
      guard let left = left.text, let right = right.text else {
        throw NotUnderstood(what: "||")
      }
      return .text(left + right)
    }
    if case .integer(let left) = left, case .integer(let right) = right {
      return try integers(sign, left, right)
    }
    guard let first = left.double, let second = right.double else {
      throw NotUnderstood(what: sign)
    }
    if second == 0, ["/", "%"].contains(sign) { return try quotientOfNothing }
    let result: Double
    switch sign {
    case "+": result = first + second
    case "-": result = first - second
    case "*": result = first * second
    case "/": result = first / second
    default: result = first.truncatingRemainder(dividingBy: second)
    }
    switch (left, right) {
    case (.instant, .instant): return sign == "-" ? .span(result) : .number(result)
    // PostgreSQL's dates count days.
    case (.instant, .integer(let days)):
      return .instant(first + (sign == "-" ? -1 : 1) * Double(days) * 86_400)
    case (.integer(let days), .instant): return .instant(Double(days) * 86_400 + second)
    case (.instant, _), (_, .instant): return .instant(result)
    case (.span, _), (_, .span): return .span(result)
    default: return .number(result)
    }
  }

  /// What a division by zero gives.
  private var quotientOfNothing: Datum {
    get throws {
      guard engine == .sqlite else { throw OutOfRange() }
      return .null
    }
  }

  private func integers(_ sign: String, _ left: Int64, _ right: Int64) throws -> Datum {
    if right == 0, ["/", "%"].contains(sign) { return try quotientOfNothing }
    let (value, overflow) =
      switch sign {
      case "+": left.addingReportingOverflow(right)
      case "-": left.subtractingReportingOverflow(right)
      case "*": left.multipliedReportingOverflow(by: right)
      case "/": left.dividedReportingOverflow(by: right)
      default: left.remainderReportingOverflow(dividingBy: right)
      }
    let operands = Int32(exactly: left) != nil && Int32(exactly: right) != nil
    if overflow || operands && engine == .postgresql && Int32(exactly: value) == nil {
      throw OutOfRange()
    }
    return .integer(value)
  }
}
