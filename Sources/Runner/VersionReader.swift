internal import Databases
internal import History
internal import Projects

/// Reads what a tool recorded in its version table.
final class VersionReader {
  private enum Connection: ~Copyable {
    case sqlite(SQLiteConnection)
    case postgresql(PostgresConnection)
  }

  private let connection: Connection
  private let query: String

  init(_ address: DatabaseAddress, table: VersionTable) throws {
    switch address {
    case .sqlite(let path):
      connection = .sqlite(try SQLiteConnection(path: path, access: .readWrite))
      query = "SELECT version_num FROM \(table.name.quoted)"
    case .postgresql(let server):
      connection = .postgresql(try PostgresConnection(server.connectionString, readOnly: true))
      query = "SELECT version_num FROM \((table.schema ?? "public").quoted).\(table.name.quoted)"
    }
  }

  /// The recorded revisions, sorted; nil where the table does not exist.
  func recorded() throws -> [RevisionID]? {
    do {
      let rows =
        switch connection {
        case .sqlite(let database): try database.rows(query)
        case .postgresql(let database): try database.rows(query)
        }
      return rows.map { RevisionID($0.text(0)) }.sorted()
    } catch let error as DatabaseError where Self.meansNoTable(error) {
      return nil
    }
  }

  /// PostgreSQL's `undefined_table` and `invalid_schema_name`; SQLite has only its sentence.
  private static func meansNoTable(_ error: DatabaseError) -> Bool {
    ["42P01", "3F000"].contains(error.state) || error.message.hasPrefix("no such table")
  }
}
