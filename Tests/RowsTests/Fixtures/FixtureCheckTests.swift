import Databases
import Rows
import Schemas
import TestSupport
import Testing

@Suite struct FixtureCheckTests {
  private static let sqlite = """
    CREATE TABLE users (id INTEGER PRIMARY KEY, email VARCHAR(40) NOT NULL, active BOOLEAN,
      born DATE, avatar BLOB, settings JSON, score NUMERIC(5,2), loose, seen DATETIME,
      twice INTEGER GENERATED ALWAYS AS (id * 2) VIRTUAL);
    CREATE TABLE Posts (id INTEGER PRIMARY KEY);
    """
  private static let postgresql = """
    CREATE TYPE mood AS ENUM ('happy', 'sad');
    CREATE TABLE users (id integer PRIMARY KEY, email varchar(40) NOT NULL, active boolean,
      born date, avatar bytea, settings jsonb, score numeric(5,2), tags text[], grid int[],
      mood mood, documents jsonb[], ref uuid, small smallint, seen timestamptz,
      twice integer GENERATED ALWAYS AS (id * 2) STORED);
    CREATE SCHEMA auth; CREATE TABLE auth.tokens (id int PRIMARY KEY);
    CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE a.both (id int); CREATE TABLE b.both (id int);
    """

  private static func check(
    _ engine: Engine, _ rows: [InputRow], for use: FixtureCheck.Use = .written
  ) throws -> FixtureCheck.Result {
    let database = try TestDatabase(engine, engine == .sqlite ? sqlite : postgresql)
    return FixtureCheck(tables: try database.snapshot().tables, engine: engine)
      .check(rows, for: use)
  }

  private static func row(
    _ table: TableName, _ column: Identifier, _ value: InputValue = .integer(1)
  ) -> InputRow {
    InputRow(
      table, [.init(column, value)], place: SourcePlace(file: "fixtures/0001.yml", line: 7))
  }

