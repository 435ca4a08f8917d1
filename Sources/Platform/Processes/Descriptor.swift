private import CSystem
private import Glibc
private import Synchronization

/// An open file descriptor with one owner, closed by `close` or when it is let go.
package final class Descriptor: Sendable {
  private let box: Atomic<Int32>

  /// Takes over a descriptor that nobody else closes.
  package init(owning number: Int32) { box = Atomic(number) }

  /// The descriptor's number; -1 once it is closed.
  package var number: Int32 { box.load(ordering: .acquiring) }

  /// Closes it; a second call does nothing.
  package func close() {
    let number = box.exchange(-1, ordering: .acquiringAndReleasing)
    if number >= 0 { _ = Glibc.close(number) }
  }

  deinit { close() }

  /// Writes all the bytes, waiting as long as the reader needs.
  /// - Throws: `PlatformError` `broken-pipe` when nobody reads any more.
  package func write(_ bytes: [UInt8]) throws {
    Signals.ignoreBrokenPipes()
    var done = 0
    while done < bytes.count {
      let written = bytes[done...].withUnsafeBytes {
        Glibc.write(number, $0.baseAddress, $0.count)
      }
      if written >= 0 {
        done += written
      } else if errno == EAGAIN {
        _ = try waitUntilReady(number, for: POLLOUT)
      } else if errno != EINTR {
        throw PlatformError(.cannotWrite, "cannot write to descriptor \(number)", errno: errno)
      }
    }
  }

  /// Writes the text's UTF-8.
  package func write(_ text: String) throws { try write(Array(text.utf8)) }
}

/// Both ends of a new pipe; neither is handed down to a child process unless its launch says so.
package struct Pipe: Sendable {
  package let reading: Descriptor
  package let writing: Descriptor

  package init() throws {
    var ends: [Int32] = [-1, -1]
    guard pipe2(&ends, O_CLOEXEC) == 0 else {
      throw PlatformError(.cannotStart, "cannot make a pipe", errno: errno)
    }
    reading = Descriptor(owning: ends[0])
    writing = Descriptor(owning: ends[1])
  }
}

/// Waits until the descriptor can be read or written, or has ended, or the time is up.
/// - Parameters:
///   - event: `POLLIN` or `POLLOUT`.
///   - seconds: how long at most; nil for any time.
///   - also: a second descriptor that ends the waiting when it can be read, e.g. an interruption's.
/// - Returns: whether the first descriptor is ready, and whether the second is.
func waitUntilReady(
  _ descriptor: Int32, for event: Int32, seconds: Double? = nil, also: Int32 = -1
) throws -> (ready: Bool, also: Bool) {
  let deadline = seconds.map { Clock.system.monotonic() + $0 }
  while true {
    let left = deadline.map { max(0, $0 - Clock.system.monotonic()) }
    let milliseconds = left.map { Int32(min(($0 * 1000).rounded(.up), 1e9)) } ?? -1
    var watched = [
      pollfd(fd: descriptor, events: Int16(event), revents: 0),
      pollfd(fd: also, events: Int16(POLLIN), revents: 0),
    ]
    let count = poll(&watched, 2, milliseconds)
    if count >= 0 { return (watched[0].revents != 0, watched[1].revents != 0) }
    if errno != EINTR {
      throw PlatformError(.cannotRead, "cannot wait for a descriptor", errno: errno)
    }
  }
}
