import Databases
import Rows
import Schemas
import TestSupport
import Testing

@Suite struct RowGeneratorTests {
  /// What is left to say of a database's tables once rows were generated and written.
  private static func complaints(
    _ database: TestDatabase, _ tables: [TableShape], _ kind: RowGenerator.Kind
  ) throws -> [String] {
    let made = RowGenerator(seed: 7).rows(for: tables, kind: kind)
    let refused = try RowWriter(database.address).insert(made.rows, tables: tables)
    var complaints = made.unfilled.map { "\(kind): \($0.table): \($0.reason)" }
    complaints += refused.map {
      "\(kind): \($0.table).\($0.column?.raw ?? "?"): \($0.message) \(($0.detail ?? "").prefix(200))"
    }
    for table in tables where complaints.isEmpty {
      if table.isPartition { continue }
      let name = table.name.quotedForTests
      if try database.rows("SELECT 1 FROM \(name)").isEmpty { complaints.append("\(table)") }
    }
    return complaints
  }

  @Test(arguments: GenerationCase.all.filter { $0.engines.contains(.sqlite) })
  func `SQLite takes the rows of every kind`(_ c: GenerationCase) throws {
    for kind in RowGenerator.Kind.allCases {
      let database = try TestDatabase(.sqlite, c.script)
      let complaints = try Self.complaints(database, try database.snapshot().tables, kind)
      #expect(complaints == [])
    }
  }

  /// Each case in a schema of its own, under its title.
  @Test func `PostgreSQL takes the rows of every kind`() throws {
    let database = try TestDatabase(.postgresql, GenerationCase.extensions)
    for (number, c) in GenerationCase.all.enumerated() where c.engines.contains(.postgresql) {
      let schema = Identifier("\(number) \(c.title.prefix(50))").quoted
      try database.execute(
        "CREATE SCHEMA \(schema); SET search_path = \(schema), public; \(c.script)")
    }
    let tables = try database.snapshot().tables
    for kind in RowGenerator.Kind.allCases {
      let complaints = try Self.complaints(database, tables, kind)
      #expect(complaints == [])
      let names = tables.map(\.name.quotedForTests).joined(separator: ", ")
      try database.execute("TRUNCATE \(names) CASCADE")
    }
  }

  @Test(arguments: HopelessCase.all)
  func `a table that cannot be filled is named with the reason`(_ c: HopelessCase) throws {
    let database = try TestDatabase(c.engine, c.script)
    let tables = try database.snapshot().tables
    let made = try RowGenerator(seed: 1).fill(RowWriter(database.address), tables: tables)
    #expect(made.unfilled.map { "\($0.table.name): \($0.reason)" } == c.expected)
    for name in made.unfilled.map(\.table) where c.isReadable {
      #expect(try database.rows("SELECT count(*) FROM \(name.quotedForTests)") == [["0"]])
    }
  }

  @Test(arguments: Engine.allCases)
  func `the same seed gives the same rows, another seed others`(engine: Engine) throws {
    let tables = try TestDatabase(
      engine,
      """
      CREATE TABLE a (id INTEGER PRIMARY KEY, n INTEGER CHECK (n > 5 AND n < 5000), t TEXT);
      CREATE TABLE b (a INTEGER NOT NULL REFERENCES a (id), d DATE, v VARCHAR(20) UNIQUE);
      """
    ).snapshot().tables
    let rows = RowGenerator(seed: 3).rows(for: tables)
    #expect(rows == RowGenerator(seed: 3).rows(for: tables))
    #expect(rows.rows.count == 6)
    #expect(rows != RowGenerator(seed: 4).rows(for: tables))
    // One table more leaves the others' rows as they were.
    let fewer = RowGenerator(seed: 3).rows(for: tables.filter { $0.name.name == "a" })
    #expect(fewer.rows == rows.rows.filter { $0.table.name == "a" })
  }

  @Test(arguments: Engine.allCases)
  func `rows point to those that are there, and tables that have rows get none`(engine: Engine)
    throws
  {
    let database = try TestDatabase(
      engine,
      """
      CREATE TABLE a (id INTEGER PRIMARY KEY, n INTEGER);
      CREATE TABLE b (id INTEGER PRIMARY KEY, a INTEGER NOT NULL REFERENCES a (id));
      INSERT INTO a VALUES (42, 1), (77, 2);
      """)
    let made = try RowGenerator(seed: 1).fill(
      RowWriter(database.address), tables: try database.snapshot().tables)
    #expect(made.unfilled == [])
    #expect(try database.rows("SELECT count(*) FROM a") == [["2"]])
    #expect(try database.rows("SELECT DISTINCT a FROM b ORDER BY a") == [["42"], ["77"]])
  }

