import Databases
import Schemas

extension RowGenerator {
  /// Puts rows into every table of a database that has none.
  ///
  /// What the engine refuses, for a rule that the snapshot does not tell or that is not understood, is
  /// tried once more with as little as possible in the rows; a table that then stays empty is named
  /// with what the engine said.
  /// - Parameters:
  ///   - writer: on that database.
  ///   - tables: those to look at, with all that they refer to and, of partitioned ones, their
  ///     partitions.
  /// - Returns: the rows that are in the database now, and the tables that stay empty.
  /// - Throws: `DatabaseError` where the database cannot be read or written at all.
  package func fill(
    _ writer: RowWriter, tables: [TableShape], kind: Kind = .typical, count: Int = 3
  ) throws -> GeneratedRows {
    var written: [InputRow] = []
    var hopeless: [TableName: String] = [:]
    var kinds: [Kind] = [kind, .sparse, kind]
    while let kind = kinds.first {
      kinds.removeFirst()
      let existing = try ExistingRows(reading: writer, tables: tables)
      let made = rows(for: tables, existing: existing, kind: kind, count: count, hopeless: hopeless)
      let refused = try writer.insert(made.rows, tables: tables)
      let lost = Set(refused.map(\.row))
      let kept = made.rows.filter { !lost.contains($0) }
      written += kept
      let filled = Set(kept.map(\.table))
      let empty = refused.filter { !filled.contains($0.table) }
      if empty.isEmpty { return GeneratedRows(rows: written, unfilled: made.unfilled) }
      if kinds.isEmpty { return named(empty, made.unfilled, written, writer.engine) }
      // Those that were refused for their own sake are given up after the second time.
      if kinds.count == 1 {
        for row in empty where !isReference(row) && hopeless[row.table] == nil {
          hopeless[row.table] = reason(row, writer.engine)
        }
      }
    }
    return GeneratedRows(rows: written)
  }

  private func isReference(_ row: RejectedRow) -> Bool {
    row.state == "23503" || row.state == "787"
  }

  private func reason(_ row: RejectedRow, _ engine: Engine) -> String {
    "\(engine.title) refused its rows: \(row.message)"
  }

  private func named(
    _ refused: [RejectedRow], _ unfilled: [UnfilledTable], _ written: [InputRow], _ engine: Engine
  ) -> GeneratedRows {
    var result = GeneratedRows(rows: written, unfilled: unfilled)
    var seen = Set(unfilled.map(\.table))
    for row in refused where seen.insert(row.table).inserted {
      result.unfilled.append(UnfilledTable(table: row.table, reason: reason(row, engine)))
    }
    result.unfilled.sort {
      ($0.table.schema?.raw ?? "", $0.table.name.raw) < (
        $1.table.schema?.raw ?? "", $1.table.name.raw
      )
    }
    return result
  }
}
