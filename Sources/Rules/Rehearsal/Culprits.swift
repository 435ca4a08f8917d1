import Databases
import History
import Rows
import Schemas
import Walks

/// Finds for what a rehearsal saw after all of its revisions the one whose statements did it: the last
/// that names the table and does what was seen, or of which the server counted it. What is none of
/// either is the last revision's. What comes back of a column or table that was dropped is laid to
/// the revision that dropped it.
struct Culprits {
  /// What was sent on one way, in order, each with its revision.
  private struct Way {
    let sent: [(revision: RevisionID, statement: Statement)]
    let trail: StatementTrail
    /// Every word of each revision's statements.
    let names: [RevisionID: Set<String>]

    init(_ steps: [StepMeasurement]) {
      sent = steps.flatMap { step in step.statements.map { (step.revision, $0.statement) } }
      trail = StatementTrail(
        StepRecord(.upgrade, outcome: .succeeded, statements: sent.map(\.statement)))
      names = sent.reduce(into: [:]) {
        $0[$1.revision, default: []].formUnion(StatementWords($1.statement).names)
      }
    }

    func revision(_ search: (StatementTrail) -> Statement?) -> RevisionID? {
      search(trail).flatMap { found in sent.last { $0.statement == found }?.revision }
    }
  }

  /// Up, then back; likewise below.
  private let ways: [Way]
  /// The last one first.
  private let revisions: [RevisionID]
  /// What was measured on each way.
  private let steps: [[StepMeasurement]]
  /// What the way up did to the rows.
  private let upgraded: RowsDifference?

  init(_ record: RehearsalRecord) {
    upgraded = record.rows?.difference
    steps = [record.steps, record.rollback?.steps ?? []]
    ways = steps.map(Way.init)
    revisions = record.pending.reversed()
  }

  /// What of the schema's difference is told of this revision.
  func part(of difference: SchemaDifference?, for revision: RevisionID) -> SchemaDifference? {
    guard let difference, revisions.count > 1 else { return difference }
    let own = difference.principalChanges.map(\.id).filter { culprit(of: $0) == revision }
    return difference.about(Set(own))
  }

  /// What of the rows' difference is told of this revision.
  func part(of comparison: RowComparison?, for revision: RevisionID) -> RowsDifference? {
    guard let comparison else { return nil }
    guard revisions.count > 1 else { return comparison.difference }
    return RowsDifference(
      comparison.difference.tables.compactMap { table in
        var part = table
        let hasRows = culprit(ofRows: table) == revision
        if !hasRows { part.withoutRows() }
        // A table that came back without its rows is told with all its columns.
        part.columns.removeAll { culprit(of: $0, in: table) != revision }
        return hasRows || !part.columns.isEmpty ? part : nil
      })
  }

  private func culprit(of object: ObjectID) -> RevisionID? {
    let words = [object.name] + (object.table.map { [$0.name] } ?? [])
    for word in words {
      let found = revisions.first { revision in
        ways.contains { $0.names[revision]?.contains(word.raw.lowercased()) ?? false }
      }
      if let found { return found }
    }
    return revisions.first
  }

  private func culprit(ofRows table: RowsDifference.Table) -> RevisionID? {
    if isDropped(table) { return first { $0.dropping(table: table.name) } ?? revisions.first }
    // Where the server counted rows that were deleted, nothing else is asked.
    return counted(in: table) { $0.deleted > 0 } ?? first { $0.loss(of: table)?.statement }
      ?? revisions.first
  }

  private func culprit(
    of column: RowsDifference.Column, in table: RowsDifference.Table
  ) -> RevisionID? {
    if isDropped(table) { return culprit(ofRows: table) }
    if let name = column.before, isDropped(column, of: table),
      let dropping = first({ $0.dropping(column: name, of: table.names) })
    {
      return dropping
    }
    let changing = { (trail: StatementTrail) in
      trail.changing(
        column: column.names, of: table.names,
        isTypeChanged: trail.converted(column, of: table.names))
    }
    // Words that write no value yield to the server's count.
    return first { changing($0).flatMap { StatementWords($0).leavesValues ? nil : $0 } }
      ?? counted(in: table) { $0.updated > 0 } ?? first(changing)
      ?? first { $0.writing(to: table.names) } ?? revisions.first
  }

  /// Whether the way up dropped the table, which may be there again after the return.
  private func isDropped(_ table: RowsDifference.Table) -> Bool {
    table.after == nil
      || upgraded?.tables.contains { $0.before == table.before && $0.after == nil } ?? false
  }

  /// Likewise of a column.
  private func isDropped(
    _ column: RowsDifference.Column, of table: RowsDifference.Table
  ) -> Bool {
    let before = upgraded?.tables.first { $0.before == table.before }
    return column.isDropped
      || before?.columns.contains { $0.isDropped && $0.before == column.before } ?? false
  }

  /// The last revision of which the server counted this on the way up, else on the way back.
  private func counted(
    in table: RowsDifference.Table, where condition: (TouchedRows) -> Bool
  ) -> RevisionID? {
    let ids = table.names.map { ObjectID(.table, schema: $0.schema, [$0.name]) }
    let found = steps.compactMap { way in
      way.last { step in
        step.statements.flatMap(\.rows).contains { $0.isOf(ids) && condition($0) }
      }?.revision
    }
    return found.first
  }

  /// The revision that sent what is found on the way up, else on the way back.
  private func first(_ search: (StatementTrail) -> Statement?) -> RevisionID? {
    ways.compactMap { $0.revision(search) }.first
  }
}

extension JudgedRun {
  /// The statement of a rehearsal's upgrade under which the server counted this of the table's rows.
  func counted(
    in table: RowsDifference.Table, of revision: RevisionID, where condition: (TouchedRows) -> Bool
  ) -> Statement? {
    let ids = table.names.map { ObjectID(.table, schema: $0.schema, [$0.name]) }
    let steps = record.rehearsal?.steps.filter { $0.revision == revision } ?? []
    return steps.flatMap(\.statements).last { statement in
      statement.rows.contains { $0.isOf(ids) && condition($0) }
    }?.statement
  }
}

extension TouchedRows {
  /// Whether it is one of these tables, or a partition of one.
  fileprivate func isOf(_ tables: [ObjectID]) -> Bool {
    tables.contains(table) || root.map(tables.contains) ?? false
  }
}

extension StatementWords {
  /// Whether it changes a table's constraints or defaults and none of its values.
  fileprivate var leavesValues: Bool {
    let harmless: Set<String> = [
      "constraint", "foreign", "check", "unique", "primary", "default", "null",
    ]
    return verb == "alter" && !names.contains("type") && !names.isDisjoint(with: harmless)
  }
}

extension RowsDifference.Table {
  fileprivate mutating func withoutRows() {
    rowsLost = 0
    rowsAdded = 0
    lost = []
    added = []
    notCompared = nil
    ancestors = []
  }
}