  @Test(arguments: Engine.allCases)
  func `texts hold quotes, line breaks, other alphabets and blanks at the end`(engine: Engine)
    throws
  {
    let database = try TestDatabase(engine, "CREATE TABLE t (id INTEGER PRIMARY KEY, note TEXT)")
    _ = try RowGenerator(seed: 1).fill(
      RowWriter(database.address), tables: try database.snapshot().tables)
    let texts = try database.rows("SELECT note FROM t ORDER BY id").map { $0[0] }
    #expect(texts.count == 3)
    #expect(texts.contains { $0.contains("'") || $0.contains("--") })
    #expect(
      texts.contains { $0.contains("\n") && $0.hasSuffix(" ") && !$0.utf8.allSatisfy { $0 < 128 } })
    #expect(texts.contains { $0.utf8.allSatisfy { $0 < 128 } && !$0.contains("\n") })
  }

  @Test(arguments: Engine.allCases)
  func `a text that need not be unique comes twice, whether it may be NULL or not`(
    engine: Engine
  ) throws {
    let database = try TestDatabase(
      engine,
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, note TEXT, name TEXT NOT NULL, code TEXT UNIQUE, email TEXT)
      """)
    _ = try RowGenerator(seed: 1).fill(
      RowWriter(database.address), tables: try database.snapshot().tables)
    let counts = ["note", "name", "code", "email"].map { "count(\($0)), count(DISTINCT \($0))" }
    #expect(
      try database.rows("SELECT \(counts.joined(separator: ", ")) FROM t") == [
        ["2", "1", "3", "2", "2", "2", "2", "2"]
      ])
  }

  /// A table's columns, and how many of its rows point to each of three, in their order.
  @Test(arguments: [
    ("a INTEGER NOT NULL REFERENCES p (id)", ["0", "2", "1"]),
    ("a INTEGER REFERENCES p (id)", ["0", "2", "0"]),
    ("a INTEGER NOT NULL UNIQUE REFERENCES p (id)", ["1", "1", "1"]),
    ("a INTEGER PRIMARY KEY REFERENCES p (id)", ["1", "1", "1"]),
    ("a INTEGER NOT NULL REFERENCES p (id), t TEXT NOT NULL, UNIQUE (a, t)", ["0", "2", "1"]),
    (
      """
      a INTEGER NOT NULL REFERENCES p (id), o INTEGER NOT NULL REFERENCES o (id), PRIMARY KEY (a, o)
      """, ["0", "2", "1"]
    ),
    (
      """
      o INTEGER NOT NULL REFERENCES o (id), a INTEGER NOT NULL REFERENCES p (id), PRIMARY KEY (o, a)
      """, ["0", "2", "1"]
    ),
  ])
  func `of three parents one has two children, one has one and one has none, where a key allows it`(
    _ columns: String, _ expected: [String]
  ) throws {
    for engine in Engine.allCases {
      let database = try TestDatabase(
        engine,
        """
        CREATE TABLE p (id INTEGER PRIMARY KEY, t TEXT); CREATE TABLE o (id INTEGER PRIMARY KEY);
        CREATE TABLE c (\(columns));
        """)
      let made = try RowGenerator(seed: 1).fill(
        RowWriter(database.address), tables: try database.snapshot().tables)
      #expect(made.unfilled == [])
      let counts = try database.rows(
        "SELECT (SELECT count(*) FROM c WHERE c.a = p.id) FROM p ORDER BY id")
      #expect(counts.map { $0[0] } == expected, "\(engine): \(columns)")
      #expect(try database.rows("SELECT count(*) FROM c") == [["3"]])
    }
  }

  @Test(arguments: Engine.allCases)
  func `edge rows have the longest texts, the outermost numbers and one with all that may be NULL`(
    engine: Engine
  ) throws {
    let database = try TestDatabase(
      engine,
      "CREATE TABLE t (id INTEGER PRIMARY KEY, v VARCHAR(12), n BIGINT NOT NULL, m INTEGER, s TEXT)"
    )
    _ = try RowGenerator(seed: 1).fill(
      RowWriter(database.address), tables: try database.snapshot().tables, kind: .edge)
    let rows = try database.rows("SELECT v, n, m, length(s) FROM t ORDER BY id")
    #expect(rows[0] == ["NULL", String(Int64.max), "NULL", "NULL"])
    #expect(rows[1][0].unicodeScalars.count == 12 && rows[1][1] == String(Int64.min))
    #expect(rows[1][2] == String(Int32.min) && rows[1][3] == "4000")
  }

  @Test func `what counts by itself is left to the database, but where others point to it`() throws
  {
    let database = try TestDatabase(
      .postgresql,
      """
      CREATE TABLE a (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, t text);
      CREATE TABLE b (id serial PRIMARY KEY, a int NOT NULL REFERENCES a);
      """)
    let made = try RowGenerator(seed: 1).fill(
      RowWriter(database.address), tables: try database.snapshot().tables)
    #expect(made.unfilled == [])
    #expect(made.rows.allSatisfy { ($0.table.name == "a") == ($0["id"] != nil) })
    #expect(try database.rows("SELECT max(id) + 1 = nextval('a_id_seq') FROM a") == [["t"]])
  }
}

extension TableName {
  var quotedForTests: String {
    schema.map { "\($0.quoted).\(name.quoted)" } ?? name.quoted
  }
}
