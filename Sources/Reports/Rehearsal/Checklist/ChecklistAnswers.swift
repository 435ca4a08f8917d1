import Copies
import Databases
import History
import Rows
import Rules
import Schemas
import Walks

extension Checklist {
  /// Answers every question by what was seen and what the rules say of it; nil of a run that was no
  /// rehearsal.
  init?(of record: RunRecord, _ judgement: Judgement, _ verdict: Report.Verdict) {
    guard let rehearsal = record.rehearsal else { return nil }
    let answers = ChecklistAnswers(record: record, rehearsal: rehearsal, judgement: judgement)
    self.init(
      verdict: Verdict(verdict),
      items: Topic.allCases.compactMap { topic in
        answers.answer(to: topic).map { answer in
          Item(
            topic: topic, title: topic.title, state: answer.state, answer: answer.text,
            details: answer.details)
        }
      })
  }
}

extension Checklist.Verdict {
  init(_ verdict: Report.Verdict) {
    self =
      switch verdict {
      case .verified, .nothing: .go
      case .findings: .noGo
      case .unknown: .unknown
      }
  }
}

/// Finds for each question of a checklist what a rehearsal answers.
struct ChecklistAnswers {
  /// How a question stands, and why.
  struct Answer {
    let state: Checklist.State
    let text: String
    var details: [String] = []
  }

  let record: RunRecord
  let rehearsal: RehearsalRecord
  let judgement: Judgement

  /// nil where it was not asked for.
  func answer(to topic: Checklist.Topic) -> Answer? {
    switch topic {
    case .copy: copy
    case .duration: duration
    case .blocking: blocking
    case .rewriting: rewriting
    case .rows: rows
    case .rollback: rollback
    case .backup: backup
    case .instances: instances
    case .interruption: interruption
    case .order: DeployOrder(rehearsal: rehearsal).answer
    }
  }

  // MARK: The copy

  private var copy: Answer {
    guard let copy = rehearsal.copy else {
      return Answer(state: .unknown, text: "nothing is known of how it was made")
    }
    let rows = (copy.rowsAreEstimated ? "about " : "") + Words.count(copy.rows, "row")
    let text =
      "\(copy.source): \(Words.count(copy.tables, "table")), \(rows), \(copy.bytes.bytes), "
      + CopyAge(of: copy, at: record.startedAt).words
    let isWhole = !lacksRows && copy.tables > 0
    return Answer(state: isWhole ? .done : .unknown, text: text, details: Self.lacks(of: copy))
  }

  /// Whether production has rows that the copy was made without, of which nothing can be said.
  private var lacksRows: Bool {
    guard let copy = rehearsal.copy else { return false }
    return !copy.sampled.isEmpty || !copy.schemaOnlyTables.isEmpty || !copy.excludedTables.isEmpty
  }

  /// The answer where nothing that is in the copy was lost.
  private func nothingLost(_ text: String) -> Answer {
    lacksRows
      ? Answer(state: .unknown, text: text + ", as far as the copy has them")
      : Answer(state: .done, text: text)
  }

  /// What the copy has not as production has it.
  private static func lacks(of copy: CopyRecord) -> [String] {
    func names(_ tables: [TableName]) -> String {
      Words.list(
        tables.map { ObjectID(.table, schema: $0.schema, [$0.name]).qualifiedName }, atMost: 6)
    }
    var lines: [String] = []
    if let percent = copy.samplePercent {
      let tables = copy.sampled.map { "\($0.kept) of \($0.of) rows of \(names([$0.table]))" }
      lines.append(
        "sampled with \(percent) %: "
          + (tables.isEmpty ? "every row was kept" : Words.list(tables, atMost: 6)))
    }
    if !copy.schemaOnlyTables.isEmpty {
      lines.append("left empty: \(names(copy.schemaOnlyTables))")
    }
    if !copy.excludedTables.isEmpty { lines.append("left out: \(names(copy.excludedTables))") }
    if !copy.anonymized.isEmpty {
      lines.append("anonymized: \(Words.list(copy.anonymized, atMost: 6))")
    }
    return lines + copy.leftOut.prefix(6).map { "not in the copy: \($0)" }
  }

  // MARK: The way up

  private var duration: Answer {
    let time = "\(rehearsal.duration.duration) \(rehearsal.transactions.transactions)"
    if let fault = rehearsal.steps.commonFault {
      return Answer(state: .unknown, text: "it could not be found out: \(fault.message)")
    }
    if let culprit = rehearsal.steps.first(where: { $0.outcome != .succeeded }) {
      let title = record.title(of: culprit.revision)
      return Answer(
        state: culprit.outcome.isUnjudged ? .unknown : .open,
        text: "after \(rehearsal.duration.duration) it came no further than \(title)")
    }
    let slow = findings("slow-step").compactMap { finding in
      finding.revision.map { "\(record.title(of: $0)): \(finding.message)" }
    }
    return Answer(state: slow.isEmpty ? .done : .open, text: time, details: slow)
  }

