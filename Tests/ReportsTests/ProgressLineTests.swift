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
      let visible = TerminalTests.withoutColour(text.replacing("\u{1B}[K", with: "")).dropFirst()
      #expect(visible.count <= max(1, width - 3), "there is no room for ^C: \(text)")
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

  /// At these seconds, the second of eight revisions having ended after 6 and the third begun.
  @Test(arguments: [
    (7.0, "17 s left r3"), (8, "16 s left r3"), (9, "15 s left r3"), (15, "25 s left r3 (9 s)"),
    (96, "2 min left r3 (1 min 30 s)"),
  ])
  func `the time goes on while a revision takes its time`(_ second: Double, _ words: String) {
    let screen = Screen()
    let time = Mutex(0.0)
    let progress = ProgressLine(
      style: Style(width: 100), isLive: true, now: { time.withLock { $0 } }, write: screen.write)
    progress.refresh()
    #expect(screen.all.isEmpty)
    progress.show(.started(.sqlite, revisions: 8))
    time.withLock { $0 = 6 }
    let done = RoundTripRecord(revision: "r2", steps: [StepRecord(.upgrade, outcome: .succeeded)])
    progress.show(.finished(.sqlite, done, index: 2, count: 8))
    progress.show(.beginning(.sqlite, "r3", index: 3, count: 8))
    time.withLock { $0 = second }
    progress.refresh()
    let count = screen.all.count
    #expect(screen.all.last?.hasSuffix("━ 2/8 \(words)") == true, "\(screen.all)")
    progress.refresh()
    progress.erase()
    progress.refresh()
    #expect(screen.all.count == count + 1, "what stands there was drawn again")
  }

  @Test func `of the last revision no time is left that nobody knows`() {
    let screen = Screen()
    let time = Mutex(0.0)
    let progress = ProgressLine(
      style: Style(width: 100), isLive: true, now: { time.withLock { $0 } }, write: screen.write)
    progress.show(.preparing(.sqlite, "starting SQLite"))
    time.withLock { $0 = 7 }
    progress.refresh()
    #expect(screen.all.last?.hasSuffix("starting SQLite (7 s)") == true, "\(screen.all)")
    progress.show(.started(.sqlite, revisions: 2))
    time.withLock { $0 = 9 }
    let done = RoundTripRecord(revision: "r1", steps: [StepRecord(.upgrade, outcome: .succeeded)])
    progress.show(.finished(.sqlite, done, index: 1, count: 2))
    progress.show(.beginning(.sqlite, "r2", index: 2, count: 2))
    #expect(screen.all.last?.hasSuffix("━ 1/2 2 s left r2") == true, "\(screen.all)")
    time.withLock { $0 = 20 }
    progress.refresh()
    #expect(screen.all.last?.hasSuffix("━ 1/2 r2 (11 s)") == true, "\(screen.all)")
  }

  @Test func `a terminal without Unicode shows the bar in ASCII`() {
    let screen = Screen()
    let progress = ProgressLine(
      style: Style(width: 100, isPlain: true), isLive: true, now: { 0 }, write: screen.write)
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
