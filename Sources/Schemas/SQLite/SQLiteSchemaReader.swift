package import Databases

/// Reads the schema of a SQLite file.
///
/// Every reading opens the file, reads within one transaction and closes it again, so that the file
/// may be copied, replaced or removed in between. What was read is kept by pages of the file: a
/// further reading costs one pass over the pages of `sqlite_schema` and the work for those that
/// differ, where SQLite itself would parse every statement of the schema again.
package final class SQLiteSchemaReader: SchemaReader {
  private let path: String
  private let access: SQLiteConnection.Access
  private let excluded: Set<String>
  private var pages = SchemaPages()
  private var catalog: SQLiteCatalog
  private var broken: (at: Fingerprint, views: [BrokenView])?

  /// - Parameters:
  ///   - path: the file, which must be there.
  ///   - excluding: tables that are left out with all that hangs on them, like the one in which a
  ///     migration tool keeps its version.
  ///   - access: `readWrite` lets SQLite first undo what a process that died has left half done.
  package init(
    path: String, excluding: [TableName] = [], access: SQLiteConnection.Access = .readOnly
  ) {
    self.path = path
    self.access = access
    excluded = Set(excluding.map { $0.name.raw.lowercased() })
    catalog = SQLiteCatalog(excluding: excluded)
  }

  package func snapshot() throws -> Snapshot {
    let connection = try open()
    try refresh(connection)
    try finish(&catalog, connection)
    return catalog.snapshot
  }

  /// Takes in what has changed since the last reading; a failure leaves no half of it.
  private func refresh(_ connection: borrowing SQLiteConnection) throws {
    do {
      let change = try pages.refresh(connection)
      catalog.apply(removed: change.removed, added: change.added)
    } catch {
      pages = SchemaPages()
      catalog = SQLiteCatalog(excluding: excluded)
      throw error
    }
  }

  package func fullSnapshot() throws -> Snapshot {
    let connection = try open()
    var fresh = SQLiteCatalog(excluding: excluded)
    fresh.apply(removed: [], added: Set(try SchemaPages.rows(connection)))
    try finish(&fresh, connection)
    return fresh.snapshot
  }

  package func values(of column: Identifier, in table: TableName) throws -> [Value]? {
    let connection = try open()
    try refresh(connection)
    return try values(of: column, in: table, connection)
  }

  package func snapshot(
    withValuesOf column: Identifier, in table: TableName
  ) throws -> (snapshot: Snapshot, values: [Value]?) {
    let connection = try open()
    try refresh(connection)
    let values = try values(of: column, in: table, connection)
    try finish(&catalog, connection)
    return (catalog.snapshot, values)
  }

  /// - Parameter connection: in the transaction in which the catalog was refreshed.
  private func values(
    of column: Identifier, in table: TableName, _ connection: borrowing SQLiteConnection
  ) throws -> [Value]? {
    if catalog.hasOnlyColumn(column.raw, table.name.raw),
      let values = try pages.values(inOnlyColumnOf: table.name.raw, connection),
      // NULL stands where the column is the row's own number.
      !values.contains(.null)
    {
      return values
    }
    do {
      return try connection.rows(
        "SELECT \(column.quoted) FROM main.\(table.name.quoted)"
      ).map { $0[0] }
    } catch let error as DatabaseError where error.message.hasPrefix("no such table") {
      return nil
    }
  }

  package func brokenViews(in snapshot: Snapshot) throws -> [BrokenView] {
    let views = snapshot.units(of: .view)
    guard !views.isEmpty else { return [] }
    if let broken, broken.at == snapshot.fingerprint { return broken.views }
    let found = try unreadable(views.map(\.id.name.raw))
    broken = (snapshot.fingerprint, found)
    return found
  }

  private func unreadable(_ views: [String]) throws -> [BrokenView] {
    let connection = try SQLiteConnection(path: path, access: access)
    var unreadable: [BrokenView] = []
    for view in views {
      do {
        try connection.prepare("SELECT * FROM main.\(Identifier(view).quoted)")
      } catch let error as DatabaseError {
        // What the application gives its own connections says nothing of the schema.
        let missing = [
          "no such function", "no such module", "no such collation", "no such tokenizer",
        ]
        if missing.contains(where: { error.message.hasPrefix($0) }) { continue }
        unreadable.append(
          BrokenView(id: ObjectID(.view, [Identifier(view)]), message: error.message))
      }
    }
    return unreadable
  }

  /// Opens the file and takes the lock that keeps it as it is until the connection is closed.
  private func open() throws -> SQLiteConnection {
    let connection = try SQLiteConnection(path: path, access: access)
    try connection.execute("BEGIN; PRAGMA schema_version")
    return connection
  }

  /// Adds what the rows of `sqlite_schema` do not tell.
  private func finish(_ catalog: inout SQLiteCatalog, _ connection: borrowing SQLiteConnection)
    throws
  {
    let version = try connection.rows("PRAGMA user_version").first?[0].integer ?? 0
    let application = try connection.rows("PRAGMA application_id").first?[0].integer ?? 0
    catalog.setSettings(userVersion: version, applicationID: application)
    guard !catalog.virtualTables.isEmpty else { return catalog.setShadows([]) }
    let shadows = try connection.rows(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow'")
    catalog.setShadows(Set(shadows.map { $0.text(0).lowercased() }))
  }
}
