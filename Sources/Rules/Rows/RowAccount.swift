import Databases
import History
import Rows
import Schemas
import Walks

/// What became of the rows from one moment of a round trip to another, each loss told once: where it was
/// first seen.
struct RowAccount {
  let step: StepName
  /// The way in question as the subject of a sentence.
  let subject: String
  let difference: RowsDifference
}

extension RoundTripRecord {
  /// Rows that merely moved to another table count where the way back does not return them.
  ///
  /// The upgrade; the way down and up again, but for what the upgrade already lost; the rollback, but
  /// for what these did.
  var rowAccounts: [RowAccount] {
    var accounts: [RowAccount] = []
    var told: Set<TableKey> = []
    func add(_ step: StepName, _ subject: String, _ difference: RowsDifference?) {
      guard var difference else { return }
      for index in difference.tables.indices where difference.tables[index].movedTo != nil {
        difference.tables[index].rowsLost = 0
      }
      difference.tables.removeAll { told.contains(TableKey($0)) }
      for table in difference.tables where table.rowsLost > 0 { told.insert(TableKey(table)) }
      if !difference.isEmpty {
        accounts.append(RowAccount(step: step, subject: subject, difference: difference))
      }
    }
    add(.upgrade, StepName.upgrade.subject, step(.upgrade)?.rows)
    add(.downgrade, "the way up and down", rowsTrace.map(withoutRowsMadeAgain))
    add(.rollback, StepName.rollback.subject, rollbackRows.map(withoutOwnRows))
    return accounts
  }

  /// Rows that the second upgrade writes again as they were are the revision's own, also where they were
  /// there before it: its downgrade deletes what it takes for its own.
  private func withoutRowsMadeAgain(_ difference: RowsDifference) -> RowsDifference {
    RowsDifference(
      difference.tables.map { table in
        var table = table
        if areMadeAgain(table) { table.rowsLost = 0 }
        return table
      })
  }

  /// Whether the table lost no row up to the first upgrade's end, and holds after the second one what it
  /// held then.
  private func areMadeAgain(_ table: RowsDifference.Table) -> Bool {
    guard table.rowsLost > 0, let reupgradeRows else { return false }
    let up = step(.upgrade)?.rows?.tables.first { $0.before == table.before }
    if let up, up.after == nil || up.rowsLost > 0 || up.notCompared != nil { return false }
    let again = reupgradeRows.tables.first { $0.before == (up?.after ?? table.before) }
    guard let again else { return true }
    return again.after != nil && again.rowsLost == 0 && again.notCompared == nil
      && again.columns.allSatisfy { !$0.isDropped && $0.changed == 0 }
  }

  /// Rows that the upgrade itself inserted are the downgrade's to delete.
  private func withoutOwnRows(_ difference: RowsDifference) -> RowsDifference {
    let made = (step(.reupgrade) ?? step(.upgrade))?.rows
    return RowsDifference(
      difference.tables.map { table in
        var table = table
        table.rowsLost = max(0, table.rowsLost - (made?[table.name]?.rowsAdded ?? 0))
        return table
      })
  }

  private struct TableKey: Hashable {
    let name: String
    init(_ table: RowsDifference.Table) {
      name = "\(table.name.schema?.raw ?? "").\(table.name.name.raw)"
    }
  }

  /// What came back on the way down of a table that the upgrade dropped; nil where that is not known.
  /// Nothing to be said of it means: everything.
  func returned(_ table: RowsDifference.Table) -> RowsDifference.Table? {
    guard let trace = rowsTrace, let name = table.before else { return nil }
    let found = trace.tables.first { $0.before == name }
    guard found?.notCompared == nil else { return nil }
    return found
      ?? RowsDifference.Table(
        before: name, after: name, rowsBefore: table.rowsBefore, rowsAfter: table.rowsBefore)
  }

  /// Likewise of a column.
  func returned(
    _ column: RowsDifference.Column, of table: RowsDifference.Table
  ) -> RowsDifference.Column? {
    guard let name = column.before, let found = returned(table) else { return nil }
    return found.columns.first { $0.before == name }
      ?? RowsDifference.Column(before: name, after: name)
  }

  /// Whether the upgrade dropped the column and nothing of it came back, which is told there.
  func isDropped(_ column: RowsDifference.Column, of table: RowsDifference.Table) -> Bool {
    guard column.isGoneForGood,
      let dropped = step(.upgrade)?.rows?.tables.first(where: { $0.before == table.before })
    else { return false }
    return dropped.after == nil
      || dropped.columns.contains { $0.isDropped && $0.before == column.before }
  }

  /// How many values the way up and down has lost of a column: not those that became NULL since they
  /// pointed to nothing.
  func lostValues(_ column: RowsDifference.Column, of table: RowsDifference.Table) -> Int {
    let unlinked = upgraded(column, of: table)?.changes[.unlinked] ?? 0
    return column.lost - min(unlinked, column.changes[.nulled] ?? 0)
  }

  /// What the upgrade alone did to the column.
  func upgraded(
    _ column: RowsDifference.Column, of table: RowsDifference.Table
  ) -> RowsDifference.Column? {
    step(.upgrade)?.rows?.tables.first { $0.before == table.before }?.columns.first {
      $0.before == column.before
    }
  }
}

extension RowsDifference.Column {
  /// Of a column that was dropped: whether it came back with none of its values, all NULL or all the
  /// same as a default gives them, or not at all. False where not a value is missing.
  var isGoneForGood: Bool { isDropped || lost > 0 && isUniformAfter ?? true }
}
