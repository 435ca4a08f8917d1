import Schemas

/// Parts findings into those that stand and those that a team has declared to be meant.
struct Court {
  let run: JudgedRun
  let allowances: [Allowance]
  private(set) var findings: [Finding] = []
  private(set) var declared: [DeclaredFinding] = []
  private var used: Set<Allowance> = []

  init(run: JudgedRun, allowances: [Allowance]) {
    self.run = run
    self.allowances = allowances
  }

  /// What matched nothing although this run would have shown it.
  var unusedAllowances: [Allowance] {
    allowances.filter { !used.contains($0) && run.wouldHaveShown($0) }
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
    findings.append(part(of: finding, about: rest, by: rule))
  }

  private func part(of finding: Finding, about objects: [ObjectID], by rule: any Rule) -> Finding {
    objects == finding.objects ? finding : rule.narrowed(finding, to: objects, in: run)
  }
}
