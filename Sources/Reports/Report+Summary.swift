import History
import Rules
import Walks

extension Report {
  /// What a run amounts to; the raw value stands in report.json.
  package enum Verdict: String, Sendable, Codable {
    case verified
    /// At least one finding at or above `failOn`.
    case findings
    /// No such finding, but something could not be judged, or was not reached since what it needs fails; or,
    /// whatever was found, nothing could be run since the history's graph is broken.
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
    /// Steps and engines that could not be judged, and revisions that fail without failing the run; the run
    /// itself where it could not begin.
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
      unjudged = Unjudged.all(in: record, judgement, failOn: failOn).count
      blocked = trips.count { trip in
        if case .blocked? = trip.steps.first?.outcome { true } else { false }
      }
      unfilled = record.engines.reduce(0) { $0 + $1.unfilledTables.count }
      verdict =
        if record.hasBrokenGraph {
          .unknown
        } else if findings.contains(where: { $0.severity >= failOn }) {
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
  /// The tables on which the walk was made without rows.
  var unfilledTables: [EmptyTable] { roundTrips.flatMap { $0.filling?.unfilled ?? [] } }
}
