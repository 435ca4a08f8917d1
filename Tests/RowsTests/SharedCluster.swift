import Databases
import Schemas
import Synchronization

@testable import Scratch

/// One private server for all the tests of this process, each of which lends databases of its own.
/// It is never shut down: its guard does that when the process ends.
enum SharedCluster {
  private static let cluster = Mutex<PostgresCluster?>(nil)

  /// A server to lend databases from, which are dropped when it is let go.
  static func server() throws -> PostgresServer {
    let address = try cluster.withLock { shared in
      if let shared { return shared.address }
      let made = try PostgresCluster(
        ScratchSettings(
          environment: ["PATH": "/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/bin"],
          roomForCluster: 256 << 20))
      let address = made.address
      shared = made
      return address
    }
    return try PostgresServer(url: address.url)
  }
}

/// A database of either engine for one test, gone with it.
final class TestDatabase {
  let address: DatabaseAddress
  private let server: any ScratchServer

  init(_ engine: Engine, _ script: String = "") throws {
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
  func execute(_ script: String) throws {
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
  func rows(_ query: String) throws -> [[String]] {
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

  func snapshot() throws -> Snapshot {
    switch address {
    case .sqlite(let path): try SQLiteSchemaReader(path: path).snapshot()
    case .postgresql(let address): try PostgresSchemaReader(address).snapshot()
    }
  }
}
