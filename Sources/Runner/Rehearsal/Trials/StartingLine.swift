private import Platform
private import Synchronization

/// Where several instances wait for each other: before they begin, and once each has read what is
/// pending, so that none of them can be done before another has begun.
///
/// Any order in which processes come to run can be met with in production; this is the one that shows
/// whether they are in each other's way.
final class StartingLine: Sendable {
  private struct Count {
    var ready = 0
    var absent = 0
    var met = 0
    var ended = 0
    /// When the first one met, and how many had when they went on.
    var first: Double?
    var wentOn: Int?
  }

  private let instances: Int
  private let patience: Double
  private let isStopped: @Sendable () -> Bool
  private let count = Mutex(Count())

  /// - Parameter patience: seconds for which those that have read what is pending wait for others, which
  ///   may be kept from that until the first has ended.
  init(_ instances: Int, patience: Double = 3, isStopped: @escaping @Sendable () -> Bool) {
    self.instances = instances
    self.patience = patience
    self.isStopped = isStopped
  }

  /// How many had read what is pending before the first went on.
  var met: Int { count.withLock { $0.wentOn ?? $0.met } }

  /// Waits until all are ready.
  /// - Returns: false where one will never be.
  func begin() -> Bool {
    count.withLock { $0.ready += 1 }
    while !isStopped() {
      let (ready, absent) = count.withLock { ($0.ready, $0.absent) }
      if ready + absent >= instances { return absent == 0 }
      pause(seconds: 0.002)
    }
    return false
  }

  /// Says that one will not come.
  func giveUp() { count.withLock { $0.absent += 1 } }

  /// Waits for those that have not yet read what is pending; who comes after the others have gone on
  /// does not.
  func meet() {
    let clock = Clock.system
    let isLate = count.withLock { count in
      count.met += 1
      count.first = count.first ?? clock.monotonic()
      return count.wentOn != nil
    }
    if isLate { return }
    while !isStopped() {
      let isOver = count.withLock { count in
        let isOver =
          count.wentOn != nil || count.met + count.ended >= instances
          || clock.monotonic() >= (count.first ?? 0) + patience
        if isOver { count.wentOn = count.wentOn ?? count.met }
        return isOver
      }
      if isOver { return }
      pause(seconds: 0.001)
    }
  }

  /// Says that one has ended.
  func end() { count.withLock { $0.ended += 1 } }
}
