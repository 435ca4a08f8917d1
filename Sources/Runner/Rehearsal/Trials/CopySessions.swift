internal import Databases
private import Platform

/// Who else is connected to a copy: the upgrades that are tried on it. On SQLite nobody can tell, and
/// nobody has to: a process that is gone holds nothing.
struct CopySessions {
  /// Seconds in which a server notices that a client is gone and undoes what that had begun.
  static let patience = 10.0

  private let server: PostgresAddress?

  init(_ address: DatabaseAddress) {
    if case .postgresql(let server) = address { self.server = server } else { server = nil }
  }

  /// Returns when the sessions of upgrades are gone; those that are not by then are ended.
  func settle(within seconds: Double) throws {
    guard let server else { return }
    let connection = try PostgresConnection(server, readOnly: true)
    let clock = Clock.system
    let deadline = clock.monotonic() + seconds
    var isEnded = false
    while try connection.rows("SELECT 1 \(Self.others)").count > 0 {
      if clock.monotonic() >= deadline + Self.patience { return }
      if clock.monotonic() >= deadline, !isEnded {
        isEnded = true
        try Self.end(on: connection)
      }
      pause(seconds: 0.002)
    }
  }

  /// Ends them at once, as a server does that is stopped.
  func end() throws {
    guard let server else { return }
    try Self.end(on: PostgresConnection(server, readOnly: true))
  }

  private static func end(on connection: borrowing PostgresConnection) throws {
    _ = try connection.rows("SELECT pg_terminate_backend(a.pid) \(others)")
  }

  /// Waits until one of them waits for a lock.
  /// - Returns: whether one does; false also where they are gone, or stopped is true.
  func waitForBlocked(within seconds: Double, unless stopped: () -> Bool) throws -> Bool {
    guard let server else { return false }
    let connection = try PostgresConnection(server, readOnly: true)
    let clock = Clock.system
    let deadline = clock.monotonic() + seconds
    while clock.monotonic() < deadline, !stopped() {
      let rows = try connection.rows(
        "SELECT coalesce(a.wait_event_type = 'Lock', false) \(Self.others)")
      if rows.contains(where: { $0[0].boolean == true }) { return true }
      if rows.isEmpty { return false }
      pause(seconds: 0.002)
    }
    return false
  }

  /// Who waits for whom at this moment, a sentence each.
  func waits() throws -> [String] {
    guard let server else { return [] }
    return try PostgresConnection(server, readOnly: true).rows(
      """
      SELECT a.pid, array_to_string(pg_blocking_pids(a.pid), ' and '), a.query \(Self.others)
        AND a.wait_event_type = 'Lock'
      ORDER BY a.backend_start, a.pid
      """
    ).map { "session \($0.text(0)) waits for session \($0.text(1)): \($0.text(2).prefix(300))" }
  }

  private static let others = """
    FROM pg_stat_activity a WHERE a.datname = current_database() AND a.pid <> pg_backend_pid()
      AND a.backend_type = 'client backend' AND a.application_name <> '\(PostgresConnection.readerName)'
    """
}
