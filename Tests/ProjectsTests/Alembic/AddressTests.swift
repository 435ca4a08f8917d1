import Databases
import History
import Projects
import Testing
import Walks

/// Where a project takes its database's address from, and what its env.py says for that.
struct AddressCase: Sendable, CustomTestStringConvertible {
  let name: String
  let environment: String
  var ini = Sample.ini()
  var files: [String: String] = [:]
  var variables: [String: String] = [:]
  var engines: [Engine] = [.sqlite, .postgresql]
  var xArguments: [String] = []
  /// What begins the driver's name on PostgreSQL; nil where that is the machine's choice.
  var driver: String? = nil

  var testDescription: String { name }

  static let synchronous: [AddressCase] = [
    AddressCase(name: "alembic.ini", environment: Sample.environment),
    AddressCase(
      name: "alembic.ini with a driver", environment: Sample.environment,
      ini: Sample.ini(url: "postgresql+pg8000://user:pass@db.example.com/app"), driver: "pg8000"),
    AddressCase(
      name: "another option of the ini",
      environment: Sample.environment(
        engine: "create_engine(context.config.get_main_option('db'))"),
      ini: Sample.ini("db = mysql+pymysql://user:pass@localhost/app")),
    AddressCase(
      name: "another section of the ini",
      environment: Sample.environment(
        engine: "create_engine(context.config.get_section('app')['url'])"),
      ini: Sample.ini("[app]\nurl = sqlite:///app.db")),
    AddressCase(
      name: "an ini that is a template", environment: Sample.environment,
      ini: Sample.ini(url: "%(DB_SCHEME)s://%(DB_HOST)s/%(DB_NAME)s")),
    AddressCase(
      name: "a variable",
      environment: Sample.environment(engine: "create_engine(os.environ['DATABASE_URL'])")),
    AddressCase(
      name: "a variable as Render writes it",
      environment: Sample.environment(engine: "create_engine(os.environ['APP_DB'])"),
      variables: ["APP_DB": "postgres://user:secret@db.example.com/app"]),
    AddressCase(
      name: "a variable set into the ini",
      environment: Sample.environment.replacing(
        "target_metadata = None",
        with: "import os\nconfig.set_main_option('sqlalchemy.url', os.environ['DATABASE_URL'])\n"
          + "target_metadata = None")),
    AddressCase(
      name: ".env read by python-dotenv",
      environment: Sample.environment(
        engine: "create_engine(os.environ['APP_DB'])",
        "from dotenv import load_dotenv\nload_dotenv(override=True)"),
      files: [".env": "APP_DB=postgresql+psycopg2://user:secret@db.example.com/app\n"],
      driver: "psycopg2"),
    AddressCase(
      name: "written in the code, of another engine",
      environment: Sample.environment(
        engine:
          "create_engine('sqlite:///app.db', connect_args={'check_same_thread': False}, poolclass=StaticPool)",
        "from sqlalchemy.pool import StaticPool")),
    AddressCase(
      name: "written in the code, with arguments of PostgreSQL's",
      environment: Sample.environment(
        engine:
          "create_engine('postgresql+psycopg2://u@h/d?sslmode=require', pool_size=3, max_overflow=2, "
          + "connect_args={'sslmode': 'require', 'options': '-c statement_timeout=9000'})"),
      driver: "psycopg2"),
    AddressCase(
      name: "a pydantic settings class",
      environment: Sample.environment(
        engine: "create_engine(str(Settings().database_url))",
        """
        from pydantic import PostgresDsn
        from pydantic_settings import BaseSettings
        class Settings(BaseSettings):
            database_url: PostgresDsn
        """), engines: [.postgresql]),
    AddressCase(
      name: "-x arguments",
      environment: Sample.environment(
        engine: "create_engine(context.get_x_argument(as_dictionary=True)['url'])"),
      xArguments: ["url=postgresql://u@h/d"]),
    AddressCase(
      name: "a connection in config.attributes",
      environment: """
        from alembic import context
        connection = context.config.attributes["connection"]
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()

        """),
    AddressCase(
      name: "a driver's own function",
      environment: Sample.environment(
        engine:
          "create_engine('postgresql://', creator=lambda: psycopg2.connect('host=h dbname=d'))",
        "import psycopg2"), driver: "psycopg"),
  ]

