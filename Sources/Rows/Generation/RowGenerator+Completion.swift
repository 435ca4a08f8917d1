package import Databases
package import Schemas

extension RowGenerator {
  /// Gives values to columns that have come to tables with rows, as their users would with time: to some
  /// rows, while others keep NULL.
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
    for table in columns.keys { existing.rows[table] = nil }
    let made = rows(for: tables, existing: existing, kind: kind == .typical ? .full : kind)
    var changed = 0
    for (table, names) in columns.sorted(by: { $0.key.precedes($1.key) }) {
      let rows = made.rows.filter { $0.table == table }.suffix(2)
      for row in rows.suffix(max(1, (counts[table] ?? 0) - 1)) {
        let cells = row.cells.filter { names.contains($0.column) && $0.value != .null }
        guard !cells.isEmpty else { continue }
        if try writer.change(InputRow(table, cells), .withoutValues, tables: tables) {
          changed += 1
        }
      }
    }
    return changed
  }
}
