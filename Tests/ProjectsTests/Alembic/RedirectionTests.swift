import Databases
import History
import Platform
import Projects
import Testing
import Walks

/// A way to open a database from within a migration, past SQLAlchemy's engines.
struct OpeningCase: Sendable, CustomTestStringConvertible {
  let name: String
  let engine: Engine
  /// The body of `upgrade()`.
  let body: String

  init(_ name: String, _ engine: Engine, _ body: String) {
    self.name = name
    self.engine = engine
    self.body = body
  }

  var testDescription: String { name }

  /// Those that name another database and make a table `reached` in it.
  static let led: [OpeningCase] = [
    sqlite("connect", "import sqlite3", "sqlite3.connect('real.db')"),
    sqlite("a URI", "import sqlite3", "sqlite3.connect('file:real.db?mode=rwc', uri=True)"),
    sqlite("the class itself", "import sqlite3", "sqlite3.Connection('real.db')"),
    sqlite("its other name", "from sqlite3.dbapi2 import Connection", "Connection('real.db')"),
    sqlite("the C module", "import _sqlite3", "_sqlite3.connect('real.db')"),
    sqlite(
      "a class of the project's",
      "import sqlite3\nclass Own(sqlite3.Connection):\n    pass",
      "sqlite3.connect('real.db', factory=Own)"),
    OpeningCase(
      "aiosqlite", .sqlite,
      """
      import asyncio, aiosqlite
      async def run():
          async with aiosqlite.connect('real.db') as connection:
              await connection.execute('CREATE TABLE reached (id int)')
      asyncio.run(run())
      """),
    psycopg2("connect", "psycopg2.connect"),
    psycopg2("the class itself", "psycopg2.extensions.connection"),
    psycopg2("a class of psycopg2's own", "psycopg2.extras.RealDictConnection"),
    psycopg2(
      "a class of the project's", "Own",
      "class Own(psycopg2.extensions.connection):\n    pass"),
    OpeningCase("psycopg", .postgresql, psycopg("psycopg.connect")),
    OpeningCase("psycopg's class", .postgresql, psycopg("psycopg.Connection.connect")),
    OpeningCase(
      "psycopg's asynchronous class", .postgresql,
      """
      import asyncio, psycopg
      async def run():
          connection = await psycopg.AsyncConnection.connect('host=/nowhere dbname=production')
          async with connection:
              await connection.execute('CREATE TABLE reached (id int)')
      asyncio.run(run())
      """),
    OpeningCase(
      "asyncpg", .postgresql,
      """
      import asyncio, asyncpg
      async def run():
          connection = await asyncpg.connect('postgresql://user@nowhere.invalid/production')
          await connection.execute('CREATE TABLE reached (id int)')
          await connection.close()
      asyncio.run(run())
      """),
    OpeningCase(
      "a pool of asyncpg's", .postgresql,
      """
      import asyncio, asyncpg
      async def run():
          async with asyncpg.create_pool(host='nowhere.invalid', min_size=1) as pool:
              await pool.execute('CREATE TABLE reached (id int)')
      asyncio.run(run())
      """),
    OpeningCase(
      "pg8000", .postgresql,
      """
      import pg8000.dbapi
      connection = pg8000.dbapi.connect(user='user', host='nowhere.invalid', database='production')
      connection.cursor().execute('CREATE TABLE reached (id int)')
      connection.commit()
      """),
    OpeningCase(
      "pg8000's own class", .postgresql,
      """
      import pg8000.native
      connection = pg8000.native.Connection('user', host='nowhere.invalid', database='production')
      connection.run('CREATE TABLE reached (id int)')
      """),
  ]

  private static func sqlite(_ name: String, _ imports: String, _ call: String) -> OpeningCase {
    OpeningCase(
      "sqlite3: \(name)", .sqlite,
      "\(imports)\nc = \(call)\nc.execute('CREATE TABLE reached (id int)')\nc.commit()\nc.close()")
  }

  private static func psycopg2(
    _ name: String, _ call: String, _ lines: String = ""
  ) -> OpeningCase {
    OpeningCase(
      "psycopg2: \(name)", .postgresql,
      """
      import psycopg2.extensions, psycopg2.extras
      \(lines)
      c = \(call)('host=/nowhere dbname=production')
      assert isinstance(c, psycopg2.extensions.connection)
      c.cursor().execute('CREATE TABLE reached (id int)')
      c.commit()
      """)
  }

  private static func psycopg(_ call: String) -> String {
    """
    import psycopg
    with \(call)('host=/nowhere dbname=production') as connection:
        connection.execute('CREATE TABLE reached (id int)')
    """
  }

