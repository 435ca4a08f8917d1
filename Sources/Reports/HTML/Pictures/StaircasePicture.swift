import History
import Rules
import Walks

/// One engine's walk as a staircase: a stair for each revision, and on it the steps that were taken, each
/// with its direction and its sign. Runs of revisions of which there is nothing to say are one stair.
struct StaircasePicture {
  /// Up to so many revisions each has a stair of its own.
  private static let whole = 24
  /// Stairs of a picture.
  private static let limit = 80
  private static let pill = 17

  let contents: PageContents
  let trips: [PageContents.Trip]
  let title: String

  private enum Stair {
    case one(PageContents.Trip)
    case run([PageContents.Trip])
  }

  var markup: Markup {
    let all = stairs
    let stairs = Array(all.prefix(Self.limit))
    let widths = stairs.map(width)
    let total = widths.reduce(0, +) + 16
    let rise = max(4, min(22, 200 / max(1, stairs.count)))
    let top = 44 + rise * stairs.count
    let height = top + 56
    let slowest = trips.map(\.duration).max() ?? 0
    var drawn = Markup()
    var x = 8
    for (index, stair) in stairs.enumerated() {
      let y = top - rise * index
      drawn += draw(stair, x: x, y: y, width: widths[index], bottom: top + 14, slowest: slowest)
      x += widths[index]
    }
    let left = all.count - stairs.count
    let cut: Markup =
      left == 0 ? "" : "<p class=\"cut\">\(Words.count(left, "more stair")): see the table.</p>\n"
    return """
      <figure>
      <figcaption>\(title)</figcaption>
      <div class="scroll" role="region" aria-label="Staircase on \(title)" tabindex="0">
      <svg class="staircase" role="img" aria-label="\(description)" width="\(total)" height="\(height)" viewBox="0 0 \(total) \(height)">
      \(drawn)</svg></div>
      \(cut)</figure>

      """
  }

  /// The picture in words; the table below it has the rest.
  private var description: String {
    let counts = Mark.allCases.reversed().compactMap { mark -> String? in
      let number = trips.count { $0.mark == mark }
      return number == 0 ? nil : "\(number) \(mark.word)"
    }
    return "\(Words.count(trips.count, "revision")): \(Words.list(counts))"
  }

  private var stairs: [Stair] {
    guard trips.count > Self.whole else { return trips.map(Stair.one) }
    var stairs: [Stair] = []
    var quiet: [PageContents.Trip] = []
    func flush() {
      if quiet.count < 3 { stairs += quiet.map(Stair.one) } else { stairs.append(.run(quiet)) }
      quiet = []
    }
    for (index, trip) in trips.enumerated() {
      // The newest are those that are asked about.
      if trip.mark < .declared, index < trips.count - 8 {
        quiet.append(trip)
      } else {
        flush()
        stairs.append(.one(trip))
      }
    }
    flush()
    return stairs
  }

  private func width(_ stair: Stair) -> Int {
    switch stair {
    case .one(let trip): max(64, Self.pill * trip.record.steps.count + 10)
    case .run: 120
    }
  }

  private func draw(
    _ stair: Stair, x: Int, y: Int, width: Int, bottom: Int, slowest: Double
  ) -> Markup {
    let ground: Markup = """
      <path class="stair" d="M\(x) \(bottom)V\(y)h\(width)V\(bottom)z"/><path class="edge" d="M\(x) \(y)h\(width)"/>

      """
    switch stair {
    case .run(let trips):
      let time = trips.reduce(0) { $0 + $1.duration }
      let middle = x + width / 2
      return """
        \(ground)<text class="sign" x="\(middle)" y="\(y - 10)">✓ \(trips.count) revisions</text>
        <text x="\(middle)" y="\(bottom + 16)">as they should be</text><text class="faint" x="\(middle)" y="\(bottom + 32)">\(time.duration)</text>

        """
    case .one(let trip):
      let pills = trip.record.steps.enumerated().map { index, step in
        pill(step, trip, x: x + 5 + index * Self.pill, y: y)
      }
      let share = slowest > 0 ? trip.duration / slowest : 0
      let bar = max(1, Int(share * Double(width - 10)))
      return """
        <g>\(ground)<title>\(PageText.title(contents.report.title(of: trip.revision), limit: 120)): \(trip.mark.word)</title>
        \(pills)<rect class="time" x="\(x + 5)" y="\(bottom - 6)" width="\(bar)" height="4"/>
        \(name(of: trip, x: x + width / 2, y: bottom + 16))<text class="faint" x="\(x + width / 2)" y="\(bottom + 32)">\(trip.duration.duration)</text></g>

        """
    }
  }

  /// Its id, which leads to its row.
  private func name(of trip: PageContents.Trip, x: Int, y: Int) -> Markup {
    let text = CappedText.oneLine(trip.revision.text, limit: 8)
    return "<text class=\"id\" x=\"\(x)\" y=\"\(y)\">\(text)</text>"
  }

  private func pill(_ step: StepRecord, _ trip: PageContents.Trip, x: Int, y: Int) -> Markup {
    let mark = trip.marks[step.name] ?? .left
    let arrow = step.name.direction == .up ? "↑" : "↓"
    return """
      <g class="\(mark.rawValue)"><rect x="\(x)" y="\(y - 35)" width="15" height="33" rx="3"/><text x="\(x + 7)" y="\(y - 22)">\(arrow)</text><text x="\(x + 7)" y="\(y - 8)">\(mark.sign)</text></g>
      """
  }
}
