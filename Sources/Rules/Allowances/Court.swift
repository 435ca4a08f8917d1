import Schemas

/// Parts findings into those that stand, those that a team has declared to be meant, and those that were
/// there when it began.
struct Court {
  let run: JudgedRun
  let allowances: [Allowance]
  /// What of the baseline has matched nothing yet.
  private(set) var baseline: Baseline
  private(set) var findings: [Finding] = []
  private(set) var declared: [DeclaredFinding] = []
  private var used: Set<Allowance> = []

  init(run: JudgedRun, allowances: [Allowance], baseline: Baseline) {
    self.run = run
    self.allowances = allowances
    self.baseline = baseline
  }

  /// What matched nothing although this run would have shown it.
  var unusedAllowances: [Allowance] {
    allowances.filter { !used.contains($0) && run.wouldHaveShown($0) }
  }

  /// What matched nothing, and this run would not have shown it.
  var undecidedAllowances: [Allowance] {
    allowances.filter { !used.contains($0) && !run.wouldHaveShown($0) }
  }

  /// Takes a finding in: whole, declared, or parted by its objects.
  mutating func hear(_ finding: Finding, by rule: any Rule) {
    let speaking = allowances.filter { run.covers($0, finding) }
    if let whole = speaking.first(where: { $0.object == nil }) {
      used.insert(whole)
      used.formUnion(speaking.filter { named in finding.objects.contains { named.names($0) } })
      declared.append(DeclaredFinding(finding: finding, reason: whole.reason))
      return
    }
    var rest = finding.objects
    for allowance in speaking {
      let named = finding.objects.filter { allowance.names($0) }
      guard !named.isEmpty else { continue }
      used.insert(allowance)
      let allowed = named.filter { rest.contains($0) }
      guard !allowed.isEmpty else { continue }
      rest.removeAll { allowed.contains($0) }
      declared.append(
        DeclaredFinding(
          finding: part(of: finding, about: allowed, by: rule), reason: allowance.reason))
    }
    if rest.isEmpty && !finding.objects.isEmpty { return }
    hold(part(of: finding, about: rest, by: rule), by: rule)
  }

  /// Takes in a finding that no allowance covers: new, known from the baseline, or parted by its
  /// objects.
  mutating func hold(_ finding: Finding, by rule: any Rule) {
    let isKnown = finding.known.map { baseline.take($0) }
    guard isKnown.contains(true) else { return findings.append(finding) }
    guard isKnown.contains(false) else {
      return declared.append(DeclaredFinding(known: finding))
    }
    func objects(_ areKnown: Bool) -> [ObjectID] {
      zip(finding.objects, isKnown).filter { $0.1 == areKnown }.map(\.0)
    }
    declared.append(DeclaredFinding(known: part(of: finding, about: objects(true), by: rule)))
    findings.append(part(of: finding, about: objects(false), by: rule))
  }

  private func part(of finding: Finding, about objects: [ObjectID], by rule: any Rule) -> Finding {
    objects == finding.objects ? finding : rule.narrowed(finding, to: objects, in: run)
  }
}
