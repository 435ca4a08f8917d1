import Databases
import FoundationEssentials
import Rows
import Schemas
import TestSupport
import Testing

@Suite struct RowReaderTests {
  private static let setup = """
    CREATE TABLE users (id integer PRIMARY KEY, name text); INSERT INTO users VALUES (1, 'Ann');
    CREATE TABLE posts (id integer PRIMARY KEY, body text); INSERT INTO posts VALUES (1, 'Hello');
    CREATE TABLE version (n text); INSERT INTO version VALUES ('1');
    """

  @Test(arguments: Engine.allCases)
  func `what has not changed is taken from the image before`(_ engine: Engine) throws {
    let database = try TestDatabase(engine, Self.setup)
    let reader = try RowReader(address: database.address, excluding: [TableName("version")])
    let before = try reader.image(of: database.snapshot())
    #expect(before.ordered.map(\.name.name) == ["posts", "users"])
    try database.execute("UPDATE users SET name = 'Bob'")
    let after = try reader.image(of: database.snapshot())
    #expect(after[TableName("posts")] === before[TableName("posts")])
    #expect(RowsDifference(from: before, to: after).tables.map(\.name.name) == ["users"])
    let again = try reader.image(of: database.snapshot())
    #expect(again[TableName("users")] === after[TableName("users")])
  }

  @Test func `whatever happens to a SQLite file, what is read again is what a new reader reads`()
    throws
  {
    let database = try TestDatabase(.sqlite, Self.setup)
    guard case .sqlite(let path) = database.address else { return }
    let writer = try SQLiteConnection(path: path, access: .readWrite)
    let reader = try RowReader(address: database.address)
    let steps = [
      "CREATE TABLE Many (id integer PRIMARY KEY, body text)",
      "INSERT INTO Many SELECT value, printf('%.300c', 'x') FROM \(Self.sixty)",
      "DELETE FROM Many WHERE id > 2", "DROP TABLE posts; UPDATE users SET name = 'Bob'", "VACUUM",
      "UPDATE many SET body = 'short'", "CREATE VIRTUAL TABLE found USING fts5(body)",
      "INSERT INTO found VALUES ('a')", "PRAGMA journal_mode = WAL",
      "UPDATE users SET name = 'Cy'; INSERT INTO users VALUES (2, 'Di')",
      "DELETE FROM users WHERE id = 2", "PRAGMA wal_checkpoint(TRUNCATE)",
      "UPDATE users SET name = 'Bob'", "PRAGMA journal_mode = DELETE",
      "UPDATE users SET name = 'Eve'; UPDATE users SET name = 'Bob'",
      "ALTER TABLE users RENAME TO other; ALTER TABLE other RENAME TO Users",
      "UPDATE users SET name = 'Flo'",
    ]
    for step in steps {
      _ = try writer.execute(step)
      let snapshot = try database.snapshot()
      let image = try reader.image(of: snapshot)
      let fresh = try RowReader(address: database.address).image(of: snapshot)
      #expect(image.ordered.map(\.name) == fresh.ordered.map(\.name), "\(step)")
      #expect(RowsDifference(from: fresh, to: image).told == [], "\(step)")
    }
  }

  private static let sixty = """
    (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 60)
      SELECT * FROM n)
    """

  @Test(arguments: Engine.allCases)
  func `a table whose schema changed is read though nobody says that its rows did`(
    _ engine: Engine
  ) throws {
    let database = try TestDatabase(engine, Self.setup)
    let reader = try RowReader(address: database.address)
    let before = try reader.image(of: database.snapshot())
    let statements = [
      "ALTER TABLE users ADD COLUMN age integer DEFAULT 3", "ALTER TABLE posts RENAME TO texts",
      "CREATE TABLE made (id integer)", "DROP TABLE version",
    ]
    for statement in statements { try database.execute(statement) }
    let after = try reader.image(of: database.snapshot())
    #expect(after.ordered.map(\.name.name) == ["made", "texts", "users"])
    let difference = RowsDifference(from: before, to: after, statements: statements)
    #expect(difference.told == ["posts is texts", "users.age new 1", "version gone 1"])
  }

