internal import Databases
internal import Walks

/// The limits that a deploy sets for its session, set for every session of the copy.
///
/// A migration that sets its own goes by these, as in production.
struct ProductionTimeouts {
  private let server: PostgresAddress?
  private let settings: [(name: String, milliseconds: Int)]

  init(_ bounds: RehearsalBounds, on address: DatabaseAddress) {
    if case .postgresql(let server) = address { self.server = server } else { server = nil }
    settings = [
      ("lock_timeout", bounds.lockTimeout), ("statement_timeout", bounds.statementTimeout),
    ]
    .compactMap { name, seconds in seconds.map { (name, max(1, Int($0 * 1_000))) } }
  }

  func set() throws { try alter { "SET \($0.name) = \($0.milliseconds)" } }

  /// Leaves the copy as it was; what cannot be reached any more needs it no more.
  func unset() { try? alter { "RESET \($0.name)" } }

  private func alter(_ change: ((name: String, milliseconds: Int)) -> String) throws {
    guard let server, !settings.isEmpty else { return }
    let connection = try PostgresConnection(server)
    for setting in settings {
      try connection.execute(
        "ALTER DATABASE \(Identifier(server.database).quoted) \(change(setting))")
    }
  }
}
