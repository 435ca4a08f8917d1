private import Glibc

/// What a short program answered.
package struct CapturedRun: Sendable, Hashable {
  /// nil where it was killed because its time was up.
  package let status: ExitStatus?
  /// Standard output, up to the limit.
  package let bytes: [UInt8]
  /// Standard error, up to the limit.
  package let errors: String
  /// Whether more was printed than the limit keeps.
  package let isTruncated: Bool

  /// Standard output as text; bytes that are not UTF-8 become U+FFFD.
  package var output: String { String(decoding: bytes, as: UTF8.self) }

  package var isSuccess: Bool { status?.isSuccess == true }
}

extension ChildProcess {
  /// Runs a program to its end and keeps what it prints.
  /// - Parameters:
  ///   - seconds: after which it is killed with its group.
  ///   - limit: bytes kept of each stream; what comes after is read and thrown away.
  /// - Throws: `PlatformError` where it cannot be started.
  package static func run(
    _ launch: Launch, seconds: Double = 60, limit: Int = 1 << 20, clock: Clock = .system
  ) throws -> CapturedRun {
    let output = try Pipe()
    let errors = try Pipe()
    var launch = launch
    launch.descriptors[STDOUT_FILENO] = output.writing.number
    launch.descriptors[STDERR_FILENO] = errors.writing.number
    let child = try ChildProcess(launch)
    output.writing.close()
    errors.writing.close()
    var kept = (output: [UInt8](), errors: [UInt8]())
    var isTruncated = false
    func keep(_ descriptor: Descriptor, _ bytes: inout [UInt8]) throws {
      guard let more = try readSome(descriptor.number) else { return descriptor.close() }
      let room = max(0, limit - bytes.count)
      isTruncated = isTruncated || more.count > room
      bytes += more.prefix(room)
    }
    let deadline = clock.monotonic() + seconds
    while output.reading.number >= 0 || errors.reading.number >= 0 {
      let left = deadline - clock.monotonic()
      guard left > 0 else { break }
      // Looks up now and then: a grandchild may keep the pipes open after the child has ended.
      let hasEnded = child.status != nil
      let (first, second) = try poll(output.reading, errors.reading, seconds: min(left, 0.1))
      if first { try keep(output.reading, &kept.output) }
      if second { try keep(errors.reading, &kept.errors) }
      if hasEnded, !first, !second { break }
    }
    let status = child.wait(seconds: max(0, deadline - clock.monotonic()), clock: clock)
    child.terminate(within: 0)
    return CapturedRun(
      status: status, bytes: kept.output,
      errors: String(decoding: kept.errors, as: UTF8.self), isTruncated: isTruncated)
  }

  private static func poll(_ first: Descriptor, _ second: Descriptor, seconds: Double) throws -> (
    Bool, Bool
  ) {
    let answer = try waitUntilReady(
      first.number, for: POLLIN, seconds: seconds, also: second.number)
    return (answer.ready, answer.also)
  }
}
