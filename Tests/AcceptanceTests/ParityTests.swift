import Platform
import Testing

/// What else is to describe the schema at the heads, held against what the migrations made.
@Suite struct ParityTests {
  private func verify(
    _ project: SampleProject, on engine: String = "sqlite", _ more: [String] = []
  ) throws -> Stairway.Answer {
    let answer = try project.stairway().run(
      ["verify", "--engine", engine, "--python", Stairway.python().text] + more)
    #expect(answer.leftovers.isEmpty)
    return answer
  }

  private func text(of project: SampleProject, _ file: String) throws -> String {
    try Files.text(of: project.path / file)
  }

  @Test(arguments: ["sqlite", "postgresql"])
  func `a project in which all agree is verified, and what was looked into is in the report`(
    engine: String
  ) throws {
    let project = try SampleProject()
    let answer = try verify(project, on: engine)
    #expect(answer.status == 0, "\(answer.output)")
    let report = try text(of: project, "reports/report.json")
    for step in ["again", "printed-upgrade", "printed-downgrade", "stamp"] {
      #expect(report.contains("\"name\" : \"\(step)\"") || report.contains("\"name\":\"\(step)\""))
    }
    let junit = try text(of: project, "reports/junit.xml")
    for group in ["commands", "application", "offline"] {
      #expect(junit.contains("stairway.\(engine).\(group)"))
    }
    #expect(junit.contains("no application was found; name one with `application:`"))
  }

