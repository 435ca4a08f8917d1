import History
import Rules

/// The history's graph as a picture, newest first, and as a table.
struct PageHistory {
  /// Up to so many revisions each has a row of its own; beyond, runs of which there is nothing to say
  /// are one row.
  private static let whole = 60
  /// Rows of the picture and of its table.
  private static let limit = 500

  let contents: PageContents
  private var graph: RevisionGraph { contents.graph }

  var section: PageSection? {
    guard !graph.revisions.isEmpty else { return nil }
    let rows = rows
    let shown = Array(rows.prefix(Self.limit))
    let left = rows.count - shown.count
    let cut: Markup =
      left == 0
      ? ""
      : "<p class=\"cut\">\(Words.count(left, "older row")) not drawn: report.json has them.</p>\n"
    return PageSection(
      id: "history", title: "History", count: "\(graph.revisions.count)",
      content: """
        <p>\(sentence)</p>
        \(HistoryPicture(rows: shown, description: sentence).markup)\(cut)\(table(shown))
        """)
  }

  private var sentence: String {
    let heads = graph.heads.map(\.text)
    let merges = graph.revisions.count { $0.parents.count > 1 }
    var parts = [Words.count(graph.revisions.count, "revision")]
    parts.append(
      "\(Words.count(heads.count, "head")) (\(PageText.title(Words.list(heads, atMost: 6))))")
    if merges > 0 { parts.append(Words.count(merges, "merge")) }
    let count = contents.irreversible.count
    if count > 0 { parts.append("\(count) that cannot be taken down") }
    return Words.list(parts) + ", newest first"
  }

  private var rows: [HistoryRow] {
    let heads = Set(graph.heads)
    let isLong = graph.revisions.count > Self.whole
    var rows: [HistoryRow] = []
    var run: [Revision] = []
    func flush() {
      if run.count < 3 {
        rows += run.map { row($0, isHead: false) }
      } else if let first = run.first, let last = run.last {
        rows.append(
          HistoryRow(
            id: first.id, standsFor: run.map(\.id), parents: last.requirements, kind: .run,
            mark: nil, title: "\(run.count) revisions", notes: ["down to \(last.id)"], place: nil,
            link: nil))
      }
      run = []
    }
    for revision in graph.revisions.reversed() {
      let isPlain = isLong && !heads.contains(revision.id) && isPlain(revision)
      if isPlain, run.last.map({ $0.requirements == [revision.id] }) ?? true {
        run.append(revision)
        continue
      }
      flush()
      if isPlain {
        run = [revision]
      } else {
        rows.append(row(revision, isHead: heads.contains(revision.id)))
      }
    }
    flush()
    return rows + missing
  }

  private func isPlain(_ revision: Revision) -> Bool {
    revision.requirements.count == 1 && graph.children(of: revision.id).count == 1
      && revision.labels.isEmpty && !contents.irreversible.contains(revision.id)
      && (contents.mark(of: revision.id) ?? .good) < .declared
      && graph[revision.requirements[0]] != nil
  }

  private func row(_ revision: Revision, isHead: Bool) -> HistoryRow {
    let isMerge = revision.parents.count > 1
    let isIrreversible = contents.irreversible.contains(revision.id)
    let mark = contents.mark(of: revision.id)
    var notes: [String] = []
    if isHead { notes.append("head") }
    if revision.parents.isEmpty { notes.append("base") }
    if isMerge { notes.append("merge of \(Words.list(revision.parents.map(\.text)))") }
    if !revision.dependencies.isEmpty {
      notes.append("depends on \(Words.list(revision.dependencies.map(\.text)))")
    }
    notes += revision.labels.map { "branch \($0)" }
    if isIrreversible { notes.append("no way back") }
    if let mark, mark >= .unreached { notes.append(mark.title) }
    return HistoryRow(
      id: revision.id, standsFor: [revision.id], parents: revision.requirements,
      kind: isMerge ? .merge : isIrreversible ? .irreversible : isHead ? .head : .plain,
      mark: mark, title: contents.report.title(of: revision.id), notes: notes,
      place: revision.file.isEmpty ? nil : contents.report.path(revision.file),
      link: contents.isListed(revision.id) ? PageAnchor(revision.id) : nil)
  }

  /// What is named as a parent, and nowhere defined.
  private var missing: [HistoryRow] {
    var seen: Set<RevisionID> = []
    return graph.problems.compactMap { problem in
      guard case .missingParent(let id, _) = problem, seen.insert(id).inserted else { return nil }
      return HistoryRow(
        id: id, standsFor: [id], parents: [], kind: .missing, mark: .error, title: id.text,
        notes: ["no file defines it"], place: nil, link: nil)
    }
  }

  private func table(_ rows: [HistoryRow]) -> Markup {
    let lines = rows.map { row -> Markup in
      let title: Markup = "\(PageText.title(row.title, limit: 120))"
      let link = row.link.map { anchor -> Markup in "<a href=\"#\(anchor.text)\">\(title)</a>" }
      let follows = PageText.title(Words.list(row.parents.map(\.text), atMost: 6))
      return """
        <tr><th scope="row">\(link ?? title)</th><td>\(follows)</td><td>\(PageText.title(row.notes.joined(separator: ", ")))</td><td>\(PageText.title(row.place ?? ""))</td></tr>

        """
    }
    return """
      <details class="more"><summary>The same as a table</summary>
      <div class="scroll" role="region" aria-label="The history as a table" tabindex="0">
      <table><thead><tr><th scope="col">revision</th><th scope="col">follows</th><th scope="col">what it is</th><th scope="col">file</th></tr></thead>
      <tbody>
      \(lines)</tbody></table></div></details>

      """
  }
}
