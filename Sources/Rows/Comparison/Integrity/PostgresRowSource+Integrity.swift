import Databases
import Schemas

extension PostgresRowSource {
  /// What the server enforces is looked through too where the table is small: triggers may have been
  /// off for a while, or the session a replica's.
  func danglingReferences(
    touching touched: Set<TableName>?, in image: RowImage?
  ) throws -> [DanglingReference] {
    try prepare(PostgresForeignKey.query)
    return try transaction {
      let keys = PostgresForeignKey.all(
        in: try rows(of: PostgresForeignKey.query, touched ?? allTables()))
      let searched = keys.filter { key in
        (!key.isEnforced || key.bytes <= limits.bytes)
          // No row, no reference.
          && image?.tables[key.table].map { $0.rowCount > 0 || $0.unreadable != nil } ?? true
      }
      let found = try each(searched.map(\.search))
      return zip(searched, found).compactMap { key, found in
        switch found {
        case .success(let rows): rows.isEmpty ? nil : DanglingReference(key, rows, notChecked: nil)
        case .failure(let error): DanglingReference(key, [], notChecked: error.message)
        }
      }
    }
  }

  func sequencesBehind(touching touched: Set<TableName>?) throws -> [SequenceBehind] {
    try prepare(Self.ownedSequences)
    return try transaction {
      let sequences = try rows(of: Self.ownedSequences, touched ?? allTables())
      guard !sequences.isEmpty else { return [] }
      let states = try connection.results(sequences.map(Self.state).joined(separator: ";\n"))
      return zip(sequences, states).compactMap(Self.behind)
    }
  }

  /// Sequences by the columns that they feed: identity columns, and such as take their default from one,
  /// whoever owns it.
  private static let ownedSequences = PreparedQuery(
    name: "stairway_sequences",
    text: """
      SELECT n.nspname, c.relname, tn.nspname, t.relname, a.attname, s.seqincrement, s.seqmin,
        s.seqmax
      FROM (SELECT DISTINCT w.oid, f.sequence, f.place \(PreparedQuery.wanted)
          CROSS JOIN LATERAL (
            SELECT d.objid AS sequence, d.refobjsubid AS place FROM pg_depend d
              WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = w.oid
                AND d.refobjsubid > 0 AND d.classid = 'pg_class'::regclass AND d.deptype = 'i'
            UNION ALL
            SELECT d.refobjid, x.adnum FROM pg_attrdef x
                JOIN pg_depend d ON d.classid = 'pg_attrdef'::regclass AND d.objid = x.oid
                  AND d.refclassid = 'pg_class'::regclass
              WHERE x.adrelid = w.oid) f) f
        JOIN pg_class t ON t.oid = f.oid AND t.relpersistence <> 't' AND NOT t.relispartition
        JOIN pg_namespace tn ON tn.oid = t.relnamespace
        JOIN pg_sequence s ON s.seqrelid = f.sequence
        JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = f.place AND a.attgenerated = ''
        JOIN pg_type y ON y.oid = a.atttypid AND y.typcategory = 'N'
      ORDER BY c.oid, t.oid, a.attnum
      """)

  private static func state(of row: Row) -> String {
    func name(_ schema: Int, _ name: Int) -> String {
      TableName(schema: Identifier(row.text(schema)), Identifier(row.text(name))).quoted
    }
    let column = "t.\(Identifier(row.text(4)).quoted)"
    let isDown = row.text(5).hasPrefix("-")
    let table = "\(name(2, 3)) t"
    return """
      SELECT s.next::text, (SELECT \(isDown ? "min" : "max")(\(column)) FROM \(table))::text,
        (SELECT \(isDown ? "max" : "min")(\(column)) FROM \(table)
          WHERE \(column) \(isDown ? "<=" : ">=") s.place
            AND \(column) BETWEEN \(row.text(6)) AND \(row.text(7))
            AND (\(column) - s.next)::numeric % \(row.text(5)) = 0)::text
      FROM (SELECT n.next,
          greatest(least(n.next, 9223372036854775807), -9223372036854775808)::bigint AS place
        FROM (SELECT CASE WHEN is_called THEN last_value::numeric + \(row.text(5))
          ELSE last_value END AS next FROM \(name(0, 1))) n) s
      """
  }

  private static func behind(_ sequence: Row, _ state: ResultTable) -> SequenceBehind? {
    guard let row = state.rows.first, let next = row[0].integer, let highest = row[1].integer,
      let reached = row[2].integer
    else { return nil }
    return SequenceBehind(
      table: TableName(schema: Identifier(sequence.text(2)), Identifier(sequence.text(3))),
      column: Identifier(sequence.text(4)),
      sequence: TableName(schema: Identifier(sequence.text(0)), Identifier(sequence.text(1))),
      next: next, highest: highest, reached: reached, isTaken: next == reached)
  }
}

extension DanglingReference {
  fileprivate init(_ key: PostgresForeignKey, _ rows: [Row], notChecked: String?) {
    self.init(
      table: key.table, columns: key.ownColumns, parent: key.parent,
      parentColumns: key.otherColumns, constraint: key.name,
      rows: rows.first?[0].integer.map { Int($0) } ?? 0,
      samples: rows.map { $0.values.dropFirst().map { $0.text ?? "NULL" } }, notChecked: notChecked)
  }
}
