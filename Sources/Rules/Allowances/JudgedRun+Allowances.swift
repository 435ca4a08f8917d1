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
    guard let revision = revision(of: allowance) else { return false }
    // Several heads are allowed in the file of any of them.
    if finding.revision == nil, RuleBook.history.contains(where: { $0.name == finding.rule }) {
      return finding.evidence.frames.contains { $0.file == graph[revision]?.file }
    }
    return revision == finding.revision
  }

  /// Whether this run could have shown what an allowance allows: on every engine, and none was left out.
  func wouldHaveShown(_ allowance: Allowance) -> Bool {
    if RuleBook[allowance.rule] == nil { return true }
    let revision = revision(of: allowance)
    let isOfLog = RuleBook.log.contains { $0.name == allowance.rule }
    if allowance.revision != nil, revision == nil, !isOfLog { return record.rehearsal == nil }
    if RuleBook.speaksOfRehearsals(allowance.rule) {
      guard let revision, wasTried(allowance.rule) else { return false }
      return measuredSteps.contains {
        $0.step.revision == revision && $0.step.outcome == .succeeded
      }
    }
    // Models belong to no revision, beside whichever they are allowed.
    let isOfModels = RuleBook.speaksOfModels(allowance.rule)
    return wouldHaveShown(
      allowance.rule, of: isOfModels ? nil : revision,
      on: record.leftOut.isEmpty ? record.engines : [])
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
}

extension Allowance {
  /// Whether it names this object: as sentences write it, with or without its kind.
  func names(_ id: ObjectID) -> Bool {
    guard let object else { return true }
    return [id.qualifiedName, id.description, id.title].contains(object)
      || id.isNamedOnItsOwn && object == id.name.raw
  }
}
