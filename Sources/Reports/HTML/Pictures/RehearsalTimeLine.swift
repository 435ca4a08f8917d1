import Databases
import History
import Rules
import Schemas
import Walks

/// A rehearsal as a time line: each revision's run, and below it the locks that kept others waiting, from
/// when each was taken until it was let go; the same as a table.
struct RehearsalTimeLine {
  /// Locks that are drawn and listed of one revision, the longest held.
  private static let limit = 12
  /// Revisions that are drawn.
  private static let drawn = 200
  private static let labels = 300
  private static let width = 640
  private static let rowHeight = 24

  let contents: PageContents
  let rehearsal: RehearsalRecord

  private struct Row {
    enum Kind: String { case run, lock }
    let kind: Kind
    let title: String
    let begin: Double
    let duration: Double
    let mark: Mark
    /// What the bar says beside it.
    let note: String
  }

  var section: PageSection {
    let title = "\(rehearsal.engine.title) \(rehearsal.version)"
    let pending = Words.count(rehearsal.pending.count, "pending revision")
    return PageSection(
      id: "time-line", title: "Time line", count: "\(rehearsal.pending.count)",
      content: """
        <p>\(pending) on a copy of production, \(PageText.title(title)): \(rehearsal.duration.duration) in all. A lock may keep others waiting for \(rehearsal.bounds.longestLock.duration), a revision may take \(rehearsal.bounds.longestStep.duration).</p>
        \(picture)\(table)
        """)
  }

  private var steps: ArraySlice<StepMeasurement> { rehearsal.steps.prefix(Self.drawn) }

  /// The worst locks of a step that keep somebody waiting, as they were taken.
  private func locks(of step: StepMeasurement) -> [HeldLock] {
    step.locks.filter { $0.blocks > .nothing }.sorted { $0.held > $1.held }.prefix(Self.limit)
      .sorted { $0.taken < $1.taken }
  }

  private func mark(of step: StepMeasurement) -> Mark {
    guard step.outcome == .succeeded else { return Mark(step.outcome) }
    return contents.mark(of: step.revision) ?? .good
  }

  private func mark(of lock: HeldLock) -> Mark {
    lock.held > rehearsal.bounds.longestLock ? .warning : .good
  }

  private var rows: [Row] {
    steps.flatMap { step -> [Row] in
      let wasRun = step.outcome == .succeeded || step.duration > 0
      let run = Row(
        kind: .run, title: contents.report.title(of: step.revision), begin: step.begin,
        duration: step.duration, mark: mark(of: step),
        note: wasRun ? step.duration.duration : mark(of: step).word)
      return [run]
        + locks(of: step).map { lock in
          Row(
            kind: .lock, title: "\(lock.mode.title) on \(subject(lock))",
            begin: step.begin + lock.taken + lock.waited, duration: lock.held, mark: mark(of: lock),
            note: "\(lock.held.duration): \(lock.blocks.title) wait")
        }
    }
  }

  private func subject(_ lock: HeldLock) -> String { lock.relation?.description ?? "the file" }

  private var picture: Markup {
    let rows = rows
    let end = max(rows.map { $0.begin + $0.duration }.max() ?? 0, rehearsal.duration, 0.001)
    let total = Self.labels + Self.width + 190
    let height = Self.rowHeight * rows.count + 34
    let axis = (0...4).map { part -> Markup in
      let x = Self.labels + Self.width * part / 4
      let time = (end * Double(part) / 4).duration
      return """
        <path class="axis" d="M\(x) 22V\(height)"/><text class="faint" x="\(x)" y="14">\(time)</text>

        """
    }
    let bars = rows.enumerated().map { index, row -> Markup in
      let y = 28 + Self.rowHeight * index
      let x = Self.labels + Int(row.begin / end * Double(Self.width))
      let width = max(2, Int(row.duration / end * Double(Self.width)))
      let indent = row.kind == .lock ? 22 : 4
      return """
        <g class="\(row.kind.rawValue) \(row.mark.rawValue)"><title>\(PageText.title(row.title)): \(row.note)</title>
        <text class="label" x="\(indent)" y="\(y + 13)">\(row.mark.sign) \(PageText.title(row.title, limit: row.kind == .lock ? 38 : 40))</text>
        <rect x="\(x)" y="\(y + 3)" width="\(width)" height="\(row.kind == .run ? 14 : 8)" rx="2"/><text class="label" x="\(x + width + 6)" y="\(y + 13)">\(row.note)</text></g>

        """
    }
    return """
      <div class="scroll" role="region" aria-label="When each revision ran" tabindex="0">
      <svg class="time-line" role="img" aria-label="When each revision ran and which locks it held; the table below has the numbers" width="\(total)" height="\(height)" viewBox="0 0 \(total) \(height)">
      \(axis)\(bars)</svg></div>

      """
  }

  private var table: Markup {
    let lines = rehearsal.steps.prefix(PageContents.rowLimit).map { step -> Markup in
      let mark = mark(of: step)
      let held = locks(of: step).map { lock -> Markup in
        let waited: Markup = lock.waited > 0 ? ", waited \(lock.waited.duration) for it" : ""
        return
          "<li>\(lock.mode.title) on <code>\(PageText.title(subject(lock)))</code> for \(lock.held.duration): \(lock.blocks.title) wait\(waited)</li>"
      }
      let rows = step.rowLocks.map { line -> Markup in "<li>\(PageText.title(line))</li>" }
      let list: Markup =
        if !(held + rows).isEmpty { "<ul>\(held + rows)</ul>" } else if step.locks.isEmpty {
          "no further lock on a table of before"
        } else { "keeps nobody waiting" }
      let rewritten = step.rewritten.filter { $0.kind != .index }.map(\.title)
      return """
        <tr id="\(PageAnchor(step.revision).text)"><th scope="row">\(PageText.title(contents.report.title(of: step.revision)))</th><td><span class="sign \(mark.rawValue)">\(mark.sign)</span> \(mark.word)</td><td class="number">\(step.duration.duration)</td><td class="number">\(step.statements.count)</td><td>\(list)</td><td>\(PageText.title(Words.list(rewritten, atMost: 6)))</td></tr>

        """
    }
    return """
      <div class="scroll" role="region" aria-label="Every revision of the rehearsal" tabindex="0">
      <table id="steps"><caption>What each revision cost</caption>
      <thead><tr><th scope="col">revision</th><th scope="col">ended</th><th scope="col" class="number">took</th><th scope="col" class="number">statements</th><th scope="col">locks</th><th scope="col">written anew</th></tr></thead>
      <tbody>
      \(lines)</tbody></table></div>
      \(ways)
      """
  }

  /// The way back and up again, in one line each.
  private var ways: Markup {
    let lines = [("back", rehearsal.rollback), ("up again", rehearsal.secondUpgrade)]
      .compactMap { name, way in way.map { (name, $0) } }.map { name, way -> Markup in
        let mark: Mark = way.isComplete ? .good : .error
        let culprit =
          way.culprit.map { ", ended at \(contents.report.title(of: $0.revision))" } ?? ""
        return
          "<li><span class=\"sign \(mark.rawValue)\">\(mark.sign)</span> \(name): \(way.duration.duration)\(PageText.title(culprit))</li>"
      }
    return lines.isEmpty ? "" : "<ul class=\"wholes\">\(lines)</ul>"
  }
}
