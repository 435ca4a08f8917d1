import Databases
import Testing

@Suite struct PostgresScriptTests {
  @Test(arguments: [
    ("", []),
    ("  ;; -- nothing\n", []),
    ("SELECT 1; SELECT 2", ["SELECT 1", "SELECT 2"]),
    ("SELECT ';'; SELECT \";\"", ["SELECT ';'", "SELECT \";\""]),
    ("SELECT E'\\';'; SELECT 2;", ["SELECT E'\\';'", "SELECT 2"]),
    ("SELECT $a$;$a$; SELECT 2", ["SELECT $a$;$a$", "SELECT 2"]),
    ("SELECT 'ä;ö'; SELECT 'ü'", ["SELECT 'ä;ö'", "SELECT 'ü'"]),
    (
      "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); SELECT 3",
      ["CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)", "SELECT 3"]
    ),
    (
      "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END; SELECT 3",
      [
        "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END", "SELECT 3",
      ]
    ),
  ])
  func `a script is taken apart where statements end`(script: String, statements: [String]) {
    #expect(PostgresScript(script).statements.map { $0.sql.trimmedBlanks } == statements)
  }

  @Test(arguments: [
    ("SELECT 1; SELEC 2; SELECT 3", ["SELECT 1", "SELEC 2", "SELECT 3"]),
    ("SELECT (1; SELECT 2; SELECT ; SELECT 3", ["SELECT (1", "SELECT 2", "SELECT ", "SELECT 3"]),
    (
      "SELEC ';' /* ; */; SELECT $a$;$a$ -- ;\n; x",
      ["SELEC ';' /* ; */", "SELECT $a$;$a$ -- ;\n", "x"]
    ),
    (
      "SELEC 1; CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); SELECT 3",
      ["SELEC 1", "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)", "SELECT 3"]
    ),
    (
      "CREATE TABEL t (i int); CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END; SELECT 3",
      [
        "CREATE TABEL t (i int)",
        "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END", "SELECT 3",
      ]
    ),
    (
      "SELEC 1 -- one; two\n, 3; SELECT '--'; SELECT 2 -- and; x\n",
      ["SELEC 1 -- one; two\n, 3", "SELECT '--'", "SELECT 2 -- and; x\n"]
    ),
    ("SELECT 1; SELECT 'open; SELECT 2", ["SELECT 1", "SELECT 'open; SELECT 2"]),
  ])
  func `what the parser does not understand is one statement among others`(
    script: String, statements: [String]
  ) {
    #expect(PostgresScript(script).statements.map(\.sql) == statements)
  }

  @Test func `what is not understood has its line, and those after it theirs`() {
    let script = "SELECT 1;\n\n-- wrong\nSELEC 2;\nSELECT\n3;\nSELECT 4"
    #expect(PostgresScript(script).statements.map(\.line) == [1, 4, 5, 7])
    #expect(SQLiteScript(script).statements.map(\.line) == [1, 4, 5, 7])
  }

  @Test func `a statement's line is that of its first word`() {
    let script = """
      -- one
      /* two /* nested */
         lines */ SELECT 1;
      SELECT ';

      '; ;

        -- another
        SELECT 3
      """
    #expect(PostgresScript(script).statements.map(\.line) == [3, 4, 9])
    #expect(PostgresScript(script).statements.map(\.sql).first == "SELECT 1")
    #expect(PostgresScript(script).statements.map(\.sql).last == "SELECT 3")
  }
}

extension String {
  fileprivate var trimmedBlanks: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
