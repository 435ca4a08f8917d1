import Databases
import History
import Platform
import Projects
import Schemas
import Scratch
import Synchronization
import Testing
import Walks

@testable import Runner

@Suite struct `A lane on SQLite` {
  private typealias Migration = ScriptedProject.Migration

  private func walk(
    _ migrations: [ScriptedProject.Migration], scope: WalkScope = .whole,
    floor: RevisionID? = nil, isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) throws -> EngineRecord {
    let planner = WalkPlanner(
      graph: ScriptedProject.graph(migrations), scope: scope, downgradeFloor: floor)
    let plan = LanePlan(
      walk: planner.walk(on: .sqlite), project: ScriptedProject(migrations),
      server: ServerStart { try SQLiteScratch(ScratchSettings(environment: [:])) })
    let runner = Runner(RunContext(now: { 0 }, isInterrupted: isInterrupted))
    return try #require(runner.run([plan]).engines.first)
  }

  private static let users = Migration(
    id: "a", up: "CREATE TABLE users(id INTEGER PRIMARY KEY)", down: "DROP TABLE users")

  @Test func `a clean history leaves no difference anywhere`() throws {
    let record = try walk([
      Self.users,
      Migration(
        id: "b", parents: ["a"], up: "ALTER TABLE users ADD COLUMN email TEXT",
        down: "ALTER TABLE users DROP COLUMN email"),
    ])
    #expect(record.fault == nil)
    #expect(record.roundTrips.map(\.trace?.isEmpty) == [true, true])
    #expect(record.roundTrips.map(\.reupgradeDifference?.isEmpty) == [true, true])
    #expect(record.roundTrips.allSatisfy { $0.restoration == nil })
    #expect(record.descentTrace?.isEmpty == true)
    #expect(record.ascentDifference?.isEmpty == true)
  }

  @Test func `a trace is recorded, and the next revision is judged on the state it expects`() throws
  {
    let record = try walk([
      Self.users,
      Migration(id: "b", parents: ["a"], up: "CREATE TABLE IF NOT EXISTS logs(id)", down: ""),
      Migration(
        id: "c", parents: ["b"], up: "CREATE INDEX ix ON logs(id)", down: "DROP INDEX ix"),
    ])
    #expect(record.roundTrips[1].trace?.changes.map(\.id.description).first == "table logs")
    #expect(record.roundTrips[2].trace?.isEmpty == true)
    #expect(record.descentTrace?.isStructural == true)
    #expect(record.ascentDifference?.isEmpty == true)
  }

