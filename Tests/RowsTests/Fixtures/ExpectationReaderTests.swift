import Databases
import Rows
import Schemas
import TestSupport
import Testing

@Suite struct ExpectationReaderTests {
  private static func missing(_ database: TestDatabase, _ yaml: String) throws -> [MissingRow] {
    let fixture = try FixtureFiles.fixture("0001.yml", "expect:\n  t:\n" + yaml)
    #expect(fixture.problems == [])
    let tables = try database.snapshot().tables
    let checked = FixtureCheck(tables: tables, engine: database.address.engine)
      .check(fixture.expect, for: .expected)
    #expect(checked.problems == [])
    return try ExpectationReader(database.address).missing(checked.rows, tables: tables)
  }

  private static let script: [Engine: String] = [
    .sqlite: """
    CREATE TABLE t (id INTEGER PRIMARY KEY, name VARCHAR(5), n NUMERIC(5,2), x REAL, ok BOOLEAN,
      b BLOB, j JSON, d DATE, ts DATETIME, email TEXT UNIQUE,
      twice INTEGER GENERATED ALWAYS AS (id * 2) VIRTUAL);
    INSERT INTO t VALUES (1, 'Ann', 1.50, 0.1, 1, x'00ff', '{"b":[1, 2.0],"a":"é"}',
      '2001-02-03', '2001-02-03 04:05:06.000000', 'a@b.c');
    INSERT INTO t (id) VALUES (2), (3);
    """,
    .postgresql: """
    CREATE TYPE mood AS ENUM ('happy', 'sad'); CREATE TYPE pair AS (a int, b text);
    CREATE DOMAIN short AS varchar(5);
    CREATE TABLE t (id int PRIMARY KEY, name short, n numeric(5,2), x real, ok boolean, b bytea,
      j json, d date, ts timestamptz, email varchar(20) UNIQUE, jb jsonb, tags text[], mood mood,
      p point, pair pair, c char(5), u uuid, iv interval, js jsonb[],
      twice int GENERATED ALWAYS AS (id * 2) STORED);
    INSERT INTO t VALUES (1, 'Ann', 1.50, 0.1, true, '\\x00ff', '{"b":[1, 2.0],"a":"é"}',
      '2001-02-03', '2001-02-03 04:05:06+00', 'a@b.c', '{"k": 1}', '{a,NULL,"b c"}', 'sad',
      '(1,2)', '(1,x)', 'ab', '12345678-1234-1234-1234-123456789abc', '1 day', '{"{\\"a\\": 1}"}');
    INSERT INTO t (id) VALUES (2), (3);
    """,
  ]

  private static func database(_ engine: Engine) throws -> TestDatabase {
    try TestDatabase(engine, script[engine] ?? "")
  }

  @Test(arguments: Engine.allCases)
  func `what is there is found by what its type means`(engine: Engine) throws {
    let database = try Self.database(engine)
    let both = [
      "{id: 1}", "{}", "{name: Ann}", "{n: 1.5}", "{n: 1.500}", "{x: 0.1}", "{x: 1e-1}",
      "{ok: true}", "{ok: 1}", "{b: !!binary AP8=}", "{j: {a: é, b: [1, 2]}}",
      "{j: '{\"a\": \"\\u00e9\", \"b\": [1.0, 2]}'}", "{d: 2001-02-03}",
      "{ts: 2001-02-03 04:05:06}",
      "{ts: 2001-02-03T04:05:06Z}", "{ts: 2001-02-03T06:05:06+02:00}",
      "{ts: '2001-02-03 06:05:06+02'}", "{ts: '2001-02-02 23:05:06-0500'}",
      "{id: 2, name: null, j: ~}",
      "{id: 1, twice: 2}",
    ]
    let postgresql = [
      "{jb: {k: 1.0}}", "{tags: [a, ~, b c]}", "{mood: sad}", "{p: '(1,2)'}", "{pair: '(1,x)'}",
      "{c: ab}", "{u: 12345678123412341234123456789ABC}", "{iv: 24:00:00}", "{iv: P1D}",
      "{js: '{\"{\\\"a\\\":1}\"}'}",
    ]
    for row in engine == .sqlite ? both : both + postgresql {
      #expect(try Self.missing(database, "    - \(row)\n") == [], "\(row)")
    }
  }

