import History

/// One line of the history's picture: a revision, or a run of them.
struct HistoryRow {
  enum Kind: String {
    case plain, head, merge, irreversible, run, missing
  }

  let id: RevisionID
  /// The revisions of a run, newest first; else the one.
  let standsFor: [RevisionID]
  let parents: [RevisionID]
  let kind: Kind
  let mark: Mark?
  let title: String
  let notes: [String]
  let place: String?
  /// Where its row in the table of all steps is.
  let link: PageAnchor?
}

/// Draws a history, newest first: the rows' signs in lanes, joined by what follows what. Every kind has
/// its own shape.
struct HistoryPicture {
  private static let rowHeight = 26
  private static let laneWidth = 18
  /// Lanes that are drawn apart; further ones share the last.
  private static let laneLimit = 12

  let rows: [HistoryRow]
  let description: String

  var markup: Markup {
    let lanes = lanes
    let used = min(Self.laneLimit, (lanes.map(\.own).max() ?? 0) + 2)
    let textAt = 14 + Self.laneWidth * used
    let longest =
      rows.map { row in
        PageText.title(row.title, limit: 90).count + Self.notes(of: row).count
      }.max() ?? 0
    let width = textAt + min(1_400, 40 + longest * 8)
    let height = Self.rowHeight * rows.count + 8
    let places = Dictionary(
      rows.enumerated().flatMap { index, row in row.standsFor.map { ($0, index) } },
      uniquingKeysWith: { first, _ in first })
    var edges = Markup()
    for (index, row) in rows.enumerated() {
      for (parent, lane) in zip(row.parents, lanes[index].parents) {
        guard let end = places[parent], end != index else { continue }
        edges += edge(from: (index, lanes[index].own), to: (end, lanes[end].own), through: lane)
      }
    }
    let drawn = rows.enumerated().map { index, row in
      draw(row, x: x(lanes[index].own), y: y(index), textAt: textAt)
    }
    return """
      <div class="scroll" role="region" aria-label="The history’s graph" tabindex="0">
      <svg class="history" width="\(width)" height="\(height)" viewBox="0 0 \(width) \(height)" role="group" aria-label="\(description)">
      \(edges)\(drawn)</svg></div>

      """
  }

  private func x(_ lane: Int) -> Int { 14 + Self.laneWidth * min(lane, Self.laneLimit - 1) }
  private func y(_ row: Int) -> Int { 17 + Self.rowHeight * row }

  /// The lane of each row, and those that lead to its parents.
  private var lanes: [(own: Int, parents: [Int])] {
    var waiting: [RevisionID?] = []
    func free() -> Int {
      if let index = waiting.firstIndex(where: { $0 == nil }) { return index }
      waiting.append(nil)
      return waiting.count - 1
    }
    return rows.map { row in
      let ids = Set(row.standsFor)
      let awaited = waiting.indices.filter { waiting[$0].map(ids.contains) ?? false }
      let own = awaited.first ?? free()
      for lane in awaited { waiting[lane] = nil }
      waiting[own] = nil
      let parents = row.parents.enumerated().map { index, parent in
        if index > 0, let known = waiting.firstIndex(of: parent) { return known }
        let lane = index == 0 ? own : free()
        waiting[lane] = parent
        return lane
      }
      return (own, parents)
    }
  }

  private func edge(
    from: (row: Int, lane: Int), to: (row: Int, lane: Int), through lane: Int
  ) -> Markup {
    let (startX, startY, endX, endY) = (x(from.lane), y(from.row), x(to.lane), y(to.row))
    let middle = x(lane)
    let half = Self.rowHeight / 2
    guard to.row > from.row + 1 else {
      return """
        <path class="follows" d="M\(startX) \(startY)C\(startX) \(startY + half) \(endX) \(endY - half) \(endX) \(endY)"/>

        """
    }
    let (leave, arrive) = (startY + Self.rowHeight, endY - Self.rowHeight)
    return """
      <path class="follows" d="M\(startX) \(startY)C\(startX) \(startY + half) \(middle) \(leave - half) \(middle) \(leave)V\(arrive)C\(middle) \(arrive + half) \(endX) \(endY - half) \(endX) \(endY)"/>

      """
  }

  private func draw(_ row: HistoryRow, x: Int, y: Int, textAt: Int) -> Markup {
    let notes: Markup =
      row.notes.isEmpty
      ? ""
      : "<tspan class=\"notes\" dx=\"10\">\(Self.notes(of: row))</tspan>"
    let name: Markup = "<tspan>\(PageText.title(row.title, limit: 90))</tspan>"
    let label: Markup = "<text x=\"\(textAt)\" y=\"\(y + 4)\">\(name)\(notes)</text>"
    let linked = row.link.map { anchor -> Markup in "<a href=\"#\(anchor.text)\">\(label)</a>" }
    return """
      <g class="row \(row.kind.rawValue) \(row.mark?.rawValue ?? "")">\(shape(row.kind, x, y))\(linked ?? label)</g>

      """
  }

  private static func notes(of row: HistoryRow) -> String {
    PageText.title(row.notes.joined(separator: " · "), limit: 160)
  }

  private func shape(_ kind: HistoryRow.Kind, _ x: Int, _ y: Int) -> Markup {
    switch kind {
    case .plain: "<circle cx=\"\(x)\" cy=\"\(y)\" r=\"5\"/>"
    case .head:
      "<circle cx=\"\(x)\" cy=\"\(y)\" r=\"7\"/><circle class=\"core\" cx=\"\(x)\" cy=\"\(y)\" r=\"3\"/>"
    case .merge: "<path d=\"M\(x) \(y - 7)l7 7l-7 7l-7 -7z\"/>"
    case .irreversible:
      "<rect x=\"\(x - 6)\" y=\"\(y - 6)\" width=\"12\" height=\"12\"/><path class=\"bar\" d=\"M\(x - 6) \(y)h12\"/>"
    case .run: "<path class=\"dots\" d=\"M\(x) \(y - 10)V\(y + 10)\"/>"
    case .missing: "<path class=\"cross\" d=\"M\(x - 6) \(y - 6)l12 12m0 -12l-12 12\"/>"
    }
  }
}
