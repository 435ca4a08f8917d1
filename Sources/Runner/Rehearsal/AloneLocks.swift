internal import Projects
internal import Walks

/// The locks of the statements outside of a transaction, which are gone when the migration's own
/// connection can look: those that were seen from another one, and those that follow from what a
/// statement left behind, however short they were held.
struct AloneLocks {
  private let reading: TraceReading
  private let changes: RelationChanges
  private let before: RelationImage
  private let watch: LockWatch.Account

  init(
    of reading: TraceReading, _ changes: RelationChanges, before: RelationImage,
    seenBy watch: LockWatch.Account
  ) {
    self.reading = reading
    self.changes = changes
    self.before = before
    self.watch = watch
  }

  private var trace: SessionTrace { reading.trace }

  private var statements: [SessionTrace.Statement] {
    trace.statements.filter { $0.isAlone == true }
  }

  var locks: [SessionTrace.Lock] {
    let statements = statements
    var locks = statements.map { _ in [SessionTrace.Lock]() }
    let concluded = statements.map(conclusions)
    for seen in watch.sightings where seen.isGranted {
      for place in places(of: seen, among: statements, concluded) {
        locks[place].append(lock(seen, of: statements[place]))
      }
    }
    for (place, statement) in statements.enumerated() {
      let gap = longestGap(in: statement)
      for (relation, mode) in concluded[place] {
        let isSeen = locks[place].contains {
          $0.relation == relation
            && LockMode(serverName: $0.mode).map { $0.strength >= mode.strength } ?? false
        }
        if isSeen { continue }
        locks[place].append(
          SessionTrace.Lock(
            relation: relation, mode: mode.rawValue, statement: statement.statement,
            taken: moment(gap.lowerBound, in: statement),
            released: moment(gap.upperBound, in: statement)))
      }
    }
    return locks.flatMap(\.self)
  }

  /// The statements that left nothing behind by which their locks could be told, with the longest time,
  /// in seconds, for which nobody looked at each.
  var uncertain: [(statement: SessionTrace.Statement, gap: Double)] {
    statements.filter { changes.of($0).isEmpty }.map {
      let gap = longestGap(in: $0)
      return ($0, gap.upperBound - gap.lowerBound)
    }
  }

  /// The statements that had this lock.
  ///
  /// A look is asked for at one moment and answered at another, between which one statement may end and
  /// the next begin; then it is whose lock it must have been, or the first one's.
  private func places(
    of seen: LockWatch.Sighting, among statements: [SessionTrace.Statement],
    _ concluded: [[(Int, LockMode)]]
  ) -> [Int] {
    let possible = statements.indices.filter {
      seen.first.lowerBound <= statements[$0].clock[1]
        && seen.last.upperBound >= statements[$0].clock[0]
    }
    let certain = possible.filter {
      seen.first.upperBound <= statements[$0].clock[1]
        && seen.last.lowerBound >= statements[$0].clock[0]
    }
    if !certain.isEmpty { return certain }
    let (from, until) = (
      trace.moment(ofClock: seen.first.lowerBound), trace.moment(ofClock: seen.last.upperBound)
    )
    let isTold = trace.locks.contains {
      $0.relation == seen.relation && $0.mode == seen.mode && $0.taken <= until
        && $0.released >= from
    }
    if isTold { return [] }
    let needing = possible.first { place in
      concluded[place].contains {
        $0.0 == seen.relation && $0.1 == LockMode(serverName: seen.mode)
      }
    }
    return (needing ?? possible.first).map { [$0] } ?? []
  }

  private func lock(
    _ seen: LockWatch.Sighting, of statement: SessionTrace.Statement
  ) -> SessionTrace.Lock {
    SessionTrace.Lock(
      relation: seen.relation, mode: seen.mode, statement: statement.statement,
      taken: moment(seen.before, in: statement),
      released: moment(seen.gone ?? statement.clock[1], in: statement))
  }

  private func moment(_ clock: Double, in statement: SessionTrace.Statement) -> Double {
    statement.began + min(max(clock, statement.clock[0]), statement.clock[1]) - statement.clock[0]
  }

  /// How long a lock can have been held at most that no look came upon.
  private func longestGap(in statement: SessionTrace.Statement) -> Range<Double> {
    let (sent, ended) = (statement.clock[0], max(statement.clock[0], statement.clock[1]))
    let looks = watch.looks.filter { $0.lowerBound < ended && $0.upperBound > sent }
    let begins = [sent] + looks.map { max(sent, $0.lowerBound) }
    let ends = looks.map { min(ended, $0.upperBound) } + [ended]
    return zip(begins, ends).map { $0..<max($0, $1) }.max {
      $0.upperBound - $0.lowerBound < $1.upperBound - $1.lowerBound
    } ?? sent..<ended
  }

  /// The locks without which PostgreSQL could not have done what the statement did: a table is put into
  /// another file under ACCESS EXCLUSIVE only
  /// (<https://www.postgresql.org/docs/current/explicit-locking.html>), an index of it under SHARE, and
  /// with CONCURRENTLY indexes come and go under SHARE UPDATE EXCLUSIVE.
  private func conclusions(from statement: SessionTrace.Statement) -> [(Int, LockMode)] {
    let change = changes.of(statement)
    let isConcurrent = reading.sql(of: statement).uppercased().contains("CONCURRENTLY")
    var modes: [Int: LockMode] = [:]
    func conclude(_ mode: LockMode, on relation: Int?) {
      guard let relation, mode.strength > modes[relation]?.strength ?? -1 else { return }
      modes[relation] = mode
    }
    for oid in change.moved {
      conclude(.accessExclusive, on: oid)
      conclude(.share, on: before.relations[oid]?.table)
    }
    for index in change.built + change.replaced {
      conclude(isConcurrent ? .shareUpdateExclusive : .share, on: index.table)
    }
    for oid in change.dropped {
      let mode = isConcurrent ? LockMode.shareUpdateExclusive : .accessExclusive
      conclude(mode, on: before.relations[oid]?.table)
    }
    return modes.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