  @Test(arguments: Engine.allCases)
  func `a table that cannot be read does not hide the others`(_ engine: Engine) throws {
    let database = try TestDatabase(engine, Self.setup)
    switch engine {
    case .postgresql:
      // Twice as many columns have more sums than a query may have columns.
      let columns = (1...900).map { "c\($0) int" }.joined(separator: ", ")
      try database.execute("CREATE TABLE odd (\(columns)); INSERT INTO odd DEFAULT VALUES")
    case .sqlite:
      try database.execute(
        "CREATE VIRTUAL TABLE odd USING fts5(body); DROP TABLE odd_content")
    }
    let image = try database.image(engine == .postgresql ? .none : RowLimits())
    #expect(image[TableName("odd")]?.unreadable != nil)
    #expect(image[TableName("users")]?.rowCount == 1)
  }

  @Test(arguments: Engine.allCases)
  func `hidden values leave their type and length, and the keys`(_ engine: Engine) throws {
    let database = try TestDatabase(engine, Self.setup)
    let difference = try database.difference([
      "UPDATE users SET name = 'Secret' WHERE id = 1", "DELETE FROM posts",
    ])
    let sample = try #require(difference.redacted()[TableName("users")]?["name"]?.samples.first)
    #expect(sample.key == ["1"])
    #expect(sample.after.text == nil && sample.after.length == 6)
    #expect(difference[TableName("users")]?["name"]?.samples.first?.after.text == "Secret")
    let text = String(decoding: try JSONEncoder().encode(difference.redacted()), as: UTF8.self)
    #expect(!text.contains("Secret") && !text.contains("Ann") && !text.contains("Hello"))
  }

  @Test(arguments: Engine.allCases)
  func `facts are the same after they were written and read`(_ engine: Engine) throws {
    let database = try TestDatabase(engine, Self.setup)
    let difference = try database.difference([
      "UPDATE users SET name = NULL", "DELETE FROM posts", "ALTER TABLE version RENAME n TO m",
    ])
    let encoded = try JSONEncoder().encode(difference)
    #expect(try JSONDecoder().decode(RowsDifference.self, from: encoded) == difference)
    #expect(!difference.isEmpty)
  }

  @Test(arguments: Engine.allCases)
  func `of rows written in one schema and read in another, what both hold is told`(
    _ engine: Engine
  ) throws {
    let database = try TestDatabase(engine, Self.setup)
    let difference = try database.difference([
      "ALTER TABLE users DROP COLUMN name", "DROP TABLE version", "DELETE FROM posts",
    ])
    #expect(difference.restrictedToCommonColumns().told == ["posts lost 1, emptied"])
  }

  @Test(arguments: Engine.allCases)
  func `the rows of a large table that differ are shown when both times can be read`(
    _ engine: Engine
  ) throws {
    let database = try TestDatabase(
      engine,
      """
      CREATE TABLE t (id integer PRIMARY KEY, v text);
      INSERT INTO t SELECT n, 'v' FROM (
        WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 3000)
        SELECT n FROM c) x;
      """)
    let limits = RowLimits(rows: 100, bytes: 1)
    let reader = try RowReader(address: database.address, limits: limits)
    let before = try reader.image(of: database.snapshot())
    try database.execute("UPDATE t SET v = 'w' WHERE id = 77; DELETE FROM t WHERE id = 99")
    let difference = RowsDifference(from: before, to: try reader.image(of: database.snapshot()))
    let name = try #require(difference.tables.first?.after)
    #expect(difference.told == ["t lost 1", "t.v replaced 1"])
    #expect(difference[name]?.isExact == false)
    #expect(difference[name]?.differingBuckets.count == 2)
    let buckets = difference[name]?.differingBuckets ?? []
    let new = try #require(try reader.rows(of: name, in: buckets))
    try database.execute("UPDATE t SET v = 'v' WHERE id = 77; INSERT INTO t VALUES (99, 'v')")
    let old = try #require(try reader.rows(of: name, in: buckets))
    #expect((2...12).contains(old.rowCount))
    let shown = difference.showing(old, new)
    #expect(shown.told == difference.told)
    #expect(shown[name]?["v"]?.samples.map(\.key) == [["77"]])
    #expect(shown[name]?.lost.map(\.key) == [["99"]])
  }
}