  @Test(arguments: Engine.allCases)
  func `what is not there is missing`(engine: Engine) throws {
    let database = try Self.database(engine)
    let both = [
      "{id: 4}", "{name: ann}", "{name: Annabella}", "{n: 1.505}", "{x: 0.1000002}", "{ok: false}",
      "{b: !!binary AP7/}", "{j: {a: é}}", "{j: {a: é, b: [2, 1]}}", "{j: {a: é, b: ['1', 2]}}",
      "{d: 2001-02-04}", "{ts: 2001-02-03 04:05:06.5}", "{ts: 2001-02-03T04:05:06+02:00}",
      "{id: 1, name: null}", "{id: 2, name: ''}", "{id: 1, twice: 3}",
    ]
    let postgresql = [
      "{tags: [a]}", "{mood: happy}", "{p: '(2,1)'}", "{c: abc}", "{pair: '(1,y)'}",
    ]
    for row in engine == .sqlite ? both : both + postgresql {
      #expect(try Self.missing(database, "    - \(row)\n").count == 1, "\(row)")
    }
  }

  @Test(arguments: Engine.allCases)
  func `the row of the same key is shown with what it holds instead`(engine: Engine) throws {
    let database = try Self.database(engine)
    let missing = try Self.missing(
      database,
      """
          - {id: 1, name: Bob, ok: true, d: 2002-02-03}
          - {email: a@b.c, n: 2}
          - {id: 9, name: Ann}
          - {name: Zoe}
          - {id: 2, name: Ann}

      """)
    #expect(missing.map(\.row.place?.line) == [3, 4, 5, 6, 7])
    #expect(missing.map(\.key) == [["id"], ["email"], ["id"], [], ["id"]])
    #expect(
      missing.map { $0.differences?.map(\.column) } == [["name", "d"], ["n"], nil, nil, ["name"]])
    #expect(missing[0].differences?.map(\.expected) == [.text("Bob"), .text("2002-02-03")])
    #expect(missing[0].differences?.map(\.actual) == [.text("Ann"), .text("2001-02-03")])
    #expect(missing[4].differences?.map(\.actual) == [.null])
    #expect(missing.allSatisfy { $0.refusal == nil })
  }

  @Test func `of long texts that begin the same it is shown where they part`() throws {
    let database = try Self.database(.sqlite)
    let begin = String(repeating: "a", count: 60)
    try database.execute("UPDATE t SET name = '\(begin)b' WHERE id = 1")
    let missing = try Self.missing(database, "    - {id: 1, name: \(begin) b}\n")
    let same = "…" + begin.prefix(20)
    #expect(
      missing.map { $0.sentence(showingValues: true) } == [
        "t has no row with id 1, name '\(begin)…'; the row with id 1 has name '\(same)b'"
          + " where '\(same) b' is expected"
      ])
  }

  @Test(arguments: Engine.allCases)
  func `a row that is expected twice must be there twice`(engine: Engine) throws {
    let database = try Self.database(engine)
    #expect(try Self.missing(database, "    - {name: ~}\n    - {name: ~}\n") == [])
    let missing = try Self.missing(
      database, "    - {name: ~}\n    - {name: ~}\n    - {name: ~}\n")
    #expect(missing.map(\.wanted) == [3])
    #expect(missing.map(\.found) == [2])
    #expect(missing.first?.row.place?.line == 5)
  }

  @Test func `a value that the engine cannot read is missing, with the engine's words`() throws {
    let database = try Self.database(.postgresql)
    let missing = try Self.missing(database, "    - {u: nonsense}\n    - {id: 1}\n")
    #expect(missing.count == 1)
    #expect(missing.first?.refusal?.contains("invalid input syntax for type uuid") == true)
  }

  @Test(arguments: Engine.allCases)
  func `rows are expected of views too`(engine: Engine) throws {
    let database = try Self.database(engine)
    let materialized =
      engine == .postgresql ? "CREATE MATERIALIZED VIEW kept AS SELECT id FROM t;" : ""
    try database.execute(
      "CREATE VIEW named AS SELECT id, name, ts, j FROM t WHERE name IS NOT NULL; \(materialized)")
    let snapshot = try database.snapshot()
    let views = try ViewShapes.shapes(of: snapshot, on: database.address)
    #expect(views.map(\.name.name) == (engine == .sqlite ? ["named"] : ["kept", "named"]))
    let tables = snapshot.tables + views
    let fixture = try FixtureFiles.fixture(
      "0001.yml",
      """
      expect:
        named:
          - {id: 1, name: Ann, ts: 2001-02-03T04:05:06Z, j: {a: é, b: [1, 2]}}
          - {id: 2}
          - {id: 1, nam: Ann}
      """)
    let checked = FixtureCheck(tables: tables, engine: engine)
      .check(fixture.expect, for: .expected)
    #expect(checked.problems.map(\.message) == ["named has no column nam"])
    let missing = try ExpectationReader(database.address).missing(checked.rows, tables: tables)
    #expect(missing.map(\.row.place?.line) == [4])
    #expect(missing.map { $0.sentence(showingValues: true) } == ["named has no row with id 2"])
  }

  @Test func `a view of SQLite's that cannot be read is no view to expect rows of`() throws {
    let database = try TestDatabase(
      .sqlite, "CREATE TABLE t (a); CREATE VIEW v AS SELECT a FROM t; DROP TABLE t;")
    #expect(
      try ViewShapes.shapes(of: database.snapshot(), on: database.address).isEmpty)
  }

  @Test(arguments: Engine.allCases)
  func `a row that is written is found again`(engine: Engine) throws {
    let database = try Self.database(engine)
    let rows = try FixtureFiles.fixture(
      "0001.yml",
      """
      rows:
        t:
          - {id: 11, name: "é'\\"", n: 0.10, x: 1e-7, ok: false, b: !!binary "", j: [1, {a: ~}]}
          - {id: 12, j: [], d: 1999-12-31, ts: 2001-02-03 04:05:06.123456, email: " "}
          - {id: 13, j: true, name: 012}
          - {id: 14, j: [{a: 1}, [b, {c: ~}]]}
      """
    ).rows
    let tables = try database.snapshot().tables
    let checked = FixtureCheck(tables: tables, engine: engine).check(rows, for: .written)
    #expect(checked.problems == [])
    #expect(try RowWriter(database.address).insert(checked.rows, tables: tables) == [])
    #expect(try ExpectationReader(database.address).missing(checked.rows, tables: tables) == [])
    #expect(try database.rows("SELECT name FROM t WHERE id = 13") == [["012"]])
  }

  @Test func `what is missing is said in a sentence, with its values or without`() throws {
    let database = try Self.database(.postgresql)
    let missing = try Self.missing(
      database,
      """
          - {id: 1, name: Bob, b: !!binary AP8A, tags: [a, ~], ok: false}
          - {id: 9, name: it's}
          - {id: 8}
          - {name: Zoe, ok: true}
          - {}
          - {}
          - {}
          - {}
          - {mood: sad, iv: nonsense}

      """)
    #expect(
      missing.map { $0.sentence(showingValues: true) } == [
        "t has no row with id 1, name 'Bob', b (3 bytes), tags ['a', NULL], ok false; the row with id 1"
          + " has name 'Ann', b '\\x00ff', tags '{a,NULL,\"b c\"}', ok 'true'",
        "t has no row with id 9, name 'it''s', and none with id 9",
        "t has no row with id 8",
        "t has no row with name 'Zoe', ok true",
        "t has 3 rows where 4 are expected",
        "t has no row that could be compared with mood 'sad', iv 'nonsense': invalid input syntax for"
          + " type interval: \"nonsense\"",
      ])
    #expect(
      missing.map { $0.sentence(showingValues: false) } == [
        "t has no row with the expected id, name, b, tags, ok; the row with this id has another name,"
          + " b, tags, ok",
        "t has no row with the expected id, name, and none with this id",
        "t has no row with the expected id",
        "t has no row with the expected name, ok",
        "t has 3 rows where 4 are expected",
        "t has no row that could be compared with the expected mood, iv",
      ])
  }
}
