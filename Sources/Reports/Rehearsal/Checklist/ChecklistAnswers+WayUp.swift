import History
import Rows
import Rules
import Schemas
import Walks

/// What the upgrade took, kept others from, wrote anew and lost.
extension ChecklistAnswers {
  var duration: Answer {
    let time = "\(rehearsal.duration.duration) \(rehearsal.transactions.transactions)"
    if let fault = rehearsal.steps.commonFault {
      return Answer(state: .unknown, text: "it could not be found out: \(fault.message)")
    }
    if let culprit = rehearsal.steps.first(where: { $0.outcome != .succeeded }) {
      let title = record.title(of: culprit.revision)
      let isUnjudged = culprit.outcome.isUnjudged
      return Answer(
        state: isUnjudged ? .unknown : .open,
        text:
          "after \(rehearsal.duration.duration) it \(isUnjudged ? "ended" : "failed") in \(title)")
    }
    let slow = findings("slow-step").compactMap { finding in
      finding.revision.map { "\(record.title(of: $0)): \(finding.message)" }
    }
    return Answer(state: slow.isEmpty ? .done : .open, text: time, details: slow)
  }

  var blocking: Answer {
    let told = findings("long-lock", "blocking-index-build")
    let state: Checklist.State = told.isEmpty ? hasRun ? .done : .unknown : .open
    let waits = rehearsal.relations.filter { $0.longestWriteWait >= Self.leastWait }
      .sorted { $0.longestWriteWait > $1.longestWriteWait }
    let file = rehearsal.steps.flatMap(\.locks).filter { $0.relation == nil }
    let changed = rehearsal.steps.flatMap(\.statements).flatMap(\.rows)
      .filter { $0.updated + $0.deleted > 0 }
    let reads =
      (waits.map(\.longestReadWait)
      + file.filter { $0.blocks == .readsAndWrites }.map(\.held)).max() ?? 0
    // Who locks a row that was changed waits for it as who writes to it does.
    let rowLocks = (waits.map(\.longestRowLockWait) + changed.map(\.held)).max() ?? 0
    let writes =
      (waits.map(\.longestWriteWait) + changed.map(\.held)
      + file.filter { $0.blocks > .nothing }.map(\.held)).max() ?? 0
    guard writes >= Self.leastWait else {
      return Answer(state: state, text: "nobody waits", details: told.map(\.message))
    }
    let longest =
      reads >= Self.leastWait
      ? "reads wait for \(reads.duration) at most, writes for \(writes.duration)"
      : "reads do not wait, writes wait for \(writes.duration) at most"
    let locking =
      rowLocks >= Self.leastWait && rowLocks > reads
      ? ", SELECT … FOR UPDATE for \(rowLocks.duration)" : ""
    let others = told.filter { finding in
      finding.rule == "blocking-index-build"
        || !waits.contains { finding.objects.contains($0.relation) }
    }
    return Answer(
      state: state, text: "\(longest)\(locking) (limit \(rehearsal.bounds.longestLock.duration))",
      details: waits.prefix(3).map(\.waitWords) + others.map(\.message))
  }

  var rewriting: Answer {
    let tables = rehearsal.relations.filter { $0.isRewritten && $0.relation.kind != .index }
    let told = findings("table-rewrite")
    let text =
      tables.isEmpty
      ? "no table is written anew"
      : Words.list(
        tables.map { table in
          guard let size = table.size, let after = size.after else { return "\(table.relation)" }
          return "\(table.relation) (\(size.before.bytes) → \(after.bytes))"
        }, atMost: 6)
    return Answer(state: told.isEmpty ? hasRun ? .done : .unknown : .open, text: text)
  }

  var rows: Answer {
    guard let rows = rehearsal.rows else {
      return Answer(
        state: .unknown, text: "not compared, because nothing of what ran was kept")
    }
    let text = RowsText(comparison: rows, declared: judgement.declared)
    let extent = "\(Words.count(rows.rowsBefore, "row")) in \(Words.count(rows.tables, "table"))"
    let losses = rows.difference.losses
    let isUnknown = losses.tables.contains { $0.notCompared != nil }
    guard isUnknown || losses.tables.contains(where: \.losesSomething) else {
      return nothingLost("\(extent), every row and value is still there")
    }
    let told = findings("rows-lost", "data-dropped", "values-changed").filter {
      $0.step == .upgrade
    }
    return Answer(
      state: !told.isEmpty ? .open : isUnknown || lacksRows ? .unknown : .done,
      text: "\(extent), not every row and value is still there",
      details: Self.capped(text.linesOfLosses))
  }

  /// Seconds below which nobody notices a wait.
  static let leastWait = 0.0005
}
