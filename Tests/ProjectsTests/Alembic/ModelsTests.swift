import Databases
import History
import Platform
import Projects
import Rows
import Schemas
import Testing
import Walks

/// An Alembic project whose env.py hands models over.
private func modelsProject(
  _ models: String, revision: Sample = Sample("a1"), environment: String? = nil,
  options: String = "", files: [String: String] = [:], on engine: Engine = .sqlite
) throws -> TemporaryProject {
  var all = files
  all["app/__init__.py"] = all["app/__init__.py"] ?? ""
  all["app/models.py"] = models
  let plain = Sample.environment
    .replacing(
      "target_metadata = None", with: "from app.models import Base\ntarget_metadata = Base.metadata"
    )
    .replacing(
      "target_metadata=target_metadata", with: "target_metadata=target_metadata\(options)")
  return try TemporaryProject(
    environment: environment ?? plain, revision, files: all, on: engine)
}

private let users = """
  import sqlalchemy as sa
  from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


  class Base(DeclarativeBase):
      pass


  class User(Base):
      __tablename__ = "users"

      id: Mapped[int] = mapped_column(primary_key=True)
      name: Mapped[str] = mapped_column(sa.String(50), server_default="x")


  tags = sa.Table(
      "tags", Base.metadata,
      sa.Column("id", sa.Integer, primary_key=True),
      sa.Column("label", sa.Text))

  """

