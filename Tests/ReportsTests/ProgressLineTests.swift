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
      events.append(.finished(.sqlite, trip, index: index, count: count))
    }
    return events + [.ended(.sqlite)]
  }

  @Test func `elsewhere than on a terminal, only what matters is a line`() {
    let screen = Screen()
    let progress = ProgressLine(style: Style(), isLive: false, write: screen.write)
    for event in Self.events(500) { progress.show(event) }
    progress.erase()
    #expect(
      screen.all == [
        "SQLite: opening\\x1B[2J postgresql://u:***@h\n", "SQLite: 500 revisions\n",
        "SQLite: r3 failed in its upgrade (3 of 500)\n",
        "SQLite: done, 500 of 500 revisions, 1 with something to tell\n",
      ])
  }

  @Test(arguments: [20, 40, 80, 200])
  func `on a terminal one line is drawn again and erased at the end`(_ width: Int) {
    let screen = Screen()
    let progress = ProgressLine(
      style: Style(isColoured: true, width: width), isLive: true, write: screen.write)
    for event in Self.events(20) { progress.show(event) }
    progress.erase()
    #expect(screen.all.allSatisfy { $0.hasPrefix("\r\u{1B}[K") && !$0.contains("\n") })
    #expect(screen.all.last == "\r\u{1B}[K")
    for text in screen.all {
      #expect(TerminalTests.withoutColour(text.replacing("\u{1B}[K", with: "")).count <= width)
    }
    #expect(screen.all.contains { $0.contains("20/20") })
  }

  @Test func `two engines share the line`() {
    let screen = Screen()
    let progress = ProgressLine(style: Style(width: 100), isLive: true, write: screen.write)
    progress.show(.started(.postgresql, revisions: 5))
    progress.show(.started(.sqlite, revisions: 5))
    #expect(screen.all.last?.contains("SQLite ") == true)
    #expect(screen.all.last?.contains(" · PostgreSQL ") == true)
  }
}
