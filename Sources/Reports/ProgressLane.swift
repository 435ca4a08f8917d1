import Databases

/// What one engine is doing, as its part of the live line shows it.
struct ProgressLane: Sendable {
  let engine: Engine
  /// The revision at hand, or what is done beside revisions.
  var doing = ""
  /// When that was begun, by the clock's monotonic seconds.
  var since = 0.0
  /// How many revisions are done, of how many.
  var index = 0
  var count = 0
  /// How many of them have something to tell.
  var conspicuous = 0
  /// When the first was begun, by the clock's monotonic seconds.
  var begun = 0.0

  /// Takes note of what is done from now on.
  ///
  /// - Parameter now: the clock's monotonic seconds.
  mutating func begin(_ what: String, at now: Double) {
    doing = what
    since = now
  }

  /// Title, bar, numbers, time left and the revision; where there are few columns, what fits of it.
  ///
  /// - Parameters:
  ///   - width: columns that it stays within.
  ///   - now: the clock's monotonic seconds.
  ///   - bar: how a piece of the bar that is done and one that is not are drawn.
  func drawn(
    _ style: Style, width: Int, now: Double, bar: (done: Character, left: Character)
  ) -> String {
    let doing = doing + timeTaken(at: now)
    guard count > 0 else { return String("\(engine.title) \(doing)".prefix(width)) }
    let trouble = conspicuous > 0 ? " \(conspicuous)!" : ""
    let numbers = " \(index)/\(count)"
    let needed = numbers.count + trouble.count
    if needed > width { return String((numbers + trouble).dropFirst().prefix(width)) }
    // Of all of it the name of the engine is what can be guessed.
    let title = String(engine.title.prefix(width - needed))
    var rest = width - title.count - needed
    let barWidth = min(20, rest - 1 - 13)
    var head = title
    if barWidth >= 5 {
      let filled = barWidth * index / count
      head +=
        " " + style.paint(String(repeating: bar.done, count: filled), .good)
        + style.paint(String(repeating: bar.left, count: barWidth - filled), .faint)
      rest -= 1 + barWidth
    }
    var tail = ""
    for text in [timeLeft(at: now), doing].compactMap(\.self) where rest > 4 && !text.isEmpty {
      let shown = text.prefix(rest - 1)
      tail += " " + style.paint(String(shown), .faint)
      rest -= 1 + shown.count
    }
    return head + numbers + style.paint(trouble, .error) + tail
  }

  /// ` (12 s)` where what is at hand takes long enough for somebody to wonder; else nothing.
  private func timeTaken(at now: Double) -> String {
    let seconds = Int(now - since)
    if seconds < 5 { return "" }
    return seconds < 60 ? " (\(seconds) s)" : " (\(Words.duration(Double(seconds))))"
  }

  /// `12 s left`, as fast as it went so far, also with the revision at hand where that is slower than
  /// those before it; nil where there is too little to tell by, or nothing left.
  private func timeLeft(at now: Double) -> String? {
    let spent = now - begun
    guard index > 0, index < count, spent >= 1 else { return nil }
    let atHand = now - since
    let left = Double(count - index)
    let asBefore = (spent - atHand) / Double(index) * left - atHand
    let withThis = spent / Double(index + 1) * (left - 1)
    let seconds = Int(max(asBefore, withThis).rounded(.up))
    guard seconds > 0 else { return nil }
    return seconds < 60 ? "\(seconds) s left" : "\(seconds / 60) min left"
  }
}
