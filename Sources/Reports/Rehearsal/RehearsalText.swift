import Databases
import History
import Rules
import Schemas
import Walks

/// What a rehearsal measured, revision by revision, as a person reads it below the findings.
struct RehearsalText {
  let report: Report
  let rehearsal: RehearsalRecord
  let style: Style

  /// Whether the deploy can go, which is said before anything else, and the checklist behind it.
  var verdict: String {
    guard let checklist = report.checklist else { return "" }
    let (word, sentence) = checklist.verdictWords
    return
      (["\(style.paint(word, checklist.verdict.tone)): \(sentence)", ""]
      + checklist.items.flatMap(lines)).joined(separator: "\n")
  }

  private func lines(of item: Checklist.Item) -> [String] {
    let box = style.paint(item.state.box, item.state.tone)
    func wrapped(_ text: String, behind indent: String) -> [String] {
      Wrapping.lines(VisibleText.oneLine(text), width: style.width.map { $0 - indent.count })
        .map { indent + $0 }
    }
    let answer = wrapped(item.line, behind: "      ")
    let first = answer.first.map { "  \(box) \($0.dropFirst(6))" } ?? "  \(box)"
    return [first] + answer.dropFirst() + item.details.flatMap { wrapped($0, behind: "        ") }
  }

  var text: String {
    var blocks = [heading]
    blocks += rehearsal.steps.map(block)
    if let waits { blocks.append(waits) }
    if let traffic = rehearsal.traffic {
      blocks.append(
        TrafficText(traffic: traffic).lines.map { VisibleText.oneLine(keepingIndent: "  \($0)") }
          .joined(separator: "\n"))
    }
    let accounts =
      [
        rehearsal.rows.map {
          RowsText(comparison: $0, declared: report.judgement.declared).linesOfUpgrade
        } ?? [],
        RollbackText(
          record: report.record, rehearsal: rehearsal, declared: report.judgement.declared
        ).lines,
      ] + TrialsText(report: report, rehearsal: rehearsal).blocks
    blocks += accounts.filter { !$0.isEmpty }.map { lines in
      lines.enumerated().map { number, line in
        VisibleText.oneLine(keepingIndent: (number == 0 ? "  " : "      ") + line)
      }.joined(separator: "\n")
    }
    return blocks.joined(separator: "\n\n")
  }

  private var heading: String {
    let title = "\(rehearsal.engine.title) \(rehearsal.version)"
    let before = rehearsal.versionsBefore.map(\.text)
    let pending = rehearsal.pending.count
    var lines =
      [
        "  from \(before.isEmpty ? "an empty database" : Words.list(before)): "
          + "\(Words.count(pending, "revision")) pending"
      ]
    var sum = ["\(rehearsal.duration.duration) \(rehearsal.transactions.transactions)"]
    if let wal { sum.append("\(wal.bytes) of WAL") }
    if let temporary = rehearsal.temporary, temporary.bytes > 0 {
      sum.append("\(temporary.bytes.bytes) of temporary files")
    }
    if let size = rehearsal.size, let after = size.after, after != size.before {
      sum.append("database \(size.before.bytes) → \(after.bytes)")
    }
    lines.append("  " + sum.joined(separator: ", "))
    if rehearsal.versionsAfter == rehearsal.versionsBefore {
      lines.append("  nothing of it was kept: the copy is where it was")
    } else if rehearsal.steps.contains(where: { $0.outcome != .succeeded }) {
      let after = rehearsal.versionsAfter.map(\.text)
      lines.append("  it stopped half-way: the copy is at \(Words.list(after))")
    }
    return
      ([style.paint(VisibleText.oneLine("Rehearsal on \(title)"), .bold)]
      + lines.map(VisibleText.oneLine(keepingIndent:))).joined(separator: "\n")
  }

  private var wal: Int? {
    let known = rehearsal.steps.compactMap(\.walBytes)
    return known.isEmpty ? nil : known.reduce(0, +)
  }

  private func block(_ step: StepMeasurement) -> String {
    var lines: [String] = []
    switch step.outcome {
    case .succeeded:
      lines += locks(of: step)
      let rewritten = step.rewritten.filter { $0.kind != .index }
      if !rewritten.isEmpty {
        lines.append("written anew: \(names(rewritten))")
      }
      if !step.scanned.isEmpty { lines.append("read in full: \(names(step.scanned))") }
      let built = step.statements.flatMap(\.built)
      if !built.isEmpty { lines.append("built: \(names(built))") }
      lines += rows(of: step)
      if let wal = step.walBytes, wal > 0 { lines.append("\(wal.bytes) of WAL") }
    case .failed(let failure): lines.append("failed: \(failure.message)")
    case .unjudged(let fault): lines.append("could not be judged: \(fault.message)")
    case .blocked(let culprit): lines.append("not reached: it needs \(culprit)")
    case .skipped(let reason): lines.append("left out: \(reason)")
    }
    let wasRun = step.outcome == .succeeded
    let head =
      report.title(of: step.revision) + (wasRun ? " \(step.duration.duration)" : "")
    return
      (["  " + style.paint(VisibleText.oneLine(head), .bold)]
      + lines.map { VisibleText.oneLine(keepingIndent: "      \($0)") }).joined(separator: "\n")
  }

