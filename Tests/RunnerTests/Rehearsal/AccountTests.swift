import Databases
import History
import Rows
import Schemas
import Testing
import Walks

@testable import Runner

/// What every rehearsal accounts for, on both engines.
@Suite struct `The rows of a rehearsal` {
  private typealias Migration = RehearsedProject.Migration

  private static let small = """
    CREATE TABLE users(id integer PRIMARY KEY, name varchar(20), nickname varchar(20));
    INSERT INTO users VALUES (1, 'Ann', 'a'), (2, 'Bob', 'b'), (3, 'Cyd', NULL);
    """

  private func rehearse(
    _ migrations: [RehearsedProject.Migration], on engine: Engine, filledBy script: String = small,
    to target: RehearsalTarget = .head, keeping kept: [RevisionID: String] = [:]
  ) throws -> RehearsalRecord {
    try RehearsedProject(
      migrations,
      url: engine == .sqlite ? "sqlite:///x.db" : "postgresql+psycopg2://u@h/d", on: engine,
      filledBy: script
    ).rehearse(to: target, keeping: kept)
  }

  @Test(arguments: Engine.allCases)
  func `are all there where nothing touches them, both ways`(engine: Engine) throws {
    let record = try rehearse(
      [Migration("b", sql: "CREATE TABLE two(id integer)", down: "DROP TABLE two")], on: engine)
    let rows = try #require(record.rows)
    #expect((rows.tables, rows.rowsBefore, rows.rowsAfter) == (1, 3, 3))
    #expect(rows.difference.losses.isEmpty)
    let rollback = try #require(record.rollback)
    #expect(rollback.isComplete && rollback.duration > 0 && rollback.transactions > 0)
    #expect(rollback.versionsAfter == ["base"])
    #expect(rollback.rows?.difference.isEmpty == true)
    #expect(rollback.schema?.isEmpty == true)
    let again = try #require(record.secondUpgrade)
    #expect(again.isComplete)
    #expect(again.versionsAfter == ["b"])
    #expect(again.rows?.difference.isEmpty == true)
  }

  @Test(arguments: [true, false])
  func `leave out who owns what was made again where production has another role`(
    _ isByOtherRole: Bool
  ) throws {
    let project = try RehearsedProject(
      [
        Migration(
          "b", sql: "DROP TABLE legacy",
          down: "CREATE TABLE legacy (id int); GRANT SELECT ON legacy TO pg_monitor")
      ],
      filledBy: "CREATE TABLE legacy (id int); ALTER TABLE legacy OWNER TO pg_monitor")
    let record = try project.rehearse(isByOtherRole: isByOtherRole)
    let changes = try #require(record.rollback?.schema).changes
    #expect(changes.isEmpty == isByOtherRole)
  }

  @Test(arguments: Engine.allCases)
  func `tell which of them an upgrade deletes`(engine: Engine) throws {
    let record = try rehearse(
      [Migration("b", sql: "DELETE FROM users WHERE id > 1", down: "SELECT 1")], on: engine)
    let table = try #require(record.rows?.difference[TableName("users")])
    #expect((table.rowsBefore, table.rowsAfter, table.rowsLost) == (3, 1, 2))
    #expect(table.lost.map(\.key) == [["2"], ["3"]])
    // Keys are shown, values are not.
    #expect(table.lost.flatMap(\.values).allSatisfy { $0.value.text == nil })
    #expect(record.rollback?.rows?.difference[TableName("users")]?.rowsLost == 2)
  }

  @Test func `tell of a table that was emptied without a DELETE`() throws {
    let record = try rehearse(
      [Migration("b", sql: "TRUNCATE users", down: "SELECT 1")], on: .postgresql)
    #expect(record.rows?.difference[TableName("users")]?.rowsLost == 3)
    #expect(record.rows?.difference[TableName("users")]?.isEmptied == true)
  }

  @Test(arguments: Engine.allCases)
  func `are compared no further back than the settings let a rollback go`(engine: Engine) throws {
    let migrations = [
      Migration("b", sql: "CREATE TABLE two(id integer)", down: "SELECT no_such_column"),
      Migration("c", sql: "DELETE FROM users WHERE id > 1", down: "SELECT 1"),
    ]
    let record = try rehearse(migrations, on: engine, keeping: ["b": "older than c"])
    let rollback = try #require(record.rollback)
    #expect(rollback.steps.map(\.revision) == ["c", "b"])
    #expect(rollback.steps.map(\.outcome) == [.succeeded, .skipped("older than c")])
    #expect(rollback.isComplete)
    #expect(rollback.versionsAfter == ["b"])
    #expect(rollback.rows == nil)
    #expect(record.secondUpgrade?.steps.map(\.revision) == ["c"])
    #expect(record.secondUpgrade?.versionsAfter == ["c"])
    #expect(record.secondUpgrade?.rows?.difference.isEmpty == true)
    let none = try rehearse(migrations, on: engine, keeping: ["b": "old", "c": "old"])
    #expect(none.rollback?.steps.map(\.outcome) == [.skipped("old"), .skipped("old")])
    #expect(none.rollback?.versionsAfter == ["c"])
    #expect(none.secondUpgrade == nil)
  }

