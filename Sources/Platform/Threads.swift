#if canImport(Glibc)
  private import Glibc
#endif
private import Synchronization

/// Runs each job on a thread of its own and waits for all.
///
/// - Returns: the jobs' results, in the order of the jobs.
package func concurrently<Result: Sendable>(_ jobs: [@Sendable () -> Result]) -> [Result] {
  guard jobs.count > 1 else { return jobs.map { $0() } }
  let results = Results<Result>()
  let threads = jobs.enumerated().compactMap { index, job in
    Thread { results.put(job(), at: index) }
  }
  for thread in threads { thread.join() }
  return results.ordered
}

/// One job on a thread of its own, begun at once.
package final class BackgroundJob: Sendable {
  private let thread: Mutex<Thread?>

  package init(_ run: @escaping @Sendable () -> Void) { thread = Mutex(Thread(run)) }

  deinit { wait() }

  /// Returns when the job is done.
  package func wait() {
    thread.withLock { thread in
      thread?.join()
      thread = nil
    }
  }
}

/// Lets the calling thread do nothing for this long, or less where a signal comes.
package func pause(seconds: Double) {
  let whole = max(0, seconds.rounded(.down))
  var time = timespec(tv_sec: Int(whole), tv_nsec: Int(max(0, seconds - whole) * 1e9))
  nanosleep(&time, nil)
}

/// What the threads hand back, by the index of their job.
private final class Results<Result: Sendable>: Sendable {
  private let byIndex = Mutex<[Int: Result]>([:])

  func put(_ result: Result, at index: Int) { byIndex.withLock { $0[index] = result } }

  var ordered: [Result] {
    byIndex.withLock { $0.sorted { $0.key < $1.key }.map(\.value) }
  }
}

/// A POSIX thread that runs one body and is joined once.
private struct Thread {
  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  private let handle: pthread_t

  /// Starts the thread; where the system refuses one, the body runs here and now instead.
  init?(_ run: @escaping @Sendable () -> Void) {
    var started = pthread_t()
    let body = Unmanaged.passRetained(Body(run))
    let status = pthread_create(
      &started, nil,
      { argument in
        if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, body.toOpaque())
    guard status == 0 else {
      body.takeRetainedValue().run()
      return nil
    }
    handle = started
  }

  func join() { pthread_join(handle, nil) }
}
