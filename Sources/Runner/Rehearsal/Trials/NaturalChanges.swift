internal import Databases
internal import Rows
internal import Schemas

/// What is another thing after each upgrade though nobody disturbs it: moments, random values, numbers
/// that a sequence gives.
struct NaturalChanges {
  private var columns: [TableName: Set<Identifier>] = [:]
  private var tables: Set<TableName> = []

  /// Takes in what lies between two upgrades that nobody disturbed.
  mutating func learn(_ difference: RowsDifference) {
    for table in difference.tables {
      if table.rowsLost + table.rowsAdded > 0 || table.notCompared != nil {
        tables.insert(table.name)
      }
      columns[table.name, default: []].formUnion(
        table.columns.filter { $0.changed > 0 }.compactMap(\.after))
    }
  }

  /// What remains of a difference between an undisturbed upgrade and another one. Tables that only one
  /// of them has are the schemas' affair.
  /// - Parameters:
  ///   - before: the copy as it was.
  ///   - after: as the undisturbed upgrade left it.
  func without(_ difference: RowsDifference, _ before: State, _ after: State) -> RowsDifference {
    RowsDifference(
      difference.tables.compactMap { table in
        guard table.before != nil, table.after != nil else { return nil }
        var table = table
        let added = Self.added(to: table.name, before, after)
        if tables.contains(table.name) || table.isRenumbered(among: added) {
          (table.rowsLost, table.rowsAdded) = (0, 0)
          (table.lost, table.added) = ([], [])
        }
        let natural = columns[table.name, default: []].union(
          Self.references(of: table.name, before, after))
        table.columns.removeAll { column in
          column.changed == 0 || column.after.map(natural.contains) ?? true
        }
        return table.rowsLost + table.rowsAdded > 0 || !table.columns.isEmpty ? table : nil
      })
  }

  /// How many rows the undisturbed upgrade added to the table.
  private static func added(to table: TableName, _ before: State, _ after: State) -> Int {
    (after.rows?[table]?.rowCount ?? 0) - (before.rows?[table]?.rowCount ?? 0)
  }

  /// The columns of the table that may lead to rows which the upgrade added.
  private static func references(
    of table: TableName, _ before: State, _ after: State
  ) -> Set<Identifier> {
    let shapes = after.snapshot.tables(around: [table])
    guard let shape = shapes.first(where: { $0.name == table }) else { return [] }
    return Set(
      shape.foreignKeys.filter { added(to: $0.table, before, after) > 0 }.flatMap(\.columns))
  }
}

extension RowsDifference.Table {
  /// Whether there are as many rows as there should be, and those that are others are not more than so
  /// many new ones, whose numbers a sequence gave: it gives none twice, also to whom was undone.
  fileprivate func isRenumbered(among added: Int) -> Bool {
    rowsBefore == rowsAfter && rowsLost == rowsAdded && rowsLost <= added
  }
}
