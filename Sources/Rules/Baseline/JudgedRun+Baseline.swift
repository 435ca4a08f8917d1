import History
import Walks

extension JudgedRun {
  /// Parts what matched nothing into what is gone and what this run did not come by.
  ///
  /// - Parameter undecided: the allowances of which this run cannot say whether they match anything.
  func use(of rest: Baseline, besides undecided: [Allowance]) -> BaselineUse {
    let open = Set(undecided.map(revision))
    let gone = rest.entries.filter { isGone($0.known, open: open) }
    return BaselineUse(gone: Baseline(gone), unseen: rest - Baseline(gone))
  }

  /// Whether this run would have shown a finding if it were still there: one that is taken out too early
  /// fails the next whole run.
  ///
  /// - Parameter open: the revisions that such allowances name; nil for one that names none.
  private func isGone(_ known: KnownFinding, open: Set<RevisionID?>) -> Bool {
    if RuleBook.log.contains(where: { $0.name == known.rule }) { return false }
    if let revision = known.revision, graph[revision] == nil { return true }
    if known.rule == UnusedAllow().name { return !open.contains(known.revision) }
    let engines = known.engine.map { engine in record.engines.filter { $0.engine == engine } }
    return wouldHaveShown(
      known.rule, of: known.revision,
      on: engines ?? (record.leftOut.isEmpty ? record.engines : []))
  }
}
