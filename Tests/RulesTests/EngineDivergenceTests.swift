import Databases
import History
import Schemas
import Testing
import Walks

@testable import Rules

@Suite struct EngineDivergenceTests {
  private static let unique = SchemaObject(
    ObjectID(.constraint, schema: "public", ["users", "uq_email"]), [.columns: .list(["email"])])
  private static let email = ObjectID(.column, ["users", "email"])

  private static let missing = Divergence(
    email, .unique, sqlite: nil, postgresql: "UNIQUE (email)", columns: ["email"],
    onPostgreSQL: unique)

  private static func added(_ object: SchemaObject) -> SchemaDifference {
    SchemaDifference([ObjectChange(before: nil, after: object)])
  }

  private static func column(_ type: String, _ schema: Identifier? = nil) -> SchemaObject {
    SchemaObject(ObjectID(.column, schema: schema, ["users", "email"]), [.type: .text(type)])
  }

  /// A run over the revisions a and b on both engines.
  private func run(
    _ divergences: [Divergence]?, sqlite: [SchemaDifference], postgresql: [SchemaDifference],
    statements: [Statement] = []
  ) -> RunRecord {
    var record = RunRecord(
      revisions: [
        Revision(id: "a", file: "a.py", upgradeLine: 5),
        Revision(id: "b", parents: ["a"], file: "b.py", upgradeLine: 7),
      ])
    for (engine, changes) in [(Engine.sqlite, sqlite), (.postgresql, postgresql)] {
      var engineRecord = EngineRecord(engine: engine)
      engineRecord.roundTrips = zip(["a", "b"] as [RevisionID], changes).map { id, change in
        let sent = engine == .sqlite && id == "b" ? statements : []
        let up = StepRecord(.upgrade, outcome: .succeeded, statements: sent, change: change)
        return RoundTripRecord(
          revision: id, steps: [up, .succeeded(.downgrade), .succeeded(.reupgrade)])
      }
      record.engines.append(engineRecord)
    }
    record.engineComparison =
      divergences.map { EngineComparison($0) } ?? EngineComparison(leftOut: "b failed")
    return record
  }

