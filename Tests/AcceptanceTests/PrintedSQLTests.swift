import Platform
import Testing

/// What `upgrade --sql` and `downgrade --sql` print, run and compared with the walk.
@Suite struct PrintedSQLTests: ParitySuite {
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
}
