import Databases
import History
import Platform
import Rules
import Schemas
import Testing
import Walks

@testable import Reports

@Suite struct `The report of a rehearsal` {
  private func record(change: (inout RehearsalRecord) -> Void = { _ in }) -> RunRecord {
    SampleRecord.rehearsed(change: change)
  }

  @Test func `holds everything that was measured, read back and as its schema has it`() throws {
    let json = try SampleRecord.report(record(), findings: [], declared: []).json
    #expect(try Report(json: json, name: "report.json").record.rehearsal == record().rehearsal)
    let folder = try Files.makeTemporaryFolder(in: "/tmp", prefix: "stairway-rehearsal")
    defer { try? Files.removeTree(folder) }
    try Files.write(json, to: folder / "report.json")
    let script = """
      import json, sys, jsonschema
      validator = jsonschema.Draft202012Validator(json.load(open(sys.argv[1])))
      print([e.json_path + ": " + e.message[:200] for e in validator.iter_errors(json.load(open(sys.argv[2])))])
      """
    let schema = (PackageFiles.root / "docs/report.schema.json").text
    let answer = try PackageFiles.python(script, [schema, (folder / "report.json").text])
    #expect(answer.hasPrefix("[]"), "\(answer)")
  }

  @Test func `gives readers of JUnit each way with its time, and nothing that was not judged`()
    throws
  {
    var record = record()
    var engine = EngineRecord(engine: .postgresql, version: "15.18")
    engine.roundTrips = try #require(record.rehearsal).roundTrips(startedAt: 100)
    record.engines = [engine]
    let junit = try SampleRecord.report(record, findings: [], declared: []).junit(.standard)
    let suites = junit.split(separator: "<testsuite name=\"").dropFirst()
      .map { String($0.prefix { $0 != "\"" }) }
    #expect(
      suites == [
        "stairway.postgresql.engine", "stairway.postgresql.upgrade",
        "stairway.postgresql.downgrade", "stairway.postgresql.reupgrade",
        "stairway.postgresql.rows", "stairway.postgresql.instances",
        "stairway.postgresql.interruption",
      ])
    #expect(
      junit.contains(
        "<testcase classname=\"stairway.postgresql.downgrade\" name=\"b2 widen ids\" file=\"v/b2.py\""
      ))
    #expect(junit.contains("time=\"1.900\""))
  }

  @Test func `tells revision by revision what it cost`() throws {
    let report = try SampleRecord.report(record(), findings: [], declared: [])
    let text = RehearsalText(
      report: report, rehearsal: try #require(report.record.rehearsal), style: Style()
    ).text
    #expect(
      text == """
        Rehearsal on PostgreSQL 15.18
          from a1: 2 revisions pending
          3.5 s in one transaction, 12 MiB of WAL, 4 KiB of temporary files, database 1 GiB → 1.5 GiB

          b2 widen ids 3.4 s
              RESERVED on the file for 100 ms: writes wait
              ACCESS EXCLUSIVE on table users for 3.4 s: reads and writes wait
              written anew: table users (120 MiB → 125 MiB)
              read in full: table users (120 MiB → 125 MiB)
              built: index ix on users
              rows of table users: 1 inserted, 2 updated
              12 MiB of WAL

          c3 4 ms
              takes no further lock on a table of before

          Longest wait of somebody who comes at the worst moment
              table users: to read 3.4 s, to write 3.4 s

          Statements of the application meanwhile: usually, at most
              line 7: UPDATE users SET name = name
                before 0.3 ms, 3 ms; during 3.2 s, 3.2 s; after never
                refused 43 times after, one of them having waited for 2.5 s: column "name" does not exist

          Rows: 60000 in 14 tables before, 59998 after, compared in 400 ms
              at least 2 of 50000 rows of table users are gone
              column users.nickname is gone with 41200 values

          Back to a1: 2.1 s in one transaction
              c3 200 ms
              b2 widen ids 1.9 s
              this rollback loses at least 2 rows of users
              this rollback loses values of users.nickname in at least 41200 rows
              up again: 3.4 s in one transaction, with the same result

          3 instances at the same moment
              instance 1 ran b2 and c3 in 400 ms
              instance 2 failed in b2 after 300 ms: relation "t" already exists
              instance 3 failed after 1 min 00 s: relation "t" already exists
              2 of 3 had read which revisions are applied before the first one began
              session 2 waits for session 1: LOCK TABLE users

          Killed at 3 of 9 places of the upgrade
              2 others not reached again: the upgrade does not send the same statements each time
              the others were not tried: more with `--max-interruptions`
              1 time nothing was left
              1 time the next upgrade completed what was left
              1 time neither: see the findings
        """)
  }

  @Test func `tells of rows that were locked though no table was`() throws {
    let users = SampleRecord.rehearsedUsers
    let report = try SampleRecord.report(
      record {
        var statement = StatementMeasurement(sql: "UPDATE users SET name = upper(name)")
        statement.rows = [
          TouchedRows(table: users, inserted: 0, updated: 60_000, deleted: 0, held: 1.6)
        ]
        $0.steps = [
          StepMeasurement(
            revision: "b2", duration: 1.6, statements: [statement],
            locks: [
              HeldLock(
                relation: users, mode: .rowExclusive, statement: 0, taken: 0.1, held: 1.6)
            ])
        ]
        $0.relations = []
      }, findings: [], declared: [])
    let text = RehearsalText(
      report: report, rehearsal: try #require(report.record.rehearsal), style: Style()
    ).text
    #expect(text.contains("60000 rows of table users locked for 1.6 s: writes to them wait"))
    let page = report.page()
    #expect(page.contains("60000 rows of table users locked for 1.6 s: writes to them wait"))
    #expect(!(text + page).contains("keeps nobody waiting"))
    #expect(
      text.contains(
        """
          Longest wait of somebody who comes at the worst moment
              table users: to write to changed rows 1.6 s
        """))
  }

  @Test func `says first whether the deploy can go, and the details after the findings`() throws {
    var record = record()
    record.engines = [EngineRecord(engine: .postgresql, version: "15.18", scratch: "here")]
    let text = try SampleRecord.report(record, findings: [], declared: [])
      .text(.full, style: Style())
    #expect(
      text.hasPrefix(
        """
        Go: what is pending ran on the copy of production

          [?] tested on a copy: postgresql://app@db:5432/shop: 14 tables, 41200 rows, 1 GiB, as it is now
        """))
    #expect(text.contains("rehearsed"))
    #expect(!text.contains("verified"))
  }

  @Test func `says where it stopped, and what was kept`() throws {
    let failed = try SampleRecord.report(
      record {
        $0.steps[0].outcome = .failed(StepFailure(type: "DataError", message: "no"))
        $0.steps[1].outcome = .blocked(by: "b2")
        $0.versionsAfter = ["a1"]
        $0.rollback = nil
      }, findings: [], declared: [])
    let text = failed.text(.full, style: Style())
    #expect(text.contains("nothing of it was kept: the copy is where it was"))
    #expect(text.contains("failed: no"))
    #expect(text.contains("not reached: it needs b2"))
    #expect(!text.contains("Back to"))
  }

  @Test func `says why a deploy cannot be taken back, and where that leaves the copy`() throws {
    for (failure, words) in [
      (
        StepFailure(kind: .notImplemented, type: "NotImplementedError", message: ""),
        "has no downgrade"
      ),
      (StepFailure(type: "DataError", message: "value too long"), "failed: value too long"),
    ] {
      let report = try SampleRecord.report(
        record {
          $0.rollback?.steps[1].outcome = .failed(failure)
          $0.rollback?.versionsAfter = ["c3"]
          $0.secondUpgrade = nil
        }, findings: [], declared: [])
      let text = report.text(.full, style: Style())
      #expect(text.contains("Back to a1: this deploy cannot be taken back"))
      #expect(text.contains("b2 widen ids \(words)"))
      #expect(text.contains("after 2.1 s the copy stood at c3"))
      #expect(!text.contains("up again"))
    }
  }
}
