import Databases
import History
import Rows
import Schemas
import Testing
import Walks

@testable import Rules

@Suite struct `Rules of trials` {
  private static let refused = StepFailure(
    type: "sqlalchemy.exc.ProgrammingError", message: "relation \"two\" already exists.\nHint",
    sqlState: "42P07", statement: "CREATE TABLE two (id integer)")

  /// Two rows of `users` too many, and three values that are others.
  private static var excess: RowsDifference {
    let users = TableName(schema: "public", "users")
    var table = RowsDifference.Table(before: users, after: users, rowsBefore: 2, rowsAfter: 4)
    var column = RowsDifference.Column(before: "points", after: "points")
    column.changes = [.replaced: 3]
    table.columns = [column]
    table.rowsAdded = 2
    return RowsDifference([table])
  }

  private func findings(_ record: RunRecord) -> [Finding] {
    RuleBook.judge(record).findings.filter {
      ["concurrent-upgrade-fails", "interrupt-not-recoverable"].contains($0.rule)
    }
  }

  // MARK: Instances

  private func instances(
    _ outcomes: [StepOutcome], completed: [[RevisionID]] = [], hung: Bool = false,
    rows: RowsDifference = RowsDifference(), waits: [String] = []
  ) -> [Finding] {
    findings(
      .tried(
        ConcurrencyRecord(
          instances: outcomes.enumerated().map { index, outcome in
            InstanceRecord(
              outcome, stoppedAt: outcome == .succeeded ? nil : Revision.example.id,
              completed: completed.isEmpty ? [] : completed[index], duration: 0.2,
              isHung: hung && outcome != .succeeded)
          }, met: 2, schema: SchemaDifference(), rows: rows, waits: waits)))
  }

