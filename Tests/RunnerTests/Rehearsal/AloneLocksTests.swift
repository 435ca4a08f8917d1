import Databases
import FoundationEssentials
import Projects
import Schemas
import Testing
import Walks

@testable import Runner

/// Moments are written by hand: a statement is sent at 10 and ended at 12, on both clocks.
@Suite struct `Locks of a statement outside of a transaction` {
  private static let table = 16_400
  private static let image = RelationImage(
    relations: [
      table: RelationImage.Relation(
        id: ObjectID(.table, schema: "public", ["users"]), table: nil, file: 1, rows: 10,
        size: 8_192, pages: 1)
    ])

  private func locks(
    movedTo file: Int = 1, held: String = "", sightings: [LockWatch.Sighting] = [],
    looks: [ClosedRange<Double>] = []
  ) throws -> [SessionTrace.Lock] {
    let trace = """
      {"clock": 0, "duration": 20, "parts": [], "transactions": [], "unread": 0, "locks": [\(held)],
       "statements": [
        {"statement": 0, "began": 8, "ended": 9, "clock": [8, 9]},
        {"statement": 1, "began": 10, "ended": 12, "clock": [10, 12], "isAlone": true, "relations": [
          {"relation": 16400, "file": \(file), "scans": 1, "read": 10, "inserted": 0, "updated": 0,
           "deleted": 0}]}]}
      """
    let reading = TraceReading(
      answer: SessionAnswer(
        outcome: .succeeded,
        statements: ["SELECT 1", "VACUUM FULL users"].map { Statement(sql: $0, duration: 1) }
      ), trace: try JSONDecoder().decode(SessionTrace.self, from: Data(trace.utf8)))
    let changes = RelationChanges(
      of: reading.trace.statements, before: Self.image, after: Self.image
    ) { $0 == Self.table }
    let account = LockWatch.Account(sightings: sightings, looks: looks)
    return AloneLocks(of: reading, changes, before: Self.image, seenBy: account).locks
  }

  private func sighting(
    _ mode: String, first: ClosedRange<Double>, last: ClosedRange<Double>, before: Double,
    gone: Double?
  ) -> LockWatch.Sighting {
    LockWatch.Sighting(
      relation: Self.table, mode: mode, isGranted: true, before: before, first: first, last: last,
      gone: gone)
  }

  @Test func `are its own where they were asked for before it was sent and told of afterwards`()
    throws
  {
    let locks = try locks(
      sightings: [
        sighting("AccessExclusiveLock", first: 9.5...10.5, last: 11...11.1, before: 9, gone: 11.5)
      ])
    let lock = try #require(locks.first)
    #expect(locks.count == 1)
    #expect(lock.statement == 1)
    #expect(lock.taken == 10)
    #expect(lock.released == 11.5)
  }

  @Test func `follow from what it wrote anew where nobody saw them, for no longer than that`()
    throws
  {
    // Only the weaker of its locks was seen.
    let locks = try locks(
      movedTo: 2,
      sightings: [sighting("ShareLock", first: 11...11.1, last: 11...11.1, before: 10, gone: 12)],
      looks: [10...10.25, 10.5...10.75, 11...11.125, 11.25...11.5])
    let lock = try #require(locks.first { $0.mode == "AccessExclusive" })
    #expect(locks.count == 2)
    #expect(lock.released - lock.taken == 0.75)
  }

  @Test func `are waited for and then held, each for its own time`() throws {
    let trace = """
      {"clock": 0, "duration": 20, "parts": [], "transactions": [], "unread": 0, "locks": [],
       "statements": [{"statement": 0, "began": 8, "ended": 14, "clock": [8, 14]}]}
      """
    let seen = LockWatch.Sighting(
      relation: Self.table, mode: "AccessExclusiveLock", isGranted: false, before: 8,
      first: 8.5...8.5, last: 10.5...10.5, gone: 11)
    let waits = LockWaits(
      of: try JSONDecoder().decode(SessionTrace.self, from: Data(trace.utf8)),
      seenBy: LockWatch.Account(sightings: [seen]))
    func wait(for mode: String) -> Double {
      waits.wait(
        for: SessionTrace.Lock(
          relation: Self.table, mode: mode, statement: 0, taken: 8, released: 14))
    }
    #expect(wait(for: "AccessExclusiveLock") == 3)
    #expect(wait(for: "ShareLock") == 0)
  }

  @Test func `are not those that the transaction before it had`() throws {
    let held = """
      {"relation": 16400, "mode": "AccessExclusiveLock", "statement": 0, "taken": 8, "released": 9.5}
      """
    let seen = sighting(
      "AccessExclusiveLock", first: 8...8.5, last: 9.4...10.1, before: 8, gone: 10.2)
    #expect(try locks(held: held, sightings: [seen]).isEmpty)
    #expect(try locks(sightings: [seen]).count == 1)
  }
}
