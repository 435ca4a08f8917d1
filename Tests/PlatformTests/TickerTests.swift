import Platform
import Synchronization
import Testing

@Suite struct TickerTests {
  @Test func `it goes on until it is let go, and is at rest from then on`() {
    let count = Atomic<Int>(0)
    do {
      let ticker = Ticker(every: 0.001) { count.add(1, ordering: .relaxed) }
      let deadline = Clock.system.monotonic() + 20
      while count.load(ordering: .relaxed) < 3, Clock.system.monotonic() < deadline {
        pause(seconds: 0.001)
      }
      withExtendedLifetime(ticker) {}
    }
    let last = count.load(ordering: .relaxed)
    #expect(last >= 3)
    pause(seconds: 0.01)
    #expect(count.load(ordering: .relaxed) == last)
  }

  @Test func `letting it go does not wait for the next time`() {
    let begun = Clock.system.monotonic()
    do { _ = Ticker(every: 3_600) {} }
    #expect(Clock.system.monotonic() - begun < 60)
  }
}