  @Test func `a failed upgrade blocks what needs it, and only that`() throws {
    let record = try walk([
      Self.users,
      Migration(id: "b", parents: ["a"], up: "ALTER TABLE lost ADD x"),
      Migration(id: "c", parents: ["b"], up: "SELECT 1"),
      Migration(id: "d", parents: ["a"], up: "CREATE TABLE d(x)", down: "DROP TABLE d"),
    ])
    let byID = Dictionary(uniqueKeysWithValues: record.roundTrips.map { ($0.revision, $0) })
    guard case .failed(let failure)? = byID["b"]?.step(.upgrade)?.outcome else {
      Issue.record("the upgrade of b did not fail")
      return
    }
    #expect(failure.message == "no such table: lost")
    #expect(byID["c"]?.step(.upgrade)?.outcome == .blocked(by: "b"))
    #expect(byID["d"]?.trace?.isEmpty == true)
    #expect(
      record.ascent?.outcome == .skipped("not every revision can be taken up: b"))
  }

  @Test func `what a failed step left behind is recorded and put back`() throws {
    let record = try walk([
      Self.users,
      Migration(
        id: "b", parents: ["a"], up: "CREATE TABLE half(x); SELECT * FROM missing",
        isTransactional: false),
      Migration(id: "c", parents: ["a"], up: "CREATE TABLE half(y)", down: "DROP TABLE half"),
    ])
    let failed = try #require(record.roundTrips.first { $0.revision == "b" })
    #expect(failed.step(.upgrade)?.change.changes.map(\.id.description).first == "table half")
    #expect(failed.restoration == "restored by taking 1 revision up again")
    let next = try #require(record.roundTrips.first { $0.revision == "c" })
    #expect(next.step(.upgrade)?.outcome == .succeeded)
  }

  @Test func `the second restoration starts from the copy that the first one made`() throws {
    let half = "CREATE TABLE half(x); SELECT * FROM missing"
    let record = try walk([
      Self.users,
      Migration(id: "b", parents: ["a"], up: half, isTransactional: false),
      Migration(id: "c", parents: ["a"], up: half, isTransactional: false),
    ])
    #expect(record.roundTrips.map(\.restoration).last == "restored from a copy")
  }

  @Test func `a revision that is another one each time costs those after it nothing`() throws {
    let record = try walk([
      Self.users,
      Migration(
        id: "b", parents: ["a"], up: "CREATE INDEX ix_1 ON users(id)",
        down: "DROP INDEX IF EXISTS ix_1; DROP INDEX IF EXISTS ix_2; DROP INDEX IF EXISTS ix_3",
        laterUps: ["CREATE INDEX ix_2 ON users(id)", "CREATE INDEX ix_3 ON users(id)"]),
      Migration(id: "c", parents: ["b"], up: "CREATE TABLE IF NOT EXISTS left(x)"),
    ])
    #expect(record.fault == nil)
    #expect(record.roundTrips[1].reupgradeDifference?.isStructural == true)
    #expect(
      record.roundTrips[1].restoration
        == "restored by taking 2 revisions up again, which gave another schema: index users.ix_1, index users.ix_3"
    )
    #expect(record.roundTrips[2].trace?.changes.first?.id.description == "table left")
    #expect(record.descent?.outcome == .succeeded)
  }

  @Test func `what was seen before a state was lost stays, with the revision to blame`() throws {
    let record = try walk([
      Self.users,
      Migration(
        id: "b", parents: ["a"], up: "CREATE TABLE b(x)", down: "DROP TABLE b",
        laterUps: ["CREATE TABLE b(x)", "SELECT * FROM gone"]),
      Migration(
        id: "c", parents: ["b"], up: "CREATE TABLE c(x)",
        down: "DROP TABLE c; SELECT * FROM missing",
        isTransactional: false),
      Migration(id: "d", parents: ["c"], up: "CREATE TABLE d(x)", down: "DROP TABLE d"),
    ])
    #expect(record.fault?.code == .stateLost)
    #expect(
      record.fault?.message
        == "revision b was taken up before, and is refused on a fresh database: no such table: gone"
    )
    #expect(record.roundTrips[1].trace?.isEmpty == true)
    guard case .failed(let failure)? = record.roundTrips[2].step(.downgrade)?.outcome else {
      Issue.record("the downgrade of c did not fail")
      return
    }
    #expect(failure.message == "no such table: missing")
    guard case .unjudged(let fault)? = record.roundTrips[3].step(.upgrade)?.outcome else {
      Issue.record("d was judged")
      return
    }
    #expect(fault == record.fault)
  }

  @Test func `a process that dies makes its revision unjudged, not wrong`() throws {
    let record = try walk([
      Self.users,
      Migration(
        id: "b", parents: ["a"], up: "CREATE TABLE b(x)", down: "DROP TABLE b", dies: [.down]),
      Migration(id: "c", parents: ["b"], up: "CREATE TABLE c(x)", down: "DROP TABLE c"),
    ])
    guard case .unjudged(let fault)? = record.roundTrips[1].step(.downgrade)?.outcome else {
      Issue.record("the downgrade of b was judged")
      return
    }
    #expect(fault.code == .workerExited)
    #expect(record.roundTrips[2].trace?.isEmpty == true)
    #expect(record.descent?.outcome == .skipped("not every revision can be taken down: b"))
    #expect(record.ascentDifference?.isEmpty == true)
  }

  @Test func `the recorded versions are read from the table itself`() throws {
    let record = try walk([
      Migration(id: "a", up: "CREATE TABLE a(x)", down: "DROP TABLE a", forgetsVersion: true)
    ])
    #expect(record.roundTrips[0].step(.upgrade)?.recordedVersions == [])
  }

  @Test func `on a step that was not recorded nothing is built`() throws {
    let record = try walk([
      Self.users,
      Migration(
        id: "b", parents: ["a"], up: "CREATE TABLE b(x)", down: "DROP TABLE b",
        forgetsVersion: true),
      Migration(id: "c", parents: ["b"], up: "CREATE TABLE c(x)", down: "DROP TABLE c"),
      Migration(id: "d", parents: ["a"], up: "CREATE TABLE b(y)", down: "DROP TABLE b"),
    ])
    let byID = Dictionary(uniqueKeysWithValues: record.roundTrips.map { ($0.revision, $0) })
    let lost = try #require(byID["b"]?.step(.upgrade))
    #expect(lost.outcome == .succeeded && !lost.isDone)
    #expect(lost.flaw?.kind == .committed)
    #expect(byID["b"]?.step(.downgrade)?.outcome == .skipped("the upgrade was not recorded"))
    #expect(byID["c"]?.step(.upgrade)?.outcome == .blocked(by: "b"))
    // Its table is gone again.
    #expect(byID["d"]?.trace?.isEmpty == true)
    #expect(byID["d"]?.step(.upgrade)?.flaw == nil)
    #expect(record.ascent?.outcome == .skipped("not every revision can be taken up: b"))
  }

  @Test func `merges and branches end where they began`() throws {
    let record = try walk([
      Self.users,
      Migration(id: "b", parents: ["a"], up: "CREATE TABLE b(x)", down: "DROP TABLE b"),
      Migration(id: "c", parents: ["a"], up: "CREATE TABLE c(x)", down: "DROP TABLE c"),
      Migration(id: "m", parents: ["b", "c"]),
    ])
    #expect(record.roundTrips.count == 4)
    #expect(record.descentTrace?.isEmpty == true)
    #expect(record.ascentDifference?.isEmpty == true)
  }

  @Test func `a range is approached in one go and left again to where it began`() throws {
    let record = try walk(
      [
        Self.users,
        Migration(id: "b", parents: ["a"], up: "CREATE TABLE b(x)", down: "DROP TABLE b"),
      ], scope: .range(.init(after: "a")))
    #expect(record.approach?.outcome == .succeeded)
    #expect(record.roundTrips.map(\.revision) == ["b"])
    #expect(record.descentTrace?.isEmpty == true)
    #expect(record.ascentDifference?.isEmpty == true)
  }

  @Test func `between changed revisions the unchanged are taken up and never down`() throws {
    func table(_ id: RevisionID, after parent: RevisionID) -> Migration {
      Migration(id: id, parents: [parent], up: "CREATE TABLE \(id)(x)", down: "DROP TABLE \(id)")
    }
    let record = try walk(
      [
        Self.users, table("b", after: "a"),
        Migration(id: "c", parents: ["b"], up: "CREATE TABLE c(x)", down: "there is no way back"),
        table("d", after: "c"),
      ], scope: .changed(["b", "d"], since: "main"))
    #expect(record.fault == nil)
    #expect(record.approach?.outcome == .succeeded)
    #expect(record.roundTrips.map(\.revision) == ["b", "c", "d"])
    #expect(record.roundTrips.map(\.trace?.isEmpty) == [true, nil, true])
    #expect(record.roundTrips[1].step(.downgrade)?.outcome == .skipped("unchanged since main"))
    #expect(record.descent?.outcome == .succeeded)
    #expect(record.ascentDifference?.isEmpty == true)
  }

  @Test func `where nothing changed the history is taken up in one go, and that is all`() throws {
    let record = try walk([Self.users], scope: .changed([], since: "main"))
    #expect(record.fault == nil)
    #expect(record.approach?.outcome == .succeeded)
    #expect(record.roundTrips.isEmpty)
    #expect(record.descent == nil)
    #expect(record.ascent == nil)
  }

  @Test func `revisions below the floor are only taken up, with the reason`() throws {
    let record = try walk(
      [
        Self.users,
        Migration(id: "b", parents: ["a"], up: "CREATE TABLE b(x)", down: "DROP TABLE b"),
      ], floor: "b")
    #expect(
      record.roundTrips[0].step(.downgrade)?.outcome
        == .skipped("older than the downgrade-floor b"))
    #expect(record.descentTrace == nil)
  }

  @Test func `an interrupted run says so for everything that it did not come to`() throws {
    let asked = Mutex(0)
    let record = try walk(
      [Self.users, Migration(id: "b", parents: ["a"])],
      isInterrupted: {
        asked.withLock {
          $0 += 1
          return $0 > 1
        }
      })
    #expect(record.fault?.code == .interrupted)
    #expect(record.roundTrips.count == 2)
  }

  @Test func `a view that an upgrade breaks is observed once`() throws {
    let record = try walk([
      Migration(id: "a", up: "CREATE TABLE t(x); CREATE VIEW v AS SELECT x FROM t"),
      Migration(
        id: "b", parents: ["a"], up: "DROP TABLE t; CREATE TABLE t(y)",
        down: "DROP TABLE t; CREATE TABLE t(x)"),
    ])
    let observations = record.roundTrips[1].step(.upgrade)?.observations ?? []
    #expect(observations.map(\.kind) == [.brokenView])
    #expect(observations.first?.objects.map(\.description) == ["view v"])
  }
}