  @Test(arguments: Engine.allCases)
  func `blame no revision where the process ended before it told of one`(engine: Engine) throws {
    let record = try rehearse(
      [
        Migration("b", sql: "CREATE TABLE two(id integer)", down: "DROP TABLE two"),
        Migration("c", "import os; os._exit(3)", down: "pass"),
      ], on: engine)
    let fault = try #require(record.steps.commonFault)
    #expect(fault.code == .workerExited)
    #expect(record.steps.map(\.revision) == ["b", "c"])
  }

  @Test(arguments: Engine.allCases)
  func `keep their values where a column is renamed or widened`(engine: Engine) throws {
    let record = try rehearse(
      [
        Migration(
          "b",
          """
          with op.batch_alter_table("users") as batch:
              batch.alter_column("name", new_column_name="title", existing_type=sa.String(20))
          """,
          down: """
            with op.batch_alter_table("users") as batch:
                batch.alter_column("title", new_column_name="name", existing_type=sa.String(20))
            """),
        Migration(
          "c",
          """
          with op.batch_alter_table("users") as batch:
              batch.alter_column("nickname", type_=sa.Text())
          """,
          down: """
            with op.batch_alter_table("users") as batch:
                batch.alter_column("nickname", type_=sa.String(20))
            """),
      ], on: engine)
    let rows = try #require(record.rows)
    #expect(rows.difference.losses.isEmpty)
    #expect(rows.difference[TableName("users")]?["title"]?.isRenamed == true)
    #expect(rows.difference[TableName("users")]?["nickname"]?.isTypeChanged == true)
    #expect(record.rollback?.rows?.difference.isEmpty == true)
    #expect(record.secondUpgrade?.rows?.difference.isEmpty == true)
  }

  @Test(arguments: Engine.allCases)
  func `tell what a rollback cannot bring back`(engine: Engine) throws {
    let record = try rehearse(
      [
        Migration(
          "b",
          """
          with op.batch_alter_table("users") as batch:
              batch.drop_column("nickname")
          """,
          down: """
            with op.batch_alter_table("users") as batch:
                batch.add_column(sa.Column("nickname", sa.String(20)))
            """)
      ], on: engine)
    #expect(record.rows?.difference[TableName("users")]?["nickname"]?.isDropped == true)
    #expect(record.rows?.difference[TableName("users")]?["nickname"]?.valuesBefore == 2)
    let column = try #require(record.rollback?.rows?.difference[TableName("users")]?["nickname"])
    #expect(column.changes == [.nulled: 2])
    #expect(record.secondUpgrade?.rows?.difference.isEmpty == true)
  }

  @Test(arguments: Engine.allCases)
  func `count doubles in a table without a key`(engine: Engine) throws {
    let record = try rehearse(
      [Migration("b", sql: "DELETE FROM tags WHERE name = 'x'", down: "SELECT 1")], on: engine,
      filledBy: """
        CREATE TABLE tags(name varchar(20));
        INSERT INTO tags VALUES ('x'), ('x'), ('y'), ('y'), ('y');
        """)
    let table = try #require(record.rows?.difference[TableName("tags")])
    #expect((table.rowsLost, table.rowsAfter) == (2, 3))
  }

  @Test(arguments: Engine.allCases)
  func `are told as new where another key identifies them`(engine: Engine) throws {
    let record = try rehearse(
      [
        Migration(
          "b", sql: "UPDATE users SET id = id + 100", down: "UPDATE users SET id = id - 100")
      ], on: engine)
    let table = try #require(record.rows?.difference[TableName("users")])
    #expect(table.rowsLost == 0)
    #expect(table["id"]?.changed == 3)
    #expect(record.rollback?.rows?.difference.isEmpty == true)
  }

