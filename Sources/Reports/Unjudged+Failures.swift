import Databases
import History
import Rules
import Walks

extension Fault.Code {
  /// A failure that is known, allowed or of too little weight, and keeps other things from being seen.
  static let knownFailure = Fault.Code(rawValue: "known-failure")
}

extension RunRecord {
  /// Whether the history could be read, and fits together in no order.
  var hasBrokenGraph: Bool { fault == nil && !RevisionGraph(revisions).canBeWalked }
}

extension Unjudged {
  /// What could not be seen since an upgrade fails which fails nothing: for each such upgrade, one.
  ///
  /// Where it does fail the run, that says enough: who mends it sees the rest.
  static func behindFailures(
    in record: RunRecord, _ judgement: Judgement, failOn: Severity
  ) -> [Unjudged] {
    record.engines.filter { $0.fault == nil }.flatMap { engine in
      engine.standstills.compactMap { standstill -> Unjudged? in
        func tells(_ finding: Finding) -> Bool { standstill.isTold(by: finding, on: engine.engine) }
        if judgement.findings.contains(where: { $0.severity >= failOn && tells($0) }) { return nil }
        let declared = judgement.declared.first { tells($0.finding) }
        let isTold = declared != nil || judgement.findings.contains(where: tells)
        return Unjudged(
          engine: engine.engine, revision: standstill.revision, step: nil,
          fault: Fault(
            .knownFailure,
            message: message(
              standstill, isTold ? why(declared?.origin) : "", of: engine, in: record),
            fix: fix(declared?.origin, in: record)))
      }
    }
  }

  /// That nothing was run, since the history's graph is broken and that fails nothing.
  static func behindBrokenGraph(
    in record: RunRecord, _ judgement: Judgement, failOn: Severity
  ) -> [Unjudged] {
    guard record.hasBrokenGraph, !judgement.findings.contains(where: { $0.severity >= failOn })
    else { return [] }
    let all = judgement.declared.map(\.finding) + judgement.findings
    let cause = all.first { graphRules.contains($0.rule) }
    let why = cause.map { "\($0.message), which does not fail the run" } ?? "its graph is broken"
    return [
      Unjudged(
        engine: nil, revision: nil, step: nil,
        fault: Fault(
          .knownFailure, message: "\(why); for that, no revision was run",
          fix: "mend it rather than allow it: `stairway history` draws what there is"))
    ]
  }

  /// The rules that speak of a graph in which nothing can be run.
  private static let graphRules: Set<RuleName> = [
    "missing-parent", "duplicate-revision", "history-cycle",
  ]

  private static func message(
    _ standstill: Standstill, _ why: String, of engine: EngineRecord, in record: RunRecord
  ) -> String {
    let upgrade = standstill.revision == nil ? "the way up" : "its upgrade"
    let missing = missing(beyond: standstill, of: engine, in: record)
    return "\(upgrade) \(standstill.isFailure ? "fails" : "is not recorded")\(why); for that, "
      + "\(Words.list(missing.map(\.name))) "
      + "\(missing.count == 1 && missing[0].isOne ? "was" : "were") not verified"
  }

  /// Why the run does not fail for it, as a part of a sentence.
  private static func why(_ origin: DeclaredFinding.Origin?) -> String {
    switch origin {
    case .baseline: ", which is in the baseline"
    case .allowance: ", which is allowed"
    case nil: ", which does not fail the run"
    }
  }

  /// What was not seen, as a sentence names it.
  private static func missing(
    beyond standstill: Standstill, of engine: EngineRecord, in record: RunRecord
  ) -> [(name: String, isOne: Bool)] {
    let needing = engine.roundTrips.count { trip in
      guard case .blocked(let by)? = trip.steps.first?.outcome else { return false }
      return by == standstill.revision || standstill.revision == nil
    }
    let behind = (name: "the revisions behind it", isOne: false)
    var parts = standstill.step == .upgrade ? [(name: "its way back", isOne: true)] : []
    if record.rehearsal != nil { parts.append(behind) }
    if needing > 0 {
      let words = "\(Words.count(needing, "revision")) that \(needing == 1 ? "needs" : "need") it"
      parts.append((words, isOne: needing == 1))
    }
    if engine.parity?.reason == .headsNotReached {
      parts.append(("models, application and printed SQL at the heads", isOne: false))
    }
    return parts.isEmpty ? [behind] : parts
  }

  private static func fix(_ origin: DeclaredFinding.Origin?, in record: RunRecord) -> String {
    let mend =
      origin == .baseline
      ? "mend the upgrade: `stairway verify --baseline none` shows why it fails"
      : "mend the upgrade"
    guard record.rehearsal == nil else { return mend }
    return mend
      + "; where it cannot be run here, name it in `skip` (stairway.yml) with the reason, or in "
      + "`engines` those on which it succeeds"
  }
}

extension Standstill {
  /// The rules that speak of an upgrade that came to no end.
  private static let rules: Set<RuleName> = [
    "upgrade-fails", "upgrade-fails-on-data", "version-not-recorded",
  ]

  fileprivate func isTold(by finding: Finding, on engine: Engine) -> Bool {
    Self.rules.contains(finding.rule) && finding.engine == engine && finding.step == step
      && (finding.revision == revision || step != .upgrade)
  }
}

extension ParityRecord.Reason {
  /// As the end of a sentence.
  func words(for engine: EngineRecord) -> String {
    switch self {
    case .partOfHistory: return "only a part of the history was verified"
    case .headsNotReached:
      let culprits = engine.standstills.compactMap(\.revision?.text)
      return "not every revision can be taken up and recorded"
        + (culprits.isEmpty ? "" : ": \(Words.list(culprits, atMost: 4))")
    }
  }
}
