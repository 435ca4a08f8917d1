import Databases
import Glibc
import Platform
import Synchronization

@testable import Scratch

/// What tests run with: this machine's programs, and the folders that Stairway itself would use.
let surroundings = ScratchSettings(
  environment: ["PATH": "/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/bin"], roomForFiles: 1 << 20,
  roomForCluster: 256 << 20)

/// One cluster for all the tests of this process, to which they connect as to a given server. It is
/// never shut down: its guard does that when the process ends.
enum SharedCluster {
  private static let cluster = Mutex<PostgresCluster?>(nil)

  static func address() throws -> PostgresAddress {
    try cluster.withLock { shared in
      if let shared { return shared.address }
      let made = try PostgresCluster(surroundings)
      let address = made.address
      shared = made
      return address
    }
  }
}

/// Runs one statement in the database at this address and returns its rows.
@discardableResult
func ask(_ address: DatabaseAddress, _ sql: String) throws -> [Row] {
  switch address {
  case .sqlite(let path): try SQLiteConnection(path: path, access: .readWrite).rows(sql)
  case .postgresql(let address): try PostgresConnection(address).rows(sql)
  }
}

/// The tables of the database at this address.
func tables(_ address: DatabaseAddress) throws -> [String] {
  let sql =
    switch address {
    case .sqlite: "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
    case .postgresql:
      "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY relname"
    }
  return try ask(address, sql).map { $0.text(0) }
}

extension DatabaseAddress {
  /// A name in it that both engines take: PostgreSQL's sessions have an empty search path.
  func table(_ name: String) -> String { engine == .sqlite ? name : "public.\(name)" }
}
