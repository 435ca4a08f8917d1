/// A condition or a computed value as either engine writes it.
indirect enum SQLExpression: Hashable, Sendable {
  case literal(Datum)
  /// By the name as it is written; a domain's check says `VALUE`.
  case column(String)
  case negated(SQLExpression)
  case not(SQLExpression)
  case all([SQLExpression])
  case any([SQLExpression])
  /// `=`, `<>`, `<`, `<=`, `>` or `>=`.
  case comparison(String, SQLExpression, SQLExpression)
  /// `+`, `-`, `*`, `/`, `%`, `||`.
  case arithmetic(String, SQLExpression, SQLExpression)
  case isNull(SQLExpression)
  case isBoolean(SQLExpression, Bool)
  /// Whether both are the same, NULL being the same as NULL.
  case same(SQLExpression, SQLExpression)
  /// An operator against one (`ANY`) or all elements.
  case quantified(String, SQLExpression, [SQLExpression], all: Bool)
  /// The same, of a list that is no literal.
  case quantifiedList(String, SQLExpression, SQLExpression, all: Bool)
  case matches(SQLExpression, Pattern, SQLExpression)
  case call(String, [SQLExpression])
  case cast(SQLExpression, String)
  case array([SQLExpression])
  case choice([Branch], otherwise: SQLExpression)
  /// What is read but not understood, by what it is.
  case unknown(String)

  /// How a text is compared with a pattern.
  enum Pattern: Hashable, Sendable {
    case like(caseless: Bool, escape: Character?)
    case glob
    case regular(caseless: Bool)
  }

  struct Branch: Hashable, Sendable {
    let condition: SQLExpression
    let value: SQLExpression
  }

  /// The columns that it speaks of, in the order in which they come.
  var columns: [String] {
    var names: [String] = []
    collect { if !names.contains($0) { names.append($0) } }
    return names
  }

  /// Whether it depends on when it is worked out.
  var dependsOnTime: Bool {
    if case .call(let name, _) = self, Self.clocks.contains(name) { return true }
    return parts.contains(where: \.dependsOnTime)
  }

  private static let clocks: Set<String> = [
    "now", "current_date", "transaction_timestamp", "statement_timestamp", "clock_timestamp",
  ]

  private func collect(_ take: (String) -> Void) {
    if case .column(let name) = self { take(name) }
    for part in parts { part.collect(take) }
  }

  private var parts: [SQLExpression] {
    switch self {
    case .literal, .column, .unknown: []
    case .negated(let one), .not(let one), .isNull(let one), .isBoolean(let one, _),
      .cast(let one, _):
      [one]
    case .all(let many), .any(let many), .call(_, let many), .array(let many): many
    case .comparison(_, let left, let right), .arithmetic(_, let left, let right),
      .same(let left, let right), .matches(let left, _, let right),
      .quantifiedList(_, let left, let right, _):
      [left, right]
    case .quantified(_, let left, let many, _): [left] + many
    case .choice(let branches, let otherwise):
      branches.flatMap { [$0.condition, $0.value] } + [otherwise]
    }
  }

  /// Whether it is what a function or an operator gives.
  var isCall: Bool {
    switch self {
    case .call: true
    case .cast(let one, _): one.isCall
    default: false
    }
  }

  /// The conditions that must all hold.
  var conjuncts: [SQLExpression] {
    if case .all(let parts) = self { parts.flatMap(\.conjuncts) } else { [self] }
  }

  /// The same with another name for a column.
  func renaming(_ name: String, to other: String) -> SQLExpression {
    func new(_ one: SQLExpression) -> SQLExpression { one.renaming(name, to: other) }
    switch self {
    case .column(let own): return own == name ? .column(other) : self
    case .literal, .unknown: return self
    case .negated(let one): return .negated(new(one))
    case .not(let one): return .not(new(one))
    case .all(let many): return .all(many.map(new))
    case .any(let many): return .any(many.map(new))
    case .comparison(let sign, let left, let right): return .comparison(sign, new(left), new(right))
    case .arithmetic(let sign, let left, let right): return .arithmetic(sign, new(left), new(right))
    case .isNull(let one): return .isNull(new(one))
    case .isBoolean(let one, let flag): return .isBoolean(new(one), flag)
    case .same(let left, let right): return .same(new(left), new(right))
    case .quantified(let sign, let left, let many, let all):
      return .quantified(sign, new(left), many.map(new), all: all)
    case .quantifiedList(let sign, let left, let list, let all):
      return .quantifiedList(sign, new(left), new(list), all: all)
    case .matches(let left, let pattern, let right): return .matches(new(left), pattern, new(right))
    case .call(let function, let many): return .call(function, many.map(new))
    case .cast(let one, let type): return .cast(new(one), type)
    case .array(let many): return .array(many.map(new))
    case .choice(let branches, let otherwise):
      return .choice(
        branches.map { Branch(condition: new($0.condition), value: new($0.value)) },
        otherwise: new(otherwise))
    }
  }
}