  private var blocking: Answer {
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

  private var rewriting: Answer {
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

  private var rows: Answer {
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

  // MARK: The way back

  private var rollback: Answer {
    guard let rollback = rehearsal.rollback else {
      return Answer(state: .unknown, text: "not tried, because the upgrade did not succeed")
    }
    let text = RollbackText(record: record, rehearsal: rehearsal, declared: judgement.declared)
    guard rollback.isComplete else {
      return Answer(
        state: isUnjudged ? .unknown : .open, text: RollbackText.refusal(rollback),
        details: text.reason(rollback))
    }
    let time = "\(rollback.duration.duration) \(rollback.transactions.transactions)"
    if let end = text.end {
      return Answer(state: .open, text: end, details: rollback.duration > 0 ? [time] : [])
    }
    let losses = text.losses
    let again = rehearsal.secondUpgrade
    let fails = again.map { !$0.isComplete } ?? false
    guard fails || !losses.isEmpty else {
      return nothingLost("\(time), every row and value is as it was")
    }
    return Answer(
      state: isUnknown(rollback) ? .unknown : .open,
      text: losses.isEmpty ? "\(time), every row and value is as it was" : time,
      details: Self.capped(losses) + (fails ? text.again : []))
  }

  private var backup: Answer {
    guard let rollback = rehearsal.rollback else {
      return Answer(state: .unknown, text: "the way back was not tried")
    }
    guard rollback.isComplete else {
      return Answer(
        state: isUnjudged ? .unknown : .open,
        text: (isUnjudged ? "" : "needed, because ") + RollbackText.refusal(rollback))
    }
    if rollback.end != nil {
      return Answer(state: .open, text: "needed, because the settings end the way back early")
    }
    let lost = rollback.rows?.difference.losses.tables ?? []
    if lost.contains(where: \.losesSomething) {
      return Answer(
        state: .open, text: "needed, because what the rollback loses is nowhere else")
    }
    if isUnknown(rollback) {
      return Answer(
        state: .unknown, text: "not all tables could be compared after the way back")
    }
    return nothingLost("not needed to go back: the rollback gives back every row and value")
  }

  /// Whether something else than a revision ended the way back.
  private var isUnjudged: Bool { rehearsal.rollback?.culprit?.outcome.isUnjudged ?? false }

  /// Whether there are tables of whose rows nothing can be said, and none that lost any.
  private func isUnknown(_ way: RehearsedWay) -> Bool {
    guard let rows = way.rows else { return true }
    let losses = rows.difference.losses.tables
    return losses.contains { $0.notCompared != nil } && !losses.contains(where: \.losesSomething)
  }

  // MARK: What the rules say

  /// Whether all that is pending was run, so that what was not seen was not there.
  private var hasRun: Bool { rehearsal.steps.allSatisfy { $0.outcome == .succeeded } }

  /// Those that are not declared.
  // MARK: What else was tried

  private var instances: Answer? {
    guard let record = rehearsal.concurrency else { return nil }
    return tried(
      "\(Words.count(record.instances.count, "upgrade")) began at the same moment", record.faults,
      findings("concurrent-upgrade-fails"))
  }

  private var interruption: Answer? {
    guard let record = rehearsal.interruptions else { return nil }
    let share = record.trials.count == record.places ? "" : " of \(record.places)"
    return tried(
      "at \(record.trials.count)\(share) place\(record.places == 1 ? "" : "s") of the upgrade",
      record.faults, findings("interrupt-not-recoverable"))
  }

  private func tried(_ text: String, _ faults: [Fault], _ findings: [Finding]) -> Answer {
    let details =
      findings.map(\.message) + faults.map { "it could not be found out: \($0.message)" }
    return Answer(
      state: findings.isEmpty ? (faults.isEmpty ? .done : .unknown) : .open, text: text,
      details: Self.capped(details))
  }

  private func findings(_ rules: RuleName...) -> [Finding] {
    judgement.findings.filter { rules.contains($0.rule) }
  }

  private static func capped(_ lines: [String]) -> [String] {
    let limit = 6
    guard lines.count > limit + 1 else { return lines }
    return lines.prefix(limit) + ["… \(lines.count - limit) more"]
  }

  /// Seconds below which nobody notices a wait.
  private static let leastWait = 0.0005
}

extension RowsDifference.Table {
  /// Whether rows or values of before are not there any more.
  fileprivate var losesSomething: Bool {
    after == nil || rowsLost > 0
      || columns.contains { !$0.isAdded && ($0.isDropped ? $0.valuesBefore : $0.lost) > 0 }
  }
}
