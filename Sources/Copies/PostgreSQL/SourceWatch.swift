import Databases
import Platform
import Scratch
import Synchronization

/// Looks who keeps a copy waiting for a lock, from a connection of its own, and says so: the programs that
/// copy say nothing until they give up.
final class SourceWatch: Sendable {
  /// What somebody else has locked.
  struct Holder: Sendable, Hashable {
    /// `the table users`, or what else it is.
    let object: String
    /// `session 4711 (psql)`.
    let session: String
  }

  private final class Book: Sendable {
    let isOver = Mutex(false)
    let seen = Mutex<Holder?>(nil)

    /// Waits, and says whether the copy is still being made.
    func isOpen(after seconds: Double, _ clock: Clock) -> Bool {
      let end = clock.monotonic() + seconds
      while clock.monotonic() < end, !isOver.withLock({ $0 }) { pause(seconds: 0.05) }
      return !isOver.withLock { $0 }
    }
  }

  private let book = Book()
  private let job: BackgroundJob

  /// Begins to look after the plan's time of silence.
  /// - Parameter doing: what is told again when the wait is over.
  init(_ work: CopyWork, on address: PostgresAddress, doing: String) {
    let (tell, clock, plan) = (work.tell, work.settings.clock, work.plan)
    let title = address.redacted
    job = BackgroundJob { [book] in
      guard book.isOpen(after: plan.quietWait, clock),
        let connection = try? PostgresConnection(address, readOnly: true)
      else { return }
      var told: Holder?
      repeat {
        guard let rows = try? connection.rows(Self.query) else { return }
        let holder = rows.first.map(Holder.init)
        guard holder != told else { continue }
        told = holder
        if let holder {
          book.seen.withLock { $0 = holder }
          tell(
            "waiting for \(holder.object) of \(title), which \(holder.session) keeps locked; "
              + "gives up after \(plan.longestWaitWords)")
        } else {
          tell(doing)
        }
      } while book.isOpen(after: min(2, plan.quietWait), clock)
    }
  }

  deinit { end() }

  /// Ends it, and gives whom it saw last.
  @discardableResult
  func end() -> Holder? {
    book.isOver.withLock { $0 = true }
    job.wait()
    return book.seen.withLock { $0 }
  }

  /// Of the sessions that copy, the first that waits, and the first that it waits for. Whose the other one
  /// is, is told to those alone who may know it
  /// (<https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ACTIVITY-VIEW>).
  private static let query = """
    SELECT CASE WHEN l.relation IS NULL THEN 'a lock (' || l.locktype || ')'
        WHEN c.relkind IN ('r', 'p') THEN 'the table ' || l.relation::regclass::text
        ELSE coalesce(l.relation::regclass::text, l.locktype) END,
      h.pid, o.application_name
    FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid AND NOT l.granted
      LEFT JOIN pg_class c ON c.oid = l.relation
      CROSS JOIN LATERAL (SELECT pid FROM unnest(pg_blocking_pids(a.pid)) pid LIMIT 1) h
      LEFT JOIN pg_stat_activity o ON o.pid = h.pid
    WHERE a.datname = current_database() AND a.pid <> pg_backend_pid()
      AND a.application_name IN ('pg_dump', '\(PostgresAddress.copyName)', '\(PostgresConnection.readerName)')
    ORDER BY a.pid LIMIT 1
    """
}

extension SourceWatch.Holder {
  fileprivate init(_ row: Row) {
    let name = row[2].text ?? ""
    self.init(
      object: row.text(0), session: "session \(row.text(1))" + (name.isEmpty ? "" : " (\(name))"))
  }
}

extension CopyError {
  /// Somebody kept a lock for longer than one waits.
  static func locked(
    _ title: String, by holder: SourceWatch.Holder?, after wait: String, _ words: String
  ) -> CopyError {
    let who = holder.map { "\($0.session) keeps \($0.object)" } ?? "somebody keeps a table"
    return CopyError(
      .sourceLocked, "\(who) of \(title) locked for longer than \(wait): \(words)",
      fix: "run it again when the migration or the VACUUM FULL there is done; "
        + "SELECT * FROM pg_stat_activity tells what the session does")
  }
}

extension DatabaseError {
  /// Whether `lock_timeout` ended it: `55P03`, `lock_not_available`.
  var isLockTimeout: Bool { state == "55P03" }
}
