import Databases
import Platform

/// What tells a database from every other, whatever it is called and whoever logs in.
enum DatabaseIdentity: Hashable {
  case file(FileIdentity)
  /// By the microsecond in which the server began to run: one that runs on a copy of its files has its
  /// system identifier too.
  case served(started: String, oid: String)

  /// Asks where the database is; of a server, a session that only reads.
  /// - Returns: nil where nothing answers within some seconds, or nobody may log in so.
  init?(of address: DatabaseAddress) {
    switch address {
    case .sqlite(let path):
      guard let file = FileIdentity(Path(path)) else { return nil }
      self = .file(file)
    case .postgresql(var server):
      server.parameters["connect_timeout"] = "3"
      guard let connection = try? PostgresConnection(server, readOnly: true),
        let row = try? connection.rows(Self.query).first
      else { return nil }
      self = .served(started: row.text(0), oid: row.text(1))
    }
  }

  private static let query = """
    SELECT extract(epoch FROM pg_postmaster_start_time()), oid
    FROM pg_database WHERE datname = current_database()
    """
}

extension DatabaseAddress {
  /// Whether both lead to the same database: as the engines tell where both answer, else as far as their
  /// texts do.
  func isSamePlace(as other: DatabaseAddress, known identity: DatabaseIdentity?) -> Bool {
    guard engine == other.engine else { return false }
    if let identity, let others = DatabaseIdentity(of: other) { return identity == others }
    return isSameText(as: other)
  }

  private func isSameText(as other: DatabaseAddress) -> Bool {
    switch (self, other) {
    case (.sqlite(let left), .sqlite(let right)):
      let (one, two) = (Path(left), Path(right))
      return (Files.resolved(one) ?? one) == (Files.resolved(two) ?? two)
    case (.postgresql(let left), .postgresql(let right)):
      return left.database == right.database && left.port == right.port
        && left.plainHost == right.plainHost
    default: return false
    }
  }
}

extension PostgresAddress {
  /// The host in lower case, with one name for this machine, also for any folder of a socket.
  fileprivate var plainHost: String {
    let name = (parameters["hostaddr"] ?? host).lowercased()
    let isHere = ["localhost", "127.0.0.1", "::1", ""].contains(name) || name.hasPrefix("/")
    return isHere ? "localhost" : name
  }
}
