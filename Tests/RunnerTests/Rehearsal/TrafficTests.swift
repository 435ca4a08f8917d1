import Databases
import History
import Projects
import Schemas
import Testing
import Walks

@testable import Runner

@Suite struct `Traffic during a rehearsal` {
  private typealias Migration = RehearsedProject.Migration

  private static let users = """
    CREATE TABLE users(id int PRIMARY KEY, name text);
    INSERT INTO users SELECT i, 'n' FROM generate_series(1, 500) i;
    CREATE TABLE logs(id int PRIMARY KEY); INSERT INTO logs VALUES (1)
    """

  @Test func `waits as long as the lock is held, and leaves the copy as it is`() throws {
    let project = try RehearsedProject(
      [
        Migration(
          "b", sql: "LOCK TABLE users IN SHARE MODE; SELECT pg_sleep(0.6)")
      ], filledBy: Self.users)
    let plan = try #require(
      TrafficPlan(
        script: "SELECT count(*) FROM users; UPDATE users SET name = 'changed' WHERE id = 1;"))
    let record = try project.rehearse(traffic: plan)
    let traffic = try #require(record.traffic)
    #expect(traffic.isGiven)
    try #require(traffic.statements.count == 2)
    let (read, write) = (traffic.statements[0], traffic.statements[1])
    // SHARE keeps writers off, and nobody who reads.
    #expect(write.during.longest > 0.3)
    #expect(read.during.longest < write.during.longest)
    #expect(read.before.count > 0)
    #expect(write.after.count > 0)
    #expect(traffic.statements.allSatisfy { $0.failures.isEmpty })
    #expect(try project.texts("SELECT name FROM users WHERE id = 1") == ["n"])
    // None of it is taken for the migration's own.
    #expect(record.steps.first?.locks.contains { $0.mode == .rowExclusive } == false)
  }

  @Test func `names the one statement that is refused, by its line`() throws {
    let project = try RehearsedProject(
      [Migration("b", sql: "ALTER TABLE users ADD COLUMN age int")], filledBy: Self.users)
    let plan = try #require(
      TrafficPlan(
        script: "SELECT count(*) FROM users;\n\nSELEC name FROM users;\nSELECT 'a;b' FROM logs"))
    let traffic = try #require(project.rehearse(traffic: plan).traffic)
    #expect(traffic.statements.map(\.line) == [1, 3, 4])
    #expect(traffic.statements.map(\.failures.isEmpty) == [true, false, true])
    #expect(traffic.statements[1].failures.first?.sqlState == "42601")
    #expect(traffic.broken.isEmpty)
  }

  @Test func `says how long a statement hung before it was refused`() throws {
    let project = try RehearsedProject(
      [
        Migration(
          "b",
          sql: "LOCK TABLE users; SELECT pg_sleep(0.6); ALTER TABLE users DROP COLUMN name")
      ], filledBy: Self.users)
    let plan = try #require(TrafficPlan(script: "SELECT name FROM users WHERE id = 1"))
    let traffic = try #require(project.rehearse(traffic: plan).traffic)
    let failures = try #require(traffic.statements.first).failures
    #expect(failures.compactMap(\.longest).max() ?? 0 > 0.3, "\(failures)")
  }

  @Test func `sends a slow statement once more after the migrations`() throws {
    let project = try RehearsedProject(
      [Migration("b", sql: "ALTER TABLE logs ADD COLUMN age int")], filledBy: Self.users)
    let plan = try #require(
      TrafficPlan(script: "SELECT pg_sleep(1.5) FROM users WHERE id = 1"))
    let traffic = try #require(project.rehearse(traffic: plan).traffic)
    #expect(traffic.statements.map(\.after.count) == [1])
    #expect(traffic.untried.isEmpty)
  }

  @Test func `reads and writes a row of each table that is touched where no script is given`()
    throws
  {
    let project = try RehearsedProject(
      [Migration("b", sql: "ALTER TABLE users RENAME name TO full_name")], filledBy: Self.users)
    let traffic = try #require(project.rehearse(traffic: .rowsByKey).traffic)
    #expect(!traffic.isGiven)
    #expect(
      traffic.statements.map(\.sql) == [
        "SELECT * FROM \"public\".\"users\" WHERE id = '1'",
        "UPDATE \"public\".\"users\" SET name = name WHERE id = '1'",
      ])
    // What was deployed before writes to a column that is gone.
    let failure = try #require(traffic.statements.last?.failures.first { $0.phase == .after })
    #expect(failure.sqlState == "42703")
    #expect(failure.count > 1)
  }

  private static let members = """
    CREATE TABLE members(team text, id int, name text, initial AS (substr(name, 1, 1)),
      PRIMARY KEY (team, id));
    INSERT INTO members VALUES ('O''Hara', 1, 'Ann');
    CREATE TABLE notes(text text); INSERT INTO notes VALUES ('x');
    """

  @Test func `waits on SQLite while a migration has the file, and leaves it as it is`() throws {
    let project = try RehearsedProject(
      [
        Migration(
          "b",
          """
          op.execute("UPDATE members SET name = 'Bob'")
          import time; time.sleep(0.6)
          """)
      ], url: "sqlite:///app.db", on: .sqlite, filledBy: Self.members)
    let plan = try #require(
      TrafficPlan(
        script: "SELECT count(*) FROM members; UPDATE notes SET text = 'a;b' -- own words"))
    let traffic = try #require(project.rehearse(traffic: plan).traffic)
    try #require(
      traffic.statements.map(\.sql) == [
        "SELECT count(*) FROM members", "UPDATE notes SET text = 'a;b' -- own words",
      ])
    let (read, write) = (traffic.statements[0], traffic.statements[1])
    // Who reads is kept off only while the commit is written.
    #expect(write.during.longest > 0.3)
    #expect(read.during.longest < write.during.longest)
    #expect(read.before.count > 0 && write.after.count > 0)
    #expect(traffic.statements.allSatisfy { $0.failures.isEmpty })
    #expect(try project.texts("SELECT text FROM notes") == ["x"])
  }

  @Test func `finds a row by its key on SQLite, and what the application is then refused`() throws {
    let project = try RehearsedProject(
      [Migration("b", sql: "ALTER TABLE members RENAME name TO full_name")],
      url: "sqlite:///app.db", on: .sqlite, filledBy: Self.members)
    let traffic = try #require(project.rehearse(traffic: .rowsByKey).traffic)
    #expect(
      traffic.statements.map(\.sql) == [
        #"SELECT * FROM "members" WHERE "team" = 'O''Hara' AND "id" = 1"#,
        #"UPDATE "members" SET "name" = "name" WHERE "team" = 'O''Hara' AND "id" = 1"#,
      ])
    let failure = try #require(traffic.statements.last?.failures.first { $0.phase == .after })
    #expect(failure.message.contains("name"))
  }

  @Test func `takes all tables for touched where the tool cannot print`() {
    let users = ObjectID(.table, schema: "public", ["users"])
    let versions = ObjectID(.table, schema: "public", ["alembic_version"])
    let unknown = TouchedTables(.leftOut("it prints into files"), besides: versions)
    #expect(unknown.contains(users))
    #expect(!unknown.contains(versions))
    let known = TouchedTables(
      .script([.init(revision: "b", sql: "ALTER TABLE logs ADD c int")]), besides: versions)
    #expect(!known.contains(users))
  }
}
