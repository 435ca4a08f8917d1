import Databases
import History
import Rows
import Schemas
import Walks

/// Finds for what a rehearsal saw after all of its revisions the one whose statements did it: the last
/// that names the table and does what was seen. What none of them names, as what a trigger writes, is the
/// last revision's.
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

  /// Up, then back.
  private let ways: [Way]
  /// The last one first.
  private let revisions: [RevisionID]
  private let steps: [StepMeasurement]

  init(_ record: RehearsalRecord) {
    steps = record.steps + (record.rollback?.steps ?? [])
    ways = [Way(record.steps), Way(record.rollback?.steps ?? [])]
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
    if table.after == nil { return first { $0.dropping(table: table.name) } }
    let ids = table.names.map { ObjectID(.table, schema: $0.schema, [$0.name]) }
    // Where the server counted rows that were deleted, nothing else is asked.
    let counted = steps.last { step in
      step.statements.flatMap(\.rows).contains { ids.contains($0.table) && $0.deleted > 0 }
    }
    return counted?.revision ?? first { $0.loss(of: table)?.statement }
  }

  private func culprit(
    of column: RowsDifference.Column, in table: RowsDifference.Table
  ) -> RevisionID? {
    first { trail in
      let dropping =
        column.isDropped ? trail.dropping(column: column.before ?? "", of: table.names) : nil
      return dropping
        ?? trail.changing(
          column: column.names, of: table.names,
          isTypeChanged: trail.converted(column, of: table.names))
        ?? trail.writing(to: table.names)
    }
  }

  /// The revision that sent what is found on the way up, else on the way back.
  private func first(_ search: (StatementTrail) -> Statement?) -> RevisionID? {
    ways.compactMap { $0.revision(search) }.first ?? revisions.first
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
