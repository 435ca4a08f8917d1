import Databases
import History
import Projects
import Testing
import Walks

@Suite struct SessionStateTests {
  /// An env.py on this driver, with lines before and after its connection is made.
  private func environment(_ driver: String, _ before: String = "", _ after: String = "pass")
    -> String
  {
    if driver == "asyncpg" { return AddressCase.asynchronous[0].environment }
    return """
      from alembic import context
      from sqlalchemy import create_engine, event, text
      engine = create_engine('\(driver)://u@h/d')
      \(before)
      with engine.connect() as connection:
          \(after)
          context.configure(connection=connection)
          with context.begin_transaction():
              context.run_migrations()

      """
  }

  @Test(arguments: [
    "sqlite", "postgresql+psycopg2", "postgresql+psycopg", "postgresql+pg8000", "asyncpg",
  ]) func `a temporary table of one step is gone in the next`(_ driver: String) throws {
    let project = try TemporaryProject(
      environment: environment(driver),
      Sample(
        "a1", up: "op.execute('CREATE TEMPORARY TABLE passing (id int)')",
        down: "op.execute('SELECT * FROM passing')"),
      on: driver == "sqlite" ? .sqlite : .postgresql)
    let session = try project.session()
    #expect(session.environment["loaded"] == "once")
    #expect(session.step("a1", .up).isSuccess)
    #expect(session.step("a1", .down).failure?.message.contains("passing") == true)
  }

  @Test func `settings and locks of one step are gone in the next`() throws {
    let project = try TemporaryProject(
      environment: environment("postgresql+psycopg2"),
      Sample(
        "a1",
        up:
          "op.execute('SET statement_timeout TO 12345')\nop.execute('SELECT pg_advisory_lock(7)')",
        down: """
          print(op.get_bind().exec_driver_sql('SHOW statement_timeout').scalar())
          print(op.get_bind().exec_driver_sql(
              "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 7").scalar())
          """), on: .postgresql)
    let session = try project.session()
    #expect(session.step("a1", .up).isSuccess)
    #expect(session.step("a1", .down).output == "0\n0\n")
  }

  @Test func `a PRAGMA of one step is gone in the next, and connect events run again`() throws {
    let project = try TemporaryProject(
      environment: environment(
        "sqlite",
        """
        @event.listens_for(engine, 'connect')
        def connected(connection, record):
            connection.execute('PRAGMA foreign_keys=ON')
        """),
      Sample(
        "a1", up: "op.execute('PRAGMA foreign_keys=OFF')",
        down: "print(op.get_bind().exec_driver_sql('PRAGMA foreign_keys').scalar())"))
    let session = try project.session()
    #expect(session.step("a1", .up).isSuccess)
    #expect(session.step("a1", .down).output == "1\n")
  }

  @Test(arguments: [
    ("sqlite", "PRAGMA foreign_keys=ON", "PRAGMA foreign_keys=OFF", "PRAGMA foreign_keys", "1\n"),
    (
      "postgresql+psycopg2", "SET lock_timeout TO 3456", "SET lock_timeout TO 1",
      "SHOW lock_timeout", "3456ms\n"
    ),
    (
      "postgresql+pg8000", "SET lock_timeout TO 3456", "SET lock_timeout TO 1",
      "SHOW lock_timeout", "3456ms\n"
    ),
  ]) func `what env.py set for its session holds in every step`(
    _ driver: String, _ set: String, _ change: String, _ show: String, _ expected: String
  ) throws {
    let project = try TemporaryProject(
      environment: environment(
        driver, "", "connection.execute(text('\(set)')); connection.commit()"),
      Sample(
        "a1", up: "op.execute('\(change)')",
        down: "print(op.get_bind().exec_driver_sql('\(show)').scalar())"),
      on: driver == "sqlite" ? .sqlite : .postgresql)
    let session = try project.session()
    #expect(session.environment["loaded"] == "once")
    for _ in 0..<2 {
      #expect(session.step("a1", .up).isSuccess)
      #expect(session.step("a1", .down).output == expected)
    }
  }

