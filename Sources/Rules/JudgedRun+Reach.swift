import Databases
import History
import Walks

extension JudgedRun {
  /// Whether this run would have shown what a rule is about if it were there: what is written down as
  /// known or allowed is out of date only then. Where that is not certain, the answer is no.
  ///
  /// - Parameters:
  ///   - revision: what a finding would be about; nil: any, or none.
  ///   - engines: on which it would have been found.
  func wouldHaveShown(
    _ rule: RuleName, of revision: RevisionID?, on engines: [EngineRecord]
  ) -> Bool {
    // What git and the lock tell depends on what the run is held against.
    if RuleBook.log.contains(where: { $0.name == rule }) { return false }
    if RuleBook.history.contains(where: { $0.name == rule }) { return record.rehearsal == nil }
    // One copy shows one engine, and only the rows that production happens to have.
    guard record.rehearsal == nil, !engines.isEmpty else { return false }
    if rule == "engine-divergence", record.engineComparison?.divergences == nil { return false }
    // Which modules are imported is looked into on one engine only.
    if rule == "unregistered-model" {
      return engines.contains { $0.parity?.unregistered != nil }
    }
    let isAtHeads = revision == nil && Self.rulesOfHeads.contains(rule)
    return engines.allSatisfy { engine in
      hasLooked(for: rule, on: engine)
        && (revision.map { engine.hasJudged($0) } ?? isAtHeads
          || graph.revisions.allSatisfy { engine.hasJudged($0.id) })
    }
  }

  /// Whether this run has what a rule reads on this engine, the round trips aside.
  private func hasLooked(for rule: RuleName, on engine: EngineRecord) -> Bool {
    if engine.fault != nil { return false }
    if RuleBook.speaksOfRows(rule) {
      return engine.roundTrips.contains { trip in trip.steps.contains { $0.rows != nil } }
    }
    let parity = engine.parity
    func ran(_ names: StepName...) -> Bool {
      names.contains { parity?.step($0).map { $0.record.wasTaken } ?? false }
    }
    // With an approach only the revisions above it are taken down and up again.
    let isWhole = engine.approach == nil
    return switch rule {
    case "model-drift": parity?.step(.models)?.record.outcome == .succeeded
    case "not-idempotent": ran(.again, .stamp)
    case "create-all-conflict": ran(.start, .earlyStart, .lateUpgrade)
    case "offline-sql-fails", "offline-sql-differs": ran(.printedUpgrade, .printedDowngrade)
    case "descent-leaves-trace": isWhole && engine.descentTrace != nil
    case "ascent-differs": isWhole && engine.ascentDifference != nil
    default: true
    }
  }

  /// The rules whose findings without a revision do not wait for every round trip: what they are about is
  /// seen at the heads, or from there.
  private static let rulesOfHeads: Set<RuleName> = [
    "model-drift", "not-idempotent", "create-all-conflict", "offline-sql-fails",
    "offline-sql-differs", "engine-divergence", "descent-leaves-trace", "ascent-differs",
  ]
}

extension EngineRecord {
  /// Whether this revision was taken up and at least tried to be taken down.
  fileprivate func hasJudged(_ revision: RevisionID) -> Bool {
    guard fault == nil, let roundTrip = roundTrips.first(where: { $0.revision == revision }),
      let downgrade = roundTrip.step(.downgrade)
    else { return false }
    let others = roundTrip.steps.filter { $0.name != .downgrade }
    return downgrade.failed || downgrade.wasTaken && others.allSatisfy(\.wasTaken)
  }
}

extension StepRecord {
  fileprivate var failed: Bool { if case .failed = outcome { true } else { false } }
  fileprivate var wasTaken: Bool { outcome == .succeeded || failed }
}
