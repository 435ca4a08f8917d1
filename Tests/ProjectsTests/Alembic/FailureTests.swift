import Databases
import History
import Projects
import Testing
import Walks

@Suite struct FailureTests {
  @Test(arguments: Engine.allCases)
  func `a refused statement is told with the user's own line`(_ engine: Engine) throws {
    let project = try TemporaryProject(
      Sample(
        "a1", top: "def rename():\n    op.execute('SELECT * FROM nowhere')",
        up: "op.execute('CREATE TABLE kept (id int)')\nrename()"), on: engine)
    let answer = try project.session().step("a1", .up)
    let failure = try #require(answer.failure)
    #expect(failure.kind == .raised)
    #expect(failure.type.hasPrefix("sqlalchemy.exc."))
    #expect(failure.statement == "SELECT * FROM nowhere")
    #expect(failure.sqlState == (engine == .sqlite ? nil : "42P01"))
    #expect(failure.message.contains("nowhere"))
    #expect(!failure.message.contains("[SQL"))
    #expect(failure.frames.map(\.function) == ["upgrade", "rename"])
    #expect(failure.frames.last?.file == "migrations/versions/a1_sample.py")
    #expect(failure.frames.last?.line == 13)
    #expect(failure.frames.last?.code == "op.execute('SELECT * FROM nowhere')")
    #expect(answer.statements.last?.error == failure.message)
  }

  @Test(
    arguments: [
      ("raise NotImplementedError('no way back')", StepFailure.Kind.notImplemented),
      ("raise RuntimeError('on purpose')", .raised), ("exit(3)", .exited),
    ]) func `each way to fail has its kind, and the next step finds a clean environment`(
      _ body: String, _ kind: StepFailure.Kind
    ) throws
  {
    let project = try TemporaryProject(Sample("a1", down: body))
    let session = try project.session()
    #expect(session.step("a1", .up).isSuccess)
    #expect(session.step("a1", .down).failure?.kind == kind)
    #expect(session.step("a1", .down).failure?.kind == kind)
    #expect(try project.database.versions() == ["a1"])
  }

  @Test func `a session that somebody ended says nothing of the migration`() throws {
    let project = try TemporaryProject(
      Sample("a1", up: "op.execute('SELECT pg_terminate_backend(pg_backend_pid())')"),
      .table("b2", after: "'a1'"), on: .postgresql)
    let session = try project.session()
    let fault = try #require(session.step("a1", .up).fault)
    #expect(fault.code == .databaseLost)
    #expect(fault.message.hasPrefix("the connection to the database was lost: "))
    #expect(fault.fix?.contains("the server's log") == true)
    #expect(session.run(["a1", "b2"], .up).fault?.code == .databaseLost)
  }

  @Test(
    arguments: [
      ("terminating connection due to administrator command", "57P01", true),
      ("server closed the connection unexpectedly\n\tThis probably means", nil, true),
      ("the database system is starting up", "57P03", true),
      (
        "connection to server on socket \"/run/.s.PGSQL.5432\" failed: No such file or directory",
        nil, true
      ),
      (
        "connection to server at \"db\", port 5432 failed: FATAL:  sorry, too many clients already",
        nil, false
      ),
      ("canceling statement due to lock timeout", "55P03", false),
      ("relation \"users\" does not exist", "42P01", false),
    ] as [(String, String?, Bool)])
  func `a lost connection is told by its state and words`(
    _ message: String, _ state: String?, _ isLost: Bool
  ) {
    let failure = StepFailure(type: "OperationalError", message: message, sqlState: state)
    #expect(failure.hasLostConnection == isLost)
  }

  @Test func `a revision without the function has no such direction`() throws {
    let project = try TemporaryProject(.table("a1"), Sample("b2", after: "'a1'", down: nil))
    let session = try project.session()
    #expect(session.run(["a1", "b2"], .up).isSuccess)
    #expect(session.step("b2", .down).failure?.kind == .noSuchDirection)
    let run = session.run(["b2", "a1"], .down)
    #expect(run.failure?.kind == .noSuchDirection)
    #expect(run.stoppedAt == "b2")
  }

  @Test(arguments: Engine.allCases)
  func `a run says where it stopped`(_ engine: Engine) throws {
    let project = try TemporaryProject(
      .table("a1"), Sample("b2", after: "'a1'", up: "op.execute('NONSENSE')"),
      .table("c3", after: "'b2'"), on: engine)
    let answer = try project.session().run(["a1", "b2", "c3"], .up)
    #expect(answer.failure?.statement == "NONSENSE")
    #expect(answer.stoppedAt == "b2")
    #expect(try project.database.tables() == (engine == .sqlite ? ["t_a1"] : []))
  }

  @Test func `an error that was swallowed in a transaction is blamed on its own statement`() throws
  {
    let project = try TemporaryProject(
      Sample(
        "a1",
        up: "try:\n    op.execute('SELECT * FROM nowhere')\nexcept Exception:\n    pass\n"
          + "op.execute('CREATE TABLE t (id int)')"), on: .postgresql)
    let failure = try #require(try project.session().step("a1", .up).failure)
    #expect(failure.kind == .swallowed)
    #expect(failure.statement == "SELECT * FROM nowhere")
    #expect(failure.sqlState == "42P01")
    #expect(failure.frames.last?.line == 16)
  }

