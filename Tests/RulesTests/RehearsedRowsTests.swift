import Databases
import History
import Rows
import Schemas
import Testing
import Walks

@testable import Rules

@Suite struct `What became of a copy's rows` {
  private let users = TableName(schema: "public", "users")

  /// Three pending revisions, of which each sent one statement each way.
  private func record(
    up: [String], down: [String] = ["SELECT 1", "SELECT 1", "SELECT 1"], rows: RowsDifference,
    back: RowsDifference? = nil
  ) -> RunRecord {
    let ids: [RevisionID] = ["b", "c", "d"]
    func steps(_ statements: [String]) -> [StepMeasurement] {
      zip(ids, statements).map {
        StepMeasurement(
          revision: $0, duration: 1, statements: [StatementMeasurement(sql: $1, line: 7)])
      }
    }
    func compared(_ difference: RowsDifference) -> RowComparison {
      RowComparison(
        tables: 1, rowsBefore: 3, rowsAfter: 3, seconds: 0, difference: difference)
    }
    var rehearsal = RehearsalRecord(engine: .postgresql, pending: ids, steps: steps(up))
    rehearsal.rows = compared(rows)
    rehearsal.schema = SchemaDifference()
    rehearsal.rollback = RehearsedWay(
      steps: steps(down).reversed(), duration: 2, schema: SchemaDifference(),
      rows: compared(back ?? rows))
    var record = RunRecord(
      revisions: ids.map { Revision(id: $0, file: "\($0).py", upgradeLine: 3, downgradeLine: 9) })
    record.rehearsal = rehearsal
    var engine = EngineRecord(engine: .postgresql)
    engine.roundTrips = rehearsal.roundTrips(startedAt: 100)
    record.engines = [engine]
    return record
  }

  private func difference(
    lost: Int = 0, _ columns: RowsDifference.Column...
  ) -> RowsDifference {
    var table = RowsDifference.Table(
      before: users, after: users, rowsBefore: 9, rowsAfter: 9 - lost)
    table.rowsLost = lost
    table.columns = columns
    return RowsDifference([table])
  }

  private func column(_ name: Identifier, dropped: Bool = false, changed: Int = 0)
    -> RowsDifference.Column
  {
    var column = RowsDifference.Column(before: name, after: dropped ? nil : name)
    column.valuesBefore = 4
    if changed > 0 { column.changes = [.replaced: changed] }
    return column
  }

