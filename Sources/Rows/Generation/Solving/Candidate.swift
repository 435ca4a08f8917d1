import Databases

/// A row while it is being looked for: values by column, and what conditions make of them.
struct Candidate {
  let plan: TablePlan
  let reading: ValueReading
  private(set) var values: [String: InputValue] = [:]
  private var data: [String: Datum] = [:]

  init(plan: TablePlan, reading: ValueReading) {
    self.plan = plan
    self.reading = reading
  }

  subscript(column: String) -> InputValue? { values[column] }

  mutating func set(_ column: String, _ value: InputValue) {
    guard let shape = plan.shape(column) else { return }
    values[column] = value
    data[column] = reading.datum(of: value, in: shape)
  }

  var evaluator: Evaluator {
    Evaluator(engine: plan.table.engine, width: plan.width, value: datum)
  }

  /// What conditions see of a column: its value, or what it is computed to; nil for a column that
  /// the row says nothing of.
  private func datum(_ column: String) -> Datum? {
    if let datum = data[column] { return datum }
    guard let expression = plan.computed[column] else { return nil }
    return try? evaluator.datum(expression)
  }

  // MARK: What is wrong

  enum Fault: Hashable {
    case condition(Int)
    case key(Int)
    case reference(Int)
  }

  /// - Parameter taken: for each key, the values of the rows that are there.
  func faults(_ taken: [Set<[Datum]>]) -> [Fault] { plan.faults.filter { has($0, taken) } }

  /// The same, where only these columns are other than when `known` was all that was wrong.
  func faults(_ taken: [Set<[Datum]>], changed: [String], known: [Fault]) -> [Fault] {
    var touched: Set<Fault> = []
    for column in changed { touched.formUnion(plan.faultsByColumn[column] ?? []) }
    return known.filter { !touched.contains($0) }
      + plan.faults.filter { touched.contains($0) && has($0, taken) }
  }

  private func has(_ fault: Fault, _ taken: [Set<[Datum]>]) -> Bool {
    switch fault {
    case .condition(let index):
      let condition = plan.conditions[index]
      if condition.isStrict { return (try? evaluator.truth(condition.expression)) != true }
      return !evaluator.allows(condition.expression)
        || condition.dependsOnTime && !evaluator.later.allows(condition.expression)
    case .key(let index): return keyValues(index).map(taken[index].contains) ?? false
    case .reference(let index): return !holds(plan.references[index])
    }
  }

  /// What the row has in the key; nil where no other row can be like it.
  func keyValues(_ index: Int) -> [Datum]? {
    let key = plan.keys[index]
    let evaluator = evaluator
    if let predicate = key.predicate, let truth = try? evaluator.truth(predicate), truth == false {
      return nil
    }
    var values: [Datum] = []
    for part in key.parts {
      if case .column(let name) = part, data[name] == nil, plan.computed[name] == nil {
        // It counts by itself.
        return nil
      }
      // What is not understood is taken to be as different as the columns that it is made of.
      let datum = (try? evaluator.datum(part)) ?? .list(part.columns.map { data[$0] ?? .null })
      if datum == .null, !key.nullsNotDistinct { return nil }
      values.append(Self.comparable(datum, folds: key.folds))
    }
    return values
  }

  private static func comparable(_ datum: Datum, folds: Bool) -> Datum {
    switch datum {
    case .text(let text): .text(folds ? text.lowercased() : text)
    case .integer(let number): .number(Double(number))
    case .boolean(let flag): .number(flag ? 1 : 0)
    default: datum
    }
  }

  private func holds(_ reference: TablePlan.Reference) -> Bool {
    let columns = reference.key.columns.map(\.raw)
    let own = columns.map { values[$0] ?? .null }
    let nulls = own.count { $0 == .null }
    if nulls == own.count || nulls > 0 && !reference.key.isFull { return true }
    if reference.targets.contains(own) { return true }
    // It may point to itself.
    guard reference.isOwn else { return false }
    let target = reference.key.referencedColumns.map { values[$0.raw] }
    return target == own.map { Optional($0) }
  }

  // MARK: Others that point to it

  /// What another row has to hold to point to this one; nil where that is not known.
  func target(_ columns: [Identifier]) -> [InputValue]? {
    var target: [InputValue] = []
    for column in columns {
      if let value = values[column.raw], value != .null {
        target.append(value)
      } else if plan.computed[column.raw] != nil, let shape = plan.shape(column.raw),
        let datum = datum(column.raw), datum != .null,
        let value = reading.value(of: datum, for: shape)
      {
        target.append(value)
      } else {
        return nil
      }
    }
    return target
  }

  /// The same values under a plan that knows more rows.
  func replanned(_ plan: TablePlan) -> Candidate {
    var copy = Candidate(plan: plan, reading: reading)
    copy.values = values
    copy.data = data
    return copy
  }
}
