import Databases
import Rows
import Schemas
import TestSupport
import Testing

@Suite struct RowWriterTests {
  private static func row(_ table: TableName, _ cells: (Identifier, InputValue)...) -> InputRow {
    InputRow(table, cells.map { .init($0.0, $0.1) })
  }

  private static func insert(_ rows: [InputRow], into database: TestDatabase) throws
    -> [RejectedRow]
  {
    try RowWriter(database.address).insert(rows, tables: try database.snapshot().tables)
  }

  @Test(arguments: Engine.allCases)
  func `rows are written after those that they point to, within a table too`(engine: Engine) throws
  {
    let database = try TestDatabase(
      engine,
      """
      CREATE TABLE a (id INTEGER PRIMARY KEY, up INTEGER REFERENCES a (id));
      CREATE TABLE b (id INTEGER PRIMARY KEY, a INTEGER NOT NULL REFERENCES a);
      """)
    let rejected = try Self.insert(
      [
        Self.row(.init("b"), ("id", .integer(1)), ("a", .integer(3))),
        Self.row(.init("a"), ("id", .integer(3)), ("up", .integer(2))),
        Self.row(.init("a"), ("id", .integer(2)), ("up", .integer(1))),
        Self.row(.init("a"), ("id", .integer(1)), ("up", .integer(1))),
      ], into: database)
    #expect(rejected == [])
    #expect(
      try database.rows("SELECT id, up FROM a ORDER BY id") == [
        ["1", "1"], ["2", "1"], ["3", "2"],
      ])
    #expect(try database.rows("SELECT a FROM b") == [["3"]])
  }

  @Test(arguments: Engine.allCases, ["", "DEFERRABLE INITIALLY DEFERRED"])
  func `rows that point to each other in a ring are written, deferrable or not`(
    engine: Engine, deferral: String
  ) throws {
    let database = try TestDatabase(
      engine,
      engine == .postgresql
        ? """
        CREATE TABLE a (id int PRIMARY KEY, b int NOT NULL);
        CREATE TABLE b (id int PRIMARY KEY, a int NOT NULL REFERENCES a \(deferral));
        ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b \(deferral);
        """
        : """
        CREATE TABLE a (id int PRIMARY KEY, b int NOT NULL REFERENCES b \(deferral));
        CREATE TABLE b (id int PRIMARY KEY, a int NOT NULL REFERENCES a \(deferral));
        """)
    let rejected = try Self.insert(
      [
        Self.row(.init("a"), ("id", .integer(1)), ("b", .integer(7))),
        Self.row(.init("b"), ("id", .integer(7)), ("a", .integer(1))),
        Self.row(.init("b"), ("id", .integer(8)), ("a", .integer(99))),
      ], into: database)
    #expect(rejected.map { $0.row["id"] } == [.integer(8)])
    #expect(rejected.first?.column == "a")
    #expect(rejected.first?.message.lowercased().contains("foreign key") == true)
    #expect(try database.rows("SELECT a.b, b.a FROM a, b") == [["7", "1"]])
  }

  @Test(arguments: Engine.allCases)
  func `keys that the database makes are found, whatever the order of the rows`(engine: Engine)
    throws
  {
    let key =
      engine == .sqlite ? "INTEGER PRIMARY KEY AUTOINCREMENT" : "serial PRIMARY KEY"
    let database = try TestDatabase(
      engine, "CREATE TABLE a (id \(key), up int REFERENCES a, name text)")
    let rejected = try Self.insert(
      [
        Self.row(.init("a"), ("name", .text("child")), ("up", .integer(2))),
        Self.row(.init("a"), ("name", .text("root"))),
        Self.row(.init("a"), ("name", .text("other"))),
      ], into: database)
    // PostgreSQL's sequence goes on whatever becomes of the row, so the child's key is open there.
    #expect(rejected.map { $0.row["name"] } == [])
    #expect(
      try database.rows("SELECT count(*) FROM a WHERE up IS NULL OR up = 2") == [["3"]])
  }

  @Test(arguments: Engine.allCases)
  func `a refused row is told with its column, and the others are written`(engine: Engine) throws {
    let database = try TestDatabase(
      engine,
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER NOT NULL, u VARCHAR(3) UNIQUE,
        g INTEGER GENERATED ALWAYS AS (n + 1) STORED, CONSTRAINT small CHECK (n < 10));
      """)
    func row(_ id: Int64, _ n: InputValue, _ u: String, _ more: (Identifier, InputValue)...)
      -> InputRow
    {
      InputRow(
        .init("t"),
        [.init("id", .integer(id)), .init("n", n), .init("u", .text(u))]
          + more.map { .init($0.0, $0.1) })
    }
    let rejected = try Self.insert(
      [
        row(1, .integer(1), "a"), row(2, .null, "b"), row(3, .integer(2), "a"),
        row(4, .integer(11), "d"), row(5, .integer(3), "e", ("g", .integer(4))),
        row(6, .integer(3), "f", ("nope", .null)), row(7, .integer(7), "g"),
        Self.row(.init("nowhere"), ("id", .integer(1))),
      ], into: database)
    #expect(rejected.map(\.column) == ["n", "u", nil, "g", "nope", nil])
    #expect(try database.rows("SELECT id FROM t ORDER BY id") == [["1"], ["7"]])
    #expect(rejected[0].state == (engine == .sqlite ? "1299" : "23502"))
    #expect(rejected[2].message.contains("small"))
    #expect(
      rejected[3].message.hasPrefix("the column \"g\" is generated from")
        && rejected[3].state == nil)
    #expect(rejected[4].message == "the table \"t\" has no column \"nope\"")
    #expect(rejected[5].message == "there is no table \"nowhere\"")
  }

  @Test func `PostgreSQL's refusal of a value tells the column that it was for`() throws {
    let database = try TestDatabase(
      .postgresql, "CREATE TABLE t (a text, i int, v varchar(3), n numeric(3,1), d date)")
    let rejected = try Self.insert(
      [
        Self.row(.init("t"), ("a", .text("x")), ("i", .text("x"))),
        Self.row(.init("t"), ("a", .text("four")), ("v", .text("four"))),
        Self.row(.init("t"), ("a", .text("999")), ("n", .integer(999))),
        Self.row(.init("t"), ("d", .text("2024-02-30"))),
        Self.row(.init("t"), ("a", .text("zero\0"))),
        Self.row(.init("t"), ("v", .text("abc   "))),
      ], into: database)
    #expect(rejected.map(\.column) == ["i", "v", "n", "d", "a"])
    #expect(rejected.map(\.state) == ["22P02", "22001", "22003", "22008", "22021"])
  }

  @Test func `values take the form of PostgreSQL's types`() throws {
    let database = try TestDatabase(
      .postgresql,
      """
      CREATE TYPE pair AS (a int, b text);
      CREATE TABLE t (b bytea, t bytea, a text[], n int[][], x box[], o boolean, j jsonb, p pair,
        u uuid, q text);
      """)
    let rejected = try Self.insert(
      [
        Self.row(
          .init("t"), ("b", .bytes([0, 255])), ("t", .text("a\\b")),
          ("a", .list([.text("x,\"y\\"), .null, .text("NULL"), .text("")])),
          ("n", .list([.list([.integer(1), .integer(2)]), .list([.integer(3), .null])])),
          ("x", .list([.text("(1,1),(0,0)"), .text("(2,2),(0,0)")])), ("o", .integer(1)),
          ("j", .list([.integer(1), .text("a\n")])), ("p", .list([.integer(1), .text("a,\"b)")])),
          ("u", .bytes(Array(repeating: 0xAB, count: 16))), ("q", .text("it's 'ok\u{301}'\u{301}")))
      ], into: database)
    #expect(rejected == [])
    #expect(
      try database.rows(
        """
        SELECT b, t, a[1], a[2] IS NULL, a[3], a[4], n, array_length(x, 1), o, j, (p).b, u, q FROM t
        """) == [
          [
            "\\x00ff", "\\x615c62", "x,\"y\\", "t", "NULL", "", "{{1,2},{3,NULL}}", "2", "t",
            "[1, \"a\\n\"]", "a,\"b)", "abababab-abab-abab-abab-abababababab",
            "it's 'ok\u{301}'\u{301}",
          ]
        ])
  }

  @Test func `values take the storage classes of SQLite's columns`() throws {
    let database = try TestDatabase(
      .sqlite, "CREATE TABLE t (i INTEGER, n NUMERIC, t TEXT, b BLOB, e BLOB, z TEXT)")
    let rejected = try Self.insert(
      [
        Self.row(
          .init("t"), ("i", .boolean(true)), ("n", .decimal("0.10")), ("t", .integer(5)),
          ("b", .bytes([1])), ("e", .bytes([])), ("z", .text("a\0b")))
      ], into: database)
    #expect(rejected == [])
    #expect(
      try database.rows(
        "SELECT typeof(i), n, typeof(t), typeof(b), typeof(e), length(CAST(z AS BLOB)) FROM t")
        == [["integer", "0.1", "text", "blob", "blob", "3"]])
  }

  @Test func `sequences are moved past the keys that were written, and only those`() throws {
    let database = try TestDatabase(
      .postgresql,
      """
      CREATE TABLE a (id serial, i int GENERATED ALWAYS AS IDENTITY, o bigint GENERATED BY DEFAULT AS
        IDENTITY, down int GENERATED BY DEFAULT AS IDENTITY (INCREMENT -1), far serial, n int);
      CREATE TABLE untouched (id serial);
      SELECT setval('a_far_seq', 100);
      """)
    let rejected = try Self.insert(
      [
        Self.row(
          .init("a"), ("id", .integer(7)), ("i", .integer(9)), ("down", .integer(-5)),
          ("far", .integer(3)), ("o", .integer(5_000_000_000))),
        Self.row(.init("a"), ("id", .integer(50)), ("n", .text("refused"))),
      ], into: database)
    #expect(rejected.count == 1)
    #expect(
      try database.rows("INSERT INTO a DEFAULT VALUES RETURNING id, i, o, down, far")
        == [["8", "10", "5000000001", "-6", "101"]])
    #expect(try database.rows("SELECT nextval('untouched_id_seq')") == [["1"]])
  }

  @Test(arguments: Engine.allCases)
  func `a conflict clause neither swallows a row nor replaces another`(engine: Engine) throws {
    guard engine == .sqlite else { return }
    let database = try TestDatabase(
      engine,
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY ON CONFLICT REPLACE, u INT UNIQUE ON CONFLICT IGNORE,
        n INT NOT NULL ON CONFLICT ROLLBACK);
      INSERT INTO t VALUES (1, 1, 1);
      """)
    let rejected = try Self.insert(
      [
        Self.row(.init("t"), ("id", .integer(1)), ("u", .integer(2)), ("n", .integer(2))),
        Self.row(.init("t"), ("id", .integer(2)), ("u", .integer(1)), ("n", .integer(2))),
        Self.row(.init("t"), ("id", .integer(3)), ("u", .integer(3)), ("n", .null)),
      ], into: database)
    #expect(rejected.map(\.column) == ["id", "u", "n"])
    #expect(try database.rows("SELECT * FROM t") == [["1", "1", "1"]])
  }

  @Test(arguments: Engine.allCases)
  func `many rows are written at once, and the bad ones among them are found`(engine: Engine) throws
  {
    let database = try TestDatabase(
      engine, "CREATE TABLE t (id INTEGER PRIMARY KEY, up INTEGER REFERENCES t)")
    let rows = (1...3000).map { (id: Int64) -> InputRow in
      let up: InputValue = id % 700 == 0 ? .integer(9_999) : id > 2 ? .integer(id - 2) : .null
      return Self.row(.init("t"), ("id", .integer(id == 1500 ? 1 : id)), ("up", up))
    }
    let rejected = try Self.insert(rows, into: database)
    // A refused row takes along those that hang on it.
    #expect(rejected.contains { $0.row["id"] == .integer(700) })
    #expect(try database.rows("SELECT count(*) FROM t") == [[String(3000 - rejected.count)]])
  }
}
