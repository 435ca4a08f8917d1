import History
import Rows
import Rules
import Schemas
import Walks

/// Whether and how a deploy can be taken back, as lines.
struct RollbackText {
  let report: Report
  let rehearsal: RehearsalRecord

  /// The first one is a heading; empty where the way back was not tried.
  var lines: [String] {
    guard let rollback = rehearsal.rollback else { return [] }
    let production = rehearsal.versionsBefore.map(\.text)
    let place = production.isEmpty ? "an empty database" : Words.list(production)
    let time = "\(rollback.duration.duration) \(rollback.transactions.transactions)"
    guard rollback.isComplete else {
      return ["Back to \(place): this deploy cannot be taken back"] + reason(rollback)
    }
    let losses = rollback.rows.map { text($0).linesOfRollback } ?? []
    var lines = ["Back to \(place): \(time)"]
    if rollback.steps.count > 1 {
      lines += rollback.steps.map { "\(report.title(of: $0.revision)) \($0.duration.duration)" }
    }
    lines += losses.isEmpty ? ["every row and value is as it was"] : losses
    lines += schema(rollback, "this rollback does not give back the schema")
    return lines + again
  }

  private func text(_ comparison: RowComparison) -> RowsText {
    RowsText(comparison: comparison, declared: report.judgement.declared)
  }

  private func reason(_ rollback: RehearsedWay) -> [String] {
    guard let culprit = rollback.culprit else { return [] }
    let title = report.title(of: culprit.revision)
    let stands = rollback.versionsAfter.map(\.text)
    let why: String =
      switch culprit.outcome {
      case .failed(let failure) where failure.meansNoWayBack: "\(title) has no downgrade"
      case .failed(let failure):
        "\(title) failed: \(CappedText.oneLine(failure.message, limit: 400))"
      case .unjudged(let fault): "\(title) could not be judged: \(fault.message)"
      case .succeeded, .blocked, .skipped: title
      }
    return [
      why,
      "after \(rollback.duration.duration) the copy stood at "
        + (stands.isEmpty ? "no revision" : Words.list(stands)),
    ]
  }

  private func schema(_ way: RehearsedWay, _ words: String) -> [String] {
    guard let schema = way.schema, schema.isStructural else { return [] }
    let objects = schema.principalChanges.filter { $0.weight == .structural }
    return ["\(words): \(Words.list(objects.map(\.id.description), atMost: 6))"]
  }

  /// The second way up.
  private var again: [String] {
    guard let second = rehearsal.secondUpgrade else { return [] }
    guard second.isComplete else {
      return ["up again: it fails after that"] + reason(second)
    }
    let isSame = second.rows?.difference.losses.isEmpty ?? true
    let differs = schema(second, "it gives another schema than the first time")
    let time = "up again: \(second.duration.duration) \(second.transactions.transactions)"
    return [isSame && differs.isEmpty ? "\(time), with the same result" : time] + differs
  }
}

extension Int {
  /// In how many transactions something was committed, as a phrase.
  var transactions: String {
    switch self {
    case 0: "without a transaction that was committed"
    case 1: "in one transaction"
    default: "in \(self) transactions"
    }
  }
}

extension StepFailure {
  /// Whether there is nothing that could be run.
  fileprivate var meansNoWayBack: Bool { kind == .notImplemented || kind == .noSuchDirection }
}
