import History

/// Draws a history as lines of text, newest first, as `git log --graph` draws commits.
struct HistoryDrawing {
  private let graph: RevisionGraph
  /// What each column of the drawing leads down to.
  private var lanes: [RevisionID] = []
  private var lines: [String] = []

  /// The drawing's lines.
  static func lines(of graph: RevisionGraph) -> [String] {
    var drawing = HistoryDrawing(graph: graph)
    for revision in graph.revisions.reversed() { drawing.draw(revision) }
    return drawing.lines
  }

  private init(graph: RevisionGraph) { self.graph = graph }

  private mutating func draw(_ revision: Revision) {
    joinLanes(of: revision.id)
    let lane: Int
    if let waiting = lanes.firstIndex(of: revision.id) {
      lane = waiting
    } else {
      lane = lanes.count
      lanes.append(revision.id)
    }
    let marks = lanes.indices.map { $0 == lane ? "*" : "|" }.joined(separator: " ")
    lines.append("\(marks) \(Self.label(of: revision, in: graph))")
    continueLane(lane, to: revision.parents)
  }

  /// Leads every column that waits for the revision into the first of them.
  private mutating func joinLanes(of id: RevisionID) {
    guard let target = lanes.firstIndex(of: id) else { return }
    while let extra = lanes.lastIndex(of: id), extra > target {
      var row = Self.row(lanes.count)
      row[2 * extra] = " "
      row[2 * extra - 1] = "/"
      for gap in target..<(extra - 1) { row[2 * gap + 1] = "_" }
      for right in (extra + 1)..<max(extra + 1, lanes.count) {
        row[2 * right] = " "
        row[2 * right - 1] = "/"
      }
      lines.append(String(row).trimmedEnd)
      lanes.remove(at: extra)
    }
  }

  /// Puts the parents in the revision's place: none ends the column, several open further ones.
  private mutating func continueLane(_ lane: Int, to parents: [RevisionID]) {
    guard let first = parents.first else {
      lanes.remove(at: lane)
      guard lane < lanes.count else { return }
      var row = Array(repeating: Character(" "), count: 2 * lanes.count)
      for left in 0..<lane { row[2 * left] = "|" }
      for right in lane..<lanes.count { row[2 * right + 1] = "/" }
      lines.append(String(row).trimmedEnd)
      return
    }
    lanes[lane] = first
    for (offset, parent) in parents.dropFirst().enumerated() {
      var row = Self.row(lanes.count + 1)
      for right in (lane + offset + 1)..<(lanes.count + 1) {
        row[2 * right] = " "
        row[2 * right - 1] = "\\"
      }
      lines.append(String(row).trimmedEnd)
      lanes.insert(parent, at: lane + offset + 1)
    }
  }

  /// `| | |` for so many columns.
  private static func row(_ count: Int) -> [Character] {
    count == 0 ? [] : Array(Array(repeating: "|", count: count).joined(separator: " "))
  }

  private static func label(of revision: Revision, in graph: RevisionGraph) -> String {
    var remarks: [String] = []
    if graph.heads.contains(revision.id) { remarks.append("head") }
    if revision.parents.count > 1 { remarks.append("merge") }
    if revision.parents.isEmpty { remarks.append("base") }
    remarks += revision.labels.map { "label \($0)" }
    if !revision.dependencies.isEmpty {
      remarks.append("needs " + revision.dependencies.map(\.text).joined(separator: ", "))
    }
    let remark = remarks.isEmpty ? "" : " (\(remarks.joined(separator: "; ")))"
    return revision.message.isEmpty
      ? "\(revision.id)\(remark)" : "\(revision.id)\(remark) \(revision.message)"
  }
}

extension String {
  fileprivate var trimmedEnd: String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
