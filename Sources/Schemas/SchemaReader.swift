package import Databases

/// Takes snapshots of one database, each after the first at the cost of what has changed since.
///
/// A reader keeps a connection open between snapshots but never a transaction. It is used by one
/// thread, and closed by letting it go.
package protocol SchemaReader: AnyObject {
  /// The schema as it is now. Leaves out the tables given as `excluded` when the reader was made.
  func snapshot() throws -> Snapshot

  /// The same, read from scratch: what `snapshot()` must equal at every moment.
  func fullSnapshot() throws -> Snapshot

  /// Every value of a table's column, in no order; nil where there is no such table.
  func values(of column: Identifier, in table: TableName) throws -> [Value]?

  /// Both at one moment, for less than the one after the other.
  func snapshot(
    withValuesOf column: Identifier, in table: TableName
  ) throws -> (snapshot: Snapshot, values: [Value]?)

  /// The views that can no longer be read, with what the engine says of each.
  /// - Parameter snapshot: the schema as it is now.
  func brokenViews(in snapshot: Snapshot) throws -> [BrokenView]
}

/// A view and the engine's message when it is read.
package struct BrokenView: Hashable, Sendable {
  package let id: ObjectID
  package let message: String
  package init(id: ObjectID, message: String) {
    self.id = id
    self.message = message
  }
}

/// A table by its schema (nil: the first of the session's `search_path`, `public`) and name.
package struct TableName: Hashable, Sendable, Codable {
  package let schema: Identifier?
  package let name: Identifier
  package init(schema: Identifier? = nil, _ name: Identifier) {
    self.schema = schema
    self.name = name
  }
}
