import Databases
import History
package import Walks

/// Every rule there is, and the judge who reads a record by them.
package enum RuleBook {
  /// In the order in which documentation lists them.
  package static let all: [any Rule] =
    steps + schema + rows + parity + models + history + log + rehearsal + [UnusedAllow()]

  static let steps: [any Rule] = [
    UpgradeFails(), UpgradeFailsOnData(), DowngradeFails(), DowngradeFailsOnData(),
    MissingDowngrade(), ReupgradeFails(), PartialMigration(),
    VersionNotRecorded(),
  ]
  static let schema: [any Rule] = [
    DowngradeLeavesTrace(), DowngradeReordersColumns(), ReupgradeDiffers(), DescentLeavesTrace(),
    AscentDiffers(), BrokenView(), IdentifierTruncated(), SequenceTooNarrow(),
  ]
  static let rows: [any Rule] = [
    RowsLost(), DataDropped(), ValuesLost(), ValuesChanged(), ExpectedRowsMissing(),
    FixtureRejected(), SequenceIsBehind(), DanglingReferences(),
  ]
  static let parity: [any Rule] = [
    CreateAllConflict(), NotIdempotent(), OfflineSQLFails(), OfflineSQLDiffers(),
    EngineDivergence(),
  ]
  static let models: [any Rule] = [ModelDrift(), UnregisteredModels()]
  package static let history: [any Rule] = [
    MultipleHeads(), MissingParent(), HistoryCycle(), DuplicateRevision(),
  ]

  package static let log: [any Rule] = [
    EditedRevision(), DeletedRevision(), MisplacedRevision(), VagueMessage(),
  ]

  static let rehearsal: [any Rule] = [
    LongLock(), TableRewrite(), BlockingIndexBuild(), SlowStep(), ConcurrentUpgradeFails(),
    InterruptNotRecoverable(),
  ]

  /// The rules of `verify` that a rehearsal is read by too: those about one way up, back and up again,
  /// and about rows that were there.
  static let ofBoth: [any Rule] = [
    UpgradeFails(), DowngradeFails(), MissingDowngrade(), ReupgradeFails(), VersionNotRecorded(),
    DowngradeLeavesTrace(), DowngradeReordersColumns(), ReupgradeDiffers(), RowsLost(),
    DataDropped(), ValuesLost(), ValuesChanged(),
  ]

  /// The rules that a run is read by: a rehearsal does not verify the history, it only shows what
  /// becomes of the copy.
  private static func rules(for record: RunRecord) -> [any Rule] {
    record.rehearsal == nil ? all : ofBoth + rehearsal
  }

  /// Whether only a rehearsal can show what the rule is about.
  package static func speaksOfRehearsals(_ name: RuleName) -> Bool {
    rehearsal.contains { $0.name == name }
  }

  /// Whether the rule is about the project's models.
  static func speaksOfModels(_ name: RuleName) -> Bool { models.contains { $0.name == name } }

  /// Whether a walk on empty tables cannot show what the rule is about.
  static func speaksOfRows(_ name: RuleName) -> Bool {
    (rows + [UpgradeFailsOnData(), DowngradeFailsOnData()]).contains { $0.name == name }
  }

  /// The rule of this name; nil where there is none.
  package static subscript(name: RuleName) -> (any Rule)? { all.first { $0.name == name } }

  /// The name of a rule that somebody may have meant who wrote another one.
  package static func nearest(to name: String) -> RuleName? {
    if let near = Spelling.nearest(to: name, among: all.map(\.name.text)) { return RuleName(near) }
    // The same words in another order.
    func sorted(_ text: String) -> String {
      text.split(separator: "-").sorted().joined(separator: "-")
    }
    let near = Spelling.nearest(
      to: sorted(name.lowercased()), among: all.map { sorted($0.name.text) })
    return all.first { sorted($0.name.text) == near }?.name
  }

  /// Says what is wrong in a run.
  ///
  /// - Parameters:
  ///   - allowances: what a team has declared to be meant; those that match nothing are findings.
  ///   - severities: a team's own weights, by rule.
  ///   - baseline: the findings that were there when the team began, less those that are allowed; nil
  ///     where there is none.
  ///   - mendWriter: who writes mends as the project's own tool has them.
  /// - Returns: what is wrong, and apart from it what is declared.
  package static func judge(
    _ record: RunRecord, allowances: [Allowance], severities: [RuleName: Severity],
    baseline: Baseline? = nil, mendWriter: any MendWriter
  ) -> Judgement {
    let run = JudgedRun(record, mendWriter: mendWriter)
    var court = Court(run: run, allowances: allowances, baseline: baseline ?? Baseline())
    for rule in rules(for: record) {
      for finding in rule.findings(in: run) { court.hear(finding, by: rule) }
    }
    let last = JudgedRun(
      record, mendWriter: mendWriter, unusedAllowances: court.unusedAllowances,
      heard: court.findings + court.declared.map(\.finding))
    for finding in UnusedAllow().findings(in: last) { court.hold(finding, by: UnusedAllow()) }
    let order = FindingOrder(run)
    func weighed(_ finding: Finding) -> Finding {
      var finding = finding
      finding.severity = severities[finding.rule] ?? finding.severity
      return finding
    }
    return Judgement(
      findings: court.findings.map(weighed).sorted(by: order.isBefore),
      declared: court.declared.map {
        DeclaredFinding(finding: weighed($0.finding), reason: $0.reason, origin: $0.origin)
      }.sorted { order.isBefore($0.finding, $1.finding) },
      baseline: baseline.map { _ in
        run.use(of: court.baseline, besides: court.undecidedAllowances)
      })
  }
}
