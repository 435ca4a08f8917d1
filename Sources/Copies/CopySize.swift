import Databases
import Platform
import Rows
import Schemas

/// What a copy holds, whoever made it.
struct CopySize {
  /// What it takes up.
  let bytes: Int
  let tables: Int
  let rows: Int
  /// Whether `rows` is what the server reckons rather than counted: counting reads everything, which
  /// takes too long in a large copy, and is not permitted to everybody.
  let rowsAreEstimated: Bool

  /// From this many bytes on, PostgreSQL's own reckoning will do.
  private static let largeBytes = 1 << 30

  /// - Parameter interruption: has the server stop counting, also where it waits for a lock.
  init(
    of connection: borrowing PostgresConnection, unlessInterrupted interruption: Interruption?
  ) throws {
    let size = try connection.rows("SELECT pg_database_size(current_database())")
    let found = try connection.rows(
      """
      SELECT n.nspname, c.relname, greatest(c.reltuples, 0)::bigint,
        has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      """)
    bytes = Int(size.first?[0].integer ?? 0)
    tables = found.count
    rowsAreEstimated =
      bytes > Self.largeBytes || found.contains { $0[3].boolean == false }
    if rowsAreEstimated {
      rows = found.reduce(0) { $0 + Int($1[2].integer ?? 0) }
      return
    }
    var sum = 0
    for row in found {
      try interruption?.check()
      let name = TableName(schema: Identifier(row.text(0)), Identifier(row.text(1)))
      let count = try connection.results(
        "SELECT count(*) FROM ONLY \(name.quoted)", stoppedBy: interruption?.descriptor ?? -1)
      sum += Int(count.first?.rows.first?[0].integer ?? 0)
    }
    rows = sum
  }

  /// - Parameter path: of the file that is open.
  init(
    of connection: borrowing SQLiteConnection, at path: Path,
    unlessInterrupted interruption: Interruption?
  ) throws {
    let found = try connection.rows(
      """
      SELECT name FROM pragma_table_list
      WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite^_%' ESCAPE '^'
      """)
    var sum = 0
    for row in found {
      try interruption?.check()
      let count = try connection.rows("SELECT count(*) FROM \(Identifier(row.text(0)).quoted)")
      sum += Int(count.first?[0].integer ?? 0)
    }
    bytes = Files.size(of: path) ?? 0
    tables = found.count
    rows = sum
    rowsAreEstimated = false
  }
}

extension CopyRecord {
  mutating func take(_ size: CopySize) {
    bytes = size.bytes
    tables = size.tables
    rows = size.rows
    rowsAreEstimated = size.rowsAreEstimated
  }
}
