import Databases
import History
import Schemas
import Testing
import Walks

@testable import Rules

/// A trace and the sentence that is said of it.
struct TraceCase: Sendable, CustomTestStringConvertible {
  let trace: SchemaDifference
  let sentence: String
  var testDescription: String { sentence }

  static let all = [
    TraceCase(
      trace: .added(.type, "mood"), sentence: "the downgrade leaves type mood behind"),
    TraceCase(
      trace: .removed(.index, "t_a"), sentence: "the downgrade leaves index t_a missing"),
    TraceCase(
      trace: .changed(
        ObjectID(.index, ["t", "t_a"]), "predicate", from: .text("NOT d"), to: nil),
      sentence: "the downgrade leaves index t_a on t without its predicate NOT d"),
    TraceCase(
      trace: .changed(
        ObjectID(.column, ["t", "a"]), "default", from: .text("'n/a'"), to: .text("''")),
      sentence: "the downgrade leaves column t.a with default '' instead of 'n/a'"),
    TraceCase(
      trace: .changed(ObjectID(.index, ["t_a"]), "unique", from: .flag(true), to: nil),
      sentence: "the downgrade leaves index t_a with unique not set"),
    TraceCase(
      trace: .changed(
        ObjectID(.type, ["mood"]), "labels", from: .list(["a"]), to: .list(["a", "b"])),
      sentence: "the downgrade leaves type mood with labels (a, b) instead of (a)"),
    TraceCase(
      trace: SchemaDifference(
        ["a", "b", "c", "d", "e"].flatMap { SchemaDifference.added(.sequence, $0).changes }),
      sentence: "the downgrade leaves sequence a behind, sequence b behind, sequence c behind and "
        + "2 more objects"),
    TraceCase(
      trace: SchemaDifference(
        SchemaDifference.added(.column, "t", "id").changes
          + SchemaDifference.added(.table, "t").changes),
      sentence: "the downgrade leaves table t behind"),
  ]
}

@Suite struct SchemaRuleTests {
  @Test(arguments: TraceCase.all)
  func `a trace is said object by object`(_ c: TraceCase) {
    let judgement = RuleBook.judge(.example(.postgresql, trace: c.trace))
    #expect(judgement.rules == ["downgrade-leaves-trace"])
    #expect(judgement.findings.first?.message == c.sentence)
    #expect(judgement.findings.first?.evidence.difference == c.trace)
    #expect(judgement.findings.first?.line == Revision.example.downgradeLine)
  }

  @Test func `cosmetic differences are no finding`() {
    let trace = SchemaDifference.changed(
      ObjectID(.constraint, ["t", "c"]), "name", from: .text("a"), to: .text("b"), weight: .cosmetic
    )
    #expect(RuleBook.judge(.example(.postgresql, trace: trace)).findings.isEmpty)
  }

  @Test func `the order of columns alone is a warning, and beside more not told apart`() {
    let order = SchemaDifference.changed(
      ObjectID(.column, ["t", "a"]), "position", from: .number(1), to: .number(2),
      weight: .columnOrder)
    let alone = RuleBook.judge(.example(.postgresql, trace: order))
    #expect(alone.rules == ["downgrade-reorders-columns"])
    #expect(alone.findings.first?.severity == .warning)
    #expect(
      alone.findings.first?.message
        == "the downgrade leaves the columns of table t in another order"
    )
    let both = SchemaDifference(order.changes + SchemaDifference.added(.type, "mood").changes)
    #expect(
      RuleBook.judge(.example(.postgresql, trace: both)).rules == ["downgrade-leaves-trace"])
  }

  @Test func `the descent repeats nothing that a round trip showed`() {
    func record(_ left: SchemaDifference) -> RunRecord {
      .example(.postgresql) {
        $0.roundTrips = [
          RoundTripRecord(
            revision: Revision.example.id, steps: .roundTrip, trace: .added(.type, "mood"))
        ]
        $0.descent = .succeeded(.descent)
        $0.descentTrace = left
      }
    }
    #expect(RuleBook.judge(record(.added(.type, "mood"))).rules == ["downgrade-leaves-trace"])
    let more = SchemaDifference(
      SchemaDifference.added(.type, "mood").changes + SchemaDifference.added(.sequence, "s").changes
    )
    let judgement = RuleBook.judge(record(more))
    #expect(judgement.rules == ["downgrade-leaves-trace", "descent-leaves-trace"])
    #expect(judgement.findings.last?.objects == [ObjectID(.sequence, ["s"])])
  }

  @Test func `an observation is told once for each revision`() {
    let view = Observation(.brokenView, objects: [ObjectID(.view, ["v"])], detail: "no column a")
    let steps = [StepName.upgrade, .downgrade, .reupgrade].map {
      StepRecord($0, outcome: .succeeded, observations: $0 == .downgrade ? [] : [view])
    }
    let judgement = RuleBook.judge(
      .example(.sqlite) {
        $0.roundTrips = [
          RoundTripRecord(revision: Revision.example.id, steps: steps),
          RoundTripRecord(revision: "b2", steps: steps),
        ]
        $0.ascent = StepRecord(.ascent, outcome: .succeeded, observations: [view])
      })
    #expect(judgement.rules == ["broken-view", "broken-view"])
    #expect(judgement.findings.map(\.step) == [.upgrade, .upgrade])
  }

  @Test func `each name that was shortened is told, though no object is named`() {
    let notices = ["a", "b"].map {
      Observation(.truncatedIdentifier, objects: [], detail: "identifier \($0) will be truncated")
    }
    let steps = [StepName.upgrade, .downgrade].map {
      StepRecord($0, outcome: .succeeded, observations: notices)
    }
    #expect(
      RuleBook.judge(.example(.postgresql, steps: steps)).rules
        == ["identifier-truncated", "identifier-truncated"])
  }

  @Test func `each engine has its own finding`() {
    var record = RunRecord.example(.sqlite, trace: .removed(.index, "t_a"))
    record.engines += RunRecord.example(.postgresql, trace: .removed(.index, "t_a")).engines
    #expect(RuleBook.judge(record).findings.map(\.engine) == [.sqlite, .postgresql])
  }
}
