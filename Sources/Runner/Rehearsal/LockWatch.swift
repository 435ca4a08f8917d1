internal import Databases
private import Platform
private import Synchronization

/// Watches from a connection of its own which locks others have on the database's relations: those that
/// a statement outside of a transaction holds are gone when the migration's own connection can look.
///
/// It looks every millisecond at what has just begun, and ever less often at what goes on for long. No
/// transaction of it stays open, which `CREATE INDEX CONCURRENTLY` would wait for.
final class LockWatch: Sendable {
  /// A lock as it was seen again and again, in seconds on the machine's monotonic clock.
  struct Sighting: Sendable, Hashable {
    let relation: Int
    let mode: String
    let isGranted: Bool
    /// When it was not yet there.
    let before: Double
    /// The first and the last look at it, each from the question to the answer.
    let first: ClosedRange<Double>
    var last: ClosedRange<Double>
    /// When it was there no more; nil where nobody looked after the last time.
    var gone: Double?
  }

  /// All that was seen, and when somebody looked, each time from the question to the answer.
  struct Account: Sendable {
    var sightings: [Sighting] = []
    var looks: [ClosedRange<Double>] = []
  }

  /// As what the sessions of an application that is played are listed in `pg_stat_activity`.
  static let trafficName = "stairway traffic"

  private struct Key: Hashable {
    let relation: Int
    let mode: String
    let isGranted: Bool
  }

  private final class Book: Sendable {
    let isOver = Mutex(false)
    let account = Mutex(Account())
  }

  private let book = Book()
  private let job: BackgroundJob

  /// Begins to watch; where the server lets nobody connect, it sees nothing.
  init(_ address: PostgresAddress) {
    job = BackgroundJob { [book] in
      guard let connection = try? PostgresConnection(address, readOnly: true) else { return }
      try? Self.watch(connection, book)
    }
  }

  /// Ends it and gives what was seen.
  func account() -> Account {
    book.isOver.withLock { $0 = true }
    job.wait()
    return book.account.withLock { $0 }
  }

  private static func watch(
    _ connection: borrowing PostgresConnection, _ book: Book
  ) throws {
    let clock = Clock.system
    try connection.execute("SET statement_timeout = 0; PREPARE stairway_locks AS \(query)")
    var open: [Key: Sighting] = [:]
    var before = clock.monotonic()
    var changed = before
    while !book.isOver.withLock({ $0 }) {
      let asked = clock.monotonic()
      let rows = try connection.rows("EXECUTE stairway_locks")
      let answered = clock.monotonic()
      let look = asked...max(asked, answered)
      book.account.withLock { $0.looks.append(look) }
      var seen: Set<Key> = []
      for row in rows {
        let key = Key(
          relation: Int(row[0].integer ?? 0), mode: row.text(1),
          isGranted: row[2].boolean ?? false)
        seen.insert(key)
        if open[key] == nil {
          open[key] = Sighting(
            relation: key.relation, mode: key.mode, isGranted: key.isGranted, before: before,
            first: look, last: look)
          changed = answered
        }
        open[key]?.last = look
      }
      for key in open.keys where !seen.contains(key) {
        guard var ended = open.removeValue(forKey: key) else { continue }
        ended.gone = answered
        book.account.withLock { $0.sightings.append(ended) }
        changed = answered
      }
      before = asked
      pause(seconds: min(0.05, max(0.001, (answered - changed) / 50)))
    }
    book.account.withLock { $0.sightings += open.values }
  }

  /// Of whoever runs the migration: neither of Stairway's own connections nor of the server itself.
  private static let query = """
    SELECT l.relation::int8, l.mode, l.granted
    FROM pg_locks l JOIN pg_stat_get_activity(NULL) a ON a.pid = l.pid
    WHERE l.locktype = 'relation' AND l.relation >= 16384 AND a.application_name NOT IN ('\(PostgresConnection.readerName)', '\(trafficName)')
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND a.backend_type IN ('client backend', 'parallel worker')
    """
}
