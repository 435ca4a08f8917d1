internal import Projects

/// How long the migration waited for its locks, by what a second connection saw of its requests.
struct LockWaits {
  /// Requests that were not granted yet, from when until when on the trace's clock.
  private struct Request {
    let relation: Int
    let mode: String
    let span: ClosedRange<Double>
  }

  private let requests: [Request]

  init(of trace: SessionTrace, seenBy watch: LockWatch.Account) {
    requests = watch.sightings.filter { !$0.isGranted }.map { seen in
      let begin = trace.moment(ofClock: seen.first.lowerBound)
      let end = trace.moment(ofClock: seen.gone ?? seen.last.upperBound)
      return Request(relation: seen.relation, mode: seen.mode, span: begin...max(begin, end))
    }
  }

  /// Seconds from when the lock was asked for until it was given; 0 where nobody kept it from it.
  func wait(for lock: SessionTrace.Lock) -> Double {
    let waiting = requests.filter {
      $0.relation == lock.relation && $0.mode == lock.mode && $0.span.lowerBound < lock.released
        && $0.span.upperBound > lock.taken
    }
    guard let given = waiting.map(\.span.upperBound).max() else { return 0 }
    return min(given, lock.released) - lock.taken
  }
}
