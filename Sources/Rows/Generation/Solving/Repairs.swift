import Databases

/// Values that would make a condition true or false: what is looked through when a row breaks it.
///
/// Many of them will not do, for other conditions' sake or because they are only near; each is tried.
struct Repairs {
  typealias Assignment = [(column: String, datum: Datum)]

  let evaluator: Evaluator
  let nullable: Set<String>
  var random: SeededRandom

  /// At most so many ways to mend one condition are tried together with those of another.
  private static let width = 6

  mutating func assignments(_ expression: SQLExpression, to truth: Bool) -> [Assignment] {
    switch expression {
    case .all(let parts):
      return truth ? together(parts, to: true) : parts.flatMap { assignments($0, to: false) }
    case .any(let parts):
      return truth ? parts.flatMap { assignments($0, to: true) } : together(parts, to: false)
    case .not(let one): return assignments(one, to: !truth)
    case .comparison(let sign, let left, let right):
      return compared(truth ? sign : Self.opposite(sign), left, right)
    case .quantified(let sign, let left, let items, let all):
      guard all != truth else {
        return together(items.map { .comparison(sign, left, $0) }, to: truth)
      }
      return items.flatMap { compared(truth ? sign : Self.opposite(sign), left, $0) }
    case .quantifiedList(let sign, let left, let list, let all):
      return quantified(sign, left, list, all: all, truth: truth)
    case .isNull(let one):
      // A part of a value may be missing, or have to be there.
      let parts: [Datum] = truth ? [.null] : [.text("alpha"), .integer(1)]
      var found = one.isCall ? parts.flatMap { solve(one, "=", $0) } : []
      for name in one.columns {
        if !truth {
          found += filled(name)
        } else if nullable.contains(name) {
          found.append([(name, .null)])
        }
      }
      return found
    case .isBoolean(let one, let flag):
      return assignments(one, to: truth ? flag : !flag)
    case .same(let left, let right):
      let signs = compared(truth ? "=" : "<>", left, right)
      return truth ? signs : signs + left.columns.filter(nullable.contains).map { [($0, .null)] }
    case .matches(let one, let pattern, let source):
      return matching(one, pattern, source, truth: truth)
    case .choice(let branches, let otherwise):
      var found: [Assignment] = []
      for branch in branches {
        let conditions = assignments(branch.condition, to: true).prefix(Self.width)
        found += conditions
        let values = assignments(branch.value, to: truth).prefix(Self.width)
        found += values
        for condition in conditions { found += values.map { condition + $0 } }
      }
      return found + assignments(otherwise, to: truth)
    case .cast(let one, _): return assignments(one, to: truth)
    case .column, .call: return solve(expression, "=", .boolean(truth))
    default: return []
    }
  }

  /// One way for each part that does not hold, joined.
  private mutating func together(_ parts: [SQLExpression], to truth: Bool) -> [Assignment] {
    var joined: [Assignment] = [[]]
    var alone: [Assignment] = []
    for part in parts where (try? evaluator.truth(part)) != truth {
      let ways = assignments(part, to: truth)
      alone += ways
      let some =
        ways.count > Self.width ? Array(ways.shuffled(using: &random).prefix(Self.width)) : ways
      guard !some.isEmpty else { continue }
      joined = joined.flatMap { before in some.map { before + $0 } }
      if joined.count > 48 { joined = Array(joined.shuffled(using: &random).prefix(48)) }
    }
    return joined + alone
  }

  static func opposite(_ sign: String) -> String {
    ["=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"][sign] ?? sign
  }

  static func mirrored(_ sign: String) -> String {
    ["<": ">", ">": "<", "<=": ">=", ">=": "<="][sign] ?? sign
  }

  private mutating func compared(
    _ sign: String, _ left: SQLExpression, _ right: SQLExpression
  ) -> [Assignment] {
    var found: [Assignment] = []
    if let value = try? evaluator.datum(right) { found += solve(left, sign, value) }
    if let value = try? evaluator.datum(left) { found += solve(right, Self.mirrored(sign), value) }
    // A side that is NULL, or not known, says nothing of the other.
    for name in left.columns + right.columns where evaluator.value(name) == .null {
      found += filled(name)
    }
    if case .array(let lefts) = left, case .array(let rights) = right {
      for (left, right) in zip(lefts, rights) { found += compared(sign, left, right) }
    }
    return found
  }

