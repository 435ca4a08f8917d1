internal import Databases
internal import Schemas

/// The relations of a PostgreSQL database as they lie in its files at one moment.
struct RelationImage {
  struct Relation: Hashable {
    let id: ObjectID
    /// Of an index: its table.
    let table: Int?
    /// Where it lies; nil for what has no file of its own.
    let file: Int?
    /// The server's estimate; nil where it has none.
    let rows: Int?
    /// Of a table with its indexes.
    let size: Int
    /// Pages of the table alone.
    let pages: Int
    /// Of a partition: the partitioned table at the root.
    var root: ObjectID?
  }

  /// By their oids.
  let relations: [Int: Relation]
  /// What the database put to disk for a time since its counters began.
  let temporaryFiles: Int
  let temporaryBytes: Int
  let databaseSize: Int
  /// Whether the server's log holds what a production's would.
  let logsAsProduction: Bool

  /// Of a database of which only its relations count.
  init(relations: [Int: Relation]) {
    self.relations = relations
    temporaryFiles = 0
    temporaryBytes = 0
    databaseSize = 0
    logsAsProduction = true
  }

  init(_ connection: borrowing PostgresConnection) throws {
    var relations: [Int: Relation] = [:]
    for row in try connection.rows(Self.query) {
      guard let oid = row[0].integer.map(Int.init), let kind = Self.kinds[row.text(3)] else {
        continue
      }
      let schema = Identifier(row.text(1))
      let name = Identifier(row.text(2))
      let path = row[5].text.map { [Identifier($0), name] } ?? [name]
      relations[oid] = Relation(
        id: ObjectID(kind, schema: schema, path), table: row[4].integer.map(Int.init),
        file: row[6].integer.map(Int.init), rows: row[7].integer.map(Int.init),
        size: Int(row[8].integer ?? 0), pages: Int(row[9].integer ?? 0),
        root: row[11].text.map {
          ObjectID(.table, schema: Identifier(row.text(10)), [Identifier($0)])
        })
    }
    self.relations = relations
    let database = try connection.rows(Self.databaseQuery)
    temporaryFiles = Int(database.first?[0].integer ?? 0)
    temporaryBytes = Int(database.first?[1].integer ?? 0)
    databaseSize = Int(database.first?[2].integer ?? 0)
    logsAsProduction = database.first?[3].text != "minimal"
  }

  /// How many tables there are, but for one.
  func tables(besides version: ObjectID) -> Int {
    relations.values.count { $0.id.kind == .table && $0.id != version }
  }

  private static let kinds: [String: ObjectKind] = [
    "r": .table, "p": .table, "i": .index, "I": .index, "m": .materializedView, "S": .sequence,
    "v": .view, "f": .foreignTable,
  ]

  /// What belongs to an extension is nobody's table, but can be locked all the same.
  private static let query = """
    SELECT c.oid::int8, n.nspname, c.relname, c.relkind, x.indrelid::int8, t.relname,
      pg_relation_filenode(c.oid)::int8,
      CASE WHEN c.relkind NOT IN ('r', 'm') THEN NULL WHEN pg_relation_size(c.oid) = 0 THEN 0
        ELSE nullif(greatest(c.reltuples::int8, pg_stat_get_live_tuples(c.oid), 0), 0) END,
      CASE WHEN c.relkind IN ('r', 'm') THEN pg_total_relation_size(c.oid)
        WHEN c.relkind IN ('i', 'S') THEN pg_relation_size(c.oid) END,
      CASE WHEN c.relkind IN ('r', 'm')
        THEN pg_relation_size(c.oid) / current_setting('block_size')::int8 END,
      rn.nspname, rc.relname
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_index x ON x.indexrelid = c.oid LEFT JOIN pg_class t ON t.oid = x.indrelid
      LEFT JOIN pg_class rc ON c.relispartition AND c.relkind IN ('r', 'p')
        AND rc.oid = pg_partition_root(c.oid)
      LEFT JOIN pg_namespace rn ON rn.oid = rc.relnamespace
    WHERE c.oid >= 16384 AND c.relpersistence <> 't' AND n.nspname NOT LIKE 'pg\\_toast%'
      AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    """
  private static let databaseQuery = """
    SELECT temp_files, temp_bytes,
      pg_database_size(datid) - coalesce((SELECT sum(pg_total_relation_size(oid)) FROM pg_class
        WHERE relkind = 'r' AND relpersistence = 't'), 0)::int8, current_setting('wal_level')
    FROM pg_stat_database WHERE datname = current_database()
    """
}
