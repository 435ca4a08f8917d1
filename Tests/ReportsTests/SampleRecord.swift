import Databases
import Formats
import History
import Reports
import Rows
import Rules
import Schemas
import Walks

/// A run with one of everything that a report can hold.
enum SampleRecord {
  /// What no file format and no terminal likes.
  static let hostile =
    "bell\u{7} \u{1B}[31mred\u{1B}[0m ]]> <b>&amp;\"' 100% café 🚪 \u{202E}turned\r\n::error::fake \u{0}\u{FFFF}"

  static let revisions = [
    Revision(
      id: "aaa1", message: "create users", file: "migrations/versions/aaa1_users.py",
      upgradeLine: 10, downgradeLine: 20),
    Revision(
      id: "bbb2", parents: ["aaa1"], message: hostile, file: "migrations/versions/bbb2.py",
      upgradeLine: 11, downgradeLine: 21),
    Revision(
      id: "ccc3", parents: ["bbb2"], dependencies: ["aaa1"], labels: ["billing"],
      message: "add index", file: "migrations/versions/ccc3.py", upgradeLine: 12),
    Revision(id: "ddd4", parents: ["ccc3"], file: "migrations/versions/ddd4.py"),
  ]

  static let users = SchemaObject(
    ObjectID(.table, ["users"]), ["persistence": .text("permanent"), "columns": .number(2)])
  static let phone = SchemaObject(
    ObjectID(.column, schema: "shop", ["users", "phone"]),
    ["type": .text("character varying(20)"), "nullable": .flag(true), "x": .list(["a", "b"])])

  static let difference = SchemaDifference([
    ObjectChange(before: nil, after: phone),
    ObjectChange(before: users, after: nil),
    ObjectChange(
      before: users, after: users,
      properties: [
        PropertyChange(
          "columns", before: .number(2), after: .number(3), weight: .columnOrder),
        PropertyChange("comment", before: nil, after: .text(hostile), weight: .structural),
      ]),
  ])

  static let failure = StepFailure(
    kind: .raised, type: "sqlalchemy.exc.OperationalError", message: hostile, sqlState: "42P01",
    statement: "DROP INDEX ix_users_phone",
    frames: [
      Frame(
        file: "migrations/versions/bbb2.py", line: 22, function: "downgrade",
        code: "op.drop_index('ix_users_phone')")
    ])

  static let fault = Fault(
    .workerExited, message: "the Python worker ended with status 1", output: hostile,
    fix: "run `stairway doctor` to see what it printed")

  static func step(
    _ name: StepName, _ outcome: StepOutcome = .succeeded, at start: Double = 0
  ) -> StepRecord {
    StepRecord(
      name, outcome: outcome, startedAt: 1_700_000_000 + start, duration: 0.0125,
      statements: [
        Statement(
          sql: "CREATE TABLE users (id INTEGER)", duration: 0.001, notices: ["will be truncated"],
          error: nil, line: 14, revision: "bbb2"),
        Statement(sql: "PRAGMA user_version = 2", duration: 0.001, sender: failure.frames[0]),
      ], output: hostile, change: difference,
      observations: [Observation(.brokenView, objects: [phone.id], detail: "no such column")],
      recordedVersions: ["aaa1", "bbb2"], expectedVersions: ["bbb2", "aaa1"], stoppedAt: "bbb2")
  }

