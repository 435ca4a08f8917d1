import Databases
import History
import Schemas
import Walks

extension JudgedRun {
  /// The revision that an allowance names, by its id or the beginning of it where only one begins
  /// so; nil where it names none, or none that is there.
  func revision(of allowance: Allowance) -> RevisionID? {
    guard let named = allowance.revision else { return nil }
    if graph[named] != nil || changes.contains(where: { $0.change.revision == named }) {
      return named
    }
    let matching = graph.revisions.map(\.id).filter { $0.text.hasPrefix(named.text) }
    return matching.count == 1 ? matching.first : nil
  }

  /// Whether an allowance speaks of this finding, its objects aside.
  func covers(_ allowance: Allowance, _ finding: Finding) -> Bool {
    guard allowance.rule == finding.rule else { return false }
    guard allowance.revision != nil else { return true }
    // Models belong to no revision: beside any, an object of theirs can be named.
    if finding.revision == nil, RuleBook.speaksOfModels(finding.rule) {
      return allowance.object != nil
    }
    return finding.revision != nil && revision(of: allowance) == finding.revision
  }

  /// Whether this run could have shown what an allowance allows: what it speaks of was taken up and
  /// down on every engine, and none was left out.
  func wouldHaveShown(_ allowance: Allowance) -> Bool {
    if RuleBook[allowance.rule] == nil { return true }
    if RuleBook.history.contains(where: { $0.name == allowance.rule }) {
      return record.rehearsal == nil
    }
    if RuleBook.log.contains(where: { $0.name == allowance.rule }) { return false }
    if RuleBook.speaksOfRehearsals(allowance.rule) {
      guard let revision = revision(of: allowance), wasTried(allowance.rule) else { return false }
      return measuredSteps.contains {
        $0.step.revision == revision && $0.step.outcome == .succeeded
      }
    }
    // One copy shows one engine, and only the rows that production happens to have.
    if record.rehearsal != nil { return false }
    guard record.leftOut.isEmpty, !record.engines.isEmpty else { return false }
    if RuleBook.speaksOfRows(allowance.rule), !hasWalkedWithRows { return false }
    if allowance.rule == "engine-divergence", record.engineComparison?.divergences == nil {
      return false
    }
    if RuleBook.speaksOfModels(allowance.rule), !hasComparedModels { return false }
    if allowance.revision == nil {
      return graph.revisions.allSatisfy { wasJudged($0.id) }
    }
    guard let revision = revision(of: allowance) else {
      return graph.revisions.allSatisfy { wasJudged($0.id) }
    }
    return wasJudged(revision)
  }

  /// Whether a rehearsal tried what the rule is about, as far as that has to be asked for.
  private func wasTried(_ rule: RuleName) -> Bool {
    switch rule {
    case "concurrent-upgrade-fails": record.rehearsal?.concurrency?.instances.isEmpty == false
    case "interrupt-not-recoverable":
      record.rehearsal?.interruptions.map { $0.trials.count == $0.places } ?? false
    default: true
    }
  }

  /// Whether the models were compared on every engine.
  private var hasComparedModels: Bool {
    record.engines.allSatisfy { $0.parity?.step(.models)?.record.outcome == .succeeded }
  }

  private var hasWalkedWithRows: Bool {
    record.engines.contains { engine in
      engine.roundTrips.contains { trip in trip.steps.contains { $0.rows != nil } }
    }
  }

  /// Whether every engine took this revision up and at least tried to take it down.
  private func wasJudged(_ revision: RevisionID) -> Bool {
    record.engines.allSatisfy { $0.hasJudged(revision) }
  }
}

extension EngineRecord {
  /// Whether this revision was taken up and at least tried to be taken down.
  func hasJudged(_ revision: RevisionID) -> Bool {
    guard fault == nil, let roundTrip = roundTrips.first(where: { $0.revision == revision }),
      let downgrade = roundTrip.step(.downgrade)
    else { return false }
    let steps = roundTrip.steps.filter { $0.name != .downgrade }
    return downgrade.wasTaken && steps.allSatisfy { $0.outcome == .succeeded || $0.failed }
      || downgrade.failed
  }
}

extension StepRecord {
  fileprivate var failed: Bool { if case .failed = outcome { true } else { false } }
  fileprivate var wasTaken: Bool { outcome == .succeeded || failed }
}

extension Allowance {
  /// Whether it names this object: as sentences write it, with or without its kind.
  func names(_ id: ObjectID) -> Bool {
    guard let object else { return true }
    return [id.qualifiedName, id.description, id.title].contains(object)
      || id.isNamedOnItsOwn && object == id.name.raw
  }
}
