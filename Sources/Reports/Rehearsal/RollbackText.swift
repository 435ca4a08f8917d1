import History
import Rows
import Rules
import Schemas
import Walks

/// Whether and how a deploy can be taken back, as lines.
struct RollbackText {
  let record: RunRecord
  let rehearsal: RehearsalRecord
  /// What is declared to be meant.
  let declared: [DeclaredFinding]

  /// The first one is a heading; empty where the way back was not tried.
  var lines: [String] {
    guard let rollback = rehearsal.rollback else { return [] }
    let production = rehearsal.versionsBefore.map(\.text)
    let place = production.isEmpty ? "an empty database" : Words.list(production)
    let time = "\(rollback.duration.duration) \(rollback.transactions.transactions)"
    guard rollback.isComplete else {
      return ["Back to \(place): \(Self.refusal(rollback))"] + reason(rollback)
    }
    let end = self.end
    var lines = ["Back to \(place): \(end ?? time)"]
    if rollback.steps.count > 1 || end != nil {
      let taken = rollback.steps.filter { $0.outcome == .succeeded }
      lines += taken.map { "\(record.title(of: $0.revision)) \($0.duration.duration)" }
    }
    let losses = self.losses
    return lines + (losses.isEmpty && end == nil ? ["every row and value is as it was"] : losses)
      + again
  }

  /// Where the settings end the way back, and why; nil where they do not.
  var end: String? {
    rehearsal.rollback?.end.map { end in
      "it ends before \(record.title(of: end.revision)): \(end.reason)"
    }
  }

  /// That a way back which was not gone to its end is none, as far as that is known.
  static func refusal(_ rollback: RehearsedWay) -> String {
    rollback.culprit?.outcome.isUnjudged == true
      ? "whether this deploy can be taken back could not be found out"
      : "this deploy cannot be taken back"
  }

  /// What the way back does not give back; empty where that is everything, or it was not tried.
  var losses: [String] {
    guard let rollback = rehearsal.rollback else { return [] }
    return (rollback.rows.map { text($0).linesOfRollback } ?? [])
      + schema(rollback, "this rollback does not give back the schema")
  }

  private func text(_ comparison: RowComparison) -> RowsText {
    RowsText(comparison: comparison, declared: declared)
  }

  /// Why it ended early, and where that leaves the copy.
  func reason(_ rollback: RehearsedWay) -> [String] {
    guard let culprit = rollback.culprit else { return [] }
    let isWhole = rollback.steps.commonFault != nil
    let title = isWhole ? "it" : record.title(of: culprit.revision)
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

  /// The second way up; empty where there was none.
  var again: [String] {
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
