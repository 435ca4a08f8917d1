import Databases
import History
import Schemas
private import Synchronization
package import Walks

/// Tells what a run is doing while it does it: a live line on a terminal, a few plain lines
/// elsewhere, where 500 revisions must not become 500 lines.
///
/// Events may come from several threads at once.
package final class ProgressLine: Sendable {
  private let style: Style
  private let isLive: Bool
  private let now: @Sendable () -> Double
  private let write: @Sendable (String) -> Void
  private let state = Mutex(State())

  private struct State {
    var lanes: [Engine: ProgressLane] = [:]
    /// The live line that stands there and has to be erased.
    var drawn: String?
  }

  /// Shows nothing yet.
  ///
  /// - Parameters:
  ///   - isLive: whether `write` leads to a terminal, where a line can be drawn again and again.
  ///   - now: monotonic seconds, for the time that is left.
  ///   - write: takes what is to be written as it is; usually to standard error.
  package init(
    style: Style, isLive: Bool, now: @escaping @Sendable () -> Double,
    write: @escaping @Sendable (String) -> Void
  ) {
    self.style = style
    self.isLive = isLive
    self.now = now
    self.write = write
  }

  /// Shows what has just happened.
  package func show(_ event: RunEvent) {
    state.withLock { state in
      let line = update(&state.lanes, with: event)
      if isLive { draw(&state) } else if let line { write(line + "\n") }
    }
  }

  /// Draws the live line anew, for the time that has gone by since; where none stands there, none.
  package func refresh() {
    state.withLock { if $0.drawn != nil { draw(&$0) } }
  }

  /// Erases the live line; called before anything else is written, and at the end.
  package func erase() { state.withLock { erase(&$0) } }

  private func erase(_ state: inout State) {
    if state.drawn != nil { write("\r\u{1B}[K") }
    state.drawn = nil
  }

  /// - Returns: the plain line for the event; nil where it has none.
  private func update(_ lanes: inout [Engine: ProgressLane], with event: RunEvent) -> String? {
    switch event {
    case .preparing(let engine, let what):
      let what = VisibleText.oneLine(Redaction.applied(to: what))
      lanes[engine, default: ProgressLane(engine: engine)].begin(what, at: now())
      return "\(engine.title): \(what)"
    case .trying(let engine, let what, let index, let count):
      let line = "\(VisibleText.oneLine(what)), \(index) of \(count)"
      lanes[engine] = ProgressLane(engine: engine, doing: line, since: now())
      // Elsewhere than on a terminal the first, which says how many there are, and each tenth part.
      let isShown = index == 1 || index == count || index % max(1, count / 10) == 0
      return isShown ? "\(engine.title): \(line)" : nil
    case .started(let engine, let count):
      let now = now()
      lanes[engine] = ProgressLane(engine: engine, since: now, count: count, begun: now)
      return "\(engine.title): \(Words.count(count, "revision"))"
    case .beginning(let engine, let revision, _, _):
      lanes[engine]?.begin(VisibleText.oneLine(revision.text), at: now())
      return nil
    case .finished(let engine, let trip, let index, let count):
      var lane = lanes[engine] ?? ProgressLane(engine: engine)
      lane.index = index
      lane.count = count
      lane.begin(VisibleText.oneLine(trip.revision.text), at: now())
      let trouble = Self.trouble(in: trip)
      if trouble != nil { lane.conspicuous += 1 }
      lanes[engine] = lane
      return trouble.map { "\(engine.title): \(lane.doing) \($0) (\(index) of \(count))" }
    case .ended(let engine):
      guard let lane = lanes.removeValue(forKey: engine), lane.count > 0 else { return nil }
      let rest = lane.conspicuous > 0 ? ", \(lane.conspicuous) with something to tell" : ""
      return "\(engine.title): done, \(lane.index) of \(Words.count(lane.count, "revision"))\(rest)"
    }
  }

  /// What is wrong with a revision, as far as the record tells without rules; nil where nothing is.
  private static func trouble(in trip: RoundTripRecord) -> String? {
    for step in trip.steps {
      switch step.outcome {
      case .failed: return "failed in its \(step.name.rawValue)"
      case .unjudged: return "could not be judged"
      case .succeeded, .blocked, .skipped: continue
      }
    }
    if trip.trace?.isStructural == true { return "left something behind" }
    if trip.reupgradeDifference?.isStructural == true {
      return "came out differently the second time"
    }
    return nil
  }

  private func draw(_ state: inout State) {
    let lanes = state.lanes.values.sorted { $0.engine < $1.engine }
    guard !lanes.isEmpty else { return erase(&state) }
    // A full line would wrap on some terminals, and so would the `^C` that they show behind it.
    let width = max(1, (style.width ?? 80) - 3)
    let (separator, bar) =
      style.isPlain
      ? (" | ", (done: Character("#"), left: Character("-"))) : (" · ", (done: "━", left: "━"))
    // Where there is no room for all, one is as good as the other: that with most left to do.
    let shown =
      width < 12 * lanes.count + 3 * (lanes.count - 1)
      ? lanes.max { $0.count - $0.index < $1.count - $1.index }.map { [$0] } ?? [] : lanes
    let share = (width - 3 * (shown.count - 1)) / shown.count
    let now = now()
    let line = shown.map { $0.drawn(style, width: share, now: now, bar: bar) }.joined(
      separator: style.paint(separator, .faint))
    guard line != state.drawn else { return }
    write("\r\u{1B}[K" + line)
    state.drawn = line
  }
}
