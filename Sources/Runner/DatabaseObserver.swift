internal import Databases
internal import History
internal import Projects
internal import Rows
internal import Schemas

/// What a database holds at one moment, as far as a walk compares it.
struct State {
  let snapshot: Snapshot
  /// What the tool's version table says, sorted; nil where there is no such table.
  let versions: [RevisionID]?
  /// nil where the walk is made without rows.
  let rows: RowImage?
}

/// Looks at a scratch database from outside the migration process, on connections of its own.
///
/// Between two looks no transaction is open, so that it never stands in a migration's way.
final class DatabaseObserver {
  let versionTable: VersionTable
  private let reader: any SchemaReader
  private let rowReader: RowReader?

  /// - Parameters:
  ///   - limits: how large a table may be for its rows to be kept here.
  ///   - marksRows: whether a server keeps a mark of each row of larger ones.
  init(
    _ address: DatabaseAddress, versionTable: VersionTable, readsRows: Bool,
    limits: RowLimits = RowLimits(), marksRows: Bool = false
  ) throws {
    self.versionTable = versionTable
    let excluded = [versionTable.table]
    var writes: WriteCounts?
    switch address {
    case .sqlite(let path):
      // A migration process that died may have left a half-written transaction to undo.
      reader = SQLiteSchemaReader(path: path, excluding: excluded, access: .readWrite)
    case .postgresql(let server):
      let opened = try PostgresSchemaReader(server, excluding: excluded)
      writes = opened.writes
      reader = opened
    }
    rowReader =
      readsRows
      ? try RowReader(
        address: address, excluding: excluded, limits: limits, writes: writes,
        marksRows: marksRows)
      : nil
  }

  func state() throws -> State {
    let (snapshot, versions) = try reader.snapshot(
      withValuesOf: Self.versionColumn, in: versionTable.table)
    return State(
      snapshot: snapshot, versions: Self.revisions(versions),
      rows: try rowReader?.image(of: snapshot))
  }

  /// What the tool's version table says, sorted; nil where there is no such table.
  func versions() throws -> [RevisionID]? {
    Self.revisions(try reader.values(of: Self.versionColumn, in: versionTable.table))
  }

  private static let versionColumn: Identifier = "version_num"

  private static func revisions(_ values: [Value]?) -> [RevisionID]? {
    values?.compactMap { $0.text.map { RevisionID($0) } }.sorted()
  }

  /// What became of the rows between two states; nil where these are without rows.
  func difference(
    from before: State, to after: State, statements: [String]
  ) throws -> RowsDifference? {
    guard let old = before.rows, let new = after.rows else { return nil }
    return try rowReader?.difference(from: old, to: new, statements: statements)
  }

  /// - Parameter snapshot: the schema as it is now.
  func brokenViews(in snapshot: Snapshot) throws -> [BrokenView] {
    try reader.brokenViews(in: snapshot)
  }

  /// - Parameter tables: those whose rows or keys may have changed; nil for all. Likewise below.
  func danglingReferences(touching tables: Set<TableName>?) throws -> [DanglingReference] {
    try rowReader?.danglingReferences(touching: tables) ?? []
  }

  func sequencesBehind(touching tables: Set<TableName>?) throws -> [SequenceBehind] {
    try rowReader?.sequencesBehind(touching: tables) ?? []
  }
}

extension VersionTable {
  fileprivate var table: TableName { TableName(schema: schema, name) }
}
