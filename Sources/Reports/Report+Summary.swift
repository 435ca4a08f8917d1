package import Databases
package import History
import Rules
package import Walks

extension Report {
  /// What a run amounts to; the raw value stands in report.json.
  package enum Verdict: String, Sendable, Codable {
    case verified
    /// At least one finding at or above `failOn`.
    case findings
    /// No such finding, but something could not be judged, or was not reached: what it needs fails, and that
    /// is declared or known.
    case unknown
    /// There are no revisions.
    case nothing
  }

  /// A run in numbers.
  package struct Summary: Sendable, Hashable, Codable {
    package let verdict: Verdict
    /// Revisions that were taken on any engine; where none was, those that the project has.
    package let revisions: Int
    package let errors: Int
    package let warnings: Int
    package let notes: Int
    /// Findings that an allowance covers.
    package let declared: Int
    /// Findings that are in the baseline.
    package let known: Int
    /// Lines of the baseline whose findings are there no more.
    package let gone: Int
    /// Steps and engines that could not be judged; the run itself where it could not begin.
    package let unjudged: Int
    /// Revisions that were not reached, counted per engine.
    package let blocked: Int
    /// Tables for which no rows could be made up, counted per engine.
    package let unfilled: Int

    init(_ record: RunRecord, _ judgement: Judgement, failOn: Severity) {
      let findings = judgement.findings
      let trips = record.engines.flatMap(\.roundTrips)
      let taken = Set(trips.map(\.revision)).count
      let isOfChanges = record.log?.since != nil
      revisions = taken > 0 || isOfChanges ? taken : record.revisions.count
      errors = findings.count { $0.severity == .error }
      warnings = findings.count { $0.severity == .warning }
      notes = findings.count { $0.severity == .note }
      declared = judgement.declared.count { $0.origin == .allowance }
      known = judgement.declared.count { $0.origin == .baseline }
      gone = judgement.baseline?.gone.entries.count ?? 0
      unjudged = Unjudged.all(in: record).count
      blocked = trips.count { trip in
        if case .blocked? = trip.steps.first?.outcome { true } else { false }
      }
      unfilled = record.engines.reduce(0) { $0 + $1.unfilledTables.count }
      verdict =
        if findings.contains(where: { $0.severity >= failOn }) {
          .findings
        } else if unjudged + blocked > 0 {
          .unknown
        } else if record.fault != nil || record.revisions.isEmpty && taken == 0
          || isOfChanges && record.engines.isEmpty
        {
          .nothing
        } else { .verified }
    }
  }
}

extension EngineRecord {
  /// The revisions that this kept from being verified as a whole.
  fileprivate func revisions(endedBy fault: Fault) -> [RevisionID] {
    roundTrips.filter { $0.steps.contains { $0.outcome == .unjudged(fault) } }.map(\.revision)
  }

  /// The tables on which the walk was made without rows.
  var unfilledTables: [EmptyTable] { roundTrips.flatMap { $0.filling?.unfilled ?? [] } }
}

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

  /// All of a record's, engine by engine, in the order of the walk.
  static func all(in record: RunRecord) -> [Unjudged] {
    let run = record.fault.flatMap { fault in
      fault.code.meansNothingToDo
        ? nil : Unjudged(engine: nil, revision: nil, step: nil, fault: fault)
    }
    return [run].compactMap(\.self) + steps(in: record) + trials(in: record)
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