  @Test func `it names the revision that changed one engine alone, and the way to declare it`()
    throws
  {
    let users = Self.added(SchemaObject(ObjectID(.table, ["users"])))
    let record = run(
      [Self.missing], sqlite: [users, .init()], postgresql: [users, Self.added(Self.unique)])
    let finding = try #require(RuleBook.judge(record).findings.first)
    #expect(
      (finding.engine, finding.revision, finding.file, finding.line) == (nil, "b", "b.py", 7))
    #expect(finding.severity == .warning)
    #expect(
      finding.message == "column users.email: UNIQUE (email) is on PostgreSQL and not on SQLite; "
        + "the revision changes it on PostgreSQL alone")
    #expect(finding.fix?.contains("make it the same on SQLite") == true)
    #expect(
      finding.fix?.contains("# stairway: allow engine-divergence users.email because") == true)
  }

  @Test func `a statement that was refused and caught is the evidence`() throws {
    let refused = Statement(
      sql: "ALTER TABLE users ADD CONSTRAINT uq_email UNIQUE (email)", duration: 0,
      error: "near \"CONSTRAINT\": syntax error")
    let record = run(
      [Self.missing], sqlite: [.init(), .init()], postgresql: [.init(), Self.added(Self.unique)],
      statements: [refused])
    let finding = try #require(RuleBook.judge(record).findings.first)
    #expect(finding.evidence.statement == refused.sql)
    #expect(finding.evidence.error == refused.error)
    #expect(finding.message.hasSuffix("SQLite refused a statement there, and the error was caught"))
  }

  @Test func `an error in a step that failed with it was not caught`() throws {
    let refused = Statement(
      sql: "ALTER TABLE users ADD CONSTRAINT uq_email UNIQUE (email)", duration: 0, error: "no")
    var record = run(
      [Self.missing], sqlite: [.init(), .init()], postgresql: [.init(), Self.added(Self.unique)],
      statements: [refused])
    record.engines[0].roundTrips[1].steps[0].outcome = .failed(StepFailure(type: "", message: "no"))
    let finding = try #require(
      RuleBook.judge(record).findings.first { $0.rule == "engine-divergence" })
    // What the revision makes there without rows was not recorded.
    #expect(finding.message.hasSuffix("UNIQUE (email) is on PostgreSQL and not on SQLite"))
    #expect(finding.fix?.contains("make it the same on SQLite") == true)
  }

  @Test(arguments: ["SELECT * FROM users", "ALTER TABLE users_archive ADD CONSTRAINT c UNIQUE (a)"])
  func `a refused statement that changes another table, or none, is no reason`(
    _ sql: String
  ) throws {
    let refused = Statement(sql: sql, duration: 0, error: "no")
    let record = run(
      [Self.missing], sqlite: [.init(), .init()], postgresql: [.init(), Self.added(Self.unique)],
      statements: [refused])
    let finding = try #require(RuleBook.judge(record).findings.first)
    #expect(finding.message.hasSuffix("the revision changes it on PostgreSQL alone"))
  }

  @Test func `a nameless check that SQLite lost is told of the revision that lost it`() throws {
    let kept = SchemaObject(
      ObjectID(.constraint, schema: "public", ["users", "users_age_check"]),
      [.constraintType: .text("CHECK"), .expression: .text("((age >= 1) AND (age <= 5))")])
    let lost = SchemaObject(
      ObjectID(.constraint, ["users", "CHECK (age BETWEEN 1 AND 5)"]),
      [
        .constraintType: .text("CHECK"), .expression: .text("age BETWEEN 1 AND 5"),
        .unnamed: .flag(true),
      ])
    let divergence = Divergence(
      ObjectID(.constraint, ["users", "users_age_check"]), .check, sqlite: nil,
      postgresql: "CHECK (((age >= 1) AND (age <= 5)))", columns: ["age"], onPostgreSQL: kept)
    let record = run(
      [divergence],
      sqlite: [
        Self.added(lost), SchemaDifference([ObjectChange(before: lost, after: nil)]),
      ], postgresql: [Self.added(kept), .init()])
    let finding = try #require(RuleBook.judge(record).findings.first)
    #expect(finding.revision == "b")
    #expect(finding.message.contains("the revision loses it on SQLite"))
    #expect(finding.fix?.contains("make it the same on SQLite") == true)
  }

  @Test(arguments: [(String?.none, "SQLite"), ("DROP INDEX uq_name", "PostgreSQL")])
  func `an index that a copied table does without is lost where nobody dropped it`(
    _ statement: String?, _ other: String
  ) throws {
    func index(_ schema: Identifier?) -> SchemaObject {
      SchemaObject(
        ObjectID(.index, schema: schema, ["users", "uq_name"]),
        [.unique: .flag(true), .columns: .list(["lower(name)"])])
    }
    let (lost, kept) = (index(nil), index("public"))
    let divergence = Divergence(
      kept.id, .index, sqlite: nil, postgresql: "UNIQUE lower(name)", onPostgreSQL: kept)
    let record = run(
      [divergence],
      sqlite: [Self.added(lost), SchemaDifference([ObjectChange(before: lost, after: nil)])],
      postgresql: [Self.added(kept), .init()],
      statements: [Statement(sql: statement ?? "DROP TABLE users", duration: 0)])
    let finding = try #require(RuleBook.judge(record).findings.first)
    #expect(finding.revision == "b")
    #expect(finding.fix?.contains("make it the same on \(other)") == true, "\(finding)")
  }

  @Test func `a type kept under another is one only where one engine's column was changed`() {
    let kept = Divergence(
      Self.email, .typeVariant, sqlite: "TEXT", postgresql: "timestamp without time zone",
      onSQLite: Self.column("TEXT"),
      onPostgreSQL: Self.column("timestamp without time zone", "public"))
    let made = Self.added(Self.column("TEXT"))
    let other = Self.added(Self.column("timestamp without time zone", "public"))
    #expect(
      RuleBook.judge(run([kept], sqlite: [made, .init()], postgresql: [other, .init()]))
        .findings.isEmpty)
    let changed = SchemaDifference.changed(
      ObjectID(.column, schema: "public", ["users", "email"]), .type, from: .text("text"),
      to: .text("timestamp without time zone"))
    let judged = RuleBook.judge(run([kept], sqlite: [made, .init()], postgresql: [made, changed]))
    #expect(judged.findings.map(\.revision) == ["b"])
  }

  @Test func `what is declared by its column is no finding`() {
    let record = run(
      [Self.missing], sqlite: [.init(), .init()], postgresql: [.init(), Self.added(Self.unique)])
    let allowance = Allowance(
      rule: "engine-divergence", object: "users.email", reason: "meant", place: "stairway.yml:3")
    let judged = RuleBook.judge(record, allowances: [allowance])
    #expect(judged.findings.isEmpty)
    #expect(judged.declared.map(\.reason) == ["meant"])
  }

  @Test(arguments: [nil, []] as [[Divergence]?])
  func `an allowance is idle only where the engines were compared`(_ divergences: [Divergence]?) {
    let record = run(divergences, sqlite: [.init(), .init()], postgresql: [.init(), .init()])
    let allowance = Allowance(
      rule: "engine-divergence", object: "users.email", reason: "meant", place: "stairway.yml:3")
    let judged = RuleBook.judge(record, allowances: [allowance])
    #expect(judged.rules == (divergences == nil ? [] : ["unused-allow"]))
  }

  @Test(arguments: WordsCase.all) func `each aspect has its sentence`(_ c: WordsCase) {
    let divergence = Divergence(
      Self.email, c.aspect, sqlite: c.sqlite, postgresql: c.postgresql)
    #expect(divergence.sentence == "column users.email" + c.sentence)
  }
}

