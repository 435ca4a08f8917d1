private import Glibc

/// Does something again and again on a thread of its own, until it is let go.
package final class Ticker: Sendable {
  private let end: Interruption
  private let job: BackgroundJob

  /// Begins to wait for the first time. Where the system refuses a thread, it comes to none.
  ///
  /// - Parameter seconds: between two times.
  package init(every seconds: Double, _ tick: @escaping @Sendable () -> Void) {
    let end = Interruption()
    let maker = pthread_self()
    self.end = end
    job = BackgroundJob {
      if pthread_equal(pthread_self(), maker) != 0 { return }
      while !Self.isRaised(end, within: seconds) { tick() }
    }
  }

  deinit {
    end.raise()
    job.wait()
  }

  private static func isRaised(_ end: Interruption, within seconds: Double) -> Bool {
    var watched = pollfd(fd: end.descriptor, events: Int16(POLLIN), revents: 0)
    _ = poll(&watched, 1, Int32(seconds * 1_000))
    return end.isRaised
  }
}
