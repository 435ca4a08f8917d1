internal import Databases
internal import History
internal import Projects
internal import Schemas

/// What a database holds at one moment, as far as a walk compares it.
struct State {
  let snapshot: Snapshot
  /// What the tool's version table says, sorted; nil where there is no such table.
  let versions: [RevisionID]?
}

/// Looks at a scratch database from outside the migration process, on connections of its own.
///
/// Between two looks no transaction is open, so that it never stands in a migration's way.
final class DatabaseObserver {
  let versionTable: VersionTable
  private let reader: any SchemaReader
  private let versions: VersionReader

  init(_ address: DatabaseAddress, versionTable: VersionTable) throws {
    self.versionTable = versionTable
    let excluded = [TableName(schema: versionTable.schema, versionTable.name)]
    reader =
      switch address {
      case .sqlite(let path): SQLiteSchemaReader(path: path, excluding: excluded)
      case .postgresql(let server): try PostgresSchemaReader(server, excluding: excluded)
      }
    versions = try VersionReader(address, table: versionTable)
  }

  func state() throws -> State {
    State(snapshot: try reader.snapshot(), versions: try versions.recorded())
  }

  func brokenViews() throws -> [BrokenView] { try reader.brokenViews() }
}
