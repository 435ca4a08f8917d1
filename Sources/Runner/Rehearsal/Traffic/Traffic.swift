internal import Databases
private import Platform
private import Synchronization
internal import Walks

/// The application's statements, each sent again and again on a connection of its own, and rolled back,
/// so that the copy stays what it is.
final class Traffic: Sendable {
  /// Sent times and refusals of one statement, by the phase in which it was sent.
  fileprivate struct Account: Sendable {
    var durations: [TrafficPhase: [Double]] = [:]
    var failures: [TrafficFailure] = []
  }

  private final class Stream: Sendable {
    let statement: TrafficPlan.Statement
    let account = Mutex(Account())
    init(_ statement: TrafficPlan.Statement) { self.statement = statement }
  }

  /// Until when statements are sent.
  private enum End: Sendable {
    case open
    case now
    /// Each until it was sent once since the migrations, as long as the clock shows no more than this.
    case onceSent(by: Double)
  }

  private let streams: [Stream]
  private let isGiven: Bool
  private let phase = Mutex(TrafficPhase.before)
  private let end = Mutex(End.open)
  private let jobs = Mutex<[BackgroundJob]>([])

  /// How long it goes on before the migrations and after them.
  private static let lead = 1.0
  /// How long a statement that was not sent since the migrations is waited for, to send it once.
  private static let longestLead = 30.0
  private static let pauseBetween = 0.02
  /// As no application waits longer; seconds.
  private static let longestWait = 60

  /// Begins to send, and returns when it is known how long the statements take.
  init(_ statements: [TrafficPlan.Statement], isGiven: Bool, on address: DatabaseAddress) {
    streams = statements.map(Stream.init)
    self.isGiven = isGiven
    jobs.withLock { jobs in
      jobs = streams.map { stream in
        BackgroundJob { [weak self] in self?.send(stream, to: address) }
      }
    }
    pause(seconds: Self.lead)
    phase.withLock { $0 = .during }
  }

  /// Goes on for a while, ends, and tells what came of it.
  /// - Parameter sendsAll: whether it goes on until each was sent once since the migrations, where that is
  ///   not too long; a slow one may have been sent last while they ran.
  func record(sendingAll sendsAll: Bool) -> TrafficRecord {
    phase.withLock { $0 = .after }
    let last = Clock.system.monotonic() + Self.longestLead
    pause(seconds: Self.lead)
    end.withLock { $0 = sendsAll ? .onceSent(by: last) : .now }
    for job in jobs.withLock({ $0 }) { job.wait() }
    return TrafficRecord(
      isGiven: isGiven,
      statements: streams.map { stream in
        let account = stream.account.withLock { $0 }
        func latency(_ phase: TrafficPhase) -> Latency {
          Latency(account.durations[phase] ?? [])
        }
        return TrafficStatement(
          sql: stream.statement.sql, line: stream.statement.line, before: latency(.before),
          during: latency(.during),
          after: latency(.after), failures: account.failures)
      })
  }

  private func send(_ stream: Stream, to address: DatabaseAddress) {
    do {
      switch address {
      case .postgresql(let server):
        let connection = try PostgresConnection(server)
        try connection.execute(
          """
          SET application_name = '\(LockWatch.trafficName)'; SET lock_timeout = 0;
          SET statement_timeout = '\(Self.longestWait) s'; RESET search_path
          """)
        try send(stream) { try connection.execute($0) }
      case .sqlite(let path):
        let connection = try SQLiteConnection(
          path: path, access: .readWrite, busyTimeout: Int32(Self.longestWait * 1000))
        try send(stream) { try connection.execute($0) }
      }
    } catch let error as DatabaseError {
      // The connection is lost.
      let phase = phase.withLock { $0 }
      stream.account.withLock { $0.note(error, in: phase) }
    } catch {}
  }

  /// Until it is over.
  private func send(_ stream: Stream, by execute: (String) throws -> Void) throws {
    let clock = Clock.system
    var phase = TrafficPhase.before
    while goesOn(after: phase, at: clock.monotonic()) {
      phase = self.phase.withLock { $0 }
      try execute("BEGIN")
      let sent = clock.monotonic()
      do {
        try execute(stream.statement.sql)
        let duration = clock.monotonic() - sent
        stream.account.withLock { $0.durations[phase, default: []].append(duration) }
      } catch let error as DatabaseError {
        let duration = clock.monotonic() - sent
        stream.account.withLock { $0.note(error, in: phase, after: duration) }
      }
      try execute("ROLLBACK")
      pause(seconds: Self.pauseBetween)
    }
  }

  /// Whether a statement that was sent last in the phase is sent once more.
  private func goesOn(after phase: TrafficPhase, at moment: Double) -> Bool {
    switch end.withLock({ $0 }) {
    case .open: true
    case .now: false
    case .onceSent(let last): phase != .after && moment < last
    }
  }
}

extension Traffic.Account {
  /// - Parameter duration: seconds that it took to be refused.
  fileprivate mutating func note(
    _ error: DatabaseError, in phase: TrafficPhase, after duration: Double? = nil
  ) {
    let known = failures.firstIndex { $0.phase == phase && $0.message == error.message }
    if let known {
      failures[known].count += 1
      failures[known].longest = [failures[known].longest, duration].compactMap(\.self).max()
    } else if failures.count < 20 {
      failures.append(
        TrafficFailure(
          phase: phase, message: error.message, sqlState: error.state, count: 1, longest: duration))
    }
  }
}
