internal import Schemas
internal import Walks

/// How long somebody would have waited for a table at most who came at the worst moment: the longest
/// stretch in which one lock after the other stood in the way.
struct WaitingTimes {
  private var stretches: [ObjectID: [Blocking: [Range<Double>]]] = [:]

  /// Adds a lock on a table, or on what hangs on it.
  mutating func add(_ blocking: Blocking, on table: ObjectID, from: Double, until: Double) {
    guard blocking > .nothing else { return }
    stretches[table, default: [:]][blocking, default: []].append(from..<max(from, until))
  }

  /// For somebody who reads, or who writes.
  func longest(for waiting: Blocking, on table: ObjectID) -> Double {
    let all = (stretches[table] ?? [:]).filter { $0.key >= waiting }.flatMap(\.value)
      .sorted { $0.lowerBound < $1.lowerBound }
    var longest = 0.0
    var current: Range<Double>?
    for stretch in all {
      if let open = current, stretch.lowerBound <= open.upperBound {
        current = open.lowerBound..<max(open.upperBound, stretch.upperBound)
      } else {
        current = stretch
      }
      longest = max(longest, current.map { $0.upperBound - $0.lowerBound } ?? 0)
    }
    return longest
  }
}
