import Databases
import Testing

@testable import Schemas

/// Two scripts and what lies between the schemas they make.
struct ScriptPair: Sendable, CustomTestStringConvertible {
  let before: String
  let after: String
  var lines: [String] = []
  var testDescription: String { after }
}

@Suite struct SQLiteSchemaTests {
  static let sameMeaning = [
    ("CREATE TABLE t (a TEXT, b INT)", "create table [t](`a` text,'b' int)"),
    ("CREATE TABLE t (a TEXT)", "CREATE TABLE t (\n  a TEXT -- a comment\n /* more */)"),
    ("CREATE TABLE t (a TEXT UNIQUE)", "CREATE TABLE t (a TEXT, UNIQUE (a))"),
    ("CREATE TABLE t (a TEXT UNIQUE)", "CREATE TABLE t (a TEXT UNIQUE, UNIQUE (\"A\" ASC))"),
    ("CREATE TABLE t (x INT CHECK (x>5))", "CREATE TABLE t (x INT, CHECK ((X > 5)))"),
    (
      "CREATE TABLE t (id INTEGER PRIMARY KEY)",
      "CREATE TABLE t (id INTEGER NOT NULL, PRIMARY KEY (id))"
    ),
    (
      "CREATE TABLE t (a INT, b INT, UNIQUE (a), CHECK (b > 0))",
      "CREATE TABLE t (a INT, b INT, CHECK (b > 0), UNIQUE (a))"
    ),
    (
      "CREATE TABLE t (a INT, CONSTRAINT x CHECK (a > 0), CONSTRAINT x CHECK (a < 9))",
      "CREATE TABLE t (a INT, CONSTRAINT x CHECK (a < 9), CONSTRAINT x CHECK (a > 0))"
    ),
    ("CREATE TABLE t (a INT DEFAULT 1)", "CREATE TABLE t (a INT DEFAULT (1))"),
    ("CREATE TABLE t (a TEXT DEFAULT 'x')", "CREATE TABLE t (a TEXT DEFAULT \"x\")"),
    ("CREATE TABLE t (a TEXT COLLATE binary)", "CREATE TABLE t (a TEXT NULL)"),
    (
      "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (a INT REFERENCES p)",
      "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (a INT, FOREIGN KEY (a) REFERENCES p (id))"
    ),
    (
      "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (a INT REFERENCES p (id))",
      "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (a INT REFERENCES p (id) ON DELETE NO ACTION NOT DEFERRABLE)"
    ),
    (
      "CREATE TABLE t (k TEXT PRIMARY KEY) WITHOUT ROWID",
      "CREATE TABLE t (k TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID"
    ),
    (
      "CREATE TABLE t (a TEXT); CREATE INDEX i ON t (a)",
      "CREATE TABLE t (a TEXT); create index \"i\" on [t](\"A\" asc)"
    ),
    (
      "CREATE TABLE t (a TEXT); CREATE INDEX i ON t (a) WHERE a IS NOT NULL",
      "CREATE TABLE t (a TEXT); CREATE INDEX i ON t (a) WHERE (a is not null)"
    ),
    (
      "CREATE TABLE t (a TEXT); CREATE VIEW v AS SELECT a FROM t",
      "CREATE TABLE t (a TEXT); CREATE VIEW IF NOT EXISTS main.v AS select \"a\"\nfrom [t]"
    ),
    (
      "CREATE TABLE t (a TEXT); CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END",
      "CREATE TABLE t (a TEXT); CREATE TRIGGER r AFTER INSERT ON t FOR EACH ROW begin select 1;end"
    ),
    (
      "CREATE TABLE t (x, a INT GENERATED ALWAYS AS (1))",
      "CREATE TABLE t (x, a INT AS ((1)) VIRTUAL)"
    ),
  ]

  @Test(arguments: sameMeaning)
  func `texts that mean the same are equal`(before: String, after: String) throws {
    let found = try SQLiteDatabase.difference(before, after)
    #expect(found.isEmpty, "\(found.lines)")
  }

