import Copies
import Databases
import History
import Testing
import Walks

@Suite struct `What a rehearsal says of its copy` {
  private func record(_ copy: CopyRecord, versions: [RevisionID] = ["a1"]) -> RehearsalRecord {
    var record = RehearsalRecord(engine: .postgresql, versionsBefore: versions)
    record.take(copy)
    return record
  }

  private func copy(tables: Int, rows: Int) -> CopyRecord {
    var copy = CopyRecord(source: "shop", method: .dump)
    (copy.tables, copy.rows) = (tables, rows)
    return copy
  }

  @Test func `leaves out the tool's own table and the versions in it`() {
    let counted = record(copy(tables: 3, rows: 12), versions: ["a1", "b2"]).copy
    #expect(counted?.tables == 2)
    #expect(counted?.rows == 10)
  }

  @Test func `takes nothing from rows that the server reckons`() {
    var large = copy(tables: 3, rows: 1_000_000)
    large.rowsAreEstimated = true
    let counted = record(large).copy
    #expect(counted?.tables == 2)
    #expect(counted?.rows == 1_000_000)
  }

  @Test func `is nothing where only an empty version table was there`() {
    let counted = record(copy(tables: 1, rows: 0), versions: []).copy
    #expect(counted?.tables == 0)
    #expect(counted?.rows == 0)
  }

  @Test func `is used up where the connection was lost to one that is used in place`() {
    let lost = StepFailure(type: "", message: "server closed the connection unexpectedly")
    for (method, isUsedUp) in [(CopyRecord.Method.inPlace, true), (.dump, false)] {
      var record = record(CopyRecord(source: "shop", method: method))
      record.steps = [StepMeasurement(revision: "b2", outcome: .unjudged(lost.lostConnection))]
      record.judgeByCopy()
      guard case .unjudged(let fault) = record.steps[0].outcome else {
        Issue.record("it was judged")
        continue
      }
      #expect(fault.code == .databaseLost)
      #expect(fault.fix?.contains("on a copy that is as production is") == isUsedUp)
    }
  }
}
