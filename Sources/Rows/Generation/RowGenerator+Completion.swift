package import Databases
package import Schemas

extension RowGenerator {
  /// Gives values to columns that have come to tables with rows, as their users would with time: to two
  /// rows, which may point to one other, while the rest keep NULL.
  ///
  /// A value that the engine refuses, for a rule that the snapshot does not tell, is left out.
  /// - Parameters:
  ///   - columns: by their tables.
  ///   - tables: those tables, with all that they refer to.
  /// - Returns: how many rows were changed.
  package func complete(
    _ columns: [TableName: [Identifier]], _ writer: RowWriter, tables: [TableShape],
    kind: Kind = .typical
  ) throws -> Int {
    var existing = try ExistingRows(reading: writer, tables: tables)
    let counts = existing.rows.mapValues(\.count)
    func cells(_ row: InputRow) -> [InputRow.Cell] {
      row.cells.filter { columns[row.table]?.contains($0.column) ?? false && $0.value != .null }
    }
    for table in columns.keys { existing.rows[table] = nil }
    let made = rows(for: tables, existing: existing, kind: kind)
    var changed = 0
    for table in columns.keys.sorted(by: { $0.precedes($1) }) {
      let rows = made.rows.filter { $0.table == table && !cells($0).isEmpty }
      for row in rows.prefix(min(2, max(1, (counts[table] ?? 0) - 1)))
      where try writer.change(InputRow(table, cells(row)), .withoutValues, tables: tables) {
        changed += 1
      }
    }
    return changed
  }
}
