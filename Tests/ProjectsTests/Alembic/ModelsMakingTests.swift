import Databases
import History
import Platform
import Projects
import Rows
import Schemas
import Testing
import Walks

/// The models' tables, made in an empty database.
@Suite struct ModelsMakingTests {
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