  @Test(arguments: Engine.allCases)
  func `an error inside a savepoint that is rolled back is no failure`(_ engine: Engine) throws {
    let project = try TemporaryProject(
      Sample(
        "a1",
        up: """
          try:
              with op.get_bind().begin_nested():
                  op.execute('SELECT * FROM nowhere')
          except Exception:
              pass
          op.execute('CREATE TABLE t (id int)')
          """), on: engine)
    let answer = try project.session().step("a1", .up)
    #expect(answer.outcome == .succeeded)
    #expect(answer.statements.contains { $0.error != nil })
    #expect(try project.database.versions() == ["a1"])
  }

  @Test(arguments: Engine.allCases)
  func `an env.py that prints errors instead of raising them does not hide them`(
    _ engine: Engine
  ) throws {
    let environment = """
      from alembic import context
      from sqlalchemy import create_engine
      engine = create_engine('sqlite:///app.db')
      with engine.connect().execution_options(isolation_level='AUTOCOMMIT') as connection:
          context.configure(connection=connection)
          try:
              with context.begin_transaction():
                  context.run_migrations()
          except Exception as error:
              print('oh no', error)

      """
    let project = try TemporaryProject(
      environment: environment, Sample("a1", up: "op.execute('SELECT * FROM nowhere')"), on: engine)
    let answer = try project.session().step("a1", .up)
    #expect(answer.failure?.kind == .swallowed)
    #expect(answer.failure?.statement == "SELECT * FROM nowhere")
    #expect(answer.output.contains("oh no"))
  }

  @Test func `a first revision that misses a table brings up where the history starts`() throws {
    let project = try TemporaryProject(
      Sample("a1", up: "op.add_column('users', sa.Column('name', sa.String))"))
    let session = try project.session()
    #expect(session.step("a1", .up).failure != nil)
    #expect(session.notes.count == 1)
    #expect(session.notes.first?.contains("alembic: {start: create_all}") == true)
  }

  @Test(arguments: Engine.allCases)
  func
    `models that have what the first revision makes are no starting point, and what is one is said`(
      _ engine: Engine
    ) throws
  {
    let environment = """
      import sqlalchemy as sa
      from alembic import context
      metadata = sa.MetaData()
      sa.Table('users', metadata, sa.Column('id', sa.Integer, primary_key=True), sa.Column('name', sa.Text))
      with sa.create_engine('sqlite:///app.db').connect() as connection:
          context.configure(connection=connection, target_metadata=metadata)
          with context.begin_transaction():
              context.run_migrations()

      """
    let project = try TemporaryProject(
      environment: environment,
      Sample("a1", up: "op.add_column('users', sa.Column('name', sa.Text))"), on: engine)
    let session = try project.session { $0.start = .createAll }
    #expect(session.prepareOrigin()?.outcome == .succeeded)
    #expect(session.step("a1", .up).failure != nil)
    #expect(session.notes.count == 1)
    #expect(
      session.notes.first?.contains("alembic: {start: schema.sql}") == true, "\(session.notes)")
  }

  @Test func `a child that a migration forks answers in nobody's place`() throws {
    let project = try TemporaryProject(
      Sample(
        "a1",
        up: "import os\nif os.fork() == 0:\n    raise SystemExit(0)\nos.wait()\n"
          + "op.execute('CREATE TABLE one (id INTEGER)')"))
    let answer = try project.session().step("a1", .up)
    #expect(answer.outcome == .succeeded, "\(answer)")
    #expect(answer.statements.contains { $0.sql.contains("CREATE TABLE one") })
  }

  @Test func `no password comes back in any text`() throws {
    let project = try TemporaryProject(
      Sample("a1", up: "url = 'postgresql://me:hunter2@db/app'\nprint(url)\nraise ValueError(url)"))
    let answer = try project.session().step("a1", .up)
    #expect(!answer.output.contains("hunter2"))
    #expect(answer.failure?.message == "postgresql://me:***@db/app")
  }

  @Test(arguments: ["psycopg2", "psycopg", "pg8000", "asyncpg"])
  func `notices are told with their statement, whatever the driver`(_ driver: String) throws {
    var environment = Sample.environment(engine: "create_engine('postgresql+\(driver)://u@h/d')")
    if driver == "asyncpg" {
      environment = AddressCase.asynchronous[0].environment
    }
    let project = try TemporaryProject(
      environment: environment, Sample("a1", up: "op.execute('DROP TABLE IF EXISTS nothing')"),
      on: .postgresql)
    let answer = try project.session().step("a1", .up)
    #expect(
      answer.statements.first { $0.sql.hasPrefix("DROP") }?.notices
        == ["NOTICE:  table \"nothing\" does not exist, skipping"])
  }
}