  @Test(arguments: Engine.allCases)
  func `an env.py with a transaction of its own is run for every step`(_ engine: Engine) throws {
    let project = try TemporaryProject(
      environment: Sample.environment.replacing(
        "connectable.connect()", with: "connectable.begin()"),
      .table("a1"), on: engine)
    let session = try project.session()
    #expect(session.environment["loaded"]?.hasPrefix("for every step: env.py opens") == true)
    #expect(session.step("a1", .up).expectedVersions == ["a1"])
    #expect(session.step("a1", .down).expectedVersions == [])
    #expect(session.step("a1", .up).isSuccess)
    #expect(try project.database.versions() == ["a1"])
  }

  @Test func `an env.py that never commits leaves the version unrecorded`() throws {
    let environment = """
      from alembic import context
      from sqlalchemy import create_engine, text
      with create_engine('sqlite://').connect() as connection:
          connection.execute(text('SELECT 1'))
          context.configure(connection=connection)
          with context.begin_transaction():
              context.run_migrations()

      """
    let project = try TemporaryProject(
      environment: environment, .table("a1"), on: .postgresql)
    let session = try project.session()
    #expect(session.step("a1", .up).expectedVersions == ["a1"])
    #expect(try project.database.tables() == [])
  }

  @Test func `the version table is looked for where the search path puts it`() throws {
    let environment = """
      from alembic import context
      from sqlalchemy import create_engine, text
      with create_engine('postgresql://').connect() as connection:
          connection.execute(text('CREATE SCHEMA IF NOT EXISTS acme'))
          connection.execute(text('SET search_path TO acme'))
          connection.commit()
          context.configure(connection=connection)
          with context.begin_transaction():
              context.run_migrations()

      """
    let project = try TemporaryProject(environment: environment, .table("a1"), on: .postgresql)
    let session = try project.session()
    #expect(session.versionTable == VersionTable(schema: "acme", name: "alembic_version"))
    #expect(session.step("a1", .up).expectedVersions == ["a1"])
  }

  @Test func `an env.py that migrates several schemas takes the step in each`() throws {
    let environment = """
      from alembic import context
      from sqlalchemy import create_engine, text
      with create_engine('postgresql://').connect() as connection:
          for schema in ('one', 'two'):
              connection.execute(text('CREATE SCHEMA IF NOT EXISTS ' + schema))
              connection.execute(text('SET search_path TO ' + schema))
              connection.commit()
              context.configure(connection=connection, version_table_schema=schema)
              with context.begin_transaction():
                  context.run_migrations()

      """
    let project = try TemporaryProject(environment: environment, .table("a1"), on: .postgresql)
    let session = try project.session()
    #expect(session.environment["loaded"] == "for every step: env.py runs the migrations 2 times")
    #expect(session.versionTable.schema == "one")
    let query = "SELECT schemaname::text FROM pg_tables WHERE tablename = 't_a1' ORDER BY 1"
    #expect(session.step("a1", .up).isSuccess)
    #expect(try project.database.column(query) == ["one", "two"])
    #expect(session.step("a1", .down).isSuccess)
    #expect(try project.database.column(query) == [])
  }

  @Test(arguments: Engine.allCases)
  func `an env.py that migrates several databases runs the first one's migrations`(
    _ engine: Engine
  ) throws {
    let environment = """
      from alembic import context
      from sqlalchemy import create_engine
      engines = [create_engine('postgresql://u@h/' + name) for name in ('one', 'two')]
      connections = [engine.connect() for engine in engines]
      transactions = [connection.begin() for connection in connections]
      for connection in connections:
          context.configure(connection=connection)
          context.run_migrations()
      for transaction in transactions:
          transaction.commit()

      """
    let project = try TemporaryProject(environment: environment, .table("a1"), on: engine)
    let session = try project.session()
    #expect(session.notes.contains { $0.contains("migrates 2 databases") })
    #expect(session.step("a1", .up).outcome == .succeeded)
    #expect(session.step("a1", .down).outcome == .succeeded)
  }

  @Test(arguments: Engine.allCases)
  func `an autocommit block works in both directions`(_ engine: Engine) throws {
    let project = try TemporaryProject(
      Sample(
        "a1",
        up: "with op.get_context().autocommit_block():\n    op.execute('CREATE TABLE t (id int)')",
        down: "with op.get_context().autocommit_block():\n    op.execute('DROP TABLE t')"),
      on: engine)
    let session = try project.session()
    for _ in 0..<2 {
      #expect(session.step("a1", .up).outcome == .succeeded)
      #expect(session.step("a1", .down).outcome == .succeeded)
    }
  }
}
