import Databases

/// Looks for rows that meet all that their table asks: begins with values as they are and mends what
/// is broken, one thing after the other, where a step to something worse is sometimes taken.
struct RowSolver {
  let plan: TablePlan
  let values: (ColumnShape, Int) -> InputValue?
  /// Columns whose values stand.
  let fixed: Set<String>
  var random: SeededRandom
  /// Which of several values that would all do is taken: each row's number, so that rows differ.
  var turn = 0

  /// How many mends are tried before a row is given up.
  private static let patience = 240

  /// What stood in the way of the last row that was not found.
  private(set) var obstacle: Candidate.Fault?

  init(
    plan: TablePlan, fixed: Set<String>, random: SeededRandom,
    values: @escaping (ColumnShape, Int) -> InputValue?
  ) {
    self.plan = plan
    self.fixed = fixed
    self.random = random
    self.values = values
  }

  /// A row that is as it should be, near to `start`.
  /// - Parameter taken: for each key, the values of the rows that are there.
  mutating func row(from start: Candidate, taken: [Set<[Datum]>]) -> Candidate? {
    var row = start
    var faults = row.faults(taken)
    var count: [Candidate.Fault: Int] = [:]
    for step in 0..<Self.patience {
      guard let fault = random.pick(faults) else { return row }
      count[fault, default: 0] += 1
      if step % 60 == 59 {
        row = start
        faults = row.faults(taken)
      }
      let mends = mends(of: fault, in: row).filter { change in
        !change.isEmpty && !change.contains { fixed.contains($0.column) }
      }
      if let next = choose(among: mends, row, faults, taken) { (row, faults) = next }
    }
    obstacle = count.max { ($0.value, "\($1.key)") < ($1.value, "\($0.key)") }?.key
    return nil
  }

  private typealias Change = [(column: String, value: InputValue)]

  private mutating func choose(
    among mends: [Change], _ row: Candidate, _ known: [Candidate.Fault], _ taken: [Set<[Datum]>]
  ) -> (Candidate, [Candidate.Fault])? {
    func tried(_ change: Change) -> (Candidate, [Candidate.Fault]) {
      var next = row
      for (column, value) in change { next.set(column, value) }
      return (next, next.faults(taken, changed: change.map(\.column), known: known))
    }
    if random.below(8) == 0 { return random.pick(mends).map(tried) }
    let some = mends.count > 64 ? Array(mends.shuffled(using: &random).prefix(64)) : mends
    var best: [(change: Change, result: (Candidate, [Candidate.Fault]))] = []
    for mend in some {
      let result = tried(mend)
      let least = best.first?.result.1.count ?? Int.max
      if result.1.count < least {
        best = [(mend, result)]
      } else if result.1.count == least {
        best.append((mend, result))
      }
      if result.1.isEmpty, best.count > turn { break }
    }
    guard let first = best.first else { return nil }
    if !first.result.1.isEmpty, random.below(3) == 0 { return random.pick(best).map(\.result) }
    // The first ways are those that change least; other values for the same column are as good.
    let alike = best.prefix { other in
      other.change.map(\.column) == first.change.map(\.column)
        && other.change.allSatisfy { $0.value != .null }
    }
    return alike.isEmpty ? first.result : alike[turn % alike.count].result
  }

  // MARK: Mends

  private mutating func mends(of fault: Candidate.Fault, in row: Candidate) -> [Change] {
    switch fault {
    case .condition(let index):
      let condition = plan.conditions[index]
      let now = self.condition(condition.expression, row, row.evaluator)
      guard condition.dependsOnTime else { return now }
      return now + self.condition(condition.expression, row, row.evaluator.later)
    case .reference(let index): return reference(plan.references[index])
    case .key(let index): return key(plan.keys[index])
    }
  }

  private mutating func condition(
    _ expression: SQLExpression, _ row: Candidate, _ evaluator: Evaluator
  ) -> [Change] {
    let nullable = Set(plan.columns.filter { !$0.isNotNull }.map(\.name.raw))
    var repairs = Repairs(evaluator: evaluator, nullable: nullable, random: random)
    var changes: [Change] = []
    for assignment in repairs.assignments(expression, to: true) {
      var change: Change = []
      for (column, datum) in assignment {
        guard let shape = plan.shape(column), shape.generated == nil,
          let value = row.reading.value(of: datum, for: shape)
        else { break }
        change.append((column, value))
      }
      if change.count == assignment.count { changes.append(change) }
    }
    random = repairs.random
    // A computed column changes with those that it is made of.
    let names = expression.columns.flatMap { [$0] + (plan.computed[$0]?.columns ?? []) }
    for name in names { changes += others(name) }
    return changes
  }

  private func reference(_ reference: TablePlan.Reference) -> [Change] {
    let columns = reference.key.columns.map(\.raw)
    var changes: [Change] = reference.targets.map { target in
      zip(columns, target).map { ($0, $1) }
    }
    let nullable = columns.filter { plan.shape($0)?.isNotNull == false }
    if reference.canBeNull { changes.append(nullable.map { ($0, .null) }) }
    return changes
  }

  private mutating func key(_ key: TablePlan.Key) -> [Change] {
    var changes: [Change] = []
    for name in key.columns { changes += others(name) }
    return changes
  }

  /// Other values for a column: those of the rows that it may point to, else ones of its type.
  private mutating func others(_ name: String) -> [Change] {
    guard let shape = plan.shape(name), shape.generated == nil,
      plan.columns.contains(where: { $0.name.raw == name })
    else { return [] }
    var changes: [Change] = []
    let pointing = plan.references.filter { $0.key.columns.contains(shape.name) }
    if pointing.isEmpty {
      let start = random.below(5000)
      for number in Array(0..<8) + Array(start..<start + 8) {
        if let value = values(shape, number) { changes.append([(name, value)]) }
      }
    } else {
      for reference in pointing { changes += self.reference(reference) }
    }
    if !shape.isNotNull { changes.append([(name, .null)]) }
    return changes
  }
}
