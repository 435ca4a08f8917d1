internal import Databases
internal import Rows
internal import Schemas
internal import Walks

extension Lane {
  /// Takes down what is amiss already, so that no step is blamed for it.
  func learnWhatIsAmiss() throws {
    guard let observer else { return }
    rows.danglingReferences = Set(
      try observer.danglingReferences(touching: nil).map(\.subject))
    rows.sequencesBehind = Set(try observer.sequencesBehind(touching: nil).map(\.subject))
  }

  /// What the step has left amiss with the rows: references to nothing, sequences that lag behind.
  ///
  /// - Parameter before: the rows before the step.
  func integrityObservations(
    on step: StepRecord, since before: RowImage?
  ) throws -> [Observation] {
    guard let observer, walksWithRows, case .succeeded = step.outcome else { return [] }
    let touched = Set((step.rows?.tables ?? []).compactMap(\.after)).union(
      step.change.changes.compactMap(\.table)
    ).union(before.flatMap { state.rows?.replaced(since: $0) } ?? [])
    let movesSequences = step.statements.contains { $0.movesSequences }
    guard !touched.isEmpty || movesSequences else { return [] }
    var seen: [Observation] = []
    for dangling in try observer.danglingReferences(touching: touched)
    where rows.danglingReferences.insert(dangling.subject).inserted {
      seen.append(Observation(dangling, showingValues: !plan.rows.hidesValues))
    }
    for sequence in try observer.sequencesBehind(touching: movesSequences ? nil : touched)
    where rows.sequencesBehind.insert(sequence.subject).inserted
      && isFault(sequence, since: before)
    {
      seen.append(Observation(sequence))
    }
    return seen
  }

  /// Whether an insert will meet a key that rows have. A key for which the sequence is not due yet counts
  /// where a row had it before the step: made-up keys begin beyond those of a young table, and those that
  /// a migration itself writes may be chosen never to be met.
  private func isFault(_ sequence: SequenceBehind, since before: RowImage?) -> Bool {
    sequence.isTaken
      || [sequence.reached, sequence.highest].contains { before?.holds($0) ?? false }
  }
}

extension Statement {
  /// Whether it may set a sequence to another place, which is no change of any table.
  fileprivate var movesSequences: Bool {
    let words = sql.lowercased()
    return words.contains("sequence") || words.contains("setval") || words.contains("restart")
  }
}

extension DanglingReference {
  fileprivate var subject: [String] { [table.name.raw] + columns.map(\.raw) + [parent.name.raw] }
}

extension SequenceBehind {
  fileprivate var subject: [String] { [table.name.raw, column.raw] }
}

extension ObjectChange {
  /// The table that the change is about or within.
  var table: TableName? {
    switch id.kind {
    case .table: TableName(schema: id.schema, id.name)
    case .column, .constraint, .index, .trigger:
      id.path.first.map { TableName(schema: id.schema, $0) }
    default: nil
    }
  }
}

extension Observation {
  fileprivate init(_ dangling: DanglingReference, showingValues: Bool) {
    let columns = dangling.columns.map {
      ObjectID(.column, schema: dangling.table.schema, [dangling.table.name, $0])
    }
    let parent = ObjectID(.table, schema: dangling.parent.schema, [dangling.parent.name])
    let rows = dangling.rows == 1 ? "1 row" : "\(dangling.rows) rows"
    var told: Set<[String]> = []
    let samples = dangling.samples.filter { told.insert($0).inserted }.prefix(3).map {
      $0.joined(separator: ", ")
    }
    self.init(
      .danglingReferences, objects: columns + [parent],
      detail: dangling.notChecked
        ?? rows + (showingValues ? ", such as \(samples.joined(separator: "; "))" : ""),
      parentColumns: dangling.parentColumns.isEmpty ? nil : dangling.parentColumns)
  }

  fileprivate init(_ sequence: SequenceBehind) {
    let column = ObjectID(
      .column, schema: sequence.table.schema, [sequence.table.name, sequence.column])
    let named = sequence.sequence.map { ObjectID(.sequence, schema: $0.schema, [$0.name]) }
    self.init(
      .sequenceBehind, objects: [column] + [named].compactMap { $0 },
      detail: "gives \(sequence.next) next, and the highest value is \(sequence.highest)")
  }
}
