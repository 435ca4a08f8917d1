import Testing

@testable import Schemas

@Suite struct SQLiteTokenizerTests {
  @Test func `blanks and comments part tokens and are none`() {
    let tokens = Tokenizer.tokens(of: "a--x\n/* b ' */c\t\"d\"/*")
    #expect(tokens.map(\.text) == ["a", "c", "d"])
  }

  @Test func `quotes are taken off and doubled ones made one`() {
    let tokens = Tokenizer.tokens(of: #""a""b" `c``d` [e"f] 'g''h' x'0aF'"#)
    #expect(tokens.map(\.text) == ["a\"b", "c`d", "e\"f", "g'h", "0AF"])
    #expect(tokens.map(\.kind) == [.quoted, .quoted, .quoted, .string, .blob])
  }

  @Test func `numbers end where numbers end`() {
    let tokens = Tokenizer.tokens(of: "1+2.5e-3 .5 0xFEe-1 1e5-x")
    #expect(
      tokens.map(\.text) == ["1", "+", "2.5e-3", ".5", "0xfee", "-", "1", "1e5", "-", "x"])
  }

  @Test(arguments: ["'never closed", "[never", "/* never", "\u{7F}\u{1}#", "", "a ' b"])
  func `any text has an end`(_ text: String) {
    #expect(Tokenizer.tokens(of: text).count <= text.count)
  }
}

@Suite struct SQLiteCanonicalTextTests {
  private func canonical(_ sql: String, columns: [String]? = nil) -> String {
    let spelling = columns.map { Dictionary($0.map { ($0.lowercased(), $0) }) { $1 } }
    return CanonicalText(columns: spelling).bareText(of: Tokenizer.tokens(of: sql))
  }

  @Test(arguments: [
    ("x>5", "x > 5"),
    ("((x > 5))", "x > 5"),
    ("(a)+(b)", "(a) + (b)"),
    ("a in(1,2)AND not LOWER( b )='x'", "a IN (1, 2) AND NOT lower(b) = 'x'"),
    ("-1", "-1"), ("a - -1", "a - -1"), ("a-1", "a - 1"), ("f(-1,+2)", "f(-1, +2)"),
    ("\"plain\".[col]", "plain.col"), ("\"two words\"", "\"two words\""),
    ("[select]", "\"select\""),
    ("case when x then 1 else 2 end", "CASE WHEN x THEN 1 ELSE 2 END"),
    ("replace(a, 'b', 'c')", "replace(a, 'b', 'c')"),
    ("cast(a as integer)", "CAST (a AS integer)"),
    ("select key, \"desc\" from t order by key desc", "SELECT key, desc FROM t ORDER BY key DESC"),
    ("current_timestamp", "CURRENT_TIMESTAMP"), ("'it''s'", "'it''s'"), ("x'ab'", "X'AB'"),
    ("1ABC", "1abc"),
  ])
  func `tokens are written in one way`(sql: String, expected: String) {
    #expect(canonical(sql) == expected)
  }

  @Test func `a table's columns are spelt as declared, other double quotes hold strings`() {
    #expect(
      canonical(#"NAME <> "x" and "key" > KEY"#, columns: ["Name", "key"])
        == "Name <> 'x' AND key > key")
  }
}

@Suite struct SQLiteTableParserTests {
  private func parse(_ sql: String) throws -> TableDeclaration {
    try #require(TableParser.declaration(in: sql))
  }

  @Test func `columns keep their names and types`() throws {
    let table = try parse(
      #"create temp table if not exists main."t" ("a b" varchar( 20 ), [c], 'd' double  precision, e numeric(10,2) )"#
    )
    #expect(table.columns.map(\.name) == ["a b", "c", "d", "e"])
    #expect(
      table.columns.map(\.type) == ["VARCHAR(20)", nil, "DOUBLE PRECISION", "NUMERIC(10, 2)"])
  }

  @Test func `keywords that may be names are names`() throws {
    let table = try parse("CREATE TABLE t (key TEXT, row INT, action, desc TEXT, generated INT)")
    #expect(table.columns.map(\.name) == ["key", "row", "action", "desc", "generated"])
  }

  @Test func `everything that a column can carry is read`() throws {
    let table = try parse(
      """
      CREATE TABLE t (
        a INTEGER CONSTRAINT pk PRIMARY KEY ON CONFLICT REPLACE AUTOINCREMENT,
        b TEXT COLLATE nocase NOT NULL ON CONFLICT IGNORE DEFAULT 'x, ) y' UNIQUE,
        c INT CHECK (c > 0 AND (c <> 5)) REFERENCES p ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
        d INT GENERATED ALWAYS AS (c * (2 + 1)) STORED, e AS (d) NULL
      )
      """)
    #expect(table.columns.count == 5)
    #expect(table.constraints.count == 4)
    #expect(table.constraints[0].name == "pk")
    #expect(table.constraints[0].conflict == "REPLACE")
    #expect(table.columns[1].collation == "NOCASE")
    #expect(table.columns[1].notNullConflict == "IGNORE")
    #expect(table.columns[3].type == "INT")
    #expect(table.columns[3].isStored)
    guard case .foreignKey(_, let reference) = table.constraints[3].definition else {
      Issue.record("the last constraint is no foreign key")
      return
    }
    #expect(reference.isDeferred && reference.onDelete == "SET NULL" && reference.columns == nil)
  }

  @Test func `table constraints may lack commas and be names without anything`() throws {
    let table = try parse(
      "CREATE TABLE t (a, b, CONSTRAINT x UNIQUE (a) CHECK (b) CONSTRAINT alone, PRIMARY KEY (a, b)) STRICT, WITHOUT ROWID"
    )
    #expect(table.constraints.count == 3)
    #expect(table.strict && table.withoutRowid)
  }

  @Test(arguments: [
    "CREATE VIRTUAL TABLE t USING fts5(a)", "CREATE TABLE t", "CREATE TABLE t ()",
    "CREATE TABLE t (a TEXT", "CREATE TABLE t (a) WITH MAGIC", "", "CREATE INDEX i ON t (a)",
  ])
  func `a text of another kind is refused, not misread`(_ sql: String) {
    #expect(TableParser.declaration(in: sql) == nil)
  }
}