  @Test(arguments: Engine.allCases)
  func `are not taken back where there is no way, and it is said where`(engine: Engine) throws {
    let add = "op.add_column('users', sa.Column('age', sa.Integer()))"
    for (down, kind) in [
      (nil, .noSuchDirection), ("raise NotImplementedError()", .notImplemented),
    ] as [(String?, StepFailure.Kind)] {
      let record = try rehearse(
        [
          Migration("b", add, down: down),
          Migration("c", sql: "CREATE TABLE two(id integer)", down: "DROP TABLE two"),
        ], on: engine)
      let rollback = try #require(record.rollback)
      #expect(!rollback.isComplete)
      #expect(rollback.culprit?.revision == "b")
      guard case .failed(let failure)? = rollback.culprit?.outcome else {
        Issue.record("\(rollback.steps.map(\.outcome))")
        return
      }
      #expect(failure.kind == kind)
      #expect(rollback.rows == nil)
      #expect(record.secondUpgrade == nil)
    }
  }

  @Test func `stay where a downgrade fails on them, and the copy too`() throws {
    let record = try rehearse(
      [
        Migration(
          "b", sql: "ALTER TABLE users ALTER name DROP NOT NULL; UPDATE users SET name = NULL",
          down: "ALTER TABLE users ALTER name SET NOT NULL"),
        Migration("c", sql: "CREATE TABLE two(id integer)", down: "DROP TABLE two"),
      ], on: .postgresql,
      filledBy: Self.small.replacing("name varchar(20), n", with: "name varchar(20) NOT NULL, n"))
    let rollback = try #require(record.rollback)
    #expect(rollback.steps.map(\.revision) == ["c", "b"])
    #expect(rollback.steps.first?.outcome == .succeeded)
    guard case .failed(let failure)? = rollback.culprit?.outcome else {
      Issue.record("the downgrade should fail")
      return
    }
    #expect(failure.sqlState == "23502")
    // One transaction: nothing of the way back was kept.
    #expect(rollback.versionsAfter == ["c"])
    #expect(rollback.duration > 0)
  }

  @Test func `are not asked for where the upgrade failed and nothing of it was kept`() throws {
    let record = try rehearse(
      [Migration("b", sql: "ALTER TABLE users ADD CHECK (id < 2)", down: "SELECT 1")],
      on: .postgresql)
    #expect(record.rows == nil && record.rollback == nil && record.schema == nil)
  }

  @Test(arguments: Engine.allCases)
  func `show what a second upgrade makes otherwise`(engine: Engine) throws {
    let record = try rehearse(
      [
        Migration(
          "b",
          sql: "CREATE TABLE IF NOT EXISTS two(id integer)",
          down: "ALTER TABLE two ADD COLUMN extra integer")
      ], on: engine)
    #expect(record.rollback?.schema?.isStructural == true)
    #expect(record.secondUpgrade?.schema?.isStructural == true)
  }
}

/// Tables that a server reads by itself, since they are too large to be held here.
@Suite struct `Large tables of a rehearsal` {
  private typealias Migration = RehearsedProject.Migration

  private static let count = 20_000
  private static let users = """
    CREATE TABLE users(id int PRIMARY KEY, name text, nickname text, at timestamptz, price numeric);
    INSERT INTO users SELECT i, 'a long name, so that the table is large ' || i,
      CASE WHEN i % 4 = 0 THEN 'n' || i END, timestamptz '2024-01-01 UTC' + i * interval '1 s', i
      FROM generate_series(1, \(count)) i;
    CREATE TABLE logs(line text, level int);
    INSERT INTO logs SELECT 'a line of the log that takes some room ' || i / 2, i % 3
      FROM generate_series(1, \(count)) i;
    CREATE TABLE few(id int PRIMARY KEY); INSERT INTO few VALUES (1), (2);
    """

  private func rehearse(_ migrations: [RehearsedProject.Migration]) throws -> RehearsalRecord {
    try RehearsedProject(migrations, filledBy: Self.users).rehearse()
  }

  @Test func `count to the row which values an upgrade changes, and which a rollback loses`() throws
  {
    let record = try rehearse([
      Migration(
        "b",
        sql: """
          UPDATE users SET name = upper(name) WHERE id <= 7000;
          UPDATE users SET nickname = NULL WHERE id <= 4000;
          UPDATE users SET nickname = 'x' WHERE id > 19990 AND nickname IS NULL
          """, down: "UPDATE users SET name = lower(name) WHERE id <= 3500")
    ])
    let table = try #require(record.rows?.difference[TableName("users")])
    #expect(table.isExact)
    #expect(table["name"]?.changes == [.replaced: 7_000])
    #expect(table["nickname"]?.changes == [.nulled: 1_000, .filled: 7])
    #expect(table["price"] == nil && table["at"] == nil)
    let back = try #require(record.rollback?.rows?.difference[TableName("users")])
    #expect(back.isExact)
    #expect(back["name"]?.lost == 3_500)
    #expect(back["nickname"]?.lost == 1_000)
  }

