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

  @Test func `what the parser does not understand is left to the server`() {
    let script = "SELECT 1; SELEC 2; SELECT 3"
    #expect(PostgresScript(script).statements.map(\.sql) == [script])
    #expect(PostgresScript("SELECT 'open").statements.map(\.sql) == ["SELECT 'open"])
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
  }
}

extension String {
  fileprivate var trimmedBlanks: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
