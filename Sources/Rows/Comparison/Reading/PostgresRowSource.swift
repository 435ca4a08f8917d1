import Databases
import Schemas

/// Reads rows from a PostgreSQL server: small tables whole, large ones as sums that the server makes.
final class PostgresRowSource: RowSource {
  let connection: PostgresConnection
  let limits: RowLimits
  private let clockOffsets: Set<Int64>
  private let writes: WriteCounts
  /// Whether somebody else reads the counts of writes.
  private let sharesWrites: Bool
  /// The moments of the last look and of the one before.
  private var looks: (last: WriteCounts.Moment, before: WriteCounts.Moment) = (0, 0)
  private var prepared: Set<String> = []
  /// nil where large tables leave only sums.
  private let marks: PostgresRowMarks?

  init(
    _ address: PostgresAddress, limits: RowLimits, writes: WriteCounts?, marksRows: Bool = false
  ) throws {
    connection = try PostgresConnection(address, readOnly: true)
    clockOffsets = Set(try connection.rows(Self.clock).compactMap { $0[0].integer })
    self.writes = writes ?? WriteCounts(serverVersion: connection.serverVersion)
    sharesWrites = writes != nil
    self.limits = limits
    marks = marksRows ? try PostgresRowMarks(connection) : nil
  }

  /// In winter and in summer, as a session begins that sets no zone of its own.
  private static let clock = """
    SELECT extract(epoch FROM day AT TIME ZONE 'UTC' - day AT TIME ZONE s.reset_val)::int8
    FROM pg_settings s, (VALUES (timestamp '2024-01-15'), ('2024-07-15')) d (day)
    WHERE s.name = 'TimeZone'
    """

  func look() throws {
    if !sharesWrites { try writes.refresh(connection) }
    looks = (writes.now, looks.last)
  }

  func touched(among tables: [TableName: TableImage]) -> [TableName] {
    tables.values.filter { !isUntouched($0) }.map(\.name)
  }

  private func isUntouched(_ table: TableImage) -> Bool {
    guard let oid = table.oid else { return false }
    return ([oid] + table.partitions).allSatisfy { writes.isSame(String($0), since: looks.before) }
  }

  func images(of names: [TableName], in snapshot: Snapshot) throws -> [TableImage] {
    try prepare(PostgresTable.query)
    return try transaction {
      try images(
        of: PostgresTable.all(in: rows(of: PostgresTable.query, names), clockOffsets: clockOffsets))
    }
  }

  func image(of name: TableName, in buckets: [Int]) throws -> TableImage? {
    try prepare(PostgresTable.query)
    return try transaction {
      let found = PostgresTable.all(
        in: try rows(of: PostgresTable.query, [name]), clockOffsets: clockOffsets)
      guard let table = found.first else { return nil }
      let query = PostgresRowQuery(table, connection.serverVersion)
      let rows = try connection.rows(query.values(of: buckets, RowLimits.buckets))
      guard rows.count <= RowLimits.buckets.rows else { return nil }
      return image(of: table, .rows(cells(of: rows)))
    }
  }

  /// Asks the catalogs about some tables.
  func rows(of query: PreparedQuery, _ names: some Collection<TableName>) throws -> [Row] {
    try connection.rows(query.executing(names))
  }

  /// To be called before the transaction in which it is asked.
  func prepare(_ query: PreparedQuery) throws {
    guard prepared.insert(query.name).inserted else { return }
    try connection.prepare(query.name, "jsonb", as: query.text, example: "'[]'")
  }

  /// Every table of the user's.
  func allTables() throws -> Set<TableName> {
    let rows = try connection.rows(
      """
      SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND c.oid >= 16384 AND n.nspname !~ '^pg_'
      """)
    return Set(rows.map { TableName(schema: Identifier($0.text(0)), Identifier($0.text(1))) })
  }

  /// Runs the body in one state of the database.
  func transaction<Outcome>(_ body: () throws -> Outcome) throws -> Outcome {
    // Marks are written, into tables that are nobody else's.
    let access = marks == nil ? "READ ONLY" : "READ WRITE"
    try connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ \(access)")
    do {
      let result = try body()
      try connection.execute("COMMIT")
      return result
    } catch {
      try? connection.execute("ROLLBACK")
      throw error
    }
  }

