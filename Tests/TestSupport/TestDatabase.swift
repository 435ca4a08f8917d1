package import Databases
package import Schemas
import Scratch

/// A database of either engine for one test, gone with it.
package final class TestDatabase {
  package let address: DatabaseAddress
  private let server: any ScratchServer

  /// - Parameter script: run in it at once.
  package init(_ engine: Engine, _ script: String = "") throws {
    server =
      switch engine {
      case .postgresql: try SharedCluster.server()
      case .sqlite:
        try ScratchServers.find(
          engine: .sqlite, settings: ScratchSettings(environment: [:]))
      }
    address = try server.lend().address
    try execute(script)
  }

  deinit { server.shutDown() }

  /// With `public` in the search path.
  package func execute(_ script: String) throws {
    switch address {
    case .sqlite(let path):
      try SQLiteConnection(path: path, access: .createIfMissing).execute(script)
    case .postgresql(let address):
      let connection = try PostgresConnection(address)
      try connection.execute("SET search_path = public; \(script)")
      try connection.countWrites()
    }
  }

  /// Every row's values as text, `NULL` for NULL.
  package func rows(_ query: String) throws -> [[String]] {
    let rows: [Row]
    switch address {
    case .sqlite(let path):
      rows = try SQLiteConnection(path: path, access: .createIfMissing).rows(query)
    case .postgresql(let address):
      let connection = try PostgresConnection(address)
      try connection.execute("SET search_path = public")
      rows = try connection.rows(query)
    }
    return rows.map { $0.values.map { $0.text ?? "NULL" } }
  }

  package func snapshot() throws -> Snapshot {
    switch address {
    case .sqlite(let path): try SQLiteSchemaReader(path: path).snapshot()
    case .postgresql(let address): try PostgresSchemaReader(address).snapshot()
    }
  }
}
