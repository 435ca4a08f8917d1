import Databases
import History
import Rows
import Schemas
import Testing
import Walks

@testable import Runner

@Suite struct `A rehearsal on PostgreSQL` {
  private typealias Migration = RehearsedProject.Migration

  private let users = ObjectID(.table, schema: "public", ["users"])
  private static let users = """
    CREATE TABLE users(id int PRIMARY KEY, name text);
    INSERT INTO users SELECT i, 'n' FROM generate_series(1, 5000) i
    """

  @Test(arguments: ["psycopg2", "psycopg", "asyncpg", "pg8000"])
  func `tells of locks, rewriting, scans, rows and log by every driver`(driver: String) throws {
    let project = try RehearsedProject(
      [
        Migration("b", sql: "ALTER TABLE users ADD COLUMN c float DEFAULT random()"),
        Migration("c", sql: "UPDATE users SET name = 'm' WHERE id > 1000"),
      ], url: "postgresql+\(driver)://u@h/d", filledBy: Self.users)
    try project.execute("ANALYZE users")
    let record = try project.rehearse()
    #expect(record.pending == ["b", "c"])
    #expect(record.versionsBefore == ["base"])
    #expect(record.versionsAfter == ["c"])
    // One transaction, as the command makes it, so that the first lock is held to the end of all.
    #expect(record.transactions == 1)
    let (first, second) = try (#require(record.steps.first), #require(record.steps.last))
    let lock = try #require(
      first.locks.first { $0.mode == .accessExclusive && $0.relation == users })
    #expect(lock.blocks == .readsAndWrites)
    #expect(lock.statement == 0)
    #expect(lock.held > first.duration)
    #expect(first.rewritten.contains(users))
    #expect(first.scanned == [users])
    // The server of the tests does not log as one in production would.
    #expect(first.walBytes == nil)
    let update = try #require(second.statements.first)
    #expect(update.rows.map(\.updated) == [4_000])
    #expect(second.rewritten.isEmpty)
    #expect(second.scanned == [users])
    let relation = try #require(record.relation(users))
    #expect(relation.rows == 5_000)
    #expect(relation.isRewritten)
    #expect(relation.longestReadWait >= lock.held)
    #expect(try #require(relation.size?.after) > (try #require(relation.size?.before)))
  }

  @Test func `counts each statement outside of a transaction as one by itself`() throws {
    let project = try RehearsedProject(
      [
        Migration(
          "b",
          """
          with op.get_context().autocommit_block():
              for one in range(4):
                  op.execute(f"UPDATE users SET name = 'm' WHERE id = {one + 1}")
              op.execute("CREATE INDEX CONCURRENTLY ix ON users (name)")
          """)
      ], filledBy: Self.users)
    // Before the block and after it the tool commits what it has to.
    #expect(try project.rehearse().transactions == 7)
  }

  @Test func `tells of the files that a sort was written to, as the server counts them`() throws {
    let sort = "CREATE TABLE sorted AS SELECT g FROM generate_series(1, 200000) g ORDER BY random()"
    let project = try RehearsedProject(
      [Migration("b", sql: "SET LOCAL work_mem = '64kB'; \(sort)", down: "DROP TABLE sorted")],
      filledBy: Self.users)
    let temporary = try #require(project.rehearse().temporary)
    #expect(temporary.files > 0 && temporary.bytes > 1 << 20, "\(temporary)")
    let without = try RehearsedProject(
      [Migration("b", sql: "CREATE TABLE two(id int)", down: "DROP TABLE two")],
      filledBy: Self.users)
    #expect(try without.rehearse().temporary?.bytes == 0)
  }