  /// Statements that would open another file of SQLite's, by ways that SQLAlchemy does not see.
  static let refused: [OpeningCase] = [
    raw("ATTACH", "c.execute(\"ATTACH 'real.db' AS other\")"),
    raw("ATTACH with the name apart", "c.execute('ATTACH ? AS other', ('real.db',))"),
    raw("ATTACH behind a comment", "c.execute(\"/* x */ ATTACH DATABASE 'real.db' AS other\")"),
    raw("ATTACH in a script", "c.executescript(\"SELECT 1; ATTACH 'real.db' AS other; SELECT 2\")"),
    raw("VACUUM INTO", "c.execute(\"VACUUM INTO 'real.db'\")"),
    raw(
      "ATTACH where the project decides what is allowed",
      "c.set_authorizer(lambda *rest: 0)\nc.execute(\"ATTACH 'real.db' AS other\")"),
    OpeningCase(
      "ATTACH to a database in memory", .sqlite,
      "import sqlite3\nsqlite3.connect(':memory:').execute(\"ATTACH 'real.db' AS other\")"),
    OpeningCase(
      "ATTACH through Alembic", .sqlite, "op.execute(\"-- x\\nATTACH 'real.db' AS other\")"),
  ]

  private static func raw(_ name: String, _ lines: String) -> OpeningCase {
    OpeningCase(
      name, .sqlite, "import sqlite3\nc = sqlite3.connect('x.db', isolation_level=None)\n\(lines)")
  }
}

@Suite struct RedirectionTests {
  @Test(arguments: OpeningCase.led)
  func `whatever a migration opens is the scratch database`(_ one: OpeningCase) throws {
    let project = try TemporaryProject(Sample("a1", up: one.body), on: one.engine)
    let answer = try project.session().step("a1", .up)
    #expect(answer.outcome == .succeeded)
    #expect(try project.database.tables() == ["reached"])
    #expect(!Files.exists(project.folder / "real.db"))
  }

  @Test(arguments: OpeningCase.refused)
  func `a statement that would open another file is refused, which judges nothing`(
    _ one: OpeningCase
  ) throws {
    let project = try TemporaryProject(.table("a1"), Sample("b2", after: "'a1'", up: one.body))
    let session = try project.session()
    #expect(session.step("a1", .up).isSuccess)
    let answer = session.step("b2", .up)
    #expect(answer.fault?.code.rawValue == "connection-refused", "\(answer.outcome)")
    #expect(answer.fault?.message.contains("no file but the scratch database") == true)
    #expect(answer.fault?.fix != nil)
    #expect(answer.fault?.file == "migrations/versions/b2_sample.py")
    #expect(!Files.exists(project.folder / "real.db"))
    #expect(session.step("a1", .down).isSuccess)
  }

  @Test func `what stays in memory or in the scratch file is not refused`() throws {
    let project = try TemporaryProject(
      Sample(
        "a1",
        up: """
          import sqlite3
          c = sqlite3.connect('x.db', isolation_level=None)
          c.execute("ATTACH ':memory:' AS one")
          c.execute("ATTACH '' AS two")
          c.execute('VACUUM')
          sqlite3.connect(':memory:').execute("ATTACH 'file:x?mode=memory' AS three")
          """))
    #expect(try project.session().step("a1", .up).outcome == .succeeded)
    #expect(!Files.exists(project.folder / "x.db"))
  }

  @Test func `an engine that is never a scratch database may be used in memory only`() throws {
    let project = try TemporaryProject(
      Sample("a1", up: "import duckdb\nduckdb.connect()\nduckdb.connect(':memory:')"),
      Sample("b2", after: "'a1'", up: "import duckdb\nduckdb.connect('real.db')"),
      files: ["duckdb.py": "def connect(database=':memory:'):\n    open('opened', 'a').close()\n"])
    let session = try project.session()
    #expect(session.step("a1", .up).outcome == .succeeded)
    #expect(Files.exists(project.folder / "opened"))
    let fault = session.step("b2", .up).fault
    #expect(fault?.code.rawValue == "connection-refused")
    #expect(fault?.message.hasPrefix("duckdb.connect() was called, but") == true)
  }

  @Test func `an authorizer of the project's is still asked`() throws {
    let project = try TemporaryProject(
      Sample(
        "a1",
        up: """
          import sqlite3
          c = sqlite3.connect('x.db')
          c.set_authorizer(lambda action, *rest: 1 if action == sqlite3.SQLITE_CREATE_TABLE else 0)
          c.execute('CREATE TABLE t (id int)')
          """))
    let answer = try project.session().step("a1", .up)
    #expect(answer.failure?.message == "not authorized")
  }
}