  /// Some values for a column that has none.
  private func filled(_ column: String) -> [Assignment] {
    [
      .integer(1), .text("alpha"), .boolean(true), .number(1.5), .instant(1_600_000_000),
      .span(3600),
    ]
    .map { [(column, $0)] }
  }

  // MARK: One side

  /// Values of columns for which the expression stands so to the value.
  mutating func solve(_ side: SQLExpression, _ sign: String, _ value: Datum) -> [Assignment] {
    switch side {
    case .column(let name):
      return NearValues(value).meeting(sign).map { [(name, $0)] }
    case .cast(let one, _): return solve(one, sign, value)
    case .negated(let one):
      return value.double.map { solve(one, Self.mirrored(sign), Self.number(-$0)) } ?? []
    case .arithmetic(let operation, let left, let right):
      return solve(operation, left, right, sign, value)
    case .call(let name, let arguments): return solve(name, arguments, sign, value)
    case .choice(let branches, let otherwise):
      return branches.flatMap { solve($0.value, sign, value) } + solve(otherwise, sign, value)
    case .isNull, .not, .all, .any, .comparison, .quantified, .quantifiedList, .matches, .same,
      .isBoolean:
      guard let truth = value.truth else { return [] }
      return assignments(side, to: sign == "<>" ? !truth : truth)
        + (["=", "<>"].contains(sign) ? [] : assignments(side, to: !truth))
    default: return []
    }
  }

  static func number(_ number: Double) -> Datum {
    Int64(exactly: number).map { .integer($0) } ?? .number(number)
  }

  private mutating func solve(
    _ operation: String, _ left: SQLExpression, _ right: SQLExpression, _ sign: String,
    _ value: Datum
  ) -> [Assignment] {
    var found: [Assignment] = []
    if let other = try? evaluator.datum(right) {
      found += inverse(operation, value, other, isLeft: true).flatMap { solve(left, sign, $0) }
    }
    if let other = try? evaluator.datum(left) {
      let turned = operation == "-" ? Self.mirrored(sign) : sign
      found += inverse(operation, value, other, isLeft: false).flatMap { solve(right, turned, $0) }
    }
    return found
  }

  private func inverse(
    _ operation: String, _ value: Datum, _ other: Datum, isLeft: Bool
  ) -> [Datum] {
    if operation == "||" {
      guard let whole = value.text, let part = other.text else { return [] }
      if isLeft, whole.hasSuffix(part) { return [.text(String(whole.dropLast(part.count)))] }
      return !isLeft && whole.hasPrefix(part) ? [.text(String(whole.dropFirst(part.count)))] : []
    }
    if let days = days(operation, value, other, isLeft: isLeft) { return [.instant(days)] }
    guard let result = value.double, let other = other.double else { return [] }
    let answers: [Double]
    switch operation {
    case "+": answers = [result - other]
    case "-": answers = [isLeft ? result + other : other - result]
    case "*": answers = other == 0 ? [] : [result / other, (result / other).rounded()]
    case "/": answers = isLeft ? [result * other] : []
    case "%":
      answers = isLeft ? [result, result + other, result + 2 * other, result + 7 * other] : []
    default: answers = []
    }
    if case .instant = value { return answers.flatMap { [.instant($0), .span($0)] } }
    if case .span = value { return answers.flatMap { [.instant($0), .span($0)] } }
    return answers.map(Self.number)
  }

  /// Of PostgreSQL's dates, which whole days lie between; nil for anything else.
  private func days(
    _ operation: String, _ value: Datum, _ other: Datum, isLeft: Bool
  ) -> Double? {
    switch (operation, value, other) {
    case ("-", .integer(let days), .instant(let seconds)):
      seconds + (isLeft ? 1 : -1) * Double(days) * 86_400
    case ("-", .instant(let seconds), .integer(let days)) where isLeft:
      seconds + Double(days) * 86_400
    case ("+", .instant(let seconds), .integer(let days)):
      seconds - Double(days) * 86_400
    default: nil
    }
  }

