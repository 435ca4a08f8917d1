import Databases
import History
import Schemas
import Testing
import Walks

@testable import Rules

@Suite struct BaselineTests {
  private let trace = SchemaDifference(
    SchemaDifference.added(.type, "mood").changes
      + SchemaDifference.removed(.index, "t", "t_a").changes)

  private func known(
    _ rule: RuleName = "downgrade-leaves-trace", engine: Engine? = .postgresql,
    revision: RevisionID? = Revision.example.id, object: String? = "type mood"
  ) -> KnownFinding {
    KnownFinding(rule: rule, engine: engine, revision: revision, object: object)
  }

  private func baseline(_ known: KnownFinding..., count: Int = 1) -> Baseline {
    Baseline(known.map { Baseline.Entry($0, count: count) })
  }

  @Test func `what a run found is what makes the next one green`() {
    let record = RunRecord.example(.postgresql, trace: trace)
    let findings = RuleBook.judge(record).findings
    let baseline = Baseline(of: findings)
    #expect(
      baseline.entries == [
        .init(known(object: "index t.t_a")), .init(known(object: "type mood")),
      ])
    let judgement = RuleBook.judge(record, baseline: baseline)
    #expect(judgement.findings.isEmpty)
    #expect(judgement.declared == findings.map { DeclaredFinding(known: $0) })
    #expect(judgement.declared.map(\.origin) == [.baseline])
    #expect(judgement.baseline == BaselineUse(gone: Baseline(), unseen: Baseline()))
  }

  @Test func `of a finding about several objects only those that are new stand`() throws {
    let judgement = RuleBook.judge(
      .example(.postgresql, trace: trace), baseline: baseline(known()))
    let finding = try #require(judgement.findings.first)
    #expect(judgement.findings.count == 1)
    #expect(finding.objects == [ObjectID(.index, ["t", "t_a"])])
    #expect(finding.message == "the downgrade leaves index t_a on t missing")
    #expect(judgement.declared.map(\.finding.objects) == [[ObjectID(.type, ["mood"])]])
  }

  @Test func `another engine, revision or rule is another finding`() {
    let record = RunRecord.example(.postgresql, trace: .added(.type, "mood"))
    for other in [
      known(engine: .sqlite), known(revision: "b2"), known("reupgrade-differs"), known(object: nil),
    ] {
      #expect(RuleBook.judge(record, baseline: baseline(other)).findings.count == 1)
    }
    #expect(RuleBook.judge(record, baseline: baseline(known())).findings.isEmpty)
  }

  @Test func `two known findings of the same do not excuse a third`() {
    let finding = Finding(
      rule: "downgrade-fails", severity: .error, engine: .sqlite, revision: "a", message: "x")
    let two = Baseline(of: [finding, finding])
    #expect(two.entries.map(\.count) == [2])
    var court = Court(
      run: JudgedRun(.history([]), mendWriter: PlainMends()), allowances: [], baseline: two)
    for _ in 0..<3 { court.hold(finding, by: DowngradeFails()) }
    #expect(court.declared.count == 2)
    #expect(court.findings.count == 1)
  }

  @Test func `what is about no revision is known with how it differs, and another drift stands`() {
    func drift(_ name: PropertyName) -> Finding {
      let column = ObjectID(.column, ["users", "email"])
      let change = ObjectChange(
        before: SchemaObject(column, [name: .text("this")]),
        after: SchemaObject(column, [name: .text("that")]),
        properties: [
          PropertyChange(name, before: .text("this"), after: .text("that"), weight: .structural)
        ])
      return Finding(
        rule: "model-drift", severity: .error, engine: .sqlite, objects: [column], message: "x",
        evidence: Evidence(difference: SchemaDifference([change])))
    }
    let length = Baseline(of: [drift("type")])
    #expect(length.entries.map(\.known.change) == ["type"])
    for (name, known) in [("type", 1), ("not-null", 0)] {
      var court = Court(
        run: JudgedRun(.history([]), mendWriter: PlainMends()), allowances: [], baseline: length)
      court.hold(drift(PropertyName(name)), by: ModelDrift())
      #expect(court.declared.count == known)
      #expect(court.findings.count == 1 - known)
    }
  }

  @Test func `an allowance speaks first, and what it covers is no longer needed in the baseline`() {
    let allowance = Allowance(
      rule: "downgrade-leaves-trace", object: "mood", reason: "it is shared", place: "a.yml:3")
    let judgement = RuleBook.judge(
      .example(.postgresql, trace: .added(.type, "mood")), allowances: [allowance],
      baseline: baseline(known()))
    #expect(judgement.findings.isEmpty)
    #expect(judgement.declared.map(\.origin) == [.allowance])
    #expect(judgement.baseline?.gone == baseline(known()))
  }

  @Test func `a team's own weight stays with what is known`() {
    let judgement = RuleBook.judge(
      .example(.postgresql, trace: .added(.type, "mood")),
      severities: ["downgrade-leaves-trace": .note], baseline: baseline(known()))
    #expect(judgement.declared.map(\.finding.severity) == [.note])
  }

  @Test func `an allowance that matches nothing can be known too`() {
    let allowance = Allowance(
      rule: "downgrade-leaves-trace", reason: "it is meant", place: "a.yml:3")
    let record = RunRecord.example(.postgresql, trace: .init())
    let findings = RuleBook.judge(record, allowances: [allowance]).findings
    #expect(findings.map(\.rule) == ["unused-allow"])
    let judgement = RuleBook.judge(
      record, allowances: [allowance], baseline: Baseline(of: findings))
    #expect(judgement.findings.isEmpty)
    #expect(judgement.declared.count == 1)
  }

  @Test func `without a baseline nothing is said of one`() {
    #expect(RuleBook.judge(.example(.postgresql, trace: .init())).baseline == nil)
  }

  // MARK: - What is gone

  private func use(_ known: KnownFinding, in record: RunRecord) -> BaselineUse? {
    RuleBook.judge(record, baseline: baseline(known)).baseline
  }

  @Test func `what this run would have shown and did not is gone`() {
    let record = RunRecord.example(.postgresql, trace: .init())
    #expect(use(known(), in: record)?.gone == baseline(known()))
    #expect(use(known(), in: record)?.unseen == Baseline())
  }

  @Test func `what this run did not come by is not gone`() {
    let record = RunRecord.example(.postgresql, trace: .init())
    var unwalked = record
    unwalked.revisions.append(Revision(id: "b2", parents: [Revision.example.id]))
    var faulty = record
    faulty.engines[0].fault = Fault(.databaseLost, message: "gone")
    var failed = record
    failed.engines[0].roundTrips[0].steps = [.failed(.upgrade, exists)]
    for (known, record) in [
      (known(engine: .sqlite), record), (known(revision: "b2"), unwalked), (known(), faulty),
      (known(), failed), (known("rows-lost"), record), (known("model-drift"), record),
      (known("offline-sql-fails", revision: nil, object: nil), record),
      (known("engine-divergence", engine: nil, revision: nil), record),
      (known("descent-leaves-trace", revision: nil), unwalked),
    ] {
      #expect(use(known, in: record)?.gone == Baseline(), "\(known)")
      #expect(use(known, in: record)?.unseen == baseline(known), "\(known)")
    }
  }

  @Test func `what is seen at the heads is gone although a revision is not taken down`() {
    var record = RunRecord.example(.postgresql, trace: .init())
    record.revisions.append(Revision(id: "b2", parents: [Revision.example.id]))
    var parity = ParityRecord(steps: [ParityStep(.succeeded(.models))])
    parity.models = ModelsRecord()
    record.engines[0].parity = parity
    record.engines[0].descentTrace = SchemaDifference()
    for rule in ["model-drift", "descent-leaves-trace"] as [RuleName] {
      let known = known(rule, revision: nil)
      #expect(use(known, in: record)?.gone == baseline(known), "\(rule)")
    }
    // Of what lies below the revisions that are verified nothing is seen on the way down.
    record.engines[0].approach = .succeeded(.approach)
    let trace = known("descent-leaves-trace", revision: nil)
    #expect(use(trace, in: record)?.unseen == baseline(trace))
    record.engines[0].parity?.steps = [ParityStep(.failed(.models, exists))]
    let drift = known("model-drift", revision: nil)
    #expect(use(drift, in: record)?.unseen == baseline(drift))
  }

  @Test func `an unused allowance stays known where the run cannot say whether it is used`() {
    let record = RunRecord.example(.postgresql, trace: .init())
    let unused = known("unused-allow", engine: nil, object: nil)
    func gone(_ rule: RuleName) -> Baseline? {
      let allowance = Allowance(
        rule: rule, revision: Revision.example.id, reason: "it is meant", place: "a.yml:3")
      return RuleBook.judge(record, allowances: [allowance], baseline: baseline(unused)).baseline?
        .gone
    }
    // The walk was on empty tables.
    #expect(gone("rows-lost") == Baseline())
    #expect(use(unused, in: record)?.gone == baseline(unused))
  }

  @Test func `a revision that is there no more takes its findings with it`() {
    let record = RunRecord.example(.postgresql, trace: .init())
    let gone = known(engine: .sqlite, revision: "b2")
    #expect(use(gone, in: record)?.gone == baseline(gone))
  }

  @Test func `the graph is judged in every run`() {
    let heads = known("multiple-heads", engine: nil, revision: nil, object: nil)
    #expect(use(heads, in: .history([.example]))?.gone == baseline(heads))
  }

  @Test func `of three that were known one is gone where two are found`() {
    let judgement = RuleBook.judge(
      .example(.postgresql, trace: .added(.type, "mood")), baseline: baseline(known(), count: 3))
    #expect(judgement.findings.isEmpty)
    #expect(judgement.baseline?.gone == baseline(known(), count: 2))
  }

  @Test func `baselines are added and taken away by number`() {
    let one = baseline(known(object: nil))
    #expect((one + one).entries.map(\.count) == [2])
    #expect(one + one - one == one)
    #expect((one - one - one).entries.isEmpty)
  }
}