/// What each engine has of a column, and what is said of it.
struct WordsCase: Sendable {
  let aspect: Divergence.Aspect
  let sqlite: String?
  let postgresql: String?
  let sentence: String

  init(_ aspect: Divergence.Aspect, _ sqlite: String?, _ postgresql: String?, _ sentence: String) {
    self.aspect = aspect
    self.sqlite = sqlite
    self.postgresql = postgresql
    self.sentence = sentence
  }

  static let all: [WordsCase] = [
    .init(.column, "TEXT", nil, " is on SQLite and not on PostgreSQL"),
    .init(
      .length, "VARCHAR(20)", "text", " is VARCHAR(20) on SQLite and text on PostgreSQL"),
    .init(.notNull, nil, "NOT NULL", " is NOT NULL on PostgreSQL and may be NULL on SQLite"),
    .init(.defaultValue, "0", "1", " has the default 0 on SQLite and 1 on PostgreSQL"),
    .init(.defaultValue, nil, "1", " has the default 1 on PostgreSQL and none on SQLite"),
    .init(
      .generated, "a * 2", nil, " is computed as a * 2 on SQLite and is not computed on PostgreSQL"),
    .init(
      .onDelete, nil, "CASCADE",
      ": the foreign key has no ON DELETE on SQLite and ON DELETE CASCADE on PostgreSQL"),
    .init(
      .check, "CHECK (a > 0)", "CHECK ((a > 1))",
      ": CHECK (a > 0) on SQLite and CHECK ((a > 1)) on PostgreSQL"),
    .init(
      .selfFilling, nil, "bigint",
      " is given a number by PostgreSQL itself and not by SQLite"),
    .init(.labels, "a", "a, b", " takes other values: a on SQLite, a, b on PostgreSQL"),
  ]
}
