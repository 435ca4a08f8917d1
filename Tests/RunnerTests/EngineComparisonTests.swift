import Databases
import History
import Schemas
import Testing
import Walks

@testable import Runner

@Suite struct EngineComparisonTests {
  private func heads(_ applied: Set<RevisionID>, _ engine: Engine, table: Identifier) -> Heads {
    Heads(
      applied: applied,
      snapshot: Snapshot(
        engine: engine, units: [SchemaUnit(SchemaObject(ObjectID(.table, [table])))]))
  }

  private func compared(_ own: Heads?, _ other: Heads?) -> EngineComparison? {
    EngineComparison([
      (EngineRecord(engine: .sqlite), own), (EngineRecord(engine: .postgresql), other),
    ])
  }

  @Test func `walks that reached the same revisions are compared`() {
    let same = compared(
      heads(["a"], .sqlite, table: "t"), heads(["a"], .postgresql, table: "t"))
    #expect(same?.divergences == [])
    let other = compared(
      heads(["a"], .sqlite, table: "t"), heads(["a"], .postgresql, table: "u"))
    #expect(other?.divergences?.map(\.object.description) == ["table t", "table u"])
  }

  @Test func `walks that did not are not, and why is said`() {
    let apart = compared(
      heads(["a"], .sqlite, table: "t"), heads(["a", "b"], .postgresql, table: "t"))
    #expect(apart?.divergences == nil)
    #expect(apart?.reason == "the walks did not reach the same revisions")
    let short = compared(heads(["a"], .sqlite, table: "t"), nil)
    #expect(short?.reason == "not every revision could be taken up on PostgreSQL")
  }

  @Test func `the revision that stood in the way is named`() {
    var record = EngineRecord(engine: .postgresql)
    let failure = StepFailure(type: "KeyError", message: "'x'")
    record.roundTrips = [
      RoundTripRecord(revision: "b", steps: [StepRecord(.upgrade, outcome: .failed(failure))])
    ]
    let comparison = EngineComparison([
      (EngineRecord(engine: .sqlite), heads(["a"], .sqlite, table: "t")), (record, nil),
    ])
    #expect(comparison?.reason == "revision b could not be taken up on PostgreSQL")
  }

  @Test func `one engine alone is compared with nothing`() {
    #expect(
      EngineComparison([(EngineRecord(engine: .sqlite), heads(["a"], .sqlite, table: "t"))]) == nil)
  }
}
