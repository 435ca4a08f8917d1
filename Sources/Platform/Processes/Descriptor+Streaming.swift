private import Glibc

extension Descriptor {
  /// Reads what has come, up to 64 KiB, waiting for it; nil at the end.
  /// - Throws: `PlatformError` `interrupted` when that is raised first.
  package func read(interruption: Interruption?) throws -> [UInt8]? {
    let (_, isInterrupted) = try waitUntilReady(
      number, for: POLLIN, also: interruption?.descriptor ?? -1)
    if isInterrupted { try interruption?.check() }
    return try readSome(number)
  }

  /// Reads what a person types until the line is ended, without its end; nil where they end the input
  /// instead.
  /// - Throws: `PlatformError` `interrupted`, or where the terminal is gone.
  package func readLine(interruption: Interruption?) throws -> String? {
    var line: [UInt8] = []
    while let more = try read(interruption: interruption) {
      line += more
      guard let end = line.firstIndex(of: UInt8(ascii: "\n")) else { continue }
      return String(decoding: line[..<end], as: UTF8.self)
    }
    return nil
  }

  /// Writes all the bytes to a pipe whose reader may take any time, and stops at once when it is
  /// interrupted.
  /// - Throws: `PlatformError` `broken-pipe` when nobody reads any more, `interrupted`.
  package func write(_ bytes: ArraySlice<UInt8>, interruption: Interruption?) throws {
    Signals.ignoreBrokenPipes()
    // Else a write of more than the pipe has room for would wait where nothing wakes it.
    let flags = fcntl(number, F_GETFL)
    if flags >= 0, flags & O_NONBLOCK == 0 { _ = fcntl(number, F_SETFL, flags | O_NONBLOCK) }
    var rest = bytes
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Glibc.write(number, $0.baseAddress, $0.count) }
      if written >= 0 {
        rest = rest.dropFirst(written)
      } else if errno == EAGAIN {
        let (_, isInterrupted) = try waitUntilReady(
          number, for: POLLOUT, also: interruption?.descriptor ?? -1)
        if isInterrupted { try interruption?.check() }
      } else if errno != EINTR {
        throw PlatformError(.cannotWrite, "cannot write to a process", errno: errno)
      }
    }
  }
}
