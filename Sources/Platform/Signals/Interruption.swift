private import CSystem
private import Glibc
private import Synchronization

/// Somebody wants the run to end: a flag to look at between steps, and a descriptor that wakes
/// whoever waits.
package final class Interruption: Sendable {
  private let raised = Atomic<Int32>(0)
  private let reading: Int32
  private let writing: Int32

  /// One that no signal raises: for tests, and where nobody interrupts.
  package init() {
    var ends: [Int32] = [-1, -1]
    // Without a pipe the flag still works; waits then last until their deadline.
    if pipe2(&ends, O_CLOEXEC | O_NONBLOCK) != 0 { ends = [-1, -1] }
    reading = ends[0]
    writing = ends[1]
  }

  deinit {
    if reading >= 0 { close(reading) }
    if writing >= 0 { close(writing) }
  }

  /// The signal that raised it; nil as long as none has.
  package var signal: Int32? {
    let number = raised.load(ordering: .acquiring)
    return number == 0 ? nil : number
  }

  /// Whether the run is to end.
  package var isRaised: Bool { signal != nil }

  /// Becomes readable once it is raised, and stays so; -1 where the system had no pipe to give.
  package var descriptor: Int32 { reading }

  /// Raises it, as a signal does. Safe to call from a signal handler.
  /// - Returns: whether this was the first time.
  @discardableResult
  package func raise(_ signal: Int32 = SIGINT) -> Bool {
    let (first, _) = raised.compareExchange(
      expected: 0, desired: signal, ordering: .acquiringAndReleasing)
    if first, writing >= 0 {
      var byte: UInt8 = 1
      _ = write(writing, &byte, 1)
    }
    return first
  }

  /// - Throws: `PlatformError` `interrupted` once it is raised.
  package func check() throws {
    if isRaised { throw PlatformError(.interrupted, "interrupted by a signal") }
  }

  /// The process's own, raised by SIGINT, SIGTERM and SIGHUP from here on. A second signal ends the
  /// process at once with status 2: what it made is then removed by the guards of its scratch
  /// folders. To be called on the main thread, which is then where signals arrive. A signal that the parent made the process ignore (`nohup`) stays ignored.
  package static func bySignals() -> Interruption {
    _ = handlersAreInstalled
    return ofProcess
  }

  private static let ofProcess = Interruption()

  private static let handlersAreInstalled: Bool = {
    // Made before a handler can need it: making a global is not safe inside one.
    _ = ofProcess
    Signals.ignoreBrokenPipes()
    // Whoever started this process may have left them blocked, and some threads block them.
    var wanted = sigset_t()
    sigemptyset(&wanted)
    defer { pthread_sigmask(SIG_UNBLOCK, &wanted, nil) }
    for number in [SIGINT, SIGTERM, SIGHUP] {
      sigaddset(&wanted, number)
      var before = sigaction()
      sigaction(number, nil, &before)
      if isIgnored(before) { continue }
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { number in
        let failure = errno
        if !Interruption.ofProcess.raise(number) { _exit(2) }
        errno = failure
      }
      sigaction(number, &action, nil)
    }
    return true
  }()

  private static func isIgnored(_ action: sigaction) -> Bool {
    unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