  @Test func `say how many instances failed, with what became of each`() throws {
    let id = Revision.example.id
    let finding = try #require(
      instances(
        [.succeeded, .failed(Self.refused), .failed(Self.refused)], completed: [[id], [], []]
      ).first)
    #expect(
      finding.message
        == "of 3 instances that begin at the same moment 2 fail: relation \"two\" already exists")
    #expect(finding.revision == id && finding.severity == .error)
    #expect(
      finding.evidence.rows == [
        "instance 1 ran \(id) in 200 ms",
        "instance 2 failed in \(id) after 200 ms: relation \"two\" already exists",
        "instance 3 failed in \(id) after 200 ms: relation \"two\" already exists",
        "2 of 3 had read which revisions are applied before the first one began",
      ])
    #expect(finding.fix?.contains("pg_advisory_xact_lock") == true)
    #expect(finding.fix?.contains("one job") == true)
  }

  @Test func `propose no lock of a transaction where the migrations commit several`() throws {
    let failed: StepOutcome = .failed(Self.refused)
    var record = RunRecord.tried(
      ConcurrencyRecord(instances: [InstanceRecord(.succeeded), InstanceRecord(failed)], met: 2))
    record.rehearsal?.transactions = 3
    let fix = try #require(findings(record).first?.fix)
    #expect(fix.contains("one of the transaction ends with the first of 3"))
    #expect(fix.contains("pg_try_advisory_lock(7235)") && !fix.contains("xact"))
  }

  @Test func `say what was done twice`() throws {
    let id = Revision.example.id
    let finding = try #require(
      instances(
        [.succeeded, .failed(Self.refused)], completed: [[id], [id]], rows: Self.excess
      ).first)
    #expect(
      finding.message == """
        of 2 instances that begin at the same moment 1 fails: relation "two" already exists; and what \
        they leave is not what one makes: 2 rows too many in table users and other values: 3 values of \
        column users.points
        """)
    #expect(finding.evidence.rows.contains("run to its end more than once: \(id)"))
    #expect(finding.objects == [ObjectID(.table, schema: "public", ["users"])])
  }

  @Test func `say so where all succeeded and made something else`() throws {
    let id = Revision.example.id
    let finding = try #require(
      instances([.succeeded, .succeeded], completed: [[id], [id]], rows: Self.excess).first)
    #expect(finding.message.hasPrefix("2 instances that begin at the same moment do not make"))
  }

  @Test func `say who waited for whom where one did not end`() throws {
    let finding = try #require(
      instances(
        [.succeeded, .failed(StepFailure(type: "", message: "it had not ended after 60 s"))],
        hung: true, waits: ["session 2 waits for session 1: LOCK TABLE users"]
      ).first)
    #expect(finding.message.contains("1 does not end: it had not ended after 60 s"))
    #expect(finding.evidence.rows.last == "session 2 waits for session 1: LOCK TABLE users")
  }

  @Test func `say nothing of instances that took their turns`() {
    #expect(instances([.succeeded, .succeeded], completed: [[Revision.example.id], []]).isEmpty)
  }

  @Test func `say nothing of what could not be judged`() {
    let fault = Fault(.workerExited, message: "gone")
    #expect(instances([.succeeded, .unjudged(fault)]).isEmpty)
    #expect(findings(.tried(ConcurrencyRecord(fault: fault))).isEmpty)
  }

  // MARK: Interruptions

  private func trial(
    _ again: InterruptionTrial.SecondRun?, isDuring: Bool = false, line: Int? = 12
  ) -> RunRecord {
    .tried(
      InterruptionTrial(
        number: 1,
        place: StatementPlace(
          revision: Revision.example.id, sql: "CREATE TABLE two\n (id integer)", line: line),
        isDuring: isDuring, schema: .added(.table, "two"), again: again))
  }

  @Test func `say at which statement, with what is left and what the next upgrade says`() throws {
    let finding = try #require(
      findings(trial(.init(.failed(Self.refused), stoppedAt: Revision.example.id))).first)
    #expect(
      finding.message == """
        killed after `CREATE TABLE two (id integer)`, the next upgrade fails: relation "two" already \
        exists
        """)
    #expect(finding.line == 12)
    #expect(finding.objects == [ObjectID(.table, ["two"])])
    #expect(finding.evidence.sqlState == "42P07")
  }

  @Test func `name an INVALID index, and how to be rid of it`() throws {
    let index = ObjectID(.index, schema: "public", ["users", "ix"])
    let invalid = SchemaDifference.changed(
      index, "valid", from: nil, to: .flag(false))
    let finding = try #require(
      findings(
        trial(
          .init(.succeeded, schema: invalid, rows: RowsDifference(), leftovers: [index]),
          isDuring: true)
      ).first)
    #expect(finding.message.hasPrefix("killed during `CREATE TABLE two"))
    #expect(finding.message.hasSuffix("index ix on users stays INVALID"))
    #expect(finding.objects == [index])
    #expect(finding.fix?.contains("DROP INDEX CONCURRENTLY IF EXISTS ix") == true)
  }

  @Test func `mend what the next upgrade died of, though an index stays INVALID`() throws {
    let index = ObjectID(.index, schema: "public", ["items", "ix"])
    let refusal = StepFailure(
      type: "sqlalchemy.exc.ProgrammingError",
      message: #"column "approver" of relation "orders" already exists"#, sqlState: "42701",
      statement: "ALTER TABLE orders ADD COLUMN approver integer")
    let finding = try #require(
      findings(
        trial(
          .init(.failed(refusal), stoppedAt: Revision.example.id, leftovers: [index]),
          isDuring: true)
      ).first)
    #expect(finding.objects == [ObjectID(.table, ["two"])])
    let fix = try #require(finding.fix)
    #expect(
      fix.hasPrefix("put the autocommit_block() into a revision of its own that follows this one"))
    #expect(fix.contains("`ALTER TABLE orders ADD COLUMN approver integer`"))
    #expect(fix.contains("DROP INDEX CONCURRENTLY IF EXISTS ix"))
  }

  @Test func `tell of values that the next upgrade changed a second time`() throws {
    let finding = try #require(
      findings(
        trial(.init(.succeeded, schema: SchemaDifference(), rows: Self.excess))
      ).first)
    #expect(finding.message.contains("not as an undisturbed one: 2 rows too many in table users"))
  }

  @Test func `count no values of columns that are new and empty`() throws {
    let users = TableName(schema: "public", "users")
    var table = RowsDifference.Table(before: users, after: users, rowsBefore: 2, rowsAfter: 2)
    table.columns = [RowsDifference.Column(before: nil, after: "nickname")]
    var left = InterruptionTrial(
      number: 1, place: StatementPlace(revision: Revision.example.id, sql: "SELECT 1"),
      schema: .added(.column, "users", "nickname"), rows: RowsDifference([table]))
    left.again = .init(.failed(Self.refused), stoppedAt: Revision.example.id)
    let finding = try #require(findings(.tried(left)).first)
    #expect(
      finding.evidence.rows == [
        "killed after `SELECT 1`: leaves column users.nickname behind; the next upgrade fails:"
          + " relation \"two\" already exists"
      ])
  }

  @Test func `lay what earlier revisions committed to none that was killed`() throws {
    let record = RunRecord.tried(
      InterruptionTrial(
        number: 4, place: StatementPlace(revision: Revision.example.id, sql: "SELECT 1"),
        versions: ["a1"], schema: .added(.table, "one"),
        again: .init(.failed(Self.refused), stoppedAt: Revision.example.id)))
    let finding = try #require(findings(record).first)
    #expect(finding.objects.isEmpty && finding.evidence.difference == nil)
    #expect(
      finding.evidence.rows == [
        "killed after `SELECT 1`: what is committed up to a1 stays; the next upgrade fails:"
          + " relation \"two\" already exists"
      ])
  }

  @Test func `count an allowance as unused only where the trial was made`() {
    func unused(_ record: RunRecord) -> Int {
      let allowances = ["concurrent-upgrade-fails", "interrupt-not-recoverable"].map {
        Allowance(
          rule: RuleName($0), revision: Revision.example.id, reason: "meant",
          place: "stairway.yml:1")
      }
      return RuleBook.judge(record, allowances: allowances).findings.count {
        $0.rule == "unused-allow"
      }
    }
    #expect(unused(trial(nil)) == 1)
    #expect(unused(.tried(ConcurrencyRecord(instances: [InstanceRecord(.succeeded)]))) == 1)
    #expect(unused(.tried(ConcurrencyRecord())) == 0)
  }

  @Test func `say nothing where nothing is left, or the next upgrade completes it`() {
    #expect(findings(trial(nil)).isEmpty)
    #expect(
      findings(trial(.init(.succeeded, schema: SchemaDifference(), rows: RowsDifference())))
        .isEmpty)
    #expect(
      findings(trial(.init(.unjudged(Fault(.workerExited, message: "gone"))))).isEmpty)
  }
}