  static let differing = [
    ScriptPair(
      before: "CREATE TABLE t (a TEXT, x INT CHECK (x > 5))",
      after: "CREATE TABLE t (a TEXT, x INTEGER)",
      lines: [
        "- constraint CHECK (x > 5) on t", "~ column t.x: type INT → INTEGER (cosmetic)",
      ]),
    ScriptPair(
      before: "CREATE TABLE t (e TEXT COLLATE NOCASE)", after: "CREATE TABLE t (e TEXT)",
      lines: ["~ column t.e: collation NOCASE → none"]),
    ScriptPair(
      before: "CREATE TABLE t (a); CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END",
      after: "CREATE TABLE t (a)",
      lines: [
        "- trigger tr on t: CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END"
      ]),
    ScriptPair(
      before: "CREATE TABLE t (d INT); CREATE INDEX t_d ON t (d DESC)",
      after: "CREATE TABLE t (d INT); CREATE INDEX t_d ON t (d)",
      lines: ["~ index t_d on t: columns (d DESC) → (d)"]),
    ScriptPair(
      before: "CREATE TABLE t (e TEXT); CREATE UNIQUE INDEX t_e ON t (e COLLATE NOCASE)",
      after: "CREATE TABLE t (e TEXT); CREATE UNIQUE INDEX t_e ON t (e)",
      lines: ["~ index t_e on t: columns (e COLLATE NOCASE) → (e)"]),
    ScriptPair(
      before: "CREATE TABLE t (id INTEGER PRIMARY KEY)",
      after: "CREATE TABLE t (id INT PRIMARY KEY)",
      lines: [
        "~ column t.id: not null yes → no, rowid alias yes → no, type INTEGER → INT"
      ]),
    ScriptPair(
      before: "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT)",
      after: "CREATE TABLE t (id INTEGER NOT NULL, PRIMARY KEY (id))",
      lines: ["~ column t.id: autoincrement yes → no"]),
    ScriptPair(
      before: "CREATE TABLE t (z INT NOT NULL ON CONFLICT REPLACE DEFAULT 3)",
      after: "CREATE TABLE t (z INT DEFAULT '3' NOT NULL)",
      lines: ["~ column t.z: default 3 → '3', not null on conflict REPLACE → none"]),
    ScriptPair(
      before:
        "CREATE TABLE t (p INT CONSTRAINT fk REFERENCES p (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED)",
      after: "CREATE TABLE t (p INT, CONSTRAINT fk FOREIGN KEY (p) REFERENCES p (id))",
      lines: [
        "~ constraint t.fk: deferrable DEFERRABLE INITIALLY DEFERRED → none, on delete CASCADE → none"
      ]),
    ScriptPair(
      before:
        "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (p INT REFERENCES p ON DELETE CASCADE)",
      after:
        "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (p INT, FOREIGN KEY (p) REFERENCES p (id))",
      lines: ["~ constraint FOREIGN KEY (p) REFERENCES p on t: on delete CASCADE → none"]),
    ScriptPair(
      before: "CREATE TABLE t (a TEXT) STRICT", after: "CREATE TABLE t (a TEXT)",
      lines: ["~ table t: strict yes → no"]),
    ScriptPair(
      before: "CREATE TABLE t (x INT, y INT, PRIMARY KEY (y, x))",
      after: "CREATE TABLE t (x INT, y INT, PRIMARY KEY (x, y))",
      lines: ["~ constraint PRIMARY KEY on t: columns (y, x) → (x, y)"]),
    ScriptPair(
      before: "CREATE TABLE t (x INT, y INT, PRIMARY KEY (y, x))",
      after: "CREATE TABLE t (x INTEGER NOT NULL, y INTEGER NOT NULL, PRIMARY KEY (y, x))",
      lines: [
        "~ column t.x: not null no → yes, type INT → INTEGER (cosmetic)",
        "~ column t.y: not null no → yes, type INT → INTEGER (cosmetic)",
      ]),
    ScriptPair(
      before: "CREATE TABLE t (u TEXT CONSTRAINT uq UNIQUE)",
      after: "CREATE TABLE t (u TEXT UNIQUE)",
      lines: ["+ constraint UNIQUE (u) on t", "- constraint t.uq: UNIQUE (u)"]),
    ScriptPair(
      before: "CREATE TABLE t (a TEXT)", after: "CREATE TABLE t (a VARCHAR)",
      lines: ["~ column t.a: type TEXT → VARCHAR"]),
    ScriptPair(
      before: "CREATE TABLE t (a TEXT, b TEXT)", after: "CREATE TABLE t (b TEXT, a TEXT)",
      lines: ["~ column t.a: position 1 → 2 (order of columns only)"]),
  ]

  @Test(arguments: differing)
  func `what a rebuilt table lost is named`(_ pair: ScriptPair) throws {
    #expect(try SQLiteDatabase.difference(pair.before, pair.after).lines == pair.lines)
  }

  @Test func `a text that the parser cannot read is kept as a whole`() throws {
    var catalog = SQLiteCatalog(excluding: [])
    let sql = #"CREATE TABLE t (a TEXT)  WITH "magic""#
    let index = "CREATE INDEX i USING magic ON t(a)"
    catalog.apply(
      removed: [],
      added: [
        try #require(SchemaRow(kind: "table", name: "t", table: "t", sql: sql)),
        try #require(SchemaRow(kind: "index", name: "i", table: "t", sql: index)),
      ])
    let table = try #require(catalog.snapshot[ObjectID(.table, ["t"])])
    #expect(
      table.objects.map { $0[.definition] } == [
        .text("CREATE TABLE t(a TEXT) WITH magic"), .text("CREATE INDEX i USING magic ON t(a)"),
      ])
  }

  @Test func `shadow tables and SQLite's own are left out`() throws {
    let snapshot = try SQLiteDatabase.snapshot(
      of: "CREATE VIRTUAL TABLE notes USING fts5(title, body)",
      "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT)", "INSERT INTO t DEFAULT VALUES")
    #expect(snapshot.ordered.map(\.id.description) == ["table notes", "table t"])
  }

  @Test func `an implicit reference follows the other table's key`() throws {
    let database = SQLiteDatabase()
    try database.execute("CREATE TABLE t (a INT REFERENCES P ON DELETE CASCADE)")
    let reader = SQLiteSchemaReader(path: database.path)
    func target() throws -> PropertyValue? {
      let snapshot = try reader.snapshot()
      #expect(try snapshot == reader.fullSnapshot())
      let table = snapshot[ObjectID(.table, ["t"])]
      return table?.objects.first { $0.id.kind == .constraint }?[.referencedColumns]
    }
    #expect(try target() == nil)
    try database.execute("CREATE TABLE p (id INTEGER PRIMARY KEY)")
    #expect(try target() == .list(["id"]))
    try database.execute("DROP TABLE p; CREATE TABLE p (a INT, code TEXT PRIMARY KEY)")
    #expect(try target() == .list(["code"]))
    try database.execute("DROP TABLE p")
    #expect(try target() == nil)
  }
}
