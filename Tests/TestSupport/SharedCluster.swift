package import Databases
package import Scratch
import Synchronization

/// One private server for all the tests of this process, each of which lends databases of its own.
/// It is never shut down: its guard does that when the process ends.
package enum SharedCluster {
  private static let cluster = Mutex<PostgresCluster?>(nil)

  /// A server to lend databases from, which are dropped when it is let go.
  package static func server() throws -> PostgresServer {
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

extension ScratchDatabase {
  /// Where it is, on a PostgreSQL server.
  package func postgresAddress() throws -> PostgresAddress {
    guard case .postgresql(let address) = address else {
      throw DatabaseError(.cannotConnect, message: "\(self.address) is no PostgreSQL database")
    }
    return address
  }
}
