import Databases
import History
import Reports
import Synchronization
import Testing
import Walks

@Suite struct ProgressLineTests {
  /// Gathers what is written.
  final class Screen: Sendable {
    private let written = Mutex<[String]>([])
    var all: [String] { written.withLock { $0 } }
    func write(_ text: String) { written.withLock { $0.append(text) } }
  }

  static func events(_ count: Int) -> [RunEvent] {
    var events: [RunEvent] = [
      .preparing(.sqlite, "opening\u{1B}[2J postgresql://u:geheim@h"),
      .started(.sqlite, revisions: count),
    ]
    for index in 1...count {
      let outcome: StepOutcome = index == 3 ? .failed(SampleRecord.failure) : .succeeded
      let trip = RoundTripRecord(
        revision: .init("r\(index)"), steps: [StepRecord(.upgrade, outcome: outcome)])
      events.append(.beginning(.sqlite, trip.revision, index: index, count: count))
      events.append(.finished(.sqlite, trip, index: index, count: count))
    }
    return events + [.ended(.sqlite)]
  }

  @Test func `elsewhere than on a terminal, only what matters is a line`() {
    let screen = Screen()
    let progress = ProgressLine(style: Style(), isLive: false, now: { 0 }, write: screen.write)
    for event in Self.events(500) { progress.show(event) }
    progress.erase()
    #expect(
      screen.all == [
        "SQLite: opening\\x1B[2J postgresql://u:***@h\n", "SQLite: 500 revisions\n",
        "SQLite: r3 failed in its upgrade (3 of 500)\n",
        "SQLite: done, 500 of 500 revisions, 1 with something to tell\n",
      ])
  }

  @Test(arguments: [5, 12, 20, 40, 80, 200])
  func `on a terminal one line is drawn again and erased at the end`(_ width: Int) {
    let screen = Screen()
    let progress = ProgressLine(
      style: Style(isColoured: true, width: width), isLive: true, now: { 0 }, write: screen.write)
    for event in Self.events(20) { progress.show(event) }
    progress.erase()
    #expect(screen.all.allSatisfy { $0.hasPrefix("\r\u{1B}[K") && !$0.contains("\n") })
    #expect(screen.all.last == "\r\u{1B}[K")
    for text in screen.all {
      #expect(TerminalTests.withoutColour(text.replacing("\u{1B}[K", with: "")).count <= width)
    }
    #expect(screen.all.contains { $0.contains("20/20") } == (width > 5))
  }

  @Test(arguments: [10, 20, 30, 80])
  func `two engines stay within the columns`(_ width: Int) {
    let screen = Screen()
    let progress = ProgressLine(
      style: Style(width: width), isLive: true, now: { 0 }, write: screen.write)
    progress.show(.started(.postgresql, revisions: 100))
    for event in Self.events(100).dropLast() { progress.show(event) }
    for text in screen.all {
      #expect(text.dropFirst("\r\u{1B}[K".count).count < width)
    }
  }

  @Test func `the revision at hand and the time that is left are told`() {
    let screen = Screen()
    let time = Mutex(0.0)
    let progress = ProgressLine(
      style: Style(width: 100), isLive: true, now: { time.withLock { $0 } }, write: screen.write)
    progress.show(.started(.sqlite, revisions: 8))
    progress.show(.beginning(.sqlite, "r1", index: 1, count: 8))
    #expect(screen.all.last?.hasSuffix(" 0/8 r1") == true)
    time.withLock { $0 = 6 }
    let done = RoundTripRecord(revision: "r1", steps: [StepRecord(.upgrade, outcome: .succeeded)])
    progress.show(.finished(.sqlite, done, index: 2, count: 8))
    progress.show(.beginning(.sqlite, "r3", index: 3, count: 8))
    #expect(screen.all.last?.hasSuffix("━ 2/8 18 s left r3") == true, "\(screen.all)")
    time.withLock { $0 = 600 }
    progress.show(.finished(.sqlite, done, index: 3, count: 8))
    #expect(screen.all.last?.contains(" 3/8 16 min left ") == true, "\(screen.all)")
  }

  @Test func `a terminal without Unicode shows the bar in ASCII`() {
    let screen = Screen()
    let progress = ProgressLine(
      style: Style(width: 100), isLive: true, isPlain: true, now: { 0 }, write: screen.write)
    progress.show(.started(.postgresql, revisions: 4))
    for event in Self.events(4).dropLast() { progress.show(event) }
    #expect(screen.all.allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } }, "\(screen.all)")
    #expect(screen.all.contains { $0.contains("#") && $0.contains(" | ") })
  }

  @Test func `two engines share the line`() {
    let screen = Screen()
    let progress = ProgressLine(
      style: Style(width: 100), isLive: true, now: { 0 }, write: screen.write)
    progress.show(.started(.postgresql, revisions: 5))
    progress.show(.started(.sqlite, revisions: 5))
    #expect(screen.all.last?.contains("SQLite ") == true)
    #expect(screen.all.last?.contains(" · PostgreSQL ") == true)
  }
}
