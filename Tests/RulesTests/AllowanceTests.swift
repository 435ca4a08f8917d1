import Databases
import History
import Rows
import Schemas
import Testing
import Walks

@testable import Rules

@Suite struct AllowanceTests {
  private let trace = SchemaDifference(
    SchemaDifference.added(.type, "mood").changes
      + SchemaDifference.removed(.index, "t", "t_a").changes)

  private func allowance(
    _ rule: RuleName = "downgrade-leaves-trace", revision: RevisionID? = nil, object: String? = nil
  ) -> Allowance {
    Allowance(
      rule: rule, revision: revision, object: object, reason: "it is meant", place: "a.yml:3")
  }

  @Test(arguments: [nil, "9f31c02e77ab", "9f31"] as [RevisionID?])
  func `an allowance without an object declares the whole finding`(_ revision: RevisionID?) {
    let judgement = RuleBook.judge(
      .example(.postgresql, trace: trace), allowances: [allowance(revision: revision)])
    #expect(judgement.findings.isEmpty)
    #expect(judgement.declared.map(\.reason) == ["it is meant"])
    #expect(judgement.declared.first?.finding.evidence.difference == trace)
  }

  @Test func `what is allowed of some objects leaves the finding about the others`() throws {
    let judgement = RuleBook.judge(
      .example(.postgresql, trace: trace), allowances: [allowance(object: "mood")])
    let finding = try #require(judgement.findings.first)
    #expect(judgement.findings.count == 1)
    #expect(finding.objects == [ObjectID(.index, ["t", "t_a"])])
    #expect(finding.message == "the downgrade leaves index t_a on t missing")
    #expect(finding.fix == "undo index t.t_a")
    #expect(finding.evidence.difference == .removed(.index, "t", "t_a"))
    #expect(
      judgement.declared.map(\.finding.message) == ["the downgrade leaves type mood behind"])
  }

  @Test func `several allowances together declare a finding in parts`() {
    let judgement = RuleBook.judge(
      .example(.postgresql, trace: trace),
      allowances: [allowance(object: "mood"), allowance(object: "t_a")])
    #expect(judgement.findings.isEmpty)
    #expect(judgement.declared.count == 2)
  }

  @Test func `another revision's allowance does not cover`() {
    var record = RunRecord.example(.postgresql, trace: trace)
    record.revisions.append(Revision(id: "b2", parents: [Revision.example.id]))
    let judgement = RuleBook.judge(record, allowances: [allowance(revision: "b2")])
    #expect(judgement.rules == ["downgrade-leaves-trace"])
  }

  @Test func `several heads are allowed beside any of them, and beside no other revision`() {
    var record = RunRecord()
    record.revisions = ["a1", "b2", "c3"].map { id in
      Revision(id: RevisionID(id), parents: id == "a1" ? [] : ["a1"], file: "versions/\(id).py")
    }
    func rules(_ revision: RevisionID) -> [RuleName] {
      RuleBook.judge(record, allowances: [allowance("multiple-heads", revision: revision)]).rules
    }
    #expect(rules("b2") == [] && rules("c3") == [])
    #expect(rules("a1") == ["multiple-heads", "unused-allow"])
  }

  @Test func `an allowance that matched nothing is a finding at its place`() throws {
    let judgement = RuleBook.judge(
      .example(.postgresql, trace: .init()),
      allowances: [allowance(revision: "9f31", object: "mood")])
    let finding = try #require(judgement.findings.first)
    #expect(finding.rule == "unused-allow")
    #expect(finding.file == "a.yml")
    #expect(finding.line == 3)
    #expect(
      finding.message
        == "the allowance of downgrade-leaves-trace of mood in revision 9f31 matches nothing")
  }

  @Test(
    arguments: [
      (
        "downgrade-leaves-trace", "9f31c02e77ad", nil,
        "the history has no revision 9f31c02e77ad; did you mean 9f31c02e77ab?"
      ),
      ("downgrade-leaves-trace", nil, "moods", "did you mean mood?"),
      ("upgrade-fails", nil, "t_a", "what is said of it is downgrade-leaves-trace"),
      ("broken-view", nil, "t.b", "did you mean t.bee?"),
      ("broken-view", nil, "entirely.else", nil),
    ] as [(RuleName, RevisionID?, String?, String?)])
  func `an allowance that matched nothing is told what there is`(
    _ rule: RuleName, _ revision: RevisionID?, _ object: String?, _ meant: String?
  ) throws {
    var record = RunRecord.example(.postgresql, trace: trace)
    record.engines[0].roundTrips[0].steps[0].change = .added(.column, "t", "bee")
    let judgement = RuleBook.judge(
      record, allowances: [allowance(rule, revision: revision, object: object)])
    let finding = try #require(judgement.findings.first { $0.rule == "unused-allow" })
    let words = finding.message.split(separator: " matches nothing", maxSplits: 1)
    #expect(
      words.dropFirst().first.map(String.init) == meant.map { "; \($0)" },
      "\(finding.message)")
  }

  @Test func `of a rule and object of another revision that revision is told`() throws {
    var record = RunRecord.example(.postgresql, trace: trace)
    let second = Revision(id: "b2", parents: [Revision.example.id])
    record.revisions.append(second)
    record.engines[0].roundTrips.append(RoundTripRecord(revision: second.id, steps: .roundTrip))
    let judgement = RuleBook.judge(
      record, allowances: [allowance(revision: "b2", object: "mood")])
    let finding = try #require(judgement.findings.first { $0.rule == "unused-allow" })
    #expect(
      finding.message.hasSuffix(
        "; downgrade-leaves-trace speaks of it in revision 9f31c02e77ab"))
  }

  @Test func `findings about fixtures are told by file and line`() {
    var record = RunRecord.example(.sqlite, trace: .init())
    record.engines[0].roundTrips[0].filling = RowFilling()
    record.engines[0].roundTrips[0].filling?.rejected = [("b.yml", 2), ("a.yml", 11), ("a.yml", 3)]
      .map {
        FixtureFault(place: SourcePlace(file: $0.0, line: $0.1), message: "line \(20 - $0.1)")
      }
    #expect(
      RuleBook.judge(record).findings.map { "\($0.file ?? ""):\($0.line ?? 0)" }
        == ["a.yml:3", "a.yml:11", "b.yml:2"])
  }

  @Test func `a run that did not get there blames no allowance`() {
    var partial = RunRecord.example(.postgresql, trace: .init())
    partial.revisions.append(Revision(id: "b2", parents: [Revision.example.id]))
    #expect(RuleBook.judge(partial, allowances: [allowance(revision: "b2")]).findings.isEmpty)
    #expect(RuleBook.judge(partial, allowances: [allowance()]).findings.isEmpty)
    // Of one that no file has, nothing more can come.
    #expect(
      RuleBook.judge(partial, allowances: [allowance(revision: "zz")]).rules == ["unused-allow"])

    let blocked = RunRecord.example(
      .postgresql,
      steps: [.succeeded(.upgrade), StepRecord(.downgrade, outcome: .skipped("below the floor"))])
    #expect(RuleBook.judge(blocked, allowances: [allowance()]).findings.isEmpty)

    var leftOut = RunRecord.example(.sqlite, trace: .init())
    leftOut.leftOut = [LeftOutEngine(engine: .postgresql, reason: "no server")]
    #expect(RuleBook.judge(leftOut, allowances: [allowance()]).findings.isEmpty)
  }

  @Test func `an allowance of no rule names the nearest one`() {
    let judgement = RuleBook.judge(
      .example(.sqlite, trace: .init()), allowances: [allowance("downgrade-leave-traces")])
    #expect(
      judgement.findings.map(\.message) == [
        """
        the allowance names downgrade-leave-traces, which is no rule; did you mean \
        downgrade-leaves-trace?
        """
      ])
  }

  @Test func `a team's own severities hold`() {
    let judgement = RuleBook.judge(
      .example(.postgresql, trace: trace), severities: ["downgrade-leaves-trace": .note])
    #expect(judgement.findings.map(\.severity) == [.note])
  }

  @Test func `findings are ordered by engine, history, step, worst first`() {
    let second = Revision(id: "b2", parents: [Revision.example.id])
    func engine(_ engine: Engine) -> EngineRecord {
      var record = EngineRecord(engine: engine)
      record.roundTrips = [
        RoundTripRecord(revision: second.id, steps: [.failed(.upgrade, exists)]),
        RoundTripRecord(revision: Revision.example.id, steps: .roundTrip, trace: trace),
      ]
      record.descent = .succeeded(.descent)
      record.descentTrace = .added(.sequence, "s")
      return record
    }
    let record = RunRecord(
      revisions: [.example, second, Revision(id: "c3", parents: [Revision.example.id])],
      engines: [engine(.postgresql), engine(.sqlite)])
    let judgement = RuleBook.judge(record)
    #expect(
      judgement.findings.map { "\($0.engine?.rawValue ?? "-") \($0.rule)" } == [
        "- multiple-heads",
        "sqlite downgrade-leaves-trace", "sqlite upgrade-fails", "sqlite descent-leaves-trace",
        "postgresql downgrade-leaves-trace", "postgresql upgrade-fails",
        "postgresql descent-leaves-trace",
      ])
  }
}
