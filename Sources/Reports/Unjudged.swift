package import Databases
package import History
import Rules
package import Walks

/// Something of which it could not be found out whether it is right.
package struct Unjudged: Sendable, Hashable {
  /// nil where the run could not begin.
  package let engine: Engine?
  /// nil where the whole engine could not be judged.
  package let revision: RevisionID?
  package let step: StepName?
  package let fault: Fault
  /// The revisions of which not everything was verified for it, where it ended a whole walk.
  var unverified: [RevisionID] = []

  /// `SQLite 3f2a upgrade`, as sentences begin with it.
  var subject: String {
    [engine?.title ?? "the project", revision?.text, step?.rawValue].compactMap(\.self)
      .joined(separator: " ")
  }

  var sentence: String { "\(subject) could not be judged: \(message)" }

  /// The cause, and what it kept from being verified.
  var message: String {
    guard !unverified.isEmpty else { return fault.message }
    let names = Words.list(unverified.map(\.text), atMost: 5)
    return "\(fault.message); for that, not all was verified of \(names)"
  }

  /// All of a run's, engine by engine, in the order of the walk; last what lies behind failures that fail
  /// nothing.
  static func all(
    in record: RunRecord, _ judgement: Judgement, failOn: Severity
  ) -> [Unjudged] {
    let run = record.fault.flatMap { fault in
      fault.code.meansNothingToDo
        ? nil : Unjudged(engine: nil, revision: nil, step: nil, fault: fault)
    }
    return [run].compactMap(\.self) + steps(in: record) + trials(in: record)
      + behindFailures(in: record, judgement, failOn: failOn)
      + behindBrokenGraph(in: record, judgement, failOn: failOn)
  }

  /// Those of what was tried beside one undisturbed upgrade.
  private static func trials(in record: RunRecord) -> [Unjudged] {
    guard let rehearsal = record.rehearsal else { return [] }
    let faults = (rehearsal.concurrency?.faults ?? []) + (rehearsal.interruptions?.faults ?? [])
    return faults.map {
      Unjudged(engine: rehearsal.engine, revision: nil, step: nil, fault: $0)
    }
  }

  /// Those of its engines.
  private static func steps(in record: RunRecord) -> [Unjudged] {
    record.engines.flatMap { engine -> [Unjudged] in
      func found(_ revision: RevisionID?, _ step: StepRecord?) -> [Unjudged] {
        // What ended the whole walk is told once, not again for each step after it.
        guard let step, case .unjudged(let fault) = step.outcome, fault != engine.fault else {
          return []
        }
        return [.init(engine: engine.engine, revision: revision, step: step.name, fault: fault)]
      }
      var all =
        engine.fault.map {
          [
            Unjudged(
              engine: engine.engine, revision: nil, step: nil, fault: $0,
              unverified: engine.revisions(endedBy: $0))
          ]
        } ?? []
      all += found(nil, engine.approach)
      for trip in engine.roundTrips {
        for step in trip.steps { all += found(trip.revision, step) }
      }
      all += found(nil, engine.descent) + found(nil, engine.ascent)
      for step in engine.parity?.steps ?? [] { all += found(nil, step.record) }
      return all
    }
  }
}

extension EngineRecord {
  /// The revisions that this kept from being verified as a whole.
  fileprivate func revisions(endedBy fault: Fault) -> [RevisionID] {
    roundTrips.filter { $0.steps.contains { $0.outcome == .unjudged(fault) } }.map(\.revision)
  }
}

extension Report {
  /// What could not be judged.
  var unjudged: [Unjudged] { Unjudged.all(in: record, judgement, failOn: failOn) }
}
