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
  /// The upgrade; the way down and up again, but for what the upgrade already lost; the rollback, but
  /// for what these did.
  var rowAccounts: [RowAccount] {
    var accounts: [RowAccount] = []
    var told: Set<TableKey> = []
    func add(_ step: StepName, _ subject: String, _ difference: RowsDifference?) {
      guard var difference else { return }
      difference.tables.removeAll { told.contains(TableKey($0)) }
      for table in difference.tables where table.rowsLost > 0 { told.insert(TableKey(table)) }
      if !difference.isEmpty {
        accounts.append(RowAccount(step: step, subject: subject, difference: difference))
      }
    }
    add(.upgrade, StepName.upgrade.subject, step(.upgrade)?.rows)
    add(.downgrade, "the way up and down", rowsTrace)
    add(.rollback, StepName.rollback.subject, rollbackRows.map(withoutOwnRows))
    return accounts
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

  /// What the upgrade dropped: its values cannot come back, whatever the downgrade does.
  func wasDropped(_ column: RowsDifference.Column, of table: RowsDifference.Table) -> Bool {
    let dropped = step(.upgrade)?.rows?[table.name]
    return dropped?.after == nil && dropped != nil
      || dropped?.columns.contains { $0.isDropped && $0.before == column.before } ?? false
  }
}
