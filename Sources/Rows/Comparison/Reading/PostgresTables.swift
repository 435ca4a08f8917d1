import Databases
import Schemas

/// The tables of a PostgreSQL database as its catalogs have them: what must be known to read rows.
struct PostgresTable {
  let name: TableName
  let oid: UInt32
  let file: UInt32
  let isPartitioned: Bool
  let partitions: Set<UInt32>
  /// As it lies on disk with everything but its indexes.
  let bytes: Int
  /// By the server's statistics, else by its size.
  let estimatedRows: Int
  private(set) var columns: [ColumnImage] = []
  private(set) var key: [Int] = []
  /// The places of the columns that hold no NULL.
  private(set) var notNull: Set<Int> = []

  /// The tables of which these rows of `query` tell.
  /// - Parameter clockOffsets: as `ColumnImage` has them.
  static func all(in rows: [Row], clockOffsets: Set<Int64>) -> [PostgresTable] {
    var tables: [PostgresTable] = []
    var keys: [(position: Int64, column: Int)] = []
    for row in rows {
      let oid = UInt32(row.text(0)) ?? 0
      if tables.last?.oid != oid {
        keys = []
        tables.append(PostgresTable(row, oid: oid))
      }
      guard let column = Self.column(row, clockOffsets) else { continue }
      let last = tables.count - 1
      if let position = row[10].integer {
        keys.append((position, tables[last].columns.count))
        tables[last].key = keys.sorted { $0.position < $1.position }.map(\.column)
      }
      if row[12].boolean == true { tables[last].notNull.insert(tables[last].columns.count) }
      tables[last].columns.append(column)
    }
    return tables
  }

  private init(_ row: Row, oid: UInt32) {
    name = TableName(schema: Identifier(row.text(1)), Identifier(row.text(2)))
    self.oid = oid
    file = UInt32(row.text(15)) ?? 0
    isPartitioned = row.text(3) == "p"
    partitions = Set(row.text(11).split(separator: ",").compactMap { UInt32($0) })
    bytes = row[4].integer.map { Int($0) } ?? 0
    // A row has a header of 28 bytes with its pointer.
    estimatedRows = row[14].integer.flatMap { $0 > 0 ? Int($0) : nil } ?? bytes / 32
  }

  private static func column(_ row: Row, _ clockOffsets: Set<Int64>) -> ColumnImage? {
    guard let number = row[5].integer else { return nil }
    let kind = ValueKind(postgres: row[8].integer ?? 0)
    return ColumnImage(
      name: Identifier(row.text(6)), type: row.text(7), number: number, kind: kind,
      constantDefault: row[9].text.flatMap { ConstantDefault.text(of: $0, kind: kind) },
      computation: row[13].text,
      clockOffsets: kind == .timestampWithZone ? clockOffsets : [])
  }

  /// A row a column, the table repeated; a table without columns has one row.
  static let query = PreparedQuery(
    name: "stairway_tables",
    text: """
      SELECT c.oid, n.nspname, c.relname, c.relkind,
        CASE c.relkind
          WHEN 'p' THEN (SELECT sum(pg_table_size(t.relid)) FROM pg_partition_tree(c.oid) t)
          ELSE pg_table_size(c.oid) END,
        a.attnum, a.attname, format_type(a.atttypid, a.atttypmod),
        CASE t.typtype WHEN 'd' THEN (
          WITH RECURSIVE base AS (
            SELECT t.oid, t.typtype, t.typbasetype
            UNION ALL SELECT b.oid, b.typtype, b.typbasetype
              FROM base JOIN pg_type b ON b.oid = base.typbasetype AND base.typtype = 'd')
          SELECT oid FROM base WHERE typtype <> 'd') ELSE t.oid END,
        CASE a.attgenerated WHEN '' THEN pg_get_expr(d.adbin, d.adrelid) END,
        (SELECT array_position(i.indkey::int2[], a.attnum) FROM pg_index i
          WHERE i.indrelid = c.oid AND i.indisprimary
            AND array_position(i.indkey::int2[], a.attnum) < i.indnkeyatts),
        CASE c.relkind WHEN 'p' THEN (SELECT string_agg(t.relid::oid::text, ',')
          FROM pg_partition_tree(c.oid) t WHERE t.relid <> c.oid) END,
        a.attnotnull,
        CASE a.attgenerated WHEN '' THEN NULL ELSE pg_get_expr(d.adbin, d.adrelid) END,
        greatest(c.reltuples::int8, CASE c.relkind WHEN 'r' THEN pg_stat_get_live_tuples(c.oid) END),
        c.relfilenode
      \(PreparedQuery.wanted)
        JOIN pg_class c ON c.oid = w.oid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_type t ON t.oid = a.atttypid
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't'
      ORDER BY c.oid, a.attnum
      """)
}

/// A default that is a constant, as a row has it.
enum ConstantDefault {
  /// The canonical text of the default that the engine prints; nil where it is computed, or NULL.
  static func text(of expression: String, kind: ValueKind) -> String? {
    var text = expression[...]
    while text.hasPrefix("("), text.hasSuffix(")") { text = text.dropFirst().dropLast() }
    if text.hasPrefix("'") {
      guard let literal = quoted(text) else { return nil }
      return kind.canonical(.text(ExactText(spelt(literal, kind))))
    }
    let cast = text.firstRange(of: "::").map { text[..<$0.lowerBound] } ?? text
    switch cast.lowercased() {
    case "true": return "1"
    case "false": return "0"
    default: break
    }
    guard let number = DecimalText.expanded(String(cast)) else { return nil }
    return ValueKind.withoutTrailingZeros(number)
  }

  /// What stands between the quotes that begin the text, where only a cast follows.
  private static func quoted(_ text: Substring) -> String? {
    var content = ""
    var rest = text.dropFirst()
    while let quote = rest.firstIndex(of: "'") {
      content += rest[..<quote]
      rest = rest[rest.index(after: quote)...]
      guard rest.first == "'" else {
        return rest.isEmpty || rest.hasPrefix("::") ? content : nil
      }
      content += "'"
      rest = rest.dropFirst()
    }
    return nil
  }

  private static func spelt(_ literal: String, _ kind: ValueKind) -> String {
    switch kind {
    case .padded:
      var text = literal[...]
      while text.last == " " { text.removeLast() }
      return String(text)
    case .boolean:
      return ["t", "true", "1", "on", "yes"].contains(literal.lowercased()) ? "1" : "0"
    default: return literal
    }
  }
}