extension ModelsReading {
  fileprivate var description: ModelsDescription? {
    if case .read(let description) = self { description } else { nil }
  }
}

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

  @Test(arguments: Engine.allCases)
  func `create_all makes them, and autogenerate's opinion is told`(_ engine: Engine) throws {
    let revision = Sample(
      "a1",
      up: """
        op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(20), nullable=False), sa.Column("old", sa.Integer))
        """)
    let project = try modelsProject(users, revision: revision, on: engine)
    let session = try project.session()
    #expect(session.step("a1", .up).isSuccess)
    let read = try #require(session.readModels()?.description)
    let told = read.operations.map { "\($0.kind) \($0.table ?? "") \($0.name ?? "")" }
    #expect(
      Set(told) == [
        "create_table tags ", "drop_column users old", "alter_column users name",
      ])
    let change = try #require(read.operations.first { $0.kind == "alter_column" })
    #expect(change.changes == ["type"])
    #expect(change.code.contains("type_=sa.String(length=50)"))
    #expect(read.comparesTypes && !read.comparesDefaults)
    let other = try TestDatabase(engine)
    session.move(to: other.address)
    #expect(session.createModels(read.creatable).isSuccess)
    #expect(try other.tables() == ["tags", "users"])
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

  @Test func `a type that the engine does not have is no obstacle to the other tables`() throws {
    let models = users.replacing(
      "server_default=\"x\")", with: "server_default=\"x\")\n    tags = mapped_column(TSVECTOR)"
    ).replacing(
      "import sqlalchemy as sa",
      with: "import sqlalchemy as sa\nfrom sqlalchemy.dialects.postgresql import TSVECTOR")
    let project = try modelsProject(models)
    let session = try project.session()
    let read = try #require(session.readModels()?.description)
    let failure = try #require(session.createModels(read.creatable).failure)
    #expect(failure.message.contains("(in table 'users', column 'tags')"))
    #expect(failure.message.contains("can't render element of type TSVECTOR"))
    let other = try TestDatabase(.sqlite)
    session.move(to: other.address)
    let (refused, answer) = session.createModelsOneByOne(read.creatable)
    #expect(answer.isSuccess && refused.map(\.name) == ["users"])
    #expect(try other.tables() == ["tags"])
  }

  @Test(arguments: Engine.allCases)
  func `a key to a table that is not there is no obstacle to the other tables`(
    _ engine: Engine
  ) throws {
    let models =
      users + """

        broken = sa.Table("broken", Base.metadata, sa.Column("id", sa.ForeignKey("nowhere.id")))
        early = sa.Table(
            "early", Base.metadata, sa.Column("id", sa.Integer, sa.ForeignKey("later.id")))
        later = sa.Table("later", Base.metadata, sa.Column("id", sa.Integer, primary_key=True))

        """
    let project = try modelsProject(models, on: engine)
    let session = try project.session()
    let read = try #require(session.readModels()?.description)
    #expect(read.comparisonFailure?.message.contains("nowhere") == true)
    #expect(session.createModels(read.creatable).failure?.message.contains("nowhere") == true)
    let other = try TestDatabase(engine)
    session.move(to: other.address)
    let (refused, answer) = session.createModelsOneByOne(read.creatable)
    #expect(answer.isSuccess && refused.map(\.name) == ["broken"])
    #expect(try other.tables() == ["early", "later", "tags", "users"])
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

  @Test(arguments: ["[Base.metadata, Other.metadata]", "[Other.metadata, Base.metadata]"])
  func `several metadata that refer to one another are made in either order, and so are cycles`(
    _ handed: String
  ) throws {
    let models =
      users + """

        class Other(DeclarativeBase):
            pass


        class Team(Other):
            __tablename__ = "teams"
            id: Mapped[int] = mapped_column(primary_key=True)
            owner_id: Mapped[int] = mapped_column(sa.ForeignKey(User.__table__.c.id))
            lead_id: Mapped[int] = mapped_column(
                sa.ForeignKey("members.id", use_alter=True, name="fk_lead"))


        class Member(Other):
            __tablename__ = "members"
            id: Mapped[int] = mapped_column(primary_key=True)
            team_id: Mapped[int] = mapped_column(sa.ForeignKey("teams.id"))


        tags.append_column(sa.Column("team_id", sa.ForeignKey(Team.__table__.c.id)))
        """
    let environment = Sample.environment.replacing(
      "target_metadata = None",
      with: "from app.models import Base, Other\ntarget_metadata = \(handed)")
    let whole = try modelsProject(models, environment: environment, on: .postgresql)
    let session = try whole.session()
    let read = try #require(session.readModels()?.description)
    for _ in 1...2 {
      let other = try TestDatabase(.postgresql)
      session.move(to: other.address)
      #expect(session.createModels(read.creatable).isSuccess)
      #expect(try other.tables() == ["members", "tags", "teams", "users"])
      #expect(try other.foreignKeys() == ["members", "tags", "teams", "teams"])
    }
    let bad =
      models + """

        bad = sa.Table("bad", Base.metadata, sa.Column("id", sa.Integer, server_default=sa.text("no()")))
        """
    let broken = try modelsProject(bad, environment: environment, on: .postgresql)
    let second = try broken.session()
    let described = try #require(second.readModels()?.description)
    let other = try TestDatabase(.postgresql)
    second.move(to: other.address)
    let (refused, answer) = second.createModelsOneByOne(described.creatable)
    #expect(answer.isSuccess && refused.map(\.name) == ["bad"])
    #expect(try other.foreignKeys() == ["members", "tags", "teams", "teams"])
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

  @Test func `create_all that raises is a failure of its own`() throws {
    let models =
      users + """

        @sa.event.listens_for(tags, "after_create")
        def fill(target, connection, **keywords):
            raise RuntimeError("no connection to the mail server")

        """
    let project = try modelsProject(models)
    let session = try project.session()
    let read = try #require(session.readModels()?.description)
    let failure = try #require(session.createModels(read.creatable).failure)
    #expect(failure.message == "no connection to the mail server")
    #expect(failure.frames.last?.file == "app/models.py")
  }
}

@Suite struct UnregisteredModelTests {
  private func found(_ project: TemporaryProject) throws -> UnregisteredRecord {
    let session = try project.session()
    guard case .read(let record)? = session.findUnregisteredModels() else {
      Issue.record("nothing was found out")
      return UnregisteredRecord()
    }
    return record
  }

  private static let extra = """
    from sqlalchemy.orm import Mapped, mapped_column
    from app.models import Base


    class Invoice(Base):
        __tablename__ = "invoices"
        id: Mapped[int] = mapped_column(primary_key=True)

    """

  @Test func `a module of models that nobody imports is named with the line to add`() throws {
    let project = try modelsProject(users, files: ["app/billing.py": Self.extra])
    let record = try found(project)
    #expect(
      record.models == [
        UnregisteredModel(
          name: "invoices", model: "Invoice", module: "app.billing", file: "app/billing.py",
          line: 5,
          importer: .init(file: "migrations/env.py", code: "import app.billing  # noqa: F401"))
      ])
    #expect(record.unread == [])
  }

  @Test func `a module that ends the process hides no other module's models`() throws {
    let project = try modelsProject(
      users,
      files: [
        "app/billing.py": Self.extra,
        "app/again.py": Self.extra.replacing("Invoice", with: "Again").replacing(
          "invoices", with: "again"),
        "app/ending.py": "import os\nfrom app.models import Base\n\n\nclass Ended(Base):\n"
          + "    __tablename__ = \"ended\"\n    os._exit(3)\n",
      ])
    let record = try found(project)
    #expect(record.models.map(\.name) == ["again", "invoices"])
    #expect(
      record.unread == [
        UnreadModule(
          module: "app.ending", file: "app/ending.py", line: 7,
          message: "app.ending is not imported: it ends the process that imports it")
      ])
  }

  @Test func `nothing is kept beside a module that only the search imports`() throws {
    let project = try modelsProject(users, files: ["app/billing.py": Self.extra])
    let session = try project.session(variables: ["PYTHONDONTWRITEBYTECODE": ""])
    guard case .read(let record)? = session.findUnregisteredModels() else {
      Issue.record("nothing was found out")
      return
    }
    #expect(record.models.map(\.name) == ["invoices"])
    let kept = try Files.names(in: project.folder / "app/__pycache__").map {
      $0.prefix { $0 != "." }
    }
    #expect(kept.contains("models") && !kept.contains("billing"))
  }

  @Test func `a class that adds columns to its parent's table is named with these`() throws {
    let file = """
      from sqlalchemy.orm import Mapped, mapped_column
      from app.models import User


      class Customer(User):
          credit: Mapped[int] = mapped_column(nullable=True)

      """
    let record = try found(try modelsProject(users, files: ["app/customers.py": file]))
    #expect(
      record.models == [
        UnregisteredModel(
          name: "users", model: "Customer", module: "app.customers", file: "app/customers.py",
          line: 5,
          importer: .init(file: "migrations/env.py", code: "import app.customers  # noqa: F401"),
          columns: ["credit"])
      ])
  }

  @Test func `a module whose class cannot be mapped does not hide the others`() throws {
    let twice = Self.extra.replacing("invoices", with: "users")
    let record = try found(
      try modelsProject(
        users, files: ["app/again.py": twice, "app/billing.py": Self.extra]))
    #expect(record.models.map(\.model) == ["Invoice"])
    #expect(record.unread.map(\.module) == ["app.again"])
  }

  @Test func `the package's init is named where it imports its modules`() throws {
    let files = [
      "app/__init__.py": "from . import models\n", "app/billing.py": Self.extra,
    ]
    let record = try found(try modelsProject(users, files: files))
    #expect(
      record.models.map(\.importer) == [
        .init(file: "app/__init__.py", code: "from . import billing  # noqa: F401")
      ])
  }

  @Test func `models on a metadata that is not handed over are named`() throws {
    let models =
      users + """

        class Other(DeclarativeBase):
            pass


        class Audit(Other):
            __tablename__ = "audit"
            id: Mapped[int] = mapped_column(primary_key=True)

        """
    let record = try found(try modelsProject(models))
    #expect(record.models.map(\.name) == ["audit"])
    #expect(record.models.first?.isImported == true)
    #expect(record.models.first?.isHandedOver == false)
  }

  @Test func `models of another environment of the project are registered there`() throws {
    let orders = """
      from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

      class Base(DeclarativeBase):
          pass

      class Order(Base):
          __tablename__ = "orders"
          id: Mapped[int] = mapped_column(primary_key=True)

      """
    let models = users + "\n\nimport app.orders\n"
    let alone = try modelsProject(models, files: ["app/orders.py": orders])
    #expect(try found(alone).models.map(\.name) == ["orders"])
    let project = try modelsProject(
      models,
      files: [
        "app/orders.py": orders, "orders/script.py.mako": "",
        "orders/env.py": "from app.orders import Base\ntarget_metadata = Base.metadata\n",
      ])
    #expect(try found(project).models == [])
  }

  @Test func `a table that env.py leaves out need not be registered`() throws {
    let project = try modelsProject(
      users, options: ", include_object=lambda one, name, *rest: name != 'invoices'",
      files: ["app/billing.py": Self.extra])
    #expect(try found(project).models == [])
  }

  @Test func `a module of models that cannot be read is named`() throws {
    let project = try modelsProject(
      users, files: ["app/billing.py": Self.extra + "\ndef broken(:\n"])
    let record = try found(project)
    #expect(record.unread.map(\.module) == ["app.billing"])
    #expect(record.unread.first?.line == 9)
  }

  @Test func `a module that cannot be imported is told with the variable that it needs`() throws {
    let broken = "import os\nKEY = os.environ[\"BILLING_KEY\"]\n" + Self.extra
    let record = try found(try modelsProject(users, files: ["app/billing.py": broken]))
    #expect(record.models == [])
    #expect(
      record.unread.map(\.message) == [
        "the module app.billing needs the environment variable BILLING_KEY, which is not set"
      ])
    #expect(record.unread.first?.line == 2)
  }

  @Test(arguments: [
    "tests/models.py", "test_models.py", "docs/models.py", "migrations/helper.py",
    "other/migrations/versions/models.py", "scripts/fill.py", "app/test_billing.py",
  ])
  func `tests, scripts, documents and migrations are not looked at`(_ file: String) throws {
    var files = [file: Self.extra]
    if file.hasPrefix("other/") { files["other/migrations/env.py"] = "" }
    let record = try found(try modelsProject(users, files: files))
    #expect(record == UnregisteredRecord())
  }

  @Test(arguments: [
    (
      "mixins, abstract bases and plain classes",
      """
      from app.models import Base
      class Abstract(Base):
          __abstract__ = True
      class Stamped:
          __tablename__ = "x"
      class Config(dict):
          pass
      """
    ),
    ("a module that env.py imports by another way", "from app.models import Base, User\n"),
  ])
  func `what defines no table is not found`(_ name: String, _ text: String) throws {
    let record = try found(try modelsProject(users, files: ["app/more.py": text]))
    #expect(record == UnregisteredRecord())
  }

  @Test(arguments: [
    (
      "a base of a module that nobody imports either",
      [
        "app/common.py": """
        from app.models import Base
        class Common(Base):
            __abstract__ = True
        """,
        "app/billing.py": """
        from sqlalchemy.orm import Mapped, declared_attr, mapped_column
        from .common import Common
        class Named(Common):
            __abstract__ = True
            @declared_attr.directive
            def __tablename__(cls):
                return cls.__name__.lower() + "s"
        class Invoice(Named):
            id: Mapped[int] = mapped_column(primary_key=True)
        """,
      ]
    ),
    (
      "a base that comes with all of a module",
      [
        "app/billing.py": """
        from app.models import *
        from sqlalchemy.orm import declared_attr
        class Invoice(Base):
            @declared_attr.directive
            def __tablename__(cls):
                return "invoices"
            id: Mapped[int] = mapped_column(primary_key=True)
        """
      ]
    ),
    (
      "a base that comes with all of a module which has it of another one",
      [
        "app/common.py": """
        from app.models import Base
        class Common(Base):
            __abstract__ = True
        """, "app/bases.py": "from .common import *\n",
        "app/billing.py": """
        from .bases import *
        from sqlalchemy.orm import Mapped, declared_attr, mapped_column
        class Invoice(Common):
            @declared_attr.directive
            def __tablename__(cls):
                return "invoices"
            id: Mapped[int] = mapped_column(primary_key=True)
        """,
      ]
    ),
    (
      "a registry's decorator",
      [
        "app/billing.py": """
        import sqlalchemy as sa
        from sqlalchemy.orm import registry
        from app.models import Base
        entries = registry(metadata=Base.metadata)
        @entries.mapped
        class Invoice:
            __tablename__ = "invoices"
            id = sa.Column(sa.Integer, primary_key=True)
        """
      ]
    ),
  ])
  func `a model that nobody imports is found by its base or its decorator`(
    _ name: String, _ files: [String: String]
  ) throws {
    let record = try found(try modelsProject(users, files: files))
    #expect(record.models.map(\.name) == ["invoices"])
    #expect(record.models.first?.module == "app.billing")
  }

  @Test func `a program is not run`() throws {
    let program = Self.extra + "\nopen('/tmp/stairway-ran', 'w')\nBase.metadata.create_all(None)\n"
    let record = try found(try modelsProject(users, files: ["app/setup_db.py": program]))
    #expect(record.models == [])
    #expect(record.unread.map(\.module) == ["app.setup_db"])
  }

  @Test func `a Flask application's models are found by their base`() throws {
    let template = try FlaskTemplate()
    let extra = """
      from app import db
      class Invoice(db.Model):
          id = db.Column(db.Integer, primary_key=True)
      """
    let project = try TemporaryProject([
      "app/__init__.py": FlaskCase.factory(), "app/billing.py": extra,
      "migrations/env.py": template.environment, "migrations/alembic.ini": template.ini,
      "migrations/versions/a1_sample.py": Sample.table("a1").text,
    ])
    let record = try found(project)
    #expect(record.models.map(\.name) == ["invoice"])
    #expect(record.models.first?.file == "app/billing.py")
    #expect(record.models.first?.line == 2)
  }
}
