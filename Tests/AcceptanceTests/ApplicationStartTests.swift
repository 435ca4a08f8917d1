import Platform
import Testing

/// What an application does to the database at its start.
@Suite struct ApplicationStartTests: ParitySuite {
  @Test(arguments: ["sqlite", "postgresql"])
  func `an application that makes tables at its start stands in the way of the migrations`(
    engine: String
  ) throws {
    let project = try SampleProject()
    try project.folder.write(
      """
      import os
      from sqlalchemy import create_engine, text

      async def app(scope, receive, send):
          assert scope["type"] == "lifespan"
          await receive()
          engine = create_engine(os.environ["DATABASE_URL"])
          with engine.begin() as connection:
              connection.execute(text("CREATE TABLE IF NOT EXISTS one (id INTEGER)"))
          await send({"type": "lifespan.startup.complete"})
          await receive()
          await send({"type": "lifespan.shutdown.complete"})
      """, to: "web.py")
    try project.folder.write("application: web:app\n", to: "stairway.yml")
    let answer = try verify(project, on: engine)
    #expect(answer.status == 1)
    #expect(
      answer.output.contains(
        "error[create-all-conflict]: the application web:app makes table one on an empty database, "
          + "and the upgrade after it fails: "), "\(answer.output)")
    #expect(answer.output.contains("alembic stamp head"))
    #expect(!answer.output.contains("not-idempotent"))
  }

  @Test(arguments: ["app", "create_app"])
  func
    `tables that a Flask application makes before its first request are found, and no view is called`(
      named name: String
    ) throws
  {
    let project = try SampleProject()
    try project.folder.write(
      """
      import os
      from flask import Flask, abort, current_app
      from sqlalchemy import Column, Integer, MetaData, Table, create_engine

      metadata = MetaData()
      Table("one", metadata, Column("id", Integer))

      def make_tables():
          metadata.create_all(create_engine(os.environ["DATABASE_URL"]))

      def create_app():
          app = Flask(__name__)

          @app.before_request
          def check():
              open("checked", "w").close()
              abort(403)

          @app.before_request
          def prepare():
              current_app.logger.debug("prepare")
              make_tables()
              raise RuntimeError("no session")

          @app.route("/")
          def view():
              open("viewed", "w").close()

          return app

      app = create_app()
      """, to: "web.py")
    try project.folder.write("application: web:\(name)\n", to: "stairway.yml")
    let answer = try verify(project)
    #expect(answer.status == 1)
    #expect(
      answer.output.contains(
        "error[create-all-conflict]: the application web:\(name) makes table one on an empty database"
      ), "\(answer.output)")
    #expect(answer.output.contains("web.py:9"), "\(answer.output)")
    #expect(!Files.exists(project.path / "checked") && !Files.exists(project.path / "viewed"))
  }

  @Test func `rows that the application adds at its first start alone are no finding`() throws {
    let project = try SampleProject()
    try project.folder.write(
      """
      import os
      from sqlalchemy import create_engine, inspect, text

      engine = create_engine(os.environ["DATABASE_URL"])
      app = None
      with engine.begin() as connection:
          if inspect(connection).has_table("one"):
              if not connection.execute(text("SELECT 1 FROM one WHERE id = -5")).first():
                  connection.execute(text("INSERT INTO one VALUES (-5)"))
      """, to: "web.py")
    try project.folder.write("application: web\n", to: "stairway.yml")
    #expect(try verify(project).status == 0)
    try project.folder.write(
      try text(of: project, "web.py").replacing("-5)\")).first()", with: "-5)\")).first() or True")
        .replacing("if not connection", with: "if connection is not None or not connection"),
      to: "web.py")
    let answer = try verify(project)
    #expect(answer.status == 1)
    #expect(
      answer.output.contains(
        "error[not-idempotent]: the application web, started at the heads, changes the database: "
          + "other rows in one"), "\(answer.output)")
  }

  private static let destructive: [(name: String, code: String, words: String)] = [
    (
      "deletes rows", "connection.execute(text('DELETE FROM one'))",
      "error[not-idempotent]: the application web, started at the heads, changes the database: rows "
        + "gone from one"
    ),
    (
      "forgets the version",
      "connection.execute(text('DROP TABLE alembic_version'))\n"
        + "        connection.execute(text('INSERT INTO one VALUES (-5)'))",
      "error[version-not-recorded]: after the application at the heads there is no version table, "
        + "which should hold 2b\n  --> web.py:7"
    ),
    (
      "makes everything anew",
      "m = MetaData(); m.reflect(connection); m.drop_all(connection); m.create_all(connection)",
      "error[not-idempotent]: the application web, started at the heads, changes the database: rows "
        + "gone from one and two"
    ),
  ]

  @Test(arguments: destructive.indices, ["sqlite", "postgresql"])
  func `an application that destroys something at its first start alone is found`(
    _ index: Int, engine: String
  ) throws {
    let one = Self.destructive[index]
    let project = try SampleProject()
    try project.folder.write(
      """
      import os
      from sqlalchemy import MetaData, create_engine, inspect, text

      engine = create_engine(os.environ["DATABASE_URL"])
      with engine.begin() as connection:
          if inspect(connection).has_table("alembic_version"):
              \(one.code)
      """, to: "web.py")
    try project.folder.write("application: web\n", to: "stairway.yml")
    let answer = try verify(project, on: engine)
    #expect(answer.status == 1)
    #expect(answer.output.contains(one.words), "\(answer.output)")
  }

  /// Says that it does not start up, with the whole stack, as Starlette does.
  private static let failing = """
    import traceback
    def connect():
        raise RuntimeError('no queue')
    async def app(scope, receive, send):
        await receive()
        try:
            connect()
        except RuntimeError:
            await send({'type': 'lifespan.startup.failed', 'message': traceback.format_exc()})

    """

  @Test(arguments: [
    ("import os\nos.environ['QUEUE_URL']\n", "application: web\n", "QUEUE_URL"),
    (
      "def create_app(name): pass\n", "application: web:create_app\n",
      "the factory web:create_app needs arguments (name)"
    ),
    (
      "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'open(\"made\", \"w\")'])\n",
      "application: web\n", "the application starts a program ("
    ),
    (
      "import os\nos.system('touch made')\n", "application: web\n",
      "the application starts a program (touch made)"
    ),
    (
      failing + "        raise\n", "application: web\n",
      "the application web:app raised RuntimeError: no queue (web.py:3)"
    ),
    (
      failing, "application: web\n",
      "the application did not start up: RuntimeError: no queue (web.py:3)"
    ),
  ])
  func `an application that does not start is told, and the rest goes on`(
    code: String, settings: String, words: String
  ) throws {
    let project = try SampleProject()
    try project.folder.write(code, to: "web.py")
    try project.folder.write(settings, to: "stairway.yml")
    let answer = try verify(project)
    #expect(answer.status == 0, "\(answer.output)")
    let junit = try text(of: project, "reports/junit.xml")
    #expect(junit.contains("the application could not be started: "))
    #expect(junit.contains(words), "\(junit)")
    #expect(junit.contains("stairway.sqlite.offline"))
    #expect(answer.output.contains("note: SQLite: the application could not be started: "))
    #expect(!Files.exists(project.path / "made"))
    let hidden = try verify(project, on: "sqlite", ["--redact"])
    #expect(hidden.output.contains("the application could not be started: what it said is hidden"))
  }

  @Test(arguments: [
    ("web:nothing", "the application web:nothing does not exist: the module has no nothing"),
    ("nowhere.at:app", "the application nowhere.at:app does not exist: there is no module nowhere"),
  ])
  func `an application that the settings name and that does not exist leaves the run unjudged`(
    name: String, words: String
  ) throws {
    let project = try SampleProject()
    try project.folder.write("app = 1\n", to: "web.py")
    try project.folder.write("application: \(name)\n", to: "stairway.yml")
    let answer = try verify(project)
    #expect(answer.status == 3)
    #expect(answer.output.contains(words), "\(answer.output)")
    #expect(answer.output.contains("`application: none`"), "\(answer.output)")
    #expect(try text(of: project, "reports/junit.xml").contains("stairway.sqlite.offline"))
  }

  @Test func `what an asynchronous application does is told at its line`() throws {
    let project = try SampleProject()
    try project.folder.write(
      """
      import os
      from sqlalchemy.ext.asyncio import create_async_engine

      async def app(scope, receive, send):
          await receive()
          engine = create_async_engine(
              os.environ["DATABASE_URL"].replace("sqlite:", "sqlite+aiosqlite:"))
          async with engine.begin() as connection:
              await connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS one (id INTEGER)")
          await engine.dispose()
          await send({"type": "lifespan.startup.complete"})
      """, to: "web.py")
    try project.folder.write("application: web:app\n", to: "stairway.yml")
    let answer = try verify(project)
    #expect(answer.output.contains("error[create-all-conflict]"), "\(answer.output)")
    #expect(answer.output.contains("--> web.py:9"), "\(answer.output)")
  }

  @Test func `a factory that was found by its name is named`() throws {
    let project = try SampleProject()
    try project.folder.write("def create_app():\n    raise OSError('no mail')\n", to: "web.py")
    try project.folder.write("application: web\n", to: "stairway.yml")
    let answer = try verify(project)
    #expect(answer.output.contains("the application web:create_app raised"), "\(answer.output)")
  }

  @Test func `an application that starts only once is found`() throws {
    let project = try SampleProject()
    try project.folder.write(
      """
      import os
      from sqlalchemy import create_engine, inspect, text

      engine = create_engine(os.environ["DATABASE_URL"])
      with engine.begin() as connection:
          if inspect(connection).has_table("one"):
              assert not connection.execute(text("SELECT 1 FROM one WHERE id = -5")).first()
              connection.execute(text("INSERT INTO one VALUES (-5)"))
      """, to: "web.py")
    try project.folder.write("application: web\n", to: "stairway.yml")
    let answer = try verify(project)
    #expect(answer.status == 1)
    #expect(
      answer.output.contains(
        "error[not-idempotent]: the application web, started at the heads, succeeds once and, "
          + "started once more, fails: "), "\(answer.output)")
    #expect(answer.output.contains("--> web.py:7"), "\(answer.output)")
  }
}
