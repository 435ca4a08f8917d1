import Databases
import Rows
import TestSupport
import Testing

@Suite struct FixtureScriptTests {
  @Test(arguments: Engine.allCases)
  func `a script is run as it is, in the database's own search path`(engine: Engine) throws {
    let database = try TestDatabase(engine, "CREATE TABLE t (id int PRIMARY KEY, s text);")
    let script = FixtureScript(
      text: "-- two rows\nINSERT INTO t VALUES (1, 'a;b');\n\nUPDATE t SET s = 'é';;\n/* end */",
      file: "fixtures/0001.sql")
    #expect(try script.run(on: database.address) == nil)
    #expect(try database.rows("SELECT * FROM t") == [["1", "é"]])
  }

  struct Refusal: Sendable, CustomTestStringConvertible {
    let text: String
    let line: Int
    var testDescription: String { text }
  }

  @Test(
    arguments: Engine.allCases,
    [
      Refusal(text: "INSERT INTO t VALUES (1, 'a');\nINSERT INTO nowhere VALUES (1)", line: 2),
      Refusal(
        text: "INSERT INTO t VALUES (1, 'a');\n-- again;\n\nINSERT INTO t VALUES (1, 'b');", line: 4
      ),
      Refusal(
        text: "INSERT INTO t VALUES (1, 'a\n;b');;\n/* ; */\nINSERT INTO t VALUES (1, 'a')", line: 4
      ),
      Refusal(text: "INSERT INTO t VALUES (1, 'a');\n\nINSRT", line: 3),
    ])
  func `what is refused is told with its line, and nothing of the script stays`(
    engine: Engine, refusal: Refusal
  ) throws {
    let database = try TestDatabase(engine, "CREATE TABLE t (id int PRIMARY KEY, s text);")
    let script = FixtureScript(text: refusal.text, file: "fixtures/0001.sql")
    let rejected = try #require(try script.run(on: database.address))
    #expect(rejected.place == SourcePlace(file: "fixtures/0001.sql", line: refusal.line))
    #expect(!rejected.message.isEmpty)
    #expect(rejected.state != nil)
    #expect(try database.rows("SELECT * FROM t") == [])
  }

  @Test func `PostgreSQL's functions, escapes and nested comments hide semicolons`() throws {
    let database = try TestDatabase(.postgresql, "CREATE TABLE t (id int PRIMARY KEY, s text);")
    let script = FixtureScript(
      text: """
        CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $body$ SELECT 1;
          SELECT 2; $body$;
        INSERT INTO t VALUES (f(), E'it\\'s;'); /* a /* b; */ ; */
        SELECT "s" FROM t
          WHERE s = 'x''y;';
        INSERT INTO t VALUES (3, NULL);
        INSERT INTO t VALUES (3, NULL);
        """, file: "0001.sql")
    let rejected = try #require(try script.run(on: database.address))
    #expect(rejected.place.line == 7)
    #expect(rejected.constraint == "t_pkey")
    #expect(rejected.table == "t")
  }

  @Test func `COPY from the client is refused and not waited for`() throws {
    let database = try TestDatabase(.postgresql, "CREATE TABLE t (id int);")
    let script = FixtureScript(text: "SELECT 1;\nCOPY t FROM STDIN;\n1\n\\.\n", file: "0001.sql")
    let rejected = try #require(try script.run(on: database.address))
    #expect(!rejected.message.isEmpty)
  }

  @Test func `a script that begins a transaction itself is left to do so`() throws {
    for engine in Engine.allCases {
      let database = try TestDatabase(engine, "CREATE TABLE t (id int);")
      let script = FixtureScript(
        text: "BEGIN; INSERT INTO t VALUES (1); COMMIT;", file: "0001.sql")
      #expect(try script.run(on: database.address) == nil)
      #expect(try database.rows("SELECT id FROM t") == [["1"]])
    }
  }
}