  @Test(arguments: Engine.allCases)
  func `an unknown table or column is told with the nearest known one`(engine: Engine) throws {
    let result = try Self.check(
      engine,
      [
        Self.row(TableName("user"), "id"), Self.row(TableName("users"), "emial"),
        Self.row(TableName("users"), "frobnicate"), Self.row(TableName("xyz"), "id"),
        Self.row(TableName(schema: "nowhere", "users"), "id"), Self.row(TableName("users"), "id"),
      ])
    #expect(result.rows.map(\.cells) == [[.init("id", .integer(1))]])
    #expect(
      result.problems.map(\.kind) == [
        .unknownTable, .unknownColumn, .unknownColumn, .unknownTable, .unknownTable,
      ])
    #expect(
      result.problems.map(\.message) == [
        "there is no table user", "users has no column emial", "users has no column frobnicate",
        "there is no table xyz", "there is no table nowhere.users",
      ])
    #expect(result.problems[0].fix == "did you mean users?")
    #expect(result.problems[1].fix == "did you mean email?")
    #expect(result.problems[2].fix.hasPrefix("name one of its columns: id, email, active"))
    #expect(result.problems[3].fix.hasPrefix("name one of the tables that there are: "))
    #expect(result.problems[4].fix == "did you mean users?")
    #expect(
      result.problems.allSatisfy { $0.place == SourcePlace(file: "fixtures/0001.yml", line: 7) })
    #expect(result.problems[1].column == "emial")
  }

  @Test func `a column that a CSV's first line misspells is told there, with the nearest name`()
    throws
  {
    let fixture = try FixtureFiles.fixture("0001/t.csv", "id,yid\n1,2\n2,3\n")
    let database = try TestDatabase(
      .sqlite, "CREATE TABLE t (id INTEGER PRIMARY KEY, y_id INTEGER)")
    let result = FixtureCheck(tables: try database.snapshot().tables, engine: .sqlite)
      .check(fixture.rows, for: .written)
    #expect(result.problems.map(\.place) == [SourcePlace(file: "fixtures/0001/t.csv", line: 1)])
    #expect(result.problems.map(\.fix) == ["did you mean y_id?"])
  }

  @Test func `a table without a schema is public's, else that of the only schema that has one`()
    throws
  {
    let result = try Self.check(
      .postgresql,
      [
        Self.row(TableName("users"), "id"), Self.row(TableName("tokens"), "id"),
        Self.row(TableName(schema: "auth", "tokens"), "id"), Self.row(TableName("both"), "id"),
        Self.row(TableName(schema: "a", "both"), "id"), Self.row(TableName("USERS"), "id"),
      ])
    #expect(
      result.rows.map(\.table) == [
        TableName(schema: "public", "users"), TableName(schema: "auth", "tokens"),
        TableName(schema: "auth", "tokens"), TableName(schema: "a", "both"),
      ])
    #expect(result.problems.map(\.fix) == ["name one of a.both, b.both", "did you mean users?"])
  }

  @Test func `on SQLite the case of names and the schema public mean nothing`() throws {
    let result = try Self.check(
      .sqlite,
      [
        Self.row(TableName(schema: "public", "USERS"), "EMAIL", .text("a")),
        Self.row(TableName("posts"), "ID"),
      ])
    #expect(result.rows.map(\.table) == [TableName("users"), TableName("Posts")])
    #expect(result.rows.map { $0.cells[0].column } == ["email", "id"])
  }

  struct Value: Sendable, CustomTestStringConvertible {
    let column: Identifier
    let given: InputValue
    /// Nil for what is refused.
    let fitted: InputValue?
    var engines = Engine.allCases
    var testDescription: String { "\(column): \(given)" }

    static let all: [Value] = [
      .init(column: "id", given: .decimal("012"), fitted: .integer(12)),
      .init(column: "id", given: .decimal("1e3"), fitted: .integer(1000)),
      .init(column: "id", given: .decimal("1.5"), fitted: nil),
      .init(column: "id", given: .text("5"), fitted: .text("5")),
      .init(column: "id", given: .text("abc"), fitted: nil),
      .init(column: "id", given: .list([]), fitted: nil),
      .init(column: "id", given: .json("{}"), fitted: nil),
      .init(column: "id", given: .bytes([1]), fitted: nil),
      .init(column: "small", given: .integer(40_000), fitted: nil, engines: [.postgresql]),
      .init(
        column: "small", given: .integer(-32_768), fitted: .integer(-32_768), engines: [.postgresql]
      ),
      .init(column: "score", given: .text("1.25"), fitted: .text("1.25")),
      .init(column: "score", given: .text("much"), fitted: nil),
      .init(column: "email", given: .boolean(true), fitted: .text("true")),
      .init(column: "email", given: .decimal("012"), fitted: .text("012")),
      .init(column: "email", given: .integer(12), fitted: .text("12")),
      .init(column: "email", given: .bytes([1]), fitted: nil),
      .init(column: "email", given: .null, fitted: .null),
      .init(column: "active", given: .text("true"), fitted: .boolean(true)),
      .init(column: "active", given: .text("F"), fitted: .boolean(false)),
      .init(column: "active", given: .integer(1), fitted: .boolean(true)),
      .init(column: "active", given: .integer(2), fitted: nil),
      .init(column: "active", given: .text("maybe"), fitted: nil),
      .init(column: "born", given: .text("2001-02-03"), fitted: .text("2001-02-03")),
      .init(column: "born", given: .boolean(true), fitted: nil),
      .init(column: "born", given: .text("soon"), fitted: nil, engines: [.sqlite]),
      .init(column: "born", given: .text("2001-13-03"), fitted: nil, engines: [.sqlite]),
      .init(column: "born", given: .text("2001-02-29"), fitted: nil, engines: [.sqlite]),
      .init(column: "born", given: .text("2000-02-29"), fitted: .text("2000-02-29")),
      .init(column: "seen", given: .text("2001-02-30 04:05"), fitted: nil, engines: [.sqlite]),
      .init(column: "seen", given: .text("20010230"), fitted: .text("20010230")),
      .init(column: "seen", given: .integer(5), fitted: nil, engines: [.postgresql]),
      .init(column: "avatar", given: .text("\\x00ff"), fitted: .bytes([0, 255])),
      .init(column: "avatar", given: .text("hello"), fitted: nil),
      .init(column: "avatar", given: .text("\\x0"), fitted: nil),
      .init(
        column: "settings", given: .list([.integer(1), .text("a")]), fitted: .json(#"[1, "a"]"#)),
      .init(column: "settings", given: .decimal("012.50"), fitted: .json("12.50")),
      .init(column: "settings", given: .boolean(true), fitted: .json("true")),
      .init(column: "settings", given: .text("{\"a\": 1}"), fitted: .text("{\"a\": 1}")),
      .init(column: "settings", given: .text("dark"), fitted: nil),
      .init(column: "settings", given: .bytes([1]), fitted: nil),
      .init(
        column: "tags", given: .list([.integer(1), .null]), fitted: .list([.text("1"), .null]),
        engines: [.postgresql]),
      .init(column: "tags", given: .text("{a,b}"), fitted: .text("{a,b}"), engines: [.postgresql]),
      .init(column: "tags", given: .integer(1), fitted: nil, engines: [.postgresql]),
      .init(
        column: "grid", given: .list([.list([.decimal("01")])]),
        fitted: .list([.list([.integer(1)])]), engines: [.postgresql]),
      .init(column: "grid", given: .list([.text("a")]), fitted: nil, engines: [.postgresql]),
      .init(
        column: "documents", given: .list([.json("{}"), .list([.text("a"), .integer(1)]), .null]),
        fitted: .list([.json("{}"), .json(#"["a", 1]"#), .null]), engines: [.postgresql]),
      .init(
        column: "documents", given: .list([.text("dark")]), fitted: nil, engines: [.postgresql]),
      .init(column: "documents", given: .json("{}"), fitted: nil, engines: [.postgresql]),
      .init(column: "mood", given: .text("sad"), fitted: .text("sad"), engines: [.postgresql]),
      .init(column: "mood", given: .text("hapy"), fitted: nil, engines: [.postgresql]),
      .init(column: "ref", given: .integer(5), fitted: nil, engines: [.postgresql]),
      .init(column: "loose", given: .bytes([1]), fitted: .bytes([1]), engines: [.sqlite]),
      .init(column: "twice", given: .integer(1), fitted: nil),
    ]
  }

  @Test(arguments: Engine.allCases)
  func `a value takes the form of its column, or is said to have none`(engine: Engine) throws {
    let database = try TestDatabase(engine, engine == .sqlite ? Self.sqlite : Self.postgresql)
    let check = FixtureCheck(tables: try database.snapshot().tables, engine: engine)
    for value in Value.all where value.engines.contains(engine) {
      let result = check.check(
        [Self.row(TableName("users"), value.column, value.given)], for: .written)
      #expect(
        result.rows.first?.cells.first?.value == value.fitted, "\(value.testDescription)")
      #expect(
        result.problems.map(\.kind) == (value.fitted == nil ? [.wrongValue] : []),
        "\(value.testDescription)")
      #expect(result.problems.allSatisfy { !$0.fix.isEmpty })
    }
  }

  @Test func `a wrong value is told with the column's type and a mend, without the value`() throws {
    let result = try Self.check(
      .postgresql,
      [
        Self.row(TableName("users"), "mood", .text("hapy")),
        Self.row(TableName("users"), "id", .text("abc")),
        Self.row(TableName("users"), "twice", .integer(1)),
      ])
    #expect(
      result.problems.map(\.message) == [
        "users.mood is public.mood, and the value is none of its labels",
        "users.id is integer, and the value is a text that is no number",
        "users.twice is generated by the database",
      ])
    #expect(
      result.problems.map(\.fix) == [
        "did you mean happy?", "write a whole number", "leave it out, or name it below expect:",
      ])
    #expect(
      try Self.check(
        .postgresql, [Self.row(TableName("users"), "twice")], for: .expected
      ).problems == [])
  }

  @Test func `a fault of every row is told once, or ten times, with how many more have it`() throws
  {
    func rows(_ column: Identifier, _ value: InputValue) -> [InputRow] {
      (1...30).map { line in
        InputRow(
          TableName("users"), [.init(column, value)], place: SourcePlace(file: "f.yml", line: line))
      }
    }
    let result = try Self.check(
      .sqlite, rows("emial", .null) + rows("id", .text("abc")) + rows("id", .integer(1)))
    #expect(result.problems.map(\.place.line) == [1] + Array(1...10))
    #expect(result.problems.map(\.others) == [29] + Array(repeating: 0, count: 9) + [20])
    #expect(
      result.problems[0].description
        == "f.yml:1: users has no column emial, and so in 29 more rows")
    #expect(result.rows.count == 30)
  }
}
