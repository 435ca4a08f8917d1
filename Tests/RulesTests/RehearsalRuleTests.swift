import Databases
import History
import Schemas
import Testing
import Walks

@testable import Rules

@Suite struct `Rules of a rehearsal` {
  private let users = ObjectID(.table, schema: "public", ["users"])

  private func findings(
    _ statement: StatementMeasurement, duration: Double? = nil, locks: [HeldLock] = [],
    change: (inout RehearsalRecord) -> Void = { _ in }
  ) throws -> [Finding] {
    var record = RunRecord.rehearsed(statement, duration: duration, locks: locks)
    var rehearsal = try #require(record.rehearsal)
    change(&rehearsal)
    record.rehearsal = rehearsal
    return RuleBook.judge(record).findings
  }

  @Test func `tell of a lock with its table, how long, what took it and the safe way`() throws {
    let finding = try #require(
      findings(
        StatementMeasurement(
          sql: "ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY(user_id) REFERENCES users (id)",
          line: 14, duration: 2),
        locks: [.example(.shareRowExclusive, held: 2.04)]
      ).first)
    #expect(finding.rule == "long-lock")
    #expect(finding.objects == [users])
    #expect(finding.message == "for 2 s table users could not be written to by others")
    #expect(finding.line == 14)
    #expect(
      finding.evidence.rows == [
        "SHARE ROW EXCLUSIVE on table users: taken after 10 ms, held for 2 s",
        "table users: about 41200 rows, 120 MiB before, 125 MiB after",
      ])
    #expect(
      finding.fix?.hasSuffix(
        """
        ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY(user_id) REFERENCES users (id) NOT VALID
        outside ALTER TABLE orders VALIDATE CONSTRAINT fk
        """) == true, "\(finding.fix ?? "")")
  }

  @Test func `tell once of what one statement keeps from several tables`() throws {
    let orders = ObjectID(.table, schema: "public", ["orders"])
    func lock(_ table: ObjectID, _ statement: Int) -> HeldLock {
      HeldLock(
        relation: table, mode: .shareRowExclusive, statement: statement, taken: 0.01, waited: 1,
        held: 2.04)
    }
    let statement = StatementMeasurement(
      sql: "ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users (id)", duration: 2)
    let finding = try #require(
      findings(statement, locks: [lock(users, 0), lock(orders, 0)]).first)
    #expect(
      finding.message == "for 2 s table orders and table users could not be written to by others")
    #expect(finding.objects == [orders, users])
    #expect(
      finding.evidence.rows.first
        == "SHARE ROW EXCLUSIVE on table orders: asked for after 10 ms, waited for 1 s, held for 2 s"
    )
    #expect(try findings(statement, locks: [lock(users, 0), lock(orders, 0)]).count == 1)
    #expect(try findings(statement, locks: [lock(users, 0), lock(orders, 1)]).count == 2)
  }

  @Test func `say what to do where one of the deploy's limits struck`() throws {
    func fix(_ state: String) throws -> String? {
      var record = RunRecord.rehearsed(StatementMeasurement(sql: "SELECT 1", duration: 1))
      record.engines = [EngineRecord(engine: .postgresql, version: "15", scratch: "here")]
      record.engines[0].roundTrips = [
        RoundTripRecord(
          revision: Revision.example.id,
          steps: [
            StepRecord(
              .upgrade,
              outcome: .failed(
                StepFailure(
                  type: "OperationalError", message: "canceled", sqlState: state,
                  statement: "UPDATE users SET slug = lower(name)")))
          ])
      ]
      return try #require(RuleBook.judge(record).findings.first { $0.rule == "upgrade-fails" }).fix
    }
    #expect(try fix("55P03")?.contains("another session had the table") == true)
    #expect(try fix("57014")?.contains("in batches") == true)
    #expect(try fix("57014")?.contains("SET LOCAL statement_timeout") == true)
  }

  @Test func `say that what follows takes long where the statement itself is quick`() throws {
    let finding = try #require(
      findings(
        StatementMeasurement(sql: "ALTER TABLE users ADD COLUMN c int", duration: 0.002),
        locks: [.example(.accessExclusive, held: 8)],
        change: {
          $0.pending.append("next")
        }
      ).first)
    #expect(finding.message == "for 8 s table users could neither be read nor written to by others")
    #expect(finding.fix?.contains("the statement takes 2 ms") == true)
    #expect(finding.fix?.contains("these 2 share one transaction") == true)
  }

  @Test func `hold locks against the limit that was asked for`() throws {
    let statement = StatementMeasurement(sql: "ALTER TABLE users ADD COLUMN c int", duration: 0.002)
    let locks = [HeldLock.example(.accessExclusive, held: 8)]
    #expect(try findings(statement, locks: locks) { $0.bounds.longestLock = 9 }.isEmpty)
  }

  @Test func `count the rows that a transaction keeps for itself`() throws {
    let finding = try #require(
      findings(
        StatementMeasurement(
          sql: "UPDATE users SET slug = lower(name)", duration: 3,
          rows: [TouchedRows(table: users, inserted: 0, updated: 41_200, deleted: 0, held: 3.1)])
      ).first)
    #expect(finding.rule == "long-lock")
    #expect(
      finding.message == "for 3.1 s 41200 rows of table users could not be written to by others")
  }

  @Test func `see that a lock of an earlier revision still keeps writers off an index's table`()
    throws
  {
    let index = ObjectID(.index, schema: "public", ["users", "ix"])
    func rules(held: Double) throws -> [RuleName] {
      try findings(
        StatementMeasurement(sql: "ALTER TABLE users ALTER v TYPE text", duration: 0.01),
        locks: [.example(.share, held: held)],
        change: {
          $0.steps.append(
            StepMeasurement(
              revision: Revision.example.id, begin: 0.1, duration: 0.1,
              statements: [
                StatementMeasurement(
                  sql: "CREATE INDEX ix ON users (v)", duration: 0.1, built: [index])
              ]))
        }
      ).map(\.rule)
    }
    #expect(try rules(held: 0.3) == ["blocking-index-build"])
    #expect(try rules(held: 0.05).isEmpty)
  }

  @Test func `are silent about what is rewritten without rows, and about TRUNCATE`() throws {
    func rewrite(_ sql: String, rows: Int) throws -> [RuleName] {
      try findings(
        StatementMeasurement(sql: sql, duration: 0.1, rewritten: [users]),
        change: { $0.relations[0].rows = rows }
      ).map(\.rule)
    }
    #expect(try rewrite("ALTER TABLE users ALTER id TYPE bigint", rows: 3) == ["table-rewrite"])
    #expect(try rewrite("ALTER TABLE users ALTER id TYPE bigint", rows: 0).isEmpty)
    #expect(try rewrite("TRUNCATE users", rows: 3).isEmpty)
  }

  @Test(arguments: [
    ("CREATE INDEX ix ON users (email);", "outside CREATE INDEX CONCURRENTLY ix ON users (email)"),
    (
      "CREATE UNIQUE INDEX ix ON users (email)",
      "outside CREATE UNIQUE INDEX CONCURRENTLY ix ON users (email)"
    ),
    (
      "ALTER TABLE users ADD CONSTRAINT adult CHECK (age > 17)",
      "ALTER TABLE users ADD CONSTRAINT adult CHECK (age > 17) NOT VALID"
    ),
    (
      "Create Index\n ix_nl on old(a)", "Create Index CONCURRENTLY\n ix_nl on old(a)"
    ),
    (
      "-- an index for the list\nCREATE INDEX ix ON users (email)",
      "outside CREATE INDEX CONCURRENTLY ix ON users (email)"
    ),
    (
      "CREATE INDEX /* an index */ IF NOT EXISTS \"index \" ON users (email)",
      "CREATE INDEX CONCURRENTLY /* an index */ IF NOT EXISTS \"index \" ON users (email)"
    ),
    (
      "SET LOCAL lock_timeout = '2s'; CREATE INDEX ix ON users (email);",
      "outside CREATE INDEX CONCURRENTLY ix ON users (email)"
    ),
    (
      "alter table users\n add constraint adult check (age > 17)",
      "outside alter table users\n VALIDATE CONSTRAINT adult"
    ),
    ("drop index if exists ix", "drop index CONCURRENTLY if exists ix"),
    (
      "ALTER TABLE users ALTER COLUMN age SET NOT NULL",
      "ALTER TABLE users ADD CONSTRAINT users_age_not_null CHECK (age IS NOT NULL) NOT VALID"
    ),
    (
      "ALTER TABLE app.\"User\" ALTER \"Age\" SET NOT NULL",
      "ALTER TABLE app.\"User\" VALIDATE CONSTRAINT \"User_Age_not_null\""
    ),
    (
      "ALTER TABLE users ALTER a SET NOT NULL, ALTER b SET NOT NULL",
      "CHECK (… IS NOT NULL) NOT VALID"
    ),
    (
      "ALTER TABLE users ADD UNIQUE (email, name)",
      "outside CREATE UNIQUE INDEX CONCURRENTLY users_email_name_key ON users (email, name)"
    ),
    (
      "ALTER TABLE users ADD CONSTRAINT uq UNIQUE (email)",
      "ALTER TABLE users ADD CONSTRAINT uq UNIQUE USING INDEX uq"
    ),
    (
      "alter table users add primary key (id)",
      "ALTER TABLE users ADD CONSTRAINT users_pkey PRIMARY KEY USING INDEX users_pkey"
    ),
    ("ALTER TABLE users ADD UNIQUE (email) DEFERRABLE", "ON … (…)"),
    ("UPDATE users SET a = 1", "in batches"),
    ("REFRESH MATERIALIZED VIEW sums", "REFRESH MATERIALIZED VIEW CONCURRENTLY sums"),
    ("ALTER TABLE logs ATTACH PARTITION old FOR VALUES FROM (1) TO (9)", "CHECK (…) NOT VALID"),
  ])
  func `propose the safe way of a statement`(sql: String, proposal: String) {
    let run = JudgedRun(RunRecord(), mendWriter: PlainMends())
    #expect(run.fix(SafeWay(insteadOf: sql, rewrites: false)).contains(proposal))
  }

  @Test func `propose of several statements in one string the one that made the index`() {
    let way = SafeWay(
      insteadOf: "CREATE INDEX one ON users (a); CREATE INDEX two ON users (b)", rewrites: false,
      of: "two")
    #expect(way.parts.map(\.statements) == [["CREATE INDEX CONCURRENTLY two ON users (b)"]])
  }

  @Test(arguments: [
    (
      "CREATE INDEX ix ON public.users (email)",
      [
        "CREATE INDEX ix ON ONLY public.users (email)",
        "CREATE INDEX CONCURRENTLY old_ix ON old (email)",
        "CREATE INDEX CONCURRENTLY new_ix ON new (email)",
        "ALTER INDEX ix ATTACH PARTITION old_ix", "ALTER INDEX ix ATTACH PARTITION new_ix",
      ]
    ),
    (
      "ALTER TABLE users ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES b",
      [
        "ALTER TABLE old ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES b NOT VALID",
        "ALTER TABLE old VALIDATE CONSTRAINT fk",
        "ALTER TABLE new ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES b NOT VALID",
        "ALTER TABLE new VALIDATE CONSTRAINT fk",
        "ALTER TABLE users ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES b",
      ]
    ),
    (
      "ALTER TABLE users ADD CONSTRAINT adult CHECK (age > 17)",
      [
        "ALTER TABLE users ADD CONSTRAINT adult CHECK (age > 17) NOT VALID",
        "ALTER TABLE users VALIDATE CONSTRAINT adult",
      ]
    ),
    ("DROP INDEX users_ix", []),
  ])
  func `propose what PostgreSQL takes of partitioned tables`(sql: String, proposal: [String]) {
    func table(_ name: Identifier) -> ObjectID {
      ObjectID(.table, schema: "public", [name])
    }
    var record = RehearsalRecord(engine: .postgresql)
    record.relations = [
      RelationMeasurement(relation: table("users")),
      RelationMeasurement(relation: ObjectID(.index, schema: "public", ["users", "users_ix"])),
      RelationMeasurement(relation: table("old"), root: table("users")),
      RelationMeasurement(relation: table("new"), root: table("users")),
    ]
    let way = SafeWay(insteadOf: sql, rewrites: false, partitions: record.partitions)
    #expect(way.parts.flatMap(\.statements) == proposal)
  }

  @Test func `propose another way where the whole table is rewritten`() {
    func advice(_ sql: String) -> String { SafeWay(insteadOf: sql, rewrites: true).advice }
    #expect(advice("ALTER TABLE t ADD COLUMN c float DEFAULT random()").contains("a constant"))
    #expect(advice("ALTER TABLE t ALTER id TYPE bigint").contains("second column"))
    #expect(
      advice("ALTER TABLE t ADD c int GENERATED ALWAYS AS (a + 1) STORED").contains("by a trigger"))
  }

  @Test func `are the only ones that read a rehearsal, beside those of a revision that fails`()
    throws
  {
    var record = RunRecord.rehearsed(
      StatementMeasurement(sql: "ALTER TABLE users ADD COLUMN c int", duration: 0.1))
    // Two heads, of which verify would speak.
    record.revisions.append(Revision(id: "other", file: "other.py"))
    #expect(RuleBook.judge(record).findings.isEmpty)
    var engine = EngineRecord(engine: .postgresql)
    engine.roundTrips = [
      RoundTripRecord(
        revision: Revision.example.id,
        steps: [
          StepRecord(.upgrade, outcome: .failed(StepFailure(type: "DataError", message: "no")))
        ])
    ]
    record.engines = [engine]
    #expect(RuleBook.judge(record).findings.map(\.rule) == ["upgrade-fails"])
  }

  @Test func `keep an allowance that only a rehearsal can use from being called unused by verify`()
  {
    let allowance = Allowance(
      rule: "table-rewrite", revision: Revision.example.id, reason: "at night", place: "a.py:1")
    let verified = RunRecord.example(.postgresql, steps: .succeeded)
    #expect(RuleBook.judge(verified, allowances: [allowance]).findings.isEmpty)
    let rehearsed = RunRecord.rehearsed(
      StatementMeasurement(sql: "ALTER TABLE users ADD COLUMN c int", duration: 0.1))
    #expect(
      RuleBook.judge(rehearsed, allowances: [allowance]).findings.map(\.rule) == ["unused-allow"])
  }

  @Test(arguments: [
    (0.0004, "0 ms"), (0.34, "340 ms"), (0.9996, "1 s"), (3.44, "3.4 s"), (59.6, "1 min 00 s"),
    (185, "3 min 05 s"),
  ])
  func `write durations as people read them`(seconds: Double, text: String) {
    #expect(seconds.duration == text)
  }
}