  @Test(arguments: [
    "TRUNCATE users CASCADE", "TRUNCATE TABLE users, posts",
    "DO $$ BEGIN TRUNCATE users CASCADE; END $$",
  ])
  func `counts the rows that a TRUNCATE took`(sql: String) throws {
    let project = try RehearsedProject(
      [Migration("b", sql: sql, down: "SELECT 1")],
      filledBy: Self.users
        + ";CREATE TABLE posts(id int PRIMARY KEY, user_id int REFERENCES users);"
        + "INSERT INTO posts VALUES (1, 1), (2, 1)")
    try project.execute("ANALYZE")
    let record = try project.rehearse()
    let touched = record.steps.flatMap(\.statements).flatMap(\.rows).sorted { $0.table < $1.table }
    #expect(touched.map(\.table.name) == ["posts", "users"])
    #expect(touched.map(\.deleted) == [2, 5_000])
    #expect(record.rows?.difference[TableName("users")]?.rowsLost == 5_000)
  }

  @Test func `sees what a statement holds outside of a transaction`() throws {
    let project = try RehearsedProject(
      [
        Migration(
          "b", sql: "CREATE INDEX CONCURRENTLY users_name ON users (name)",
          outsideOfTransaction: true)
      ],
      filledBy: Self.users.replacing("5000", with: "40000"))
    let step = try #require(project.rehearse().steps.first)
    let lock = try #require(step.strongestLock)
    #expect(lock.mode == .shareUpdateExclusive)
    #expect(lock.blocks == .nothing)
    #expect(step.statements.first?.built.map(\.name) == ["users_name"])
  }

  // With pg8000 SQLAlchemy leaves a transaction open in an autocommit_block.
  @Test(arguments: ["psycopg2", "psycopg", "asyncpg"])
  func `tells of rows, scans and files outside of a transaction too`(driver: String) throws {
    let project = try RehearsedProject(
      [
        Migration(
          "b",
          """
          with op.get_context().autocommit_block():
              op.execute("UPDATE users SET name = 'm' WHERE id > 1000")
              op.execute("VACUUM FULL users")
              op.execute("CREATE INDEX CONCURRENTLY users_name ON users (name)")
              op.execute("REINDEX INDEX CONCURRENTLY users_name")
              op.execute("DO $$ BEGIN UPDATE users SET name = 'k' WHERE id <= 7; END $$")
          """)
      ], url: "postgresql+\(driver)://u@h/d", filledBy: Self.users)
    try project.execute("ANALYZE users")
    let record = try project.rehearse()
    let step = try #require(record.steps.first)
    #expect(step.outcome == .succeeded)
    let statements = step.statements
    #expect(statements.compactMap(\.error) == [])
    #expect(statements.map { $0.rows.map(\.updated) } == [[4_000], [], [], [], [7]])
    #expect(statements.map { $0.scanned.contains(users) }.prefix(3) == [true, true, true])
    #expect(statements.map { $0.rewritten.contains(users) } == [false, true, false, false, false])
    #expect(statements.map { $0.built.map(\.name) } == [[], [], ["users_name"], [], []])
    let modes = Dictionary(grouping: step.locks.filter { $0.relation == users }, by: \.statement)
      .mapValues { $0.map(\.mode).max { $0.strength < $1.strength } }
    #expect(modes[0] == .rowExclusive)
    #expect(modes[1] == .accessExclusive)
    #expect(modes[2] == .shareUpdateExclusive)
    #expect(modes[3] == .shareUpdateExclusive)
    #expect(record.notes.count { $0.contains("DO $$") && $0.contains("may be missing") } == 1)
    #expect(record.notes.count { $0.contains("may be missing") } == 1)
  }