  @Test func `tell which rows are gone, and what a dropped column held`() throws {
    let record = try rehearse([
      Migration(
        "b",
        sql: "DELETE FROM users WHERE id > 15000; ALTER TABLE users DROP COLUMN nickname",
        down: "ALTER TABLE users ADD COLUMN nickname text")
    ])
    let table = try #require(record.rows?.difference[TableName("users")])
    #expect((table.rowsLost, table.rowsAdded, table.isExact) == (5_000, 0, true))
    #expect(table.lost.map(\.key) == [["15001"], ["15002"], ["15003"], ["15004"], ["15005"]])
    #expect(table["nickname"]?.valuesBefore == 5_000)
    let back = try #require(record.rollback?.rows?.difference[TableName("users")]?["nickname"])
    #expect(back.lost == 3_750)
  }

  @Test(
    arguments: [
      ("TRUNCATE users", 20_000),
      (
        "CREATE TABLE kept AS SELECT * FROM users WHERE id < 4; TRUNCATE users; "
          + "INSERT INTO users SELECT * FROM kept; DROP TABLE kept", 19_997
      ),
      (
        "CREATE TABLE kept AS SELECT * FROM users WHERE id < 4; DROP TABLE users; "
          + "ALTER TABLE kept RENAME TO users; ALTER TABLE users ADD PRIMARY KEY (id)", 19_997
      ),
    ])
  func `count what is gone where hardly any row is left`(_ sql: String, _ lost: Int) throws {
    let record = try rehearse([Migration("b", sql: sql, down: "SELECT 1")])
    for rows in [record.rows, record.rollback?.rows] {
      let table = try #require(rows?.difference[TableName("users")])
      #expect(table.notCompared == nil)
      #expect((table.rowsLost, table.rowsAdded, table.isExact) == (lost, 0, true))
    }
    // Nothing of it is told of a table that was small before and takes a large one's name.
    let swapped = try rehearse([
      Migration(
        "b",
        sql: "ALTER TABLE logs RENAME TO old_logs; ALTER TABLE few RENAME TO logs",
        down: "ALTER TABLE logs RENAME TO few; ALTER TABLE old_logs RENAME TO logs")
    ])
    #expect(swapped.rows?.difference.losses.isEmpty == true)
    #expect(swapped.rollback?.rows?.difference.isEmpty == true)
  }

  @Test func `keep their rows through other types, a new key and a renamed column`() throws {
    let record = try rehearse([
      Migration(
        "b",
        sql: """
          ALTER TABLE users ALTER id TYPE bigint, ALTER price TYPE numeric(20, 4),
            ALTER at TYPE timestamp USING at AT TIME ZONE 'UTC';
          ALTER TABLE users RENAME name TO title;
          ALTER TABLE users DROP CONSTRAINT users_pkey;
          ALTER TABLE users ADD COLUMN code uuid DEFAULT gen_random_uuid() PRIMARY KEY
          """, down: "SELECT 1")
    ])
    let table = try #require(record.rows?.difference[TableName("users")])
    #expect(table.rowsLost == 0 && table.rowsAdded == 0)
    #expect(table.notCompared == nil)
    #expect(table.columns.allSatisfy { $0.changed == 0 })
    #expect(table["title"]?.isRenamed == true)
  }

  @Test func `count what is missing where rows have no key`() throws {
    let record = try rehearse([
      Migration(
        "b", sql: "UPDATE logs SET level = 9 WHERE level = 1",
        down: "DELETE FROM logs WHERE level = 9")
    ])
    let table = try #require(record.rows?.difference[TableName("logs")])
    #expect((table.rowsLost, table.isExact) == (0, true))
    #expect(table["level"]?.changed == 6_667)
    #expect(table["line"] == nil)
    let back = try #require(record.rollback?.rows?.difference[TableName("logs")])
    #expect((back.rowsLost, back.rowsAfter) == (6_667, 13_333))
  }

  @Test func `are read once at each end, and not where nobody wrote to them`() throws {
    let project = try RehearsedProject(
      [
        Migration(
          "b", sql: "ALTER TABLE users ADD COLUMN c int", down: "ALTER TABLE users DROP COLUMN c")
      ], filledBy: Self.users)
    func scans() throws -> [Int] {
      try project.waitForOthersToEnd()
      return try project.texts(
        "SELECT seq_scan::text FROM pg_stat_user_tables WHERE relname IN ('logs', 'users') "
          + "ORDER BY relname"
      ).compactMap { Int($0) }
    }
    let before = try scans()
    _ = try project.rehearse()
    let found = try zip(scans(), before).map { $0 - $1 }
    #expect(found[0] == 1)
    // As it was, up, back and up again.
    #expect(found[1] == 4)
  }
}
