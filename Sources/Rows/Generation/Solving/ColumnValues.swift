import Databases

/// The values with which a table's columns are tried: those of its kind of rows first, then ordinary
/// ones.
struct ColumnValues {
  let plan: TablePlan
  let kind: RowGenerator.Kind
  let typical: TypicalValues
  private let primary: Set<Identifier>
  private let unique: Set<String>
  private let shift: Int

  init(plan: TablePlan, kind: RowGenerator.Kind, typical: TypicalValues, seed: UInt64) {
    self.plan = plan
    self.kind = kind
    self.typical = typical
    primary = Set(plan.table.primaryKey?.columns ?? [])
    unique = Set(plan.keys.flatMap(\.columns))
    // Each table's values begin at a place of its own, on a multiple of three: the second row's
    // texts are the odd ones.
    var random = SeededRandom(seed: seed, name: "\(plan.table)")
    shift = random.below(30) * 3
  }

  enum First {
    case value(InputValue)
    case leftOut
    case unknown
  }

  /// What the row of this number begins with in the column.
  func first(_ column: ColumnShape, _ number: Int) -> First {
    let isPrimary = primary.contains(column.name)
    if !isPrimary, kind == .sparse {
      if column.defaultValue != nil { return .leftOut }
      if !column.isNotNull { return .value(.null) }
    }
    if !isPrimary, kind == .edge, number == 0, !column.isNotNull { return .value(.null) }
    if kind == .typical, TypicalValues.isWithNulls(number), plan.mayStayNull(column) {
      return .value(.null)
    }
    let value: InputValue? =
      switch kind {
      case .edge:
        EdgeValues(typical: typical).value(
          for: column, number, isKey: isPrimary || unique.contains(column.name.raw))
      case .typical where !isPrimary && !unique.contains(column.name.raw):
        typical.repeated(for: column, number + shift, hasNulls: plan.mayStayNull(column))
      // The first of every three is the plainest.
      case .sparse where !isPrimary, .full where column.type.isArray && !isPrimary:
        typical.value(for: column, number * 3 + shift)
      default: typical.value(for: column, number + (isPrimary ? 0 : shift), isKey: isPrimary)
      }
    if let value { return .value(value) }
    return column.canBeLeftOut ? .leftOut : .unknown
  }

  /// Another value, for one that would not do; small numbers fit best where rules are narrow.
  func other(_ column: ColumnShape, _ number: Int) -> InputValue? {
    TypicalValues(engine: typical.engine, random: typical.random).value(
      for: column, number, isKey: primary.contains(column.name) || number % 2 == 1)
  }
}
