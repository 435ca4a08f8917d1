package import Databases

/// Reads PostgreSQL's catalogs, servers 12 to 18.
///
/// Every reading is one read-only transaction that is over when the call returns. The server prints
/// every name with its schema, since the session's `search_path` holds `pg_catalog` alone.
package final class PostgresSchemaReader: SchemaReader {
  let connection: PostgresConnection
  let scope: CatalogScope
  private let excluded: Set<TableName>
  /// Connects to the database.
  /// - Parameter excluding: tables that are left out with all that hangs on them, like the one in
  ///   which a migration tool keeps its version.
  package init(_ address: PostgresAddress, excluding: [TableName] = []) throws {
    connection = try PostgresConnection(address, readOnly: true)
    let rights = try connection.rows(
      "SELECT has_table_privilege('pg_catalog.pg_subscription', 'SELECT')")
    scope = CatalogScope(
      version: connection.serverVersion, readsSubscriptions: rights.first?[0].boolean ?? false)
    excluded = Set(excluding.map { TableName(schema: $0.schema ?? "public", $0.name) })
  }

  package func snapshot() throws -> Snapshot {
    try fullSnapshot()
  }

  package func fullSnapshot() throws -> Snapshot {
    let units = try readAll().units
    return Snapshot(engine: .postgresql, units: schemaUnits(of: units).values.map { $0 })
  }

  /// All units, and what further statements of the same transaction gave.
  func readAll(before statements: [String] = []) throws -> (
    units: [UnitKey: CatalogRows.ReadUnit], further: [ResultTable]
  ) {
    let script =
      ["BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"] + statements
      + CatalogQuery.all.map { $0.text(scope) } + ["COMMIT"]
    let tables = try transaction(script)
    var rows = CatalogRows()
    for (query, table) in zip(CatalogQuery.all, tables.dropFirst(statements.count)) {
      rows.add(table, of: query)
    }
    return (rows.units, Array(tables.prefix(statements.count)))
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
