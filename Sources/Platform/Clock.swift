private import Glibc

/// The time, handed to whoever needs it, so that tests can hand in another.
package struct Clock: Sendable {
  /// Seconds since an arbitrary moment, never going back: for durations and deadlines.
  package let monotonic: @Sendable () -> Double
  /// Seconds since 1970-01-01 00:00 UTC: for timestamps.
  package let utc: @Sendable () -> Double

  package init(
    monotonic: @escaping @Sendable () -> Double, utc: @escaping @Sendable () -> Double
  ) {
    self.monotonic = monotonic
    self.utc = utc
  }

  /// The system's clocks.
  package static let system = Clock(
    monotonic: { seconds(of: CLOCK_MONOTONIC) }, utc: { seconds(of: CLOCK_REALTIME) })

  private static func seconds(of clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
