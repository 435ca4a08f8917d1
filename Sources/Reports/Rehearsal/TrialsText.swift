import Rules
import Walks

/// What was tried on the copy beside one undisturbed upgrade, as lines.
struct TrialsText {
  let report: Report
  let rehearsal: RehearsalRecord

  /// Each begins with a heading; empty where nothing was tried.
  var blocks: [[String]] { [instances, interruptions].filter { !$0.isEmpty } }

  private var instances: [String] {
    guard let record = rehearsal.concurrency else { return [] }
    if let fault = record.fault {
      return ["Several instances: could not be tried", fault.message]
    }
    return ["\(Words.count(record.instances.count, "instance")) at the same moment"] + record.lines
  }

  private var interruptions: [String] {
    guard let record = rehearsal.interruptions else { return [] }
    let tried = record.trials.count
    let share = tried == record.places ? "" : " of \(record.places)"
    var lines = ["Killed at \(tried)\(share) place\(record.places == 1 ? "" : "s") of the upgrade"]
    if record.missed > 0 {
      lines.append(
        "\(Words.count(record.missed, "other")) not reached again: the upgrade does not send the same "
          + "statements each time")
    }
    if tried + record.missed < record.places, record.fault == nil {
      lines.append("the others were not tried: more with `--max-interruptions`")
    }
    let untouched = record.trials.count { $0.again == nil }
    let bad = record.trials.count { $0.isBad(besides: rehearsal.versionsAfter) }
    let completed = tried - untouched - bad - record.faults.count { $0 != record.fault }
    func times(_ count: Int, _ what: String) -> [String] {
      count > 0 ? ["\(Words.count(count, "time")) \(what)"] : []
    }
    lines += times(untouched, "nothing was left")
    lines += times(completed, "the next upgrade completed what was left")
    lines += times(bad, "neither: see the findings")
    return lines + record.faults.prefix(1).map { "could not be tried further: \($0.message)" }
  }
}