  @Test(arguments: ["sqlite", "postgresql"])
  func `an env.py that does more than migrate is not idempotent`(engine: String) throws {
    let project = try SampleProject()
    try project.folder.write(
      SampleProject.environment + """


        engine = engine_from_config(
            config.get_section(config.config_ini_section), poolclass=pool.NullPool)
        with engine.begin() as connection:
            if connection.dialect.has_table(connection, "two"):
                connection.exec_driver_sql("INSERT INTO two VALUES (7)")
        """, to: "migrations/env.py")
    let answer = try verify(project, on: engine)
    #expect(answer.status == 1)
    #expect(
      answer.output.contains(
        "error[not-idempotent]: `upgrade` at the heads changes the database: other rows in two"),
      "\(answer.output)")
  }

  @Test(arguments: ["sqlite", "postgresql"])
  func `what env.py does after the migrations is none of theirs`(engine: String) throws {
    let project = try SampleProject()
    try project.folder.write(
      SampleProject.environment + """


        engine = engine_from_config(
            config.get_section(config.config_ini_section), poolclass=pool.NullPool)
        with engine.begin() as connection:
            if connection.dialect.has_table(connection, "one"):
                connection.exec_driver_sql("CREATE INDEX IF NOT EXISTS own ON one (id)")
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("GRANT SELECT ON ALL TABLES IN SCHEMA public TO PUBLIC")
        """, to: "migrations/env.py")
    let answer = try verify(project, on: engine)
    #expect(answer.status == 0, "\(answer.output)")
  }

  @Test(arguments: ["sqlite", "postgresql"])
  func `an env.py that makes a migration's table stands in its way`(engine: String) throws {
    let project = try SampleProject()
    try project.folder.write(
      """
      import sqlalchemy as sa
      metadata = sa.MetaData()
      sa.Table("one", metadata, sa.Column("id", sa.Integer))
      """, to: "models.py")
    try project.folder.write(
      "import os, sys\nsys.path.insert(0, os.path.dirname(os.path.dirname(__file__)))\n"
        + "from models import metadata\n"
        + SampleProject.environment.replacing(
          "        context.configure(",
          with: "        metadata.create_all(connection)\n        connection.commit()\n"
            + "        context.configure("), to: "migrations/env.py")
    let answer = try verify(project, on: engine)
    #expect(answer.status == 1)
    #expect(
      answer.output.contains(
        "error[create-all-conflict]: migrations/env.py makes table one by itself whenever it is run, "
          + "and the upgrade then fails: "), "\(answer.output)")
    #expect(answer.output.contains("--> migrations/env.py:14"), "\(answer.output)")
    #expect(answer.output.contains("take create_all() out of migrations/env.py"))
    #expect(!answer.output.contains("state-lost") && !answer.output.contains("upgrade-fails"))
  }

  @Test func `a table that env.py makes with each version is not laid to the migration`() throws {
    let project = try SampleProject()
    try project.folder.write(
      """
      def note(ctx, **rest):
          if not ctx.as_sql:
              ctx.connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS applied (id INTEGER)")


      """
        + SampleProject.environment.replacing(
          "connection=connection)", with: "connection=connection, on_version_apply=note)"),
      to: "migrations/env.py")
    let answer = try verify(project)
    #expect(answer.status == 1)
    #expect(!answer.output.contains("downgrade-leaves-trace"), "\(answer.output)")
    #expect(
      answer.output.contains(
        "error[descent-leaves-trace]: the way down to base in one go leaves table applied behind, which "
          + "env.py makes by itself"), "\(answer.output)")
    #expect(answer.output.contains("--> migrations/env.py:3"), "\(answer.output)")
    #expect(!answer.output.contains("op.drop_table"))
  }

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

  @Test func `an env.py that prints nothing is told once`() throws {
    let project = try SampleProject()
    try project.folder.write(
      "from alembic import context\nif context.is_offline_mode():\n    raise RuntimeError('no --sql')\n"
        + SampleProject.environment, to: "migrations/env.py")
    let answer = try verify(project)
    #expect(
      answer.output.split(separator: "[offline-sql-fails]").count == 2, "\(answer.output)")
  }

  private static let printing = """
    from alembic import context
    from sqlalchemy import engine_from_config, pool

    config = context.config
    if context.is_offline_mode():
        context.configure(url=URL, literal_binds=True)
        with context.begin_transaction():
            context.run_migrations()
    else:
        engine = engine_from_config(
            config.get_section(config.config_ini_section), poolclass=pool.NullPool)
        with engine.connect() as connection:
            context.configure(connection=connection)
            with context.begin_transaction():
                context.run_migrations()
    """

  @Test(arguments: [
    ("sqlite", "postgresql+psycopg2://app:hunter22@db.invalid/app"),
    ("sqlite", "postgresql+asyncpg://app:hunter22@db.invalid/app"),
    ("postgresql", "sqlite+aiosqlite:///app.db"), ("postgresql", "sqlite+pysqlite:///app.db"),
  ])
  func `a driver that alembic.ini names for the other engine is no obstacle to printing`(
    engine: String, url: String
  ) throws {
    let project = try SampleProject()
    try project.folder.write(
      "[alembic]\nscript_location = migrations\nsqlalchemy.url = \(url)\n", to: "alembic.ini")
    try project.folder.write(
      Self.printing.replacing("URL", with: "config.get_main_option('sqlalchemy.url')")
        .replacing(
          "engine = engine_from_config(\n        config.get_section(config.config_ini_section), "
            + "poolclass=pool.NullPool)",
          with: "import os\n    from sqlalchemy import create_engine\n    "
            + "engine = create_engine(os.environ['DATABASE_URL'], poolclass=pool.NullPool)"),
      to: "migrations/env.py")
    let answer = try verify(project, on: engine)
    #expect(answer.status == 0, "\(answer.output)")
    #expect(!answer.output.contains("offline-sql"), "\(answer.output)")
    let junit = try text(of: project, "reports/junit.xml")
    #expect(!junit.contains("env.py prints SQL of"), "\(junit)")
  }

  @Test func `a role is put back with the state that it belongs to`() throws {
    let project = try SampleProject()
    try project.addRevision(
      "3c", after: "2b",
      up: "op.execute('CREATE ROLE reader')\n    op.execute('GRANT SELECT ON one TO reader')",
      down: "op.execute('REVOKE SELECT ON one FROM reader')\n    op.execute('DROP ROLE reader')")
    try project.addRevision(
      "4d", after: "3c", up: "op.execute('CREATE TABLE four (id INTEGER)')",
      down: "op.execute('DROP TABLE four')\n    raise RuntimeError('not today')")
    try project.addRevision(
      "5e", after: "4d", up: "op.execute('CREATE TABLE five (id INTEGER)')", down: "pass")
    let answer = try verify(project, on: "postgresql")
    #expect(answer.status == 1, "\(answer.output)")
    #expect(answer.output.contains("[downgrade-fails]"), "\(answer.output)")
    #expect(answer.output.contains("leaves table five"), "\(answer.output)")
    for words in ["state-lost", "reader", "[upgrade-fails]"] {
      #expect(!answer.output.contains(words), "\(answer.output)")
    }
  }

  @Test func `printed SQL of another engine is left out and named`() throws {
    let project = try SampleProject()
    try project.folder.write(
      Self.printing.replacing("URL", with: "'postgresql' + '://app:hunter22@db.invalid/app'"),
      to: "migrations/env.py")
    try project.addRevision(
      "3c", after: "2b",
      up: "op.execute('CREATE TABLE three (id INTEGER)')\n"
        + "    op.get_context().dialect.name == 'postgresql' and "
        + "op.execute('CREATE INDEX ix_three ON three (id)')")
    let answer = try verify(project)
    #expect(answer.status == 0, "\(answer.output)")
    #expect(!answer.output.contains("offline-sql"), "\(answer.output)")
    #expect(try text(of: project, "reports/junit.xml").contains("env.py prints SQL of postgresql"))
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

  @Test(arguments: ["sqlite", "postgresql"])
  func `what env.py makes by itself is no difference of what is printed`(engine: String) throws {
    let project = try SampleProject()
    try project.folder.write(
      SampleProject.environment.replacing(
        "        context.configure",
        with: """
                  connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS audit (id INTEGER)")
                  connection.commit()
                  context.configure
          """), to: "migrations/env.py")
    let answer = try verify(project, on: engine)
    #expect(!answer.output.contains("offline-sql-differs"), "\(answer.output)")
  }

  @Test(arguments: ["sqlite", "postgresql"])
  func `printed SQL with open parameters is refused`(engine: String) throws {
    let project = try SampleProject()
    try project.addRevision(
      "3c", after: "2b",
      up: "import sqlalchemy as sa; op.execute(sa.text('INSERT INTO one VALUES (:v)')"
        + ".bindparams(sa.bindparam('v', 5)))", down: "pass")
    let answer = try verify(project, on: engine)
    #expect(
      answer.output.contains("warning[offline-sql-fails]: what `upgrade --sql` prints is refused"),
      "\(answer.output)")
  }

  @Test(arguments: ["sqlite", "postgresql"])
  func `a revision that reads from the database cannot be printed, and is named with its line`(
    engine: String
  ) throws {
    let project = try SampleProject()
    try project.addRevision(
      "3c", after: "2b",
      up: "op.get_bind().exec_driver_sql('SELECT count(*) FROM one').scalar()", down: "pass")
    try project.addRevision(
      "4d", after: "3c",
      up: "[op.execute('SELECT %d' % row[0]) for row in op.get_bind()"
        + ".exec_driver_sql('SELECT id FROM one').fetchall()]", down: "pass")
    let answer = try verify(project, on: engine)
    #expect(answer.status == 0, "\(answer.output)")
    for revision in ["3c", "4d"] {
      #expect(answer.output.contains("--> migrations/versions/\(revision).py:10"))
    }
    #expect(
      answer.output.contains(
        "warning[offline-sql-fails]: `upgrade --sql` cannot print the revision"),
      "\(answer.output)")
    try project.folder.write("offline: false\n", to: "stairway.yml")
    let off = try verify(project, on: engine)
    #expect(!off.output.contains("offline-sql"), "\(off.output)")
    #expect(
      try text(of: project, "reports/junit.xml").contains(
        "switched off by the setting `offline: false`"))
  }

  @Test(arguments: ["sqlite", "postgresql"])
  func `what a migration prints among the SQL is named with its line`(engine: String) throws {
    let project = try SampleProject()
    try project.addRevision(
      "3c", after: "2b",
      up: "print(\"now the rows; it's long\"); op.execute('UPDATE one SET id = 2')",
      down: "print('-- the rows stay'); import sys; print('hello', file=sys.stderr)")
    let answer = try verify(project, on: engine)
    #expect(
      answer.output.split(separator: "[offline-sql-fails]").count == 2, "\(answer.output)")
    #expect(
      answer.output.contains("warning[offline-sql-fails]: what `upgrade --sql` prints is refused"))
    #expect(answer.output.contains("--> migrations/versions/3c.py:10"), "\(answer.output)")
    #expect(answer.output.contains("file=sys.stderr"))
  }

  @Test(arguments: ["sqlite", "postgresql"])
  func `a comment that hides the printed semicolon is named`(engine: String) throws {
    let project = try SampleProject()
    try project.addRevision(
      "3c", after: "2b", up: "op.execute('UPDATE one SET id = 2 -- why')", down: "pass")
    let answer = try verify(project, on: engine)
    #expect(
      answer.output.contains("the statement ends with a `--` comment"), "\(answer.output)")
  }

  @Test(arguments: ["sqlite", "postgresql"])
  func `a version table that is named online alone is told, and under both is right`(
    engine: String
  ) throws {
    let project = try SampleProject()
    let url = engine == "sqlite" ? "sqlite://" : "postgresql://"
    let environment = Self.printing.replacing("URL", with: "'\(url)'")
      .replacing(
        "context.configure(connection=connection)",
        with: "context.configure(connection=connection, version_table='steps')")
    try project.folder.write(environment, to: "migrations/env.py")
    let answer = try verify(project, on: engine)
    #expect(answer.status == 1)
    #expect(answer.output.contains("say `version_table=`"), "\(answer.output)")
    try project.folder.write(
      environment.replacing(
        "literal_binds=True", with: "literal_binds=True, version_table='steps'"),
      to: "migrations/env.py")
    let right = try verify(project, on: engine)
    #expect(right.status == 0, "\(right.output)")
    #expect(!right.output.contains("steps"), "\(right.output)")
  }

  @Test(arguments: ["sqlite", "postgresql"])
  func `a merge that is not recorded as such is found`(engine: String) throws {
    let project = try SampleProject()
    try project.addRevision(
      "3c", after: "1a", up: "op.execute('CREATE TABLE three (id INTEGER)')")
    try project.folder.write(
      """
      from alembic import op

      revision = "4d"
      down_revision = ("2b", "3c")


      def upgrade():
          op.execute("INSERT INTO alembic_version VALUES ('1a')")


      def downgrade():
          op.execute("DELETE FROM alembic_version WHERE version_num = '1a'")
      """, to: "migrations/versions/4d.py")
    let answer = try verify(project, on: engine)
    #expect(answer.status == 1)
    #expect(
      answer.output.contains(
        "error[version-not-recorded]: after the upgrade the version table holds 1a and 4d instead of "
          + "4d; migrations/versions/4d.py writes to the version table itself"),
      "\(answer.output)")
  }

  @Test(arguments: ["sqlite", "postgresql"])
  func `printed SQL that makes another schema is found`(engine: String) throws {
    let project = try SampleProject()
    try project.addRevision(
      "3c", after: "2b",
      up: "op.get_context().as_sql or op.execute('CREATE INDEX ix_two ON two (id)')",
      down: "op.execute('DROP INDEX IF EXISTS ix_two')")
    let answer = try verify(project, on: engine)
    #expect(answer.status == 1)
    #expect(
      answer.output.contains(
        "error[offline-sql-differs]: what `upgrade --sql` prints makes another schema than the "
          + "migrations: index ix_two on two missing"), "\(answer.output)")
  }

  @Test func `printed SQL with function bodies and concurrent indexes runs as it would in psql`()
    throws
  {
    let project = try SampleProject()
    try project.addRevision(
      "3c", after: "2b",
      up:
        "op.execute('CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1;\\tSELECT 2 $$')",
      down: "op.execute('DROP FUNCTION f()')")
    try project.folder.write(
      """
      from alembic import op

      revision = "4d"
      down_revision = "3c"


      def upgrade():
          with op.get_context().autocommit_block():
              op.create_index("ix_one", "one", ["id"], postgresql_concurrently=True)


      def downgrade():
          with op.get_context().autocommit_block():
              op.drop_index("ix_one", "one", postgresql_concurrently=True)
      """, to: "migrations/versions/4d.py")
    let answer = try verify(project, on: "postgresql")
    #expect(answer.status == 0, "\(answer.output)")
    let report = try text(of: project, "reports/report.json")
    #expect(report.contains("printed-downgrade"))
    #expect(!report.contains("cannot be printed"))
  }

  @Test func `printed SQL that the engine refuses is found, with its revision`() throws {
    let project = try SampleProject()
    try project.addRevision(
      "3c", after: "2b",
      up: "op.execute('INSERT INTO missing VALUES (1)' if op.get_context().as_sql else 'SELECT 1')",
      down: "pass")
    let answer = try verify(project)
    #expect(
      answer.output.contains(
        "warning[offline-sql-fails]: what `upgrade --sql` prints is refused: no such table: missing"
      ), "\(answer.output)")
    #expect(answer.output.contains("--> migrations/versions/3c.py"))
  }

  @Test func `a stamp that is not kept is found`() throws {
    let project = try SampleProject()
    try project.folder.write(
      SampleProject.environment.replacing(
        "            context.run_migrations()",
        with: """
                      context.run_migrations()
                      held = [connection.dialect.has_table(connection, one)
                              for one in ("alembic_version", "one")]
                      if held == [True, False]:
                          connection.exec_driver_sql("DELETE FROM alembic_version")
                          connection.commit()
          """), to: "migrations/env.py")
    let answer = try verify(project)
    #expect(answer.status == 1)
    #expect(
      answer.output.contains(
        "error[version-not-recorded]: after the stamp the version table holds nothing instead of 2b"
      ), "\(answer.output)")
  }

  @Test func `the walk can be taken alone`() throws {
    let project = try SampleProject()
    try project.folder.write("parity: false\n", to: "stairway.yml")
    let answer = try verify(project)
    #expect(answer.status == 0, "\(answer.output)")
    #expect(!(try text(of: project, "reports/junit.xml").contains("stairway.sqlite.commands")))
    #expect(!(try text(of: project, "reports/report.json").contains("printed-upgrade")))
  }

  @Test func `a part of the history is not held against the models of the whole`() throws {
    let project = try SampleProject()
    let answer = try verify(project, on: "sqlite", ["--revisions", "..1a"])
    #expect(answer.status == 0, "\(answer.output)")
    #expect(
      try text(of: project, "reports/junit.xml").contains(
        "only a part of the history was verified"))
  }
}