  private func images(of tables: [PostgresTable]) throws -> [TableImage] {
    var small = tables.filter { $0.bytes <= limits.bytes }
    var large = tables.filter { $0.bytes > limits.bytes }
    marks?.choose(among: large, besides: small)
    // One that was emptied is held against the marks of its earlier rows.
    large += small.filter { marks?.wants($0) == true }
    small.removeAll { marks?.wants($0) == true }
    return try valuesTogether(of: small)
      + large.map { table in
        image(of: table, try guarded(table) { try sums(of: table) })
      }
  }

  /// Reads tables in one round trip; where one of them is refused, each by itself.
  private func valuesTogether(of tables: [PostgresTable]) throws -> [TableImage] {
    let queries = tables.map { PostgresRowQuery($0, connection.serverVersion).values(limits) }
    return try zip(tables, each(queries)).map { table, found in
      switch found {
      case .success(let rows) where rows.count <= limits.rows:
        image(of: table, .rows(cells(of: rows)))
      case .success: image(of: table, try guarded(table) { try sums(of: table) })
      case .failure(let error): image(of: table, .unreadable(error.message))
      }
    }
  }

  /// What each of these queries gives, or what the server said when it refused; the transaction goes
  /// on. In one round trip, or one by one where one is refused.
  func each(_ queries: [String]) throws -> [Result<[Row], DatabaseError>] {
    guard !queries.isEmpty else { return [] }
    do {
      let script = ["SAVEPOINT stairway"] + queries
      return try connection.results(script.joined(separator: ";\n")).map { .success($0.rows) }
    } catch let error as DatabaseError where error.state != nil && connection.isAlive {
      try connection.execute("ROLLBACK TO stairway")
      guard queries.count > 1 else { return [.failure(error)] }
      return try queries.flatMap { try each([$0]) }
    }
  }

  private func cells(of rows: [Row]) -> [[Cell]] { rows.map { $0.values.map { Cell($0) } } }

  private func image(of table: PostgresTable, _ content: TableImage.Content) -> TableImage {
    TableImage(
      table.name, oid: table.oid, file: table.file, partitions: table.partitions,
      columns: table.columns, key: table.key, content: content)
  }

  /// What the body gives, or what the server said when it refused; the transaction goes on.
  private func guarded(
    _ table: PostgresTable, _ body: () throws -> TableImage.Content
  ) throws -> TableImage.Content {
    try connection.execute("SAVEPOINT stairway")
    do {
      return try body()
    } catch let error as DatabaseError where error.state != nil && connection.isAlive {
      try connection.execute("ROLLBACK TO stairway")
      return .unreadable(error.message)
    }
  }

  /// Reads sums. A document that `json` takes and `jsonb` does not, like one with `\u0000`, is then
  /// compared by its text, with all others of that table.
  private func sums(of table: PostgresTable) throws -> TableImage.Content {
    guard table.columns.contains(where: { $0.kind == .json }) else {
      return try sums(PostgresRowQuery(table, connection.serverVersion), of: table)
    }
    try connection.execute("SAVEPOINT documents")
    do {
      return try sums(PostgresRowQuery(table, connection.serverVersion), of: table)
    } catch let error as DatabaseError where error.state?.hasPrefix("22") == true {
      try connection.execute("ROLLBACK TO documents")
      let query = PostgresRowQuery(table, connection.serverVersion, documentsAsText: true)
      return try sums(query, of: table)
    }
  }

  private func sums(
    _ query: PostgresRowQuery, of table: PostgresTable
  ) throws -> TableImage.Content {
    var sums = RowSums(width: table.columns.count)
    var statement = query.sums
    if let marks, marks.wants(table) {
      let name = marks.next()
      try connection.execute(query.marking(into: name))
      sums.marks = MarkedRows(table: name, holdsKeys: query.seedIsKey)
      statement = query.sums(ofMarks: name)
    }
    for row in try connection.rows(statement) {
      let bucket = query.bucket(of: row)
      sums.put(bucket.sums, at: bucket.index)
    }
    return .sums(sums)
  }
}
