import Glibc
import Testing

@testable import Platform

struct LineReaderTests {
  @Test func `lines come out whole however they were cut`() throws {
    let pipe = try Pipe()
    let reader = LineReader(pipe.reading)
    for piece in ["one\ntw", "o", "\n\nfo", "ur"] { try pipe.writing.write(piece) }
    pipe.writing.close()
    #expect(try reader.next() == "one")
    #expect(try reader.next() == "two")
    #expect(try reader.next() == "")
    #expect(try reader.next() == "four")
    #expect(try reader.next() == nil)
    #expect(try reader.next() == nil)
  }

  @Test func `a line cut by the deadline is given whole later`() throws {
    let pipe = try Pipe()
    let reader = LineReader(pipe.reading)
    try pipe.writing.write("ha")
    let error = #expect(throws: PlatformError.self) {
      try reader.next(deadline: Clock.system.monotonic())
    }
    #expect(error?.code == .timedOut)
    try pipe.writing.write("lf\n")
    #expect(try reader.next() == "half")
  }

  @Test func `a line longer than the buffer of the system comes through`() throws {
    let pipe = try Pipe()
    let child = try ChildProcess(
      Launch(
        "sh", ["-c", "head -c 300000 /dev/zero | tr '\\0' x; echo; echo end"],
        environment: surroundings, descriptors: [1: pipe.writing.number]))
    pipe.writing.close()
    let reader = LineReader(pipe.reading)
    #expect(try reader.next()?.utf8.count == 300_000)
    #expect(try reader.next() == "end")
    #expect(child.wait().isSuccess)
  }

  @Test func `a line that never ends is refused`() throws {
    let pipe = try Pipe()
    try pipe.writing.write(String(repeating: "x", count: 2_000))
    let error = #expect(throws: PlatformError.self) {
      try LineReader(pipe.reading, longestLine: 1_000).next()
    }
    #expect(error?.code == .tooLarge)
  }

  @Test func `bytes that are no text become replacement characters`() throws {
    let pipe = try Pipe()
    try pipe.writing.write([0x61, 0xff, 0x62, 0x0a])
    #expect(try LineReader(pipe.reading).next() == "a\u{FFFD}b")
  }

  @Test func `an interruption ends the waiting`() throws {
    let pipe = try Pipe()
    let interruption = Interruption()
    interruption.raise(SIGTERM)
    let error = #expect(throws: PlatformError.self) {
      try LineReader(pipe.reading, interruption: interruption).next()
    }
    #expect(error?.code == .interrupted)
    #expect(interruption.signal == SIGTERM)
  }

  @Test func `writing to a pipe that nobody reads is an error, not the end of the process`() throws
  {
    let pipe = try Pipe()
    pipe.reading.close()
    let error = #expect(throws: PlatformError.self) { try pipe.writing.write("x") }
    #expect(error?.code == .brokenPipe)
  }
}
