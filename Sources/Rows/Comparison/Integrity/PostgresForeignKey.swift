import Databases
import Schemas

/// A foreign key as the catalogs have it, and the query for the rows that break it.
struct PostgresForeignKey {
  let name: Identifier
  let table: TableName
  let parent: TableName
  private let tablePart: String
  private let parentPart: String
  private var columns: [(own: Identifier, other: Identifier, operation: String)] = []

  /// Whether the server itself vouches for it: checked, with its triggers on.
  let isEnforced: Bool
  let bytes: Int

  /// The foreign keys of these tables and to them.
  static func all(in rows: [Row]) -> [PostgresForeignKey] {
    var keys: [UInt32: PostgresForeignKey] = [:]
    for row in rows {
      let oid = UInt32(row.text(0)) ?? 0
      var key = keys[oid] ?? PostgresForeignKey(row)
      key.columns.append((Identifier(row.text(6)), Identifier(row.text(7)), row.text(8)))
      keys[oid] = key
    }
    return keys.sorted { $0.key < $1.key }.map(\.value)
  }

  private init(_ row: Row) {
    name = Identifier(row.text(1))
    table = TableName(schema: Identifier(row.text(2)), Identifier(row.text(3)))
    parent = TableName(schema: Identifier(row.text(4)), Identifier(row.text(5)))
    tablePart = row.text(9) == "p" ? "" : "ONLY "
    parentPart = row.text(10) == "p" ? "" : "ONLY "
    isEnforced = row[11].boolean ?? false
    bytes = row[12].integer.map { Int($0) } ?? 0
  }

  var ownColumns: [Identifier] { columns.map(\.own) }
  var otherColumns: [Identifier] { columns.map(\.other) }

  /// The values that point nowhere, with how many rows there are of them in all. A row with a NULL in
  /// the key points to nothing (`MATCH SIMPLE`).
  var search: String {
    let values = columns.map { "c.\($0.own.quoted)::text" }.joined(separator: ", ")
    let given = columns.map { "c.\($0.own.quoted) IS NOT NULL" }.joined(separator: " AND ")
    let same = columns.map { "p.\($0.other.quoted) \($0.operation) c.\($0.own.quoted)" }
      .joined(separator: " AND ")
    return """
      SELECT count(*) OVER (), \(values) FROM \(tablePart)\(table.quoted) c
      WHERE \(given) AND NOT EXISTS (SELECT 1 FROM \(parentPart)\(parent.quoted) p WHERE \(same))
      LIMIT \(RowsDifference.sampleSize)
      """
  }

  /// What `all` reads. A foreign key depends on the columns at both its ends.
  static let query = PreparedQuery(
    name: "stairway_references",
    text: """
      SELECT k.oid, k.conname, n.nspname, c.relname, pn.nspname, p.relname, a.attname, pa.attname,
        format('OPERATOR(%I.%s)', opn.nspname, op.oprname), c.relkind, p.relkind,
        k.convalidated AND NOT EXISTS (SELECT 1 FROM pg_trigger g
          WHERE g.tgconstraint = k.oid AND g.tgisinternal AND g.tgenabled <> 'O'),
        pg_table_size(c.oid)
      FROM (SELECT DISTINCT d.objid \(PreparedQuery.wanted)
          JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = w.oid
            AND d.classid = 'pg_constraint'::regclass) f
        JOIN pg_constraint k ON k.oid = f.objid AND k.contype = 'f' AND k.conparentid = 0
        JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_class p ON p.oid = k.confrelid JOIN pg_namespace pn ON pn.oid = p.relnamespace
        CROSS JOIN LATERAL unnest(k.conkey, k.confkey, k.conpfeqop)
          WITH ORDINALITY u (own, other, operation, place)
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = u.own
        JOIN pg_attribute pa ON pa.attrelid = p.oid AND pa.attnum = u.other
        JOIN pg_operator op ON op.oid = u.operation
        JOIN pg_namespace opn ON opn.oid = op.oprnamespace
      ORDER BY k.oid, u.place
      """)
}
