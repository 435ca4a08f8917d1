import Databases
import Schemas

/// Reads rows from a PostgreSQL server: small tables whole, large ones as sums that the server makes.
final class PostgresRowSource: RowSource {
  let connection: PostgresConnection
  let limits: RowLimits

  init(_ address: PostgresAddress, limits: RowLimits) throws {
    connection = try PostgresConnection(address, readOnly: true)
    self.limits = limits
  }

  func images(of names: [TableName], isAll: Bool) throws -> [TableImage] {
    try transaction {
      let wanted = Set(names)
      let tables = try PostgresTable.read(isAll ? nil : names, from: connection).filter {
        wanted.contains($0.name)
      }
      return try images(of: tables)
    }
  }

  func image(of name: TableName, in buckets: [Int]) throws -> TableImage? {
    try transaction {
      guard let table = try PostgresTable.read([name], from: connection).first else { return nil }
      let query = PostgresRowQuery(table, connection.serverVersion)
      let rows = try connection.rows(query.values(of: buckets, RowLimits.buckets))
      guard rows.count <= RowLimits.buckets.rows else { return nil }
      return image(of: table, .rows(cells(of: rows)))
    }
  }

  /// Runs the body in one state of the database.
  func transaction<Result>(_ body: () throws -> Result) throws -> Result {
    try connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
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
    let small = tables.filter { $0.bytes <= limits.bytes }
    let large = tables.filter { $0.bytes > limits.bytes }
    return try valuesTogether(of: small)
      + large.map { table in
        image(of: table, try guarded(table) { try sums(of: table) })
      }
  }

  /// Reads tables in one round trip; where one of them is refused, each by itself.
  private func valuesTogether(of tables: [PostgresTable]) throws -> [TableImage] {
    guard !tables.isEmpty else { return [] }
    try connection.execute("SAVEPOINT stairway")
    let script = tables.map { PostgresRowQuery($0, connection.serverVersion).values(limits) }
    let results: [ResultTable]
    do {
      results = try connection.results(script.joined(separator: ";\n"))
    } catch let error as DatabaseError where error.state != nil && connection.isAlive {
      try connection.execute("ROLLBACK TO stairway")
      return try tables.map { table in
        image(of: table, try guarded(table) { try content(of: table) })
      }
    }
    return try zip(tables, results).map { table, result in
      guard result.rows.count > limits.rows else {
        return image(of: table, .rows(cells(of: result.rows)))
      }
      return image(of: table, try guarded(table) { try sums(of: table) })
    }
  }

  private func content(of table: PostgresTable) throws -> TableImage.Content {
    let rows = try connection.rows(PostgresRowQuery(table, connection.serverVersion).values(limits))
    return rows.count > limits.rows ? try sums(of: table) : .rows(cells(of: rows))
  }

  private func cells(of rows: [Row]) -> [[Cell]] { rows.map { $0.values.map { Cell($0) } } }

  private func image(of table: PostgresTable, _ content: TableImage.Content) -> TableImage {
    TableImage(
      table.name, oid: table.oid, partitions: table.partitions, columns: table.columns,
      key: table.key, content: content)
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
    for row in try connection.rows(query.sums) {
      let bucket = query.bucket(of: row)
      sums.put(bucket.sums, at: bucket.index)
    }
    return .sums(sums)
  }
}