  @Test func `ends a statement outside of a transaction as the server would`() throws {
    let project = try RehearsedProject(
      [
        Migration(
          "b",
          """
          with op.get_context().autocommit_block():
              try:
                  op.execute("ALTER TABLE users ADD CHECK (id < 10)")
              except sa.exc.IntegrityError:
                  pass
              op.execute("ALTER TABLE users ADD COLUMN c int")
          op.execute("SELECT 1 / 0")
          """)
      ], filledBy: Self.users)
    let record = try project.rehearse()
    let step = try #require(record.steps.first)
    guard case .failed(let failure) = step.outcome else {
      Issue.record("the last statement should fail")
      return
    }
    #expect(failure.sqlState == "22012")
    #expect(step.statements.first?.error != nil)
    #expect(
      try project.texts("SELECT attname FROM pg_attribute WHERE attrelid = 'users'::regclass")
        .contains("c"))
  }

  @Test func `tells which statement built an index, and how long it kept writers off`() throws {
    let project = try RehearsedProject(
      [Migration("b", "op.create_index('users_name', 'users', ['name'])")], filledBy: Self.users)
    let record = try project.rehearse()
    let step = try #require(record.steps.first)
    #expect(step.statements.first?.built.map(\.name) == ["users_name"])
    #expect(step.statements.first?.scanned == [users])
    #expect(step.strongestLock?.mode == .share)
    let relation = try #require(record.relation(users))
    #expect(relation.longestReadWait == 0)
    #expect(relation.longestWriteWait > 0)
  }

  @Test(arguments: [
    ["DROP INDEX users_name"],
    ["DROP INDEX users_name", "CREATE INDEX users_name ON users (id)"],
    ["DROP TABLE users"],
    ["SELECT 1 / 0"],
  ])
  func `tells of an index that a later revision does away with, or that was not kept`(
    later: [String]
  ) throws {
    for perMigration in [false, true] {
      let project = try RehearsedProject(
        [
          Migration("b", "op.create_index('users_name', 'users', ['name'])"),
          Migration("c", sql: "ALTER TABLE users ALTER id TYPE bigint"),
        ] + zip(["d", "e"] as [RevisionID], later).map { Migration($0, sql: $1) },
        perMigration: perMigration,
        filledBy: Self.users)
      let record = try project.rehearse()
      #expect(record.steps.first?.statements.first?.built.map(\.name) == ["users_name"])
      #expect(record.steps.first?.scanned == [users])
      #expect(record.relation(users)?.isRewritten == true)
      if later.count > 1 {
        #expect(record.steps.last?.statements.first?.built.map(\.name) == ["users_name"])
      }
    }
  }

  @Test func `counts rows of a partition, with the table that it is part of`() throws {
    let project = try RehearsedProject(
      [Migration("b", sql: "DELETE FROM old")],
      filledBy: """
        CREATE TABLE users(id int) PARTITION BY RANGE (id);
        CREATE TABLE old PARTITION OF users FOR VALUES FROM (0) TO (10);
        INSERT INTO users VALUES (1), (2)
        """)
    let rows = try project.rehearse().steps.flatMap(\.statements).flatMap(\.rows)
    #expect(rows.map(\.table.name) == ["old"])
    #expect(rows.map(\.root) == [users])
    #expect(rows.map(\.deleted) == [2])
  }

  @Test func `counts nothing against what the migrations make themselves`() throws {
    let project = try RehearsedProject(
      [
        Migration("b", sql: "CREATE TABLE logs(id int); INSERT INTO logs VALUES (1)"),
        Migration("c", sql: "ALTER TABLE logs ALTER id TYPE bigint"),
      ], filledBy: Self.users)
    let record = try project.rehearse()
    #expect(record.steps.allSatisfy { $0.locks.isEmpty && $0.rewritten.isEmpty })
    #expect(record.relations.isEmpty)
  }

  @Test func `goes on where a migration lets an error pass within a savepoint`() throws {
    let project = try RehearsedProject(
      [
        Migration(
          "b",
          """
          try:
              with op.get_bind().begin_nested():
                  op.execute("LOCK TABLE users IN ACCESS EXCLUSIVE MODE")
                  op.execute("SELECT 1 / 0")
          except Exception:
              pass
          op.execute("ALTER TABLE users ADD COLUMN c int")
          """)
      ], filledBy: Self.users)
    let record = try project.rehearse()
    #expect(record.versionsAfter == ["b"])
    #expect(record.steps.first?.statements.contains { $0.error != nil } == true)
  }

  @Test func `leaves a transaction's isolation to the migration`() throws {
    let project = try RehearsedProject(
      [
        Migration(
          "b",
          """
          op.execute("COMMIT")
          op.execute("SET statement_timeout = '10min'")
          op.execute("BEGIN ISOLATION LEVEL SERIALIZABLE")
          op.execute("SET LOCAL lock_timeout = '10s'")
          op.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
          op.execute("ALTER TABLE users ADD COLUMN c int")
          """)
      ], filledBy: Self.users)
    let step = try #require(project.rehearse().steps.first)
    #expect(step.outcome == .succeeded)
    #expect(step.strongestLock?.mode == .accessExclusive)
  }

  @Test func `says what was not reached where a revision fails, and that nothing was kept`() throws
  {
    let project = try RehearsedProject(
      [
        Migration("b", sql: "ALTER TABLE users ADD COLUMN c int"),
        Migration("c", sql: "ALTER TABLE users ADD CHECK (id < 10)"),
        Migration("d", sql: "SELECT 1"),
      ], filledBy: Self.users)
    let record = try project.rehearse()
    guard case .failed(let failure) = try #require(record.steps.dropFirst().first).outcome else {
      Issue.record("the second revision should fail")
      return
    }
    #expect(failure.sqlState == "23514")
    #expect(record.steps.map(\.revision) == ["b", "c", "d"])
    #expect(record.steps.last?.outcome == .blocked(by: "c"))
    #expect(record.versionsAfter == ["base"])
    #expect(record.transactions == 0)
  }

  @Test func `runs with the deploy's own limits`() throws {
    var bounds = RehearsalBounds.standard
    bounds.statementTimeout = 0.2
    let project = try RehearsedProject(
      [Migration("b", sql: "SELECT pg_sleep(20)")], filledBy: Self.users)
    let record = try project.rehearse(bounds: bounds)
    guard case .failed(let failure) = try #require(record.steps.first).outcome else {
      Issue.record("the statement should be ended")
      return
    }
    #expect(failure.sqlState == "57014")
    #expect(record.duration < 15)
  }

  @Test func `goes no further than was asked`() throws {
    let project = try RehearsedProject(
      [Migration("b", "pass"), Migration("c", "pass")], filledBy: Self.users)
    let record = try project.rehearse(to: .revision("b"))
    #expect(record.pending == ["b"])
    #expect(record.versionsAfter == ["b"])
  }
}

