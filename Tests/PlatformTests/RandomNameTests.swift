import Testing

@testable import Platform

private struct Counting: RandomNumberGenerator {
  var last: UInt64
  mutating func next() -> UInt64 {
    last += 1
    return last
  }
}

struct RandomNameTests {
  @Test func `a name has the prefix, the process and sixteen digits`() {
    var source = Counting(last: 9)
    #expect(
      RandomName.make(prefix: "stairway", process: 42, using: &source)
        == "stairway-42-000000000000000a")
    #expect(
      RandomName.make(prefix: "s", separator: "_", process: 7, using: &source)
        == "s_7_000000000000000b")
  }

  @Test func `the clock does not go back`() {
    let clock = Clock.system
    let first = clock.monotonic()
    #expect(clock.monotonic() >= first)
    #expect(clock.utc() > 1_700_000_000)
  }

  @Test func `a pipe is no terminal and has no width`() throws {
    let pipe = try Pipe()
    let terminal = Terminal(descriptor: pipe.writing.number)
    #expect(!terminal.isTerminal)
    #expect(terminal.width == nil)
  }
}
