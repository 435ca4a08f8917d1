import Databases
import History
import Platform
import Projects
import Rows
import Schemas
import Testing
import Walks

/// What a project's models say.
@Suite struct ModelsTests {
  @Test func `models are told with the file and line of their classes, tables and columns`() throws
  {
    let project = try modelsProject(users)
    let session = try project.session()
    let read = try #require(session.readModels()?.description)
    #expect(read.place == SourcePlace(file: "migrations/env.py", line: 6))
    let user = try #require(read.tables.first { $0.name == "users" })
    #expect(user.model == "User" && user.module == "app.models")
    #expect(user.file == "app/models.py" && user.line == 9)
    #expect(user.columns.map(\.line) == [12, 13])
    let tags = try #require(read.tables.first { $0.name == "tags" })
    #expect(tags.model == nil && tags.file == "app/models.py" && tags.line == 16)
    #expect(tags.columns.map(\.line) == [18, 19])
    #expect(read.creatable.map(\.name) == ["tags", "users"])
  }

  @Test func `what env py leaves out is told, and not made unless another one refers to it`() throws
  {
    let models =
      users + """

        class Log(Base):
            __tablename__ = "log"
            id: Mapped[int] = mapped_column(primary_key=True)


        class Kept(Base):
            __tablename__ = "kept"
            id: Mapped[int] = mapped_column(primary_key=True)


        class Line(Base):
            __tablename__ = "lines"
            id: Mapped[int] = mapped_column(primary_key=True)
            kept_id: Mapped[int] = mapped_column(sa.ForeignKey("kept.id"))

        """
    let options = """
      , include_object=lambda thing, name, kind, reflected, other: not (kind == "table" and name in ("log", "kept")) and name != "ix_gone", include_name=lambda name, kind, parents: name != "foreign"
      """
    let revision = Sample(
      "a1",
      up: """
        op.create_table("foreign", sa.Column("id", sa.Integer, primary_key=True))
        op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(50)))
        op.create_index("ix_gone", "users", ["name"])
        """)
    let project = try modelsProject(models, revision: revision, options: options)
    let session = try project.session()
    #expect(session.step("a1", .up).isSuccess)
    let read = try #require(session.readModels()?.description)
    #expect(
      Set(read.leftOut.map { "\($0.type) \($0.name)" }) == [
        "table log", "table kept", "table foreign", "index ix_gone",
      ])
    #expect(read.creatable.map(\.name) == ["kept", "lines", "tags", "users"])
  }

  @Test func `a proposed key is told with its table's schema`() throws {
    let models =
      users + """

        sa.Table(
            "bills", Base.metadata, sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("user_id", sa.ForeignKey("users.id", name="fk_bill")), schema="log")

        """
    let revision = Sample(
      "a1",
      up: """
        op.execute("CREATE SCHEMA log"); op.create_table("users", sa.Column("id", sa.Integer, primary_key=True)); op.create_table("bills", sa.Column("id", sa.Integer, primary_key=True), sa.Column("user_id", sa.Integer), schema="log")
        """)
    let project = try modelsProject(
      models, revision: revision, options: ", include_schemas=True", on: .postgresql)
    let session = try project.session()
    #expect(session.step("a1", .up).isSuccess)
    let read = try #require(session.readModels()?.description)
    let key = try #require(read.operations.first { $0.kind == "create_foreign_key" })
    #expect(key.table == "bills" && key.schema == "log" && key.name == "fk_bill")
  }

  @Test func `an operation that a package adds is told with the object's name`() throws {
    let environment = Sample.environment.replacing(
      "target_metadata = None",
      with: """
        from app.models import Base
        from alembic.autogenerate import comparators
        from alembic.operations.ops import MigrateOperation
        target_metadata = Base.metadata

        class SyncEnumValuesOp(MigrateOperation):
            schema, name = "public", "mood"
            def reverse(self):
                return self

        @comparators.dispatch_for("schema")
        def compare(context, operations, schemas):
            operations.ops.append(SyncEnumValuesOp())

        """)
    let project = try modelsProject(users, environment: environment)
    let read = try #require(try project.session().readModels()?.description)
    let told = try #require(read.operations.first { $0.kind == "sync_enum_values" })
    #expect(told.table == nil && told.name == "mood" && told.schema == "public")
    #expect(!told.isPortable)
  }

  @Test func `a project without target_metadata has none to read`() throws {
    let project = try TemporaryProject(Sample.table("a1"))
    let session = try project.session()
    #expect(
      session.readModels() == ModelsReading.none(SourcePlace(file: "migrations/env.py", line: 5)))
    #expect(session.findUnregisteredModels() == nil)
  }

  @Test(arguments: [
    (
      "Base",
      "hands over the class Base, which is no metadata; write `target_metadata = Base.metadata`"
    ),
    (
      "'app'",
      "hands over a str, which is no metadata; set target_metadata to that of the models, as "
        + "`target_metadata = Base.metadata`"
    ),
  ])
  func `what is handed over and no metadata is told with the line to write`(
    _ given: String, _ words: String
  ) throws {
    let environment = Sample.environment
      .replacing(
        "target_metadata = None", with: "from app.models import Base\ntarget_metadata = \(given)")
    let project = try modelsProject(users, environment: environment)
    let session = try project.session()
    #expect(
      session.readModels()
        == ModelsReading.none(SourcePlace(file: "migrations/env.py", line: 6), mistake: words))
    #expect(session.findUnregisteredModels() == nil)
  }

  @Test func `a class whose mapping is not made yet is no obstacle`() throws {
    let models =
      users + """

        from sqlalchemy.ext.declarative import AbstractConcreteBase


        class Report(AbstractConcreteBase, Base):
            pass

        """
    let project = try modelsProject(models)
    let read = try #require(try project.session().readModels()?.description)
    #expect(read.tables.map(\.model) == [nil, "User"])
  }

  @Test func `the connection's own schema is told`() throws {
    let environment = Sample.environment
      .replacing(
        "target_metadata = None",
        with: "from app.models import Base\ntarget_metadata = Base.metadata"
      )
      .replacing(
        "context.configure(connection",
        with: "connection.exec_driver_sql('CREATE SCHEMA IF NOT EXISTS tenant')\n        "
          + "connection.exec_driver_sql('SET search_path TO tenant')\n        connection.commit()\n        "
          + "context.configure(connection")
    let project = try modelsProject(users, environment: environment, on: .postgresql)
    #expect(try project.session().readModels()?.description?.defaultSchema == "tenant")
    let plain = try modelsProject(users, on: .postgresql)
    #expect(try plain.session().readModels()?.description?.defaultSchema == "public")
    let other = try modelsProject(users)
    let read = try #require(try other.session().readModels()?.description)
    #expect(read.defaultSchema == nil)
  }

  @Test func `a default that only the server knows is none that models say`() throws {
    let models =
      users + """

        stamps = sa.Table(
            "stamps", Base.metadata, sa.Column("at", sa.DateTime, server_default=sa.FetchedValue()),
            sa.Column("plain", sa.DateTime, server_default=sa.text("'2001-01-01'")))

        """
    let project = try modelsProject(models)
    let read = try #require(try project.session().readModels()?.description)
    #expect(
      read.serverFilled == [LeftOutObject(type: "column", name: "at", table: "stamps")])
  }
}
