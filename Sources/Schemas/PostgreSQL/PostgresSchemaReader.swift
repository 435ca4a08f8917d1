package import Databases

/// Reads PostgreSQL's catalogs, servers 12 to 18.
///
/// Every reading is one read-only transaction that is over when the call returns. The server prints
/// every name with its schema, since the session's `search_path` holds `pg_catalog` alone.
package final class PostgresSchemaReader: SchemaReader {
  let connection: PostgresConnection
  let scope: CatalogScope
  private let excluded: Set<TableName>
  /// What the last snapshot saw; nil before the first and after a failure.
  private var memory: CatalogMemory?
  /// How often everything was read.
  private(set) var fullReadings = 0
  /// What is prepared in this session.
  var prepared: Set<String> = []
  /// The sets of questions that are prepared in it, each with its number.
  var probes: [[Int]: Int] = [:]
  let probe: ChangeProbe
  /// What the questions were answered last, without what was written just then.
  var answers: [Row] = []
  /// Read anew for each snapshot.
  package let writes: WriteCounts
  /// When they were last asked whether anything has changed.
  var asked: WriteCounts.Moment = 0

  /// Connects to the database.
  /// - Parameter excluding: tables that are left out with all that hangs on them, like the one in
  ///   which a migration tool keeps its version.
  package init(_ address: PostgresAddress, excluding: [TableName] = []) throws {
    connection = try PostgresConnection(address, readOnly: true)
    let rights = try connection.rows(
      "SELECT has_table_privilege('pg_catalog.pg_subscription', 'SELECT')")
    scope = CatalogScope(
      version: connection.serverVersion, readsSubscriptions: rights.first?[0].boolean ?? false)
    probe = ChangeProbe(scope)
    writes = WriteCounts(serverVersion: connection.serverVersion)
    excluded = Set(excluding.map { TableName(schema: $0.schema ?? "public", $0.name) })
  }

  package func snapshot() throws -> Snapshot {
    // Taken out while it is changed: nobody else then holds it, and a failure leaves no half of it.
    var known = memory.take()
    if var followed = known.take() {
      do {
        try update(&followed)
        known = followed
      } catch is CatalogMemory.NeedsFullSnapshot {}
    }
    let current = try known ?? remembered()
    memory = current
    return current.snapshot
  }

  package func fullSnapshot() throws -> Snapshot {
    let units = try read(CatalogQuery.all, in: [Self.beginning], ["COMMIT"])
    return Snapshot(engine: .postgresql, units: schemaUnits(of: units).values.map { $0 })
  }

  package func values(of column: Identifier, in table: TableName) throws -> [Value]? {
    let name = "\((table.schema ?? "public").quoted).\(table.name.quoted)"
    do {
      return try connection.rows("SELECT \(column.quoted) FROM \(name)").map { $0[0] }
    } catch let error as DatabaseError where ["42P01", "3F000"].contains(error.state) {
      // `undefined_table` and `invalid_schema_name`.
      return nil
    }
  }

  package func snapshot(
    withValuesOf column: Identifier, in table: TableName
  ) throws -> (snapshot: Snapshot, values: [Value]?) {
    let values = try values(of: column, in: table)
    return (try snapshot(), values)
  }

  /// One state of the catalogs for all the statements that follow.
  static let beginning = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

  /// All that these queries give.
  /// - Parameters:
  ///   - before: statements that go before them and give no rows; likewise `after`.
  func read(
    _ queries: [CatalogQuery], in before: [String] = [], _ after: [String]
  ) throws -> [UnitKey: CatalogRows.ReadUnit] {
    fullReadings += 1
    let tables = try transaction(before + queries.map { $0.text(scope) } + after)
    var rows = CatalogRows()
    for (query, table) in zip(queries, tables) { rows.add(table, of: query) }
    return rows.units
  }

  /// Sends statements that begin and end a transaction; one that failed is rolled back.
  func transaction(_ statements: [String]) throws -> [ResultTable] {
    do {
      return try connection.results(statements.joined(separator: ";\n"))
    } catch {
      try? connection.execute("ROLLBACK")
      throw error
    }
  }

  /// The finished units but for those that are excluded.
  /// - Parameter known: relations that are known to be excluded.
  func schemaUnits(
    of units: [UnitKey: CatalogRows.ReadUnit], leavingOut known: Set<UInt32> = []
  ) -> [UnitKey: SchemaUnit] {
    let leftOut = known.union(excludedRelations(among: units))
    var finished: [UnitKey: SchemaUnit] = [:]
    for (key, unit) in units {
      guard let main = unit.main else { continue }
      if key.catalog == "pg_class", leftOut.contains(key.oid) { continue }
      if let relation = unit.belongsTo, leftOut.contains(relation) { continue }
      finished[key] = SchemaUnit(main, parts: unit.parts)
    }
    return finished
  }

  func excludedRelations(among units: [UnitKey: CatalogRows.ReadUnit]) -> Set<UInt32> {
    guard !excluded.isEmpty else { return [] }
    return Set(
      units.compactMap { key, unit in
        guard key.catalog == "pg_class", let id = unit.main?.id else { return nil }
        return excluded.contains(TableName(schema: id.schema, id.name)) ? key.oid : nil
      })
  }
}
