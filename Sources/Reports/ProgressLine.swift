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
  private let write: @Sendable (String) -> Void
  private let state = Mutex(State())

  private struct State {
    var lanes: [Engine: Lane] = [:]
    /// Whether a live line stands there that has to be erased.
    var isDrawn = false
  }

  private struct Lane {
    var doing = ""
    var index = 0
    var count = 0
    var conspicuous = 0
  }

  /// Shows nothing yet.
  ///
  /// - Parameters:
  ///   - isLive: whether `write` leads to a terminal, where a line can be drawn again and again.
  ///   - write: takes what is to be written as it is; usually to standard error.
  package init(style: Style, isLive: Bool, write: @escaping @Sendable (String) -> Void) {
    self.style = style
    self.isLive = isLive
    self.write = write
  }

  /// Shows what has just happened.
  package func show(_ event: RunEvent) {
    state.withLock { state in
      let line = update(&state.lanes, with: event)
      if isLive { draw(&state) } else if let line { write(line + "\n") }
    }
  }

  /// Erases the live line; called before anything else is written, and at the end.
  package func erase() {
    state.withLock { state in
      if state.isDrawn { write("\r\u{1B}[K") }
      state.isDrawn = false
    }
  }

  /// - Returns: the plain line for the event; nil where it has none.
  private func update(_ lanes: inout [Engine: Lane], with event: RunEvent) -> String? {
    switch event {
    case .preparing(let engine, let what):
      let what = VisibleText.oneLine(Redaction.applied(to: what))
      lanes[engine, default: Lane()].doing = what
      return "\(engine.title): \(what)"
    case .trying(let engine, let what, let index, let count):
      let line = "\(VisibleText.oneLine(what)), \(index) of \(count)"
      lanes[engine] = Lane(doing: line)
      // Elsewhere than on a terminal the first, which says how many there are, and each tenth part.
      let isShown = index == 1 || index == count || index % max(1, count / 10) == 0
      return isShown ? "\(engine.title): \(line)" : nil
    case .started(let engine, let count):
      lanes[engine] = Lane(count: count)
      return "\(engine.title): \(Words.count(count, "revision"))"
    case .finished(let engine, let trip, let index, let count):
      var lane = lanes[engine] ?? Lane()
      lane.index = index
      lane.count = count
      lane.doing = VisibleText.oneLine(trip.revision.text)
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
    let lanes = state.lanes.sorted { $0.key < $1.key }
    guard !lanes.isEmpty else {
      if state.isDrawn { write("\r\u{1B}[K") }
      state.isDrawn = false
      return
    }
    // One column stays free: a full line would wrap on some terminals.
    let width = (style.width ?? 80) - 1
    let share = max(12, (width - 3 * (lanes.count - 1)) / lanes.count)
    let line = lanes.map { draw($0, $1, width: share) }.joined(
      separator: style.paint(" · ", .faint))
    write("\r\u{1B}[K" + line)
    state.isDrawn = true
  }

  private func draw(_ engine: Engine, _ lane: Lane, width: Int) -> String {
    guard lane.count > 0 else {
      return String("\(engine.title) \(lane.doing)".prefix(width))
    }
    let numbers = " \(lane.index)/\(lane.count)"
    let trouble = lane.conspicuous > 0 ? " \(lane.conspicuous)!" : ""
    let rest = width - engine.title.count - numbers.count - trouble.count
    // Title, bar, numbers and the revision; on narrow terminals only what fits.
    let barWidth = min(20, rest - 2 - 13)
    var text = engine.title
    var used = text.count
    if barWidth >= 5 {
      let filled = barWidth * lane.index / max(lane.count, 1)
      text +=
        " " + style.paint(String(repeating: "━", count: filled), .good)
        + style.paint(String(repeating: "━", count: barWidth - filled), .faint)
      used += 1 + barWidth
    }
    text += numbers + style.paint(trouble, .error)
    used += numbers.count + trouble.count
    if width - used > 4 {
      text += " " + style.paint(String(lane.doing.prefix(width - used - 1)), .faint)
    }
    return text
  }
}
