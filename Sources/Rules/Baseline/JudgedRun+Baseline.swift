import Databases
import History
import Schemas
import Walks

extension JudgedRun {
  /// Parts what matched nothing into what is gone and what this run did not come by.
  func use(of rest: Baseline) -> BaselineUse {
    let gone = rest.entries.filter { wouldHaveShown($0.known) }
    return BaselineUse(gone: Baseline(gone), unseen: rest - Baseline(gone))
  }

  /// Whether this run would have shown a finding if it were still there. Where that is not certain,
  /// the answer is no: a finding that is taken out too early fails the next whole run.
  private func wouldHaveShown(_ known: KnownFinding) -> Bool {
    // What git and the lock tell depends on what the run is held against.
    if RuleBook.log.contains(where: { $0.name == known.rule }) { return false }
    if let revision = known.revision, graph[revision] == nil { return true }
    if RuleBook.history.contains(where: { $0.name == known.rule }) { return true }
    let engines = known.engine.map { engine in record.engines.filter { $0.engine == engine } }
    guard let engines = engines ?? (record.leftOut.isEmpty ? record.engines : nil),
      !engines.isEmpty
    else { return false }
    if known.rule == "engine-divergence", record.engineComparison?.divergences == nil {
      return false
    }
    // Which modules are imported is looked into on one engine only.
    if known.rule == "unregistered-model" {
      return engines.contains { $0.parity?.unregistered != nil }
    }
    return engines.allSatisfy { engine in
      hasLooked(for: known.rule, on: engine)
        && (known.revision.map { engine.hasJudged($0) }
          ?? graph.revisions.allSatisfy { engine.hasJudged($0.id) })
    }
  }

  /// Whether what a rule reads was recorded on this engine.
  private func hasLooked(for rule: RuleName, on engine: EngineRecord) -> Bool {
    if RuleBook.speaksOfRows(rule) {
      return engine.roundTrips.contains { trip in trip.steps.contains { $0.rows != nil } }
    }
    guard let steps = Self.stepsBeside[rule] else { return true }
    return steps.contains { name in
      switch engine.parity?.step(name)?.record.outcome {
      case .succeeded, .failed: true
      default: false
      }
    }
  }

  /// The steps beside the walk that show what a rule is about: any of them.
  private static let stepsBeside: [RuleName: [StepName]] = [
    "model-drift": [.models],
    "not-idempotent": [.again, .stamp], "create-all-conflict": [.start, .earlyStart, .lateUpgrade],
    "offline-sql-fails": [.printedUpgrade, .printedDowngrade],
    "offline-sql-differs": [.printedUpgrade, .printedDowngrade],
  ]
}
