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
  var lacksRows: Bool {
    guard let copy = rehearsal.copy else { return false }
    return !copy.sampled.isEmpty || !copy.schemaOnlyTables.isEmpty || !copy.excludedTables.isEmpty
  }

  /// The answer where nothing that is in the copy was lost.
  func nothingLost(_ text: String) -> Answer {
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

  // MARK: What the rules say

  /// Whether all that is pending was run, so that what was not seen was not there.
  var hasRun: Bool { rehearsal.steps.allSatisfy { $0.outcome == .succeeded } }

  /// Those that are not declared.
  func findings(_ rules: RuleName...) -> [Finding] {
    judgement.findings.filter { rules.contains($0.rule) }
  }

  /// The first of the lines, and how many more there are.
  static func capped(_ lines: [String]) -> [String] {
    let limit = 6
    guard lines.count > limit + 1 else { return lines }
    return lines.prefix(limit) + ["… \(lines.count - limit) more"]
  }
}

extension RowsDifference.Table {
  /// Whether rows or values of before are not there any more.
  var losesSomething: Bool {
    after == nil || rowsLost > 0
      || columns.contains { !$0.isAdded && ($0.isDropped ? $0.valuesBefore : $0.lost) > 0 }
  }
}