  /// Of each table the lock that is in others' way the most; those in nobody's way are in report.json.
  private func locks(of step: StepMeasurement) -> [String] {
    let blocking = step.locks.filter { $0.blocks > .nothing }
    let tables = Set(blocking.map(\.table)).sorted {
      ($0?.description ?? "") < ($1?.description ?? "")
    }
    let rows = step.rowLocks
    if tables.isEmpty, rows.isEmpty {
      return [
        step.locks.isEmpty ? "takes no further lock on a table of before" : "keeps nobody waiting"
      ]
    }
    return tables.flatMap { table in
      let locks = blocking.filter { $0.table == table }.sorted {
        ($0.blocks, $0.held) > ($1.blocks, $1.held)
      }
      // The worst, and a weaker one only where it was held for longer.
      let worst = locks.first
      let longest = locks.first {
        $0.blocks < worst?.blocks ?? .nothing && $0.held > worst?.held ?? 0
      }
      return [worst, longest].compactMap(\.self).map { lock in
        "\(lock.mode.title) on \(table?.description ?? "the file") for \(lock.held.duration): "
          + "\(lock.blocks.title) wait"
          + (lock.waited > 0 ? "; others kept it waiting for \(lock.waited.duration) first" : "")
      }
    } + rows
  }

  private func rows(of step: StepMeasurement) -> [String] {
    let all = step.statements.flatMap(\.rows)
    return Set(all.map(\.table)).sorted().map { table in
      let rows = all.filter { $0.table == table }
      let parts = [
        (rows.reduce(0) { $0 + $1.inserted }, "inserted"),
        (rows.reduce(0) { $0 + $1.updated }, "updated"),
        (rows.reduce(0) { $0 + $1.deleted }, "deleted"),
      ].filter { $0.0 > 0 }.map { "\($0) \($1)" }
      return "rows of \(table): \(parts.joined(separator: ", "))"
    }
  }

  private func names(_ objects: [ObjectID]) -> String {
    Words.list(
      objects.map { object in
        guard let size = rehearsal.relation(object)?.size, let after = size.after,
          after != size.before
        else { return object.title }
        return "\(object.title) (\(size.before.bytes) → \(after.bytes))"
      }, atMost: 6)
  }

  /// How long somebody would have waited at most; nil where nobody would.
  private var waits: String? {
    let tables = rehearsal.relations.map { (wait: $0.longestWriteWait, words: $0.waitWords) }
    let changed = rehearsal.steps.flatMap(\.statements).flatMap(\.rows)
      .filter { $0.updated + $0.deleted > 0 }
    let rows = Set(changed.map(\.table)).sorted().compactMap { table in
      let held = changed.filter { $0.table == table }.map(\.held).max() ?? 0
      let closed = rehearsal.relation(table)?.longestWriteWait ?? 0
      return held > closed
        ? (wait: held, words: "\(table): to write to changed rows \(held.duration)") : nil
    }
    let waiting = (tables + rows).filter { $0.wait >= ChecklistAnswers.leastWait }
      .sorted { $0.wait > $1.wait }
    guard !waiting.isEmpty else { return nil }
    let lines = waiting.prefix(10).map { "      \($0.words)" }
    let more = waiting.count > 10 ? ["      … \(waiting.count - 10) more"] : []
    return (["  Longest wait of somebody who comes at the worst moment"] + lines + more)
      .map(VisibleText.oneLine(keepingIndent:)).joined(separator: "\n")
  }
}

extension RelationMeasurement {
  /// For how long somebody would wait for it at most: `table users: to read 3.4 s, to write 3.4 s`.
  var waitWords: String {
    let read = longestReadWait > 0 ? "to read \(longestReadWait.duration), " : ""
    let lock =
      longestRowLockWait > longestReadWait
      ? "to SELECT … FOR UPDATE \(longestRowLockWait.duration), " : ""
    return "\(relation): \(read)\(lock)to write \(longestWriteWait.duration)"
  }
}

extension Checklist.Verdict {
  fileprivate var tone: Style.Tone {
    switch self {
    case .go: .good
    case .noGo: .error
    case .unknown: .warning
    }
  }
}

extension Checklist.State {
  fileprivate var tone: Style.Tone {
    switch self {
    case .done: .good
    case .open: .warning
    case .unknown: .note
    }
  }
}

extension VisibleText {
  /// One line with the blanks at its beginning.
  fileprivate static func oneLine(keepingIndent line: String) -> String {
    String(line.prefix { $0 == " " }) + oneLine(line)
  }
}