  private mutating func solve(
    _ name: String, _ arguments: [SQLExpression], _ sign: String, _ value: Datum
  ) -> [Assignment] {
    guard let first = arguments.first else { return [] }
    if let found = solveContainer(name, arguments, sign, value) { return found }
    let texts = TextRepairs(evaluator: evaluator)
    let targets: [Datum]
    switch name {
    case "coalesce", "ifnull", "nullif":
      return arguments.flatMap { solve($0, sign, value) }
    case "greatest", "least", "max", "min": return arguments.flatMap { solve($0, sign, value) }
    case "lower", "upper", "trim", "btrim", "ltrim", "rtrim", "round", "floor", "ceil", "ceiling",
      "trunc", "timezone", "date_trunc", "initcap":
      return solve(name == "date_trunc" && arguments.count > 1 ? arguments[1] : first, sign, value)
    case "abs":
      guard let number = value.double else { return [] }
      return solve(first, sign, value) + solve(first, Self.mirrored(sign), Self.number(-number))
    case "mod":
      guard arguments.count == 2 else { return [] }
      return solve("%", first, arguments[1], sign, value)
    case "length", "char_length", "character_length", "octet_length", "bit_length":
      targets = texts.ofLength(name, first, NearValues(value).meeting(sign))
    case "cardinality", "array_length", "array_upper":
      targets = texts.lists(of: first, NearValues(value).meeting(sign))
    case "substr", "substring", "left", "right":
      targets = texts.withPart(name, arguments, NearValues(value).meeting(sign))
    case "strpos", "instr":
      targets = arguments.count == 2 ? texts.containing(first, arguments[1]) : []
    case "starts_with":
      targets = arguments.count == 2 ? texts.beginning(first, arguments[1]) : []
    case "jsonb_typeof", "json_typeof", "json_type", "json_valid":
      targets = ["{}", "[]", "\"text\"", "1", "true", "null"].map { .text($0) }
    case "typeof": targets = [.integer(1), .text("alpha"), .number(1.5), .bytes([1]), .null]
    case "date_part":
      guard arguments.count == 2 else { return [] }
      return dates.flatMap { solve(arguments[1], "=", $0) }
    case "num_nulls", "num_nonnulls":
      return combinations(of: arguments)
    default: return arguments.flatMap(\.columns).flatMap { filled($0) }
    }
    return targets.flatMap { solve(first, "=", $0) }
  }

  /// Days of every month, day of the week and some years.
  private var dates: [Datum] {
    (0..<40).map { index in
      let day = Calendar.days(year: 1995 + index, month: index % 12 + 1, day: index % 28 + 1)
      return .instant(Double(day) * 86_400 + Double(index % 24) * 3600)
    }
  }

  /// Which of the columns are NULL, in every way where they are few.
  private func combinations(of arguments: [SQLExpression]) -> [Assignment] {
    let names = arguments.flatMap(\.columns)
    guard names.count <= 4 else {
      return names.flatMap { name in [[(name, Datum.null)]] + filled(name) }
    }
    return (0..<(1 << names.count)).flatMap { pattern -> [Assignment] in
      let nulls = names.indices.filter { pattern >> $0 & 1 == 1 && nullable.contains(names[$0]) }
      let missing = names.indices.filter { index in
        pattern >> index & 1 == 0 && evaluator.value(names[index]) == .null
      }
      let base: Assignment = nulls.map { (names[$0], .null) }
      guard !missing.isEmpty else { return [base] }
      return (0..<6).map { kind in base + missing.flatMap { filled(names[$0])[kind] } }
    }
  }

  // MARK: Patterns

  private mutating func matching(
    _ one: SQLExpression, _ pattern: SQLExpression.Pattern, _ source: SQLExpression, truth: Bool
  ) -> [Assignment] {
    guard let text = (try? evaluator.datum(source))?.text,
      let parsed = try? Evaluator.pattern(pattern, text)
    else { return [] }
    guard truth else {
      // A text that fills `character(n)` has no blanks behind it.
      let widths = Set(one.columns.compactMap(evaluator.width)).sorted()
      let filling = widths.flatMap { width in
        ["x", "0", "Z"].map { String(repeating: $0, count: min(width, 4000)) }
      }
      return (["alpha", "Bravo-1", "charlie", "x", "0", ""] + filling)
        .flatMap { solve(one, "=", .text($0)) }
    }
    var found: [Assignment] = []
    for size in [1, 2, 3, 4, 5, 8, 0, 13, 30] {
      for _ in 0..<3 {
        found += solve(one, "=", .text(parsed.example(size: size, random: &random)))
      }
    }
    return found
  }
}
