private import Glibc

/// Reads lines from a descriptor, each by a deadline.
///
/// Used by one thread.
package final class LineReader {
  private let descriptor: Descriptor
  private let clock: Clock
  private let interruption: Interruption?
  private let longestLine: Int
  private var buffer: [UInt8] = []
  private var start = 0
  private var searched = 0
  private var ended = false

  /// - Parameters:
  ///   - interruption: what ends the waiting with an error of code `interrupted`.
  ///   - longestLine: bytes after which a line is refused as garbage.
  package init(
    _ descriptor: Descriptor, clock: Clock = .system, interruption: Interruption? = nil,
    longestLine: Int = 256 << 20
  ) {
    self.descriptor = descriptor
    self.clock = clock
    self.interruption = interruption
    self.longestLine = longestLine
  }

  /// The next line without its newline; a last line that lacks one counts; nil at the end. Bytes
  /// that are not UTF-8 become U+FFFD.
  /// - Parameter deadline: a moment of the clock's `monotonic`; nil to wait for any time.
  /// - Throws: `PlatformError` `timed-out` at the deadline, `interrupted`, `too-large`; what was
  ///   read of the line is kept for the next call.
  package func next(deadline: Double? = nil) throws -> String? {
    while true {
      if let newline = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        let line = String(decoding: buffer[start..<newline], as: UTF8.self)
        start = newline + 1
        searched = start
        return line
      }
      searched = buffer.count
      if ended {
        guard start < buffer.count else { return nil }
        defer { start = buffer.count }
        return String(decoding: buffer[start...], as: UTF8.self)
      }
      if buffer.count - start > longestLine {
        throw PlatformError(.tooLarge, "a line of more than \(longestLine) bytes was sent")
      }
      try fill(deadline: deadline)
    }
  }

  private func fill(deadline: Double?) throws {
    let (ready, interrupted) = try waitUntilReady(
      descriptor.number, for: POLLIN, seconds: deadline.map { $0 - clock.monotonic() },
      also: interruption?.descriptor ?? -1)
    if interrupted { throw PlatformError(.interrupted, "interrupted by a signal") }
    guard ready else { throw PlatformError(.timedOut, "no answer came in time") }
    if start > 0 {
      buffer.removeSubrange(..<start)
      searched -= start
      start = 0
    }
    switch try readSome(descriptor.number) {
    case .some(let bytes): buffer += bytes
    case .none: ended = true
    }
  }
}

/// Reads what is there, up to 64 KiB; nil at the end.
func readSome(_ descriptor: Int32) throws -> [UInt8]? {
  while true {
    var count = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: 1 << 16) { space, used in
      count = read(descriptor, space.baseAddress, space.count)
      used = max(0, count)
    }
    if count > 0 { return bytes }
    if count == 0 || errno == EIO { return nil }
    if errno != EINTR { throw PlatformError(.cannotRead, "cannot read", errno: errno) }
  }
}
