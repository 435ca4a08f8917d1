import Databases
import Schemas

extension SQLiteRowSource {
  func danglingReferences(
    touching touched: Set<TableName>?, in image: RowImage?
  ) throws -> [DanglingReference] {
    func isTouched(_ name: String) -> Bool {
      touched?.contains(TableName(Identifier(name.lowercased()))) ?? true
    }
    let connection = try open()
    let references = try connection.rows(
      """
      SELECT m.name, f.id, f."table", f."from", f."to"
      FROM sqlite_schema m, pragma_foreign_key_list(m.name) f
      WHERE m.type = 'table' ORDER BY m.name, f.id, f.seq
      """)
    var tables: [String: [Int64: [Row]]] = [:]
    for row in references {
      tables[row.text(0), default: [:]][row[1].integer ?? 0, default: []].append(row)
    }
    return try tables.flatMap { table, keys in
      guard isTouched(table) || keys.values.contains(where: { isTouched($0[0].text(2)) }) else {
        return [DanglingReference]()
      }
      return try dangling(table, keys, connection)
    }
  }

  private func dangling(
    _ table: String, _ keys: [Int64: [Row]], _ connection: borrowing SQLiteConnection
  ) throws -> [DanglingReference] {
    let name = Identifier(table)
    var broken: [Int64: [Int64?]] = [:]
    do {
      for row in try connection.rows(
        "SELECT fkid, rowid FROM pragma_foreign_key_check(?)", [.text(table)])
      {
        broken[row[0].integer ?? 0, default: []].append(row[1].integer)
      }
    } catch let error as DatabaseError {
      // A key that points to columns which are not unique (`foreign key mismatch`).
      return keys.values.map { reference(name, $0, rows: 0, [], notChecked: error.message) }
    }
    return try broken.compactMap { key, rows in
      guard let columns = keys[key] else { return nil }
      let list = columns.map { Identifier($0.text(3)).quoted }.joined(separator: ", ")
      let samples = try rows.prefix(RowsDifference.sampleSize).compactMap { row -> [String]? in
        guard let row else { return nil }
        return try connection.rows(
          "SELECT \(list) FROM main.\(name.quoted) WHERE rowid = ?", [.integer(row)]
        ).first?.values.map { $0.text ?? "NULL" }
      }
      return reference(name, columns, rows: rows.count, samples, notChecked: nil)
    }
  }

  private func reference(
    _ table: Identifier, _ columns: [Row], rows: Int, _ samples: [[String]], notChecked: String?
  ) -> DanglingReference {
    DanglingReference(
      table: TableName(table), columns: columns.map { Identifier($0.text(3)) },
      parent: TableName(Identifier(columns[0].text(2))),
      parentColumns: columns.compactMap { $0[4].text.map { Identifier($0) } }, constraint: nil,
      rows: rows, samples: samples, notChecked: notChecked)
  }

  /// SQLite goes by the table's highest rowid as well as by its own counter
  /// (<https://www.sqlite.org/autoinc.html>), so that a counter which lags takes no value twice; it
  /// says that somebody wrote it.
  func sequencesBehind(touching touched: Set<TableName>?) throws -> [SequenceBehind] {
    guard hasTable("sqlite_sequence") ?? true else { return [] }
    let connection = try open()
    let hasCounters = try connection.rows(
      "SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'")
    guard !hasCounters.isEmpty else { return [] }
    return try connection.rows(
      """
      SELECT s.name, s.seq, x.name FROM sqlite_sequence s
        JOIN sqlite_schema m ON m.type = 'table' AND m.name = s.name
        JOIN pragma_table_xinfo(s.name) x ON x.pk = 1
      """
    ).compactMap { row in
      let table = TableName(Identifier(row.text(0)))
      guard touched?.contains(table.folded(on: .sqlite)) ?? true, let counter = row[1].integer,
        let highest = try connection.rows("SELECT max(rowid) FROM main.\(table.name.quoted)")
          .first?[0]
          .integer, highest > counter
      else { return nil }
      return SequenceBehind(
        table: table, column: Identifier(row.text(2)), sequence: nil, next: counter + 1,
        highest: highest, reached: highest, isTaken: false)
    }
  }
}