@Suite struct `A rehearsal on SQLite` {
  private typealias Migration = RehearsedProject.Migration

  private static let users = """
    CREATE TABLE users(id INTEGER PRIMARY KEY, name VARCHAR(20));
    INSERT INTO users(name) VALUES ('a'), ('b')
    """

  @Test(arguments: ["sqlite:///x.db"])
  func `tells of copied tables and of how long nobody else could write`(url: String) throws {
    let project = try RehearsedProject(
      [
        Migration(
          "b",
          """
          with op.batch_alter_table("users") as batch:
              batch.alter_column("name", type_=sa.Text())
          """),
        Migration("c", sql: "ALTER TABLE users ADD COLUMN age INTEGER"),
      ], url: url, on: .sqlite, filledBy: Self.users)
    let record = try project.rehearse()
    #expect(record.versionsAfter == ["c"])
    #expect(record.steps.map(\.rewritten) == [[ObjectID(.table, ["users"])], []])
    #expect(record.steps.allSatisfy { $0.locks.contains { $0.mode == .fileReserved } })
    #expect(record.steps.allSatisfy { $0.locks.allSatisfy { $0.relation == nil } })
    #expect(record.journalMode == "delete")
    #expect(record.temporary == nil)
    #expect(record.steps.allSatisfy { $0.walBytes == nil })
  }
}
