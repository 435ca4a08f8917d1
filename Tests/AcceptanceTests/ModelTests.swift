import Platform
import Testing

/// What the models make, held against what the migrations made.
@Suite struct ModelTests {
  private static let models = """
    import sqlalchemy as sa

    metadata = sa.MetaData()
    one = sa.Table("one", metadata, sa.Column("id", sa.Integer))
    two = sa.Table(
        "two", metadata,
        sa.Column("id", sa.Integer),
        sa.Column("kept", sa.Integer, server_default="7"))
    """

  /// A project with these models.
  private func project(_ models: String) throws -> SampleProject {
    let project = try SampleProject()
    try project.addRevision(
      "3c", after: "2b", up: "op.execute('ALTER TABLE two ADD COLUMN kept INTEGER DEFAULT 7')",
      down: "op.execute('ALTER TABLE two DROP COLUMN kept')")
    try project.folder.write(models, to: "models.py")
    let environment = SampleProject.environment.replacing(
      "config = context.config", with: "from models import metadata\nconfig = context.config"
    ).replacing("connection=connection)", with: "connection=connection, target_metadata=metadata)")
    try project.folder.write(environment, to: "migrations/env.py")
    return project
  }

  private func verify(_ project: SampleProject, on engine: String) throws -> Stairway.Answer {
    try project.stairway().run(
      ["verify", "--engine", engine, "--python", Stairway.python().text])
  }

  @Test(arguments: ["sqlite", "postgresql"])
  func `models that agree are verified, and junit has a case for them`(engine: String) throws {
    let project = try project(Self.models)
    let answer = try verify(project, on: engine)
    #expect(answer.status == 0, "\(answer.output)")
    let junit = try Files.text(of: project.path / "reports/junit.xml")
    #expect(junit.contains("stairway.\(engine).models"))
    #expect(!junit.contains("no models are handed over"))
  }

  @Test(arguments: ["sqlite", "postgresql"])
  func `a default that only the models have is a drift, unless it is declared`(
    engine: String
  ) throws {
    let drifted = Self.models.replacing("\"7\"", with: "\"8\"")
    let answer = try verify(try project(drifted), on: engine)
    #expect(answer.status == 1)
    #expect(answer.output.contains("error[model-drift]: the models and the migrations differ"))
    #expect(answer.output.contains("models.py:8"), "\(answer.output)")
    #expect(answer.output.contains("env.py does not set compare_server_default"))
    let declared =
      drifted + "\n# stairway: allow model-drift two.kept because of the next release\n"
    let quiet = try verify(try project(declared), on: engine)
    #expect(quiet.status == 0, "\(quiet.output)")
  }

  @Test
  func `models that make a function themselves are compared, and a new table's key feeds itself`()
    throws
  {
    let models =
      Self.models.replacing("\"7\"", with: "\"8\"") + """

        three = sa.Table("three", metadata, sa.Column("id", sa.Integer, primary_key=True))
        sa.event.listen(
            metadata, "before_create",
            sa.DDL("CREATE FUNCTION seven() RETURNS int LANGUAGE sql AS 'SELECT 7'"))
        """
    let project = try project(models)
    try project.addRevision(
      "4d", after: "3c",
      up: "op.execute(\"CREATE FUNCTION seven() RETURNS int LANGUAGE sql AS 'SELECT 7'\")",
      down: "op.execute('DROP FUNCTION seven()')")
    let answer = try verify(project, on: "postgresql")
    #expect(answer.status == 1, "\(answer.output)")
    #expect(answer.output.contains("models.py:8"), "\(answer.output)")
    #expect(
      answer.output.contains("sa.Column(\"id\", sa.Integer(), nullable=False)"), "\(answer.output)")
    #expect(!answer.says("create_all() raises"))
  }

  @Test func `a module of models that nobody imports is found`() throws {
    let project = try project(Self.models)
    try project.folder.write(
      """
      import sqlalchemy as sa
      from models import metadata
      three = sa.Table("three", metadata, sa.Column("id", sa.Integer, primary_key=True))
      """, to: "more.py")
    let answer = try verify(project, on: "sqlite")
    #expect(answer.status == 1)
    #expect(
      answer.output.contains(
        "error[unregistered-model]: table three is not registered, for nobody imports module more, so "
          + "that autogenerate never makes table three"), "\(answer.output)")
    #expect(answer.output.contains("more.py:3"))
  }

  @Test func `a module of models that imports its base by dots is found too`() throws {
    let project = try SampleProject()
    let base = """
      import sqlalchemy as sa
      from sqlalchemy.orm import declarative_base
      Base = declarative_base()
      """
    try project.folder.write(base, to: "web/base.py")
    try project.folder.write("from .base import Base\n", to: "web/__init__.py")
    // Nothing in its text but the base says that it is a model.
    try project.folder.write(
      """
      import sqlalchemy as sa
      from ..base import Base
      class Draft(Base):
          __tablename__ = "dra" + "ft"
          id = sa.Column(sa.Integer, primary_key=True)
      """, to: "web/models/notes.py")
    try project.folder.write("", to: "web/models/__init__.py")
    try project.folder.write(
      SampleProject.environment.replacing(
        "config = context.config", with: "from web import Base\nconfig = context.config"
      ).replacing(
        "connection=connection)", with: "connection=connection, target_metadata=Base.metadata)"),
      to: "migrations/env.py")
    let answer = try verify(project, on: "sqlite")
    #expect(answer.output.contains("model Draft is not registered"), "\(answer.output)")
  }

  @Test func `a table that SQLite cannot hold is said, and the others are compared`() throws {
    let models =
      Self.models.replacing("\"7\"", with: "\"8\"") + """

        from sqlalchemy.dialects.postgresql import TSVECTOR
        texts = sa.Table("texts", metadata, sa.Column("words", TSVECTOR))
        broken = sa.Table("broken", metadata, sa.Column("id", sa.ForeignKey("nowhere.id")))
        """
    let answer = try verify(try project(models), on: "sqlite")
    #expect(answer.status == 1)
    #expect(
      answer.output.contains(
        "error[model-drift]: the models and the migrations differ in table two"),
      "\(answer.output)")
    #expect(
      answer.output.contains("not all models can be compared (without broken, texts)")
        || answer.output.contains("not all models can be compared (without texts, broken)"),
      "\(answer.output)")
    #expect(answer.output.contains("autogenerate raises, and `alembic check` with it"))
  }

  @Test func `where only autogenerate differs it is a remark`() throws {
    let project = try project(Self.models)
    let environment = try Files.text(of: project.path / "migrations/env.py")
    try project.folder.write(
      environment.replacing(
        "target_metadata=metadata)",
        with: "target_metadata=metadata, compare_server_default=lambda *a: True)"),
      to: "migrations/env.py")
    let answer = try verify(project, on: "sqlite")
    #expect(answer.status == 0, "\(answer.output)")
    #expect(
      answer.output.contains("autogenerate proposes op.alter_column('two', 'kept'"),
      "\(answer.output)")
  }

  @Test func `without models it is said that there are none`() throws {
    let answer = try verify(try SampleProject(), on: "sqlite")
    #expect(answer.status == 0)
    #expect(answer.output.contains("has no target_metadata"), "\(answer.output)")
  }
}
