import Databases
import History
import Platform
import Projects
import Rows
import Schemas
import Testing
import Walks

/// Models that nobody imports.
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
