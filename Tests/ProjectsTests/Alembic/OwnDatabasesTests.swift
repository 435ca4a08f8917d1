import Databases
import Platform
import Projects
import Testing

/// A way in which a project comes to its database.
struct OwnDatabaseCase: Sendable, CustomTestStringConvertible {
  let name: String
  let environment: String
  /// The address in the settings' or the server's words; a file's path from the project's folder.
  let expected: String
  var files: [String: String] = [:]
  var variables: [String: String] = [:]
  var ini = "driver://user:pass@localhost/dbname"

  var testDescription: String { name }

  static let all: [OwnDatabaseCase] = [
    .init(
      name: "URL.create()",
      environment: Sample.environment(
        engine: """
          create_engine(URL.create("postgresql+psycopg", "ann", "s3cr@t", "db.local", 5433, "shop"))
          """, "from sqlalchemy import URL"), expected: "postgresql://ann@db.local:5433/shop"),
    .init(
      name: "a URL put together from variables",
      environment: Sample.environment(
        engine: """
          create_engine("postgresql://ann@%s/%s" % (os.environ["DB_HOST"], os.environ["DB_NAME"]))
          """), expected: "postgresql://ann@db.local:5432/shop",
      variables: ["DB_HOST": "db.local", "DB_NAME": "shop"]),
    .init(
      name: "arguments of the driver",
      environment: Sample.environment(
        engine: """
          create_engine("postgresql+psycopg2://", connect_args={
              "host": "/run/sockets", "dbname": "shop", "user": "ann"})
          """), expected: "postgresql://ann@/run/sockets:5432/shop"),
    .init(
      name: "a function that connects, which is waited for",
      environment: Sample.environment(
        engine: #"create_engine("postgresql://", creator=make)"#,
        """
        import psycopg2
        def make():
            return psycopg2.connect("host=db.local dbname=shop user=ann")
        while True:
            try:
                make().close()
                break
            except Exception:
                pass
        """), expected: "postgresql://ann@db.local:5432/shop"),
    .init(
      name: "asyncpg",
      environment: Sample.environment(
        engine: #"create_async_engine("postgresql+asyncpg://ann@db.local/shop?ssl=require")"#,
        "from sqlalchemy.ext.asyncio import create_async_engine"),
      expected: "postgresql://ann@db.local:5432/shop"),
    .init(
      name: "libpq's variables",
      environment: Sample.environment(engine: #"create_engine("postgresql://")"#),
      expected: "postgresql://ann@db.local:5433/shop",
      variables: [
        "PGHOST": "db.local", "PGPORT": "5433", "PGDATABASE": "shop", "PGUSER": "ann",
      ]),
    .init(
      name: "Flask's configuration", environment: "from flask import current_app\n" + flask,
      expected: "data/shop.db",
      files: [
        "app.py": FlaskCase.factory(
          uri: "'sqlite:///' + os.path.join(os.path.dirname(os.path.abspath(__file__)), 'data', "
            + "'sh' + 'op.db')"),
        "data/.keep": "",
      ]),
    .init(
      name: "the ini alone", environment: "raise ValueError('not here')\n", expected: "own.db",
      ini: "sqlite:///%(here)s/own.db"),
    .init(
      name: "a variable alone", environment: "raise ValueError('not here')\n",
      expected: "postgresql://ann@db.local:5432/shop",
      variables: ["LIVE": "postgres://ann:s3cret@db.local/shop"]),
  ]

  private static let flask = """
    from alembic import context
    with current_app.extensions["migrate"].db.engine.connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()

    """
}

@Suite struct OwnDatabasesTests {
  @Test(arguments: OwnDatabaseCase.all)
  func `the project's own databases are found and none is opened`(_ one: OwnDatabaseCase) throws {
    let project = try TemporaryProject(
      ini: Sample.ini(url: one.ini), environment: one.environment, .table("a1"), files: one.files)
    let found = try project.project(variables: one.variables).ownDatabases().map { address in
      switch address {
      case .sqlite(let path): path
      case .postgresql(let server): server.redacted
      }
    }
    let expected =
      one.expected.contains("://") ? one.expected : (project.folder / one.expected).text
    #expect(found.contains(expected), "\(found)")
    #expect(!Files.exists(project.folder / "data/shop.db"))
    #expect(!Files.exists(project.folder / "own.db"))
  }

  @Test func `a program that the environment starts reaches no database`() throws {
    let project = try TemporaryProject(
      environment: Sample.environment(
        engine: #"create_engine("sqlite:///later.db")"#,
        "import subprocess\nsubprocess.run(['touch', 'started'])"), .table("a1"))
    _ = try project.project().ownDatabases()
    #expect(!Files.exists(project.folder / "started"))
  }
}