  @Test func `is told of the revision whose statement did it, at its line`() {
    let findings = RuleBook.judge(
      record(
        up: [
          "DELETE FROM users WHERE id > 3", "ALTER TABLE users DROP COLUMN nickname",
          "UPDATE users SET name = upper(name)",
        ],
        rows: difference(lost: 6, column("nickname", dropped: true), column("name", changed: 2)),
        back: difference(lost: 6, column("name", changed: 2)))
    ).findings
    let told = findings.map { "\($0.rule) \($0.revision?.text ?? "") \($0.line ?? 0)" }
    #expect(
      told.sorted() == [
        "rows-lost b 7", "values-changed d 7", "values-lost d 9",
      ])
  }

  @Test func `is an error where production's values go with a column`() throws {
    var back = column("nickname")
    back.changes = [.nulled: 4]
    let findings = RuleBook.judge(
      record(
        up: ["SELECT 1", "ALTER TABLE users DROP COLUMN nickname", "SELECT 1"],
        down: ["SELECT 1", "ALTER TABLE users ADD COLUMN nickname text", "SELECT 1"],
        rows: difference(column("nickname", dropped: true)), back: difference(back))
    ).findings
    let finding = try #require(findings.first)
    #expect(findings.count == 1)
    #expect((finding.rule, finding.severity, finding.revision) == ("data-dropped", .error, "c"))
    #expect(finding.message == "the upgrade drops column users.nickname with 4 values")
  }

  @Test(arguments: [
    [
      "UPDATE users SET display = coalesce(nickname, email)",
      "ALTER TABLE users DROP COLUMN nickname",
    ],
    [
      "INSERT INTO _alembic_tmp_users (name, nickname) SELECT name, nickname FROM users",
      "INSERT INTO _alembic_tmp_users (name) SELECT name FROM users",
    ],
  ])
  func `of a dropped column is told of the revision that drops it, whoever wrote before`(
    up: [String]
  ) throws {
    var back = column("nickname")
    back.changes = [.nulled: 4]
    let record = record(
      up: up + ["INSERT INTO _alembic_tmp_users (name, mood) SELECT name, mood FROM users"],
      down: ["SELECT 1", "ALTER TABLE users ADD COLUMN nickname text", "SELECT 1"],
      rows: difference(column("nickname", dropped: true)), back: difference(back))
    let findings = RuleBook.judge(record).findings
    #expect(findings.map { "\($0.rule) \($0.revision?.text ?? "")" } == ["data-dropped c"])
    let allowance = Allowance(
      rule: "data-dropped", revision: "c", object: "users.nickname", reason: "it moved",
      place: "c.py:4")
    #expect(RuleBook.judge(record, allowances: [allowance]).findings.isEmpty)
  }

  @Test func `of the second upgrade follows from what another revision lost`() {
    func rules(_ update: String) -> [String] {
      let up = [update, "ALTER TABLE users DROP COLUMN nickname", "SELECT 1"]
      var back = column("nickname")
      back.changes = [.nulled: 4]
      var record = record(
        up: up, rows: difference(column("nickname", dropped: true)), back: difference(back))
      let steps = record.rehearsal?.steps ?? []
      record.rehearsal?.secondUpgrade = RehearsedWay(
        steps: steps, duration: 1, schema: SchemaDifference(),
        rows: RowComparison(
          tables: 1, rowsBefore: 3, rowsAfter: 3, seconds: 0,
          difference: difference(column("display", changed: 2))))
      record.engines[0].roundTrips = record.rehearsal?.roundTrips(startedAt: 0) ?? []
      return RuleBook.judge(record).findings.map { "\($0.rule) \($0.revision?.text ?? "")" }
        .sorted()
    }
    #expect(rules("UPDATE users SET display = coalesce(nickname, email)") == ["data-dropped c"])
    #expect(
      rules("UPDATE users SET display = random()") == ["data-dropped c", "reupgrade-differs b"])
  }

  @Test func `of a table that comes back empty is told of the revision that drops it`() {
    let gone = RowsDifference([
      RowsDifference.Table(before: users, after: nil, rowsBefore: 9, rowsAfter: 0)
    ])
    let findings = RuleBook.judge(
      record(
        up: ["DELETE FROM users WHERE false", "DROP TABLE users", "SELECT 1"], rows: gone,
        back: difference(lost: 9))
    ).findings
    #expect(Set(findings.map { "\($0.revision?.text ?? "")" }) == ["c"])
  }

  @Test func `goes by the server's counts of partitions, and of what no statement names`() {
    var record = record(
      up: [
        "DELETE FROM users_old", "ALTER TABLE users ALTER COLUMN boss SET DEFAULT 1", "SELECT 1",
      ],
      rows: difference(lost: 1, column("boss", changed: 2)))
    record.rehearsal?.steps[0].statements[0].rows = [
      TouchedRows(
        table: ObjectID(.table, schema: "public", ["users_old"]),
        root: ObjectID(.table, schema: "public", ["users"]), inserted: 0, updated: 2, deleted: 1,
        held: 0)
    ]
    // The way back is asked only where the way up has no answer.
    record.rehearsal?.rollback?.steps[0].statements[0].rows = [
      TouchedRows(
        table: ObjectID(.table, schema: "public", ["users"]), inserted: 0, updated: 1, deleted: 1,
        held: 0)
    ]
    let trips = record.rehearsal?.roundTrips(startedAt: 0) ?? []
    let told = trips.map { $0.step(.upgrade)?.rows?.tables.first }
    #expect(told.map { $0?.rowsLost } == [1, nil, nil])
    #expect(told.map { $0?.columns.count } == [1, nil, nil])
    record.engines[0].roundTrips = trips
    let findings = RuleBook.judge(record).findings.filter { $0.step == .upgrade }
    #expect(findings.map(\.rule).sorted() == ["rows-lost", "values-changed"])
    #expect(
      findings.map(\.evidence.statement) == ["DELETE FROM users_old", "DELETE FROM users_old"])
  }

  @Test func `goes by the server's own count of deleted rows before words`() {
    var record = record(
      up: ["SELECT purge()", "INSERT INTO users VALUES (1)", "SELECT 1"],
      rows: difference(lost: 1))
    let table = ObjectID(.table, schema: "public", ["users"])
    record.rehearsal?.steps[0].statements[0].rows = [
      TouchedRows(table: table, inserted: 0, updated: 0, deleted: 1, held: 0)
    ]
    let trips = record.rehearsal?.roundTrips(startedAt: 0) ?? []
    #expect(trips.map { $0.step(.upgrade)?.rows?.tables.count } == [1, 0, 0])
  }

  @Test func `is at least so much where it could not be counted`() throws {
    var rows = difference(lost: 2, column("name", changed: 3))
    rows.tables[0].isExact = false
    let findings = RuleBook.judge(
      record(
        up: ["DELETE FROM users", "UPDATE users SET name = ''", "SELECT 1"], rows: rows,
        back: RowsDifference())
    ).findings
    #expect(
      findings.map(\.message).sorted() == [
        "the upgrade changes at least 3 values of column users.name",
        "the upgrade loses at least 2 of 9 rows of table users",
      ])
  }

  @Test func `says nothing of declarations that this copy does not need`() {
    let allowance = Allowance(
      rule: "data-dropped", revision: "b", object: "users.nickname", reason: "unused",
      place: "stairway.yml:1")
    let record = record(up: ["SELECT 1", "SELECT 1", "SELECT 1"], rows: RowsDifference())
    #expect(RuleBook.judge(record, allowances: [allowance]).findings.isEmpty)
  }

  @Test func `has the times of every way`() {
    let trip = record(up: ["SELECT 1", "SELECT 1", "SELECT 1"], rows: RowsDifference())
      .rehearsal?.roundTrips(startedAt: 100).first
    #expect(trip?.steps.map(\.name) == [.upgrade, .downgrade])
    #expect(trip?.steps.map(\.duration) == [1, 1])
    #expect(trip?.step(.downgrade)?.startedAt == 100)
  }

  @Test func `is a rollback that cannot be made where there is no downgrade`() throws {
    var record = record(up: ["SELECT 1", "SELECT 1", "SELECT 1"], rows: RowsDifference())
    let failure = StepFailure(kind: .notImplemented, type: "NotImplementedError", message: "")
    record.rehearsal?.rollback?.steps[1].outcome = .failed(failure)
    record.rehearsal?.rollback?.steps[2].outcome = .blocked(by: "c")
    record.engines[0].roundTrips = record.rehearsal?.roundTrips(startedAt: 0) ?? []
    let finding = try #require(RuleBook.judge(record).findings.first)
    #expect((finding.rule, finding.revision) == ("missing-downgrade", "c"))
  }
}
