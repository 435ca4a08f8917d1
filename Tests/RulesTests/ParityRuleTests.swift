import Databases
import History
import Schemas
import Testing
import Walks

@testable import Rows
@testable import Rules

@Suite struct ParityRuleTests {
  private static let maker = Frame(
    file: "app.py", line: 12, code: "Session.__table__.create(engine)")

  private static func made(_ frame: Frame?) -> Statement {
    Statement(sql: "CREATE TABLE session (id INTEGER)", duration: 0, sender: frame)
  }

  @Test(arguments: [
    (maker.code, "`Session.__table__.create(engine)`"), ("db.create_all()", "create_all()"),
    ("", "create_all()"),
  ])
  func `what the application made is told at its own line, and by its own call`(
    _ code: String, _ call: String
  ) throws {
    var early = ParityStep.example(.earlyStart, change: .added(.table, "session"))
    early.record.statements = [Self.made(Frame(file: "app.py", line: 12, code: code))]
    let record = RunRecord.example(
      .sqlite, beside: early,
      .example(.lateUpgrade, .failed(StepFailure(type: "", message: "it already exists"))))
    let finding = try #require(RuleBook.judge(record).findings.first)
    #expect(finding.rule == "create-all-conflict")
    #expect((finding.file, finding.line) == ("app.py", 12))
    #expect(finding.fix?.hasPrefix("take \(call) out of the application's start") == true)
  }

  @Test(arguments: [
    (
      "UPDATE t SET a = 1 -- why;\nUPDATE alembic_version SET version_num = 'b';",
      "the statement ends with a `--` comment"
    ),
    ("UPDATE t SET a = b %% 2", "say `dialect_opts={\"paramstyle\": \"named\"}`"),
    ("INSERT INTO t -- one\nVALUES (:a)", "values are written out where env.py says"),
  ])
  func `why printed SQL is refused is told where it shows`(
    _ statement: String, _ words: String
  ) throws {
    var printed = ParityStep.example(
      .printedUpgrade,
      .failed(StepFailure(type: "", message: "syntax error", statement: statement)))
    printed.record.stoppedAt = Revision.example.id
    let record = RunRecord.example(.sqlite, beside: printed)
    let finding = try #require(RuleBook.judge(record).findings.first)
    #expect(finding.fix?.contains(words) == true, "\(finding.fix ?? "")")
  }

  @Test func `a line that writes among the printed SQL is named`() throws {
    let writer = Frame(file: Revision.example.file, line: 13, code: "print('now the index')")
    var printed = ParityStep.example(
      .printedUpgrade,
      .failed(
        StepFailure(
          type: "", message: "syntax error", statement: "now the index\nCREATE INDEX",
          frames: [writer])))
    printed.record.stoppedAt = Revision.example.id
    let finding = try #require(
      RuleBook.judge(RunRecord.example(.sqlite, beside: printed)).findings.first)
    #expect(finding.rule == "offline-sql-fails")
    #expect((finding.file, finding.line) == (writer.file, 13))
    #expect(finding.fix?.contains("print(…, file=sys.stderr)") == true)
  }

  @Test(arguments: [
    (SchemaDifference.added(.table, "alembic_version"), "say `version_table=`"),
    (
      .changed(
        ObjectID(.column, ["t", "a"]), "default", from: .text("'5%'"), to: .text("'5%%'")),
      "say `dialect_opts="
    ),
    (.added(.table, "t"), "let the migrations of these objects do the same"),
  ])
  func `why printed SQL makes another schema is told where it shows`(
    _ difference: SchemaDifference, _ words: String
  ) throws {
    let finding = try #require(
      RuleBook.judge(
        RunRecord.example(.sqlite, beside: .example(.printedUpgrade, difference: difference))
      ).findings.first)
    #expect(finding.rule == "offline-sql-differs")
    #expect(finding.fix?.hasPrefix(words) == true, "\(finding.fix ?? "")")
  }

  @Test func `what changed at the heads is told at the line that did it`() throws {
    var again = ParityStep.example(.again, change: .added(.table, "session"))
    again.record.statements = [
      Statement(sql: "SELECT 1", duration: 0), Self.made(Frame(file: "migrations/env.py", line: 9)),
    ]
    let finding = try #require(
      RuleBook.judge(RunRecord.example(.sqlite, beside: again)).findings.first)
    #expect(finding.rule == "not-idempotent")
    #expect((finding.file, finding.line) == ("migrations/env.py", 9))
  }

  @Test func `rows to which only a column came are no other rows`() throws {
    let users = TableName("users")
    var table = RowsDifference.Table(before: users, after: users, rowsBefore: 2, rowsAfter: 2)
    table.columns = [RowsDifference.Column(before: nil, after: "plan")]
    func finding(_ table: RowsDifference.Table) throws -> Finding {
      var start = ParityStep.example(.start, change: .added(.column, "users", "plan"))
      start.record.rows = RowsDifference([table])
      return try #require(
        RuleBook.judge(RunRecord.example(.sqlite, beside: start)).findings.first)
    }
    #expect(try finding(table).message.hasSuffix("changes the database: column users.plan added"))
    table.rowsAdded = 1
    #expect(try finding(table).message.hasSuffix("column users.plan added; other rows in users"))
  }

  @Test func `what is printed otherwise is told of the revision that makes it`() throws {
    let difference = SchemaDifference.removed(.index, "ix_day")
    func record(_ changes: SchemaDifference) -> RunRecord {
      var record = RunRecord.example(
        .postgresql, beside: .example(.printedUpgrade, difference: difference))
      record.engines[0].roundTrips = [
        RoundTripRecord(
          revision: Revision.example.id,
          steps: [StepRecord(.upgrade, outcome: .succeeded, change: changes)])
      ]
      return record
    }
    let known = try #require(RuleBook.judge(record(.added(.index, "ix_day"))).findings.first)
    #expect(known.revision == Revision.example.id)
    #expect(known.file == Revision.example.file && known.line == Revision.example.upgradeLine)
    let unknown = try #require(RuleBook.judge(record(.added(.index, "ix_other"))).findings.first)
    #expect(unknown.revision == nil && unknown.file == nil)
  }

  @Test(arguments: [true, false])
  func `no downgrade is to drop what env py made by itself`(_ isEnvironments: Bool) throws {
    let record = RunRecord.example(.sqlite) {
      let frame = Frame(file: "migrations/env.py", line: 9)
      $0.descent = StepRecord(
        .descent, outcome: .succeeded, statements: [Self.made(isEnvironments ? frame : nil)])
      $0.descentTrace = .added(.table, "session")
    }
    let finding = try #require(RuleBook.judge(record).findings.first)
    #expect(finding.rule == "descent-leaves-trace")
    #expect(finding.file == (isEnvironments ? "migrations/env.py" : nil))
    #expect(
      finding.fix?.hasPrefix(
        isEnvironments ? "let env.py run the migrations and nothing else" : "undo table session")
        == true)
  }
}
