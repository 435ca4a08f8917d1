import Rules
import Walks

/// What came of several upgrades at once, and of upgrades that were killed.
extension ChecklistAnswers {
  var instances: Answer? {
    guard let record = rehearsal.concurrency else { return nil }
    return tried(
      "\(Words.count(record.instances.count, "upgrade")) began at the same moment", record.faults,
      findings("concurrent-upgrade-fails"))
  }

  var interruption: Answer? {
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
}