  static let asynchronous: [AddressCase] = [
    asynchronous(
      "asyncpg", "create_async_engine('postgresql+asyncpg://u:p@h/d')", driver: "asyncpg"),
    asynchronous(
      "psycopg", "create_async_engine('postgresql+psycopg://u:p@h/d')", driver: "psycopg"),
    asynchronous("aiosqlite", "create_async_engine('sqlite+aiosqlite:///app.db')"),
    asynchronous(
      "a variable with asyncpg",
      "create_async_engine(os.environ['DATABASE_URL'].replace('postgresql:', 'postgresql+asyncpg:')"
        + " + ('&application_name=x' if '?' in os.environ['DATABASE_URL'] else ''))"),
    asynchronous("a variable without a driver", "create_async_engine(os.environ['DATABASE_URL'])"),
    asynchronous(
      "an engine of the first kind, wrapped",
      "AsyncEngine(create_engine(os.environ['DATABASE_URL'], future=True))"),
  ]

  private static func asynchronous(
    _ name: String, _ engine: String, driver: String? = nil
  ) -> AddressCase {
    AddressCase(
      name: name,
      environment: """
        import asyncio, os
        from alembic import context
        from sqlalchemy import create_engine
        from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

        def migrate(connection):
            context.configure(connection=connection)
            with context.begin_transaction():
                context.run_migrations()

        async def run():
            connectable = \(engine)
            async with connectable.connect() as connection:
                await connection.run_sync(migrate)
            await connectable.dispose()

        asyncio.run(run())

        """, driver: driver)
  }
}

@Suite struct AddressTests {
  @Test(arguments: AddressCase.synchronous + AddressCase.asynchronous, Engine.allCases)
  func `every source of an address leads to the scratch database`(
    _ one: AddressCase, _ engine: Engine
  ) throws {
    guard one.engines.contains(engine) else { return }
    let project = try TemporaryProject(
      ini: one.ini, environment: one.environment, .table("a1"), files: one.files, on: engine)
    let session = try project.session({ $0.xArguments = one.xArguments }, variables: one.variables)
    #expect(session.environment["loaded"] == "once")
    if engine == .postgresql, let driver = one.driver {
      #expect(session.environment["driver"]?.hasPrefix(driver) == true)
    }
    #expect(session.step("a1", .up).outcome == .succeeded)
    #expect(try project.database.tables() == ["t_a1"])
    #expect(session.step("a1", .down).outcome == .succeeded)
    session.releaseConnections()
    #expect(session.run(["a1"], .up).outcome == .succeeded)
    #expect(try project.database.versions() == ["a1"])
  }

  @Test func `a driver that the scratch database does not speak is refused with the reason`() throws
  {
    let project = try TemporaryProject(
      environment: "import psycopg2\npsycopg2.connect('host=production dbname=app')\n",
      .table("a1"))
    let error = #expect(throws: ProjectError.self) { try project.session() }
    #expect(error?.code == .connectionRefused)
    #expect(error?.message.contains("psycopg2.connect()") == true)
    #expect(error?.place == "migrations/env.py:2")
  }

  @Test func `programs that a migration starts are led to the scratch database too`() throws {
    let project = try TemporaryProject(
      Sample("a1", up: "import os\nprint(os.environ['PGDATABASE'], os.environ['DATABASE_URL'])"),
      on: .postgresql)
    guard case .postgresql(let address) = project.database.address else { return }
    let output = try project.session().step("a1", .up).output
    #expect(output.hasPrefix(address.database))
    #expect(output.contains("/\(address.database)?"))
    #expect(output.contains("host=\(address.host)"))
  }
}
