import Rows
import Rules
import Walks

/// Whether there is a way back, and what it loses.
extension ChecklistAnswers {
  var rollback: Answer {
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

  var backup: Answer {
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
}
