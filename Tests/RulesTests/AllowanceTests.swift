import Databases
import History
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

  @Test func `a run that did not get there blames no allowance`() {
    var partial = RunRecord.example(.postgresql, trace: .init())
    partial.revisions.append(Revision(id: "b2", parents: [Revision.example.id]))
    #expect(RuleBook.judge(partial, allowances: [allowance(revision: "b2")]).findings.isEmpty)
    #expect(RuleBook.judge(partial, allowances: [allowance()]).findings.isEmpty)

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
