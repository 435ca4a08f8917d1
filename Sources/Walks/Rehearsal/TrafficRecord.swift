/// How the application's own statements fared while the migrations ran.
package struct TrafficRecord: Sendable, Hashable, Codable {
  /// Whether somebody gave them; otherwise they read and write one row of each table.
  package let isGiven: Bool
  package var statements: [TrafficStatement]

  package init(isGiven: Bool, statements: [TrafficStatement]) {
    self.isGiven = isGiven
    self.statements = statements
  }

  /// What the application sends and is refused since the migrations, as it was not before them.
  package var broken: [TrafficStatement] {
    guard isGiven else { return [] }
    return statements.filter { $0.isRefused(.after) && !$0.isRefused(.before) }
  }

  /// What was given and never worked before the migrations, so that it shows nothing of them.
  package var mute: [TrafficStatement] { isGiven ? statements.filter(\.isMute) : [] }

  /// What was given and not sent since the migrations, so that nothing is known of it.
  package var untried: [TrafficStatement] {
    guard isGiven else { return [] }
    return statements.filter { !$0.isMute && $0.after.count == 0 && !$0.isRefused(.after) }
  }
}

/// One statement that was sent again and again.
package struct TrafficStatement: Sendable, Hashable, Codable {
  package let sql: String
  /// The line of the given file on which it begins; nil where none was given.
  package let line: Int?
  package var before: Latency
  package var during: Latency
  package var after: Latency
  /// What the server said where it was refused, each message once.
  package var failures: [TrafficFailure]

  package init(
    sql: String, line: Int? = nil, before: Latency = Latency(), during: Latency = Latency(),
    after: Latency = Latency(), failures: [TrafficFailure] = []
  ) {
    self.sql = sql
    self.line = line
    self.before = before
    self.during = during
    self.after = after
    self.failures = failures
  }

  /// Whether it was refused in this phase, be it once.
  package func isRefused(_ phase: TrafficPhase) -> Bool {
    failures.contains { $0.phase == phase }
  }

  /// The times that it succeeded in this phase.
  package func latency(_ phase: TrafficPhase) -> Latency {
    switch phase {
    case .before: before
    case .during: during
    case .after: after
    }
  }

  fileprivate var isMute: Bool { before.count == 0 && !failures.isEmpty }
}

/// When a statement was sent.
package enum TrafficPhase: String, Sendable, Codable, CaseIterable { case before, during, after }

/// Why a statement was refused, and how often.
package struct TrafficFailure: Sendable, Hashable, Codable {
  package let phase: TrafficPhase
  package let message: String
  package let sqlState: String?
  package var count: Int
  /// Seconds from when one was sent to its refusal, at most; nil where the connection was lost.
  package var longest: Double?

  package init(
    phase: TrafficPhase, message: String, sqlState: String?, count: Int, longest: Double? = nil
  ) {
    self.phase = phase
    self.message = message
    self.sqlState = sqlState
    self.count = count
    self.longest = longest
  }
}

/// How long a statement took, in seconds, over all the times that it succeeded.
package struct Latency: Sendable, Hashable, Codable {
  package let count: Int
  package let median: Double
  package let longest: Double

  /// Of nothing.
  package init() { self.init([]) }

  package init(_ durations: [Double]) {
    let ordered = durations.sorted()
    count = ordered.count
    median = ordered.isEmpty ? 0 : ordered[ordered.count / 2]
    longest = ordered.last ?? 0
  }
}
