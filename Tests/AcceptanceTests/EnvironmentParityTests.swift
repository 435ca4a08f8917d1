import Platform
import Testing

/// What env.py does beside the migrations, told apart from what they do.
@Suite struct EnvironmentParityTests: ParitySuite {
  /// An env.py that goes on, behind the migrations, in a transaction of its own: what follows belongs to that.
  private static let afterMigrations =
    SampleProject.environment + """


      engine = engine_from_config(
          config.get_section(config.config_ini_section), poolclass=pool.NullPool)
      with engine.begin() as connection:
      """

  @Test(arguments: ["sqlite", "postgresql"])
  func `an env.py that does more than migrate is not idempotent`(engine: String) throws {
    let project = try SampleProject()
    try project.folder.write(
      Self.afterMigrations + """

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
      Self.afterMigrations + """

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

  /// The application's modules stay loaded from one step to the next.
  @Test func `a revision that adds a table to the application's MetaData goes both ways`() throws {
    let project = try SampleProject()
    try project.folder.write(
      "import sqlalchemy as sa\nmetadata = sa.MetaData()\n", to: "models.py")
    try project.folder.write(
      "import os, sys\nsys.path.insert(0, os.path.dirname(os.path.dirname(__file__)))\n"
        + SampleProject.environment, to: "migrations/env.py")
    try project.folder.write(
      """
      import sqlalchemy as sa
      from alembic import op
      from models import metadata

      revision, down_revision = "3c", "2b"
      archive = sa.Table("archive", metadata, sa.Column("id", sa.Integer))


      def upgrade():
          archive.create(op.get_bind())


      def downgrade():
          archive.drop(op.get_bind())
      """, to: "migrations/versions/3c.py")
    let answer = try verify(project, on: "sqlite")
    #expect(!answer.output.contains("already defined"), "\(answer.output)")
    #expect(!answer.output.contains("-fails]"), "\(answer.output)")
    #expect(!answer.output.contains("state-lost"), "\(answer.output)")
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
}