  static var sqlite: EngineRecord {
    var engine = EngineRecord(
      engine: .sqlite, version: "3.40.1", scratch: "a file under /dev/shm")
    engine.environment = ["python": "3.11.7", "alembic": "1.20.1"]
    engine.roundTrips = [
      RoundTripRecord(
        revision: "aaa1", steps: [step(.upgrade), step(.downgrade), step(.reupgrade)],
        trace: SchemaDifference(), reupgradeDifference: SchemaDifference(), fingerprint: "00ff"),
      RoundTripRecord(
        revision: "bbb2", steps: [step(.upgrade), step(.downgrade, .failed(failure))],
        trace: difference, restoration: "the copy from before was put back"),
      RoundTripRecord(
        revision: "ccc3",
        steps: [step(.upgrade, .unjudged(fault)), step(.downgrade, .skipped("no upgrade"))]),
      RoundTripRecord(revision: "ddd4", steps: [step(.upgrade, .blocked(by: "ccc3"))]),
    ]
    engine.approach = step(.approach)
    engine.descent = step(.descent)
    engine.descentTrace = difference
    engine.ascent = step(.ascent, .skipped("the descent did not reach base"))
    engine.parity = ParityRecord(
      steps: [
        ParityStep(step(.again)),
        ParityStep(step(.start, .skipped("no application was found"))),
        ParityStep(
          step(.printedUpgrade, .skipped("not every revision can be printed")),
          difference: difference,
          unprintable: [
            Unprintable(
              revision: "b2", failure: StepFailure(type: "ValueError", message: "no answer"))
          ]),
      ], application: "the Flask application")
    engine.notes = ["tables were made by the application's factory: users"]
    engine.leftOutRows = [
      FixtureFault(place: SourcePlace(file: "f/aaa1.yml", line: 3), message: "no such table")
    ]
    return engine
  }

  static var postgresql: EngineRecord {
    var engine = EngineRecord(engine: .postgresql, version: "15.18", scratch: "private cluster")
    engine.fault = Fault(.databaseLost, message: "the server went away")
    return engine
  }

  static let findings = [
    Finding(
      rule: "multiple-heads", severity: .error, message: "the history has 2 heads: ccc3 and ddd4",
      fix: "flask db merge heads"),
    Finding(
      rule: "downgrade-fails", severity: .error, engine: .sqlite, revision: "bbb2",
      step: .downgrade, objects: [ObjectID(.index, ["ix_users_phone"])],
      file: "migrations/versions/bbb2.py", line: 22, message: "the downgrade failed: \(hostile)",
      evidence: Evidence(
        statement: failure.statement, error: failure.message, sqlState: failure.sqlState,
        frames: failure.frames)),
    Finding(
      rule: "downgrade-reorders-columns", severity: .warning, engine: .sqlite, revision: "bbb2",
      step: .downgrade, objects: [users.id], file: "migrations/versions/bbb2.py", line: 21,
      message: "the downgrade leaves the columns of users in another order",
      evidence: Evidence(difference: difference), fix: "op.add_column(…)\n  # second line"),
    Finding(
      rule: "sequence-too-narrow", severity: .warning, engine: .sqlite, revision: "aaa1",
      step: .upgrade, objects: [phone.id], message: "users.id outgrows its sequence"),
    Finding(
      rule: "descent-leaves-trace", severity: .error, engine: .sqlite, step: .descent,
      message: "down to base left a table", evidence: Evidence(difference: difference)),
    Finding(
      rule: "unused-allow", severity: .warning, file: "stairway.yml", line: 4,
      message: "the allowance of data-dropped matched nothing"),
  ]

  static let declared = [
    DeclaredFinding(
      finding: Finding(
        rule: "missing-downgrade", severity: .error, engine: .sqlite, revision: "aaa1",
        step: .downgrade, message: "there is no way back"), reason: "base data")
  ]

  static var record: RunRecord {
    RunRecord(
      project: "/srv/shop", adapter: "alembic", startedAt: 1_700_000_000.25, duration: 1.5,
      revisions: revisions, engines: [sqlite, postgresql],
      leftOut: [LeftOutEngine(engine: .postgresql, reason: "no server was found")])
  }

  static func report(
    _ record: RunRecord = record, findings: [Finding] = findings,
    declared: [DeclaredFinding] = declared, failOn: Severity = .error, folder: String = "",
    repositoryFolder: String? = nil, invocation: [String]? = nil
  ) throws -> Report {
    try Report(
      record: record, judgement: Judgement(findings: findings, declared: declared),
      failOn: failOn, version: "0.1.0", folder: folder, repositoryFolder: repositoryFolder,
      invocation: invocation)
  }

  /// One engine, one clean revision.
  static var clean: RunRecord {
    var engine = EngineRecord(engine: .sqlite, version: "3.40.1")
    engine.roundTrips = [
      RoundTripRecord(
        revision: "aaa1", steps: [step(.upgrade), step(.downgrade), step(.reupgrade)])
    ]
    return RunRecord(project: "/srv/shop", revisions: [revisions[0]], engines: [engine])
  }
}
