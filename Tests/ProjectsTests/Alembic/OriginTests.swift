import Databases
import History
import Platform
import Projects
import Testing
import Walks

@Suite struct OriginTests {
  private let change = Sample(
    "a1", up: "op.add_column('users', sa.Column('name', sa.String))",
    down: "op.drop_column('users', 'name')")

  @Test(arguments: Engine.allCases)
  func `create_all makes the tables of env.py's metadata`(_ engine: Engine) throws {
    let environment = Sample.environment.replacing(
      "target_metadata = None",
      with: "import sqlalchemy as sa\ntarget_metadata = sa.MetaData()\n"
        + "sa.Table('users', target_metadata, sa.Column('id', sa.Integer, primary_key=True))")
    let project = try TemporaryProject(environment: environment, change, on: engine)
    let session = try project.session { $0.start = .createAll }
    let answer = session.prepareOrigin()
    #expect(answer?.outcome == .succeeded)
    #expect(answer?.statements.contains { $0.sql.hasPrefix("CREATE TABLE users") } == true)
    #expect(try project.database.tables() == ["users"])
    #expect(session.step("a1", .up).outcome == .succeeded)
  }

  @Test(arguments: Engine.allCases)
  func `a file of SQL makes the starting point`(_ engine: Engine) throws {
    let script = "\\restrict abc\nCREATE TABLE users (id integer);\nINSERT INTO users VALUES (1);\n"
    let project = try TemporaryProject(change, files: ["start.sql": script], on: engine)
    let session = try project.session { $0.start = .sqlFile("start.sql") }
    #expect(session.prepareOrigin()?.outcome == .succeeded)
    #expect(try project.database.tables() == ["users"])
    #expect(session.step("a1", .up).outcome == .succeeded)
  }

  @Test(arguments: Engine.allCases)
  func `a command makes the starting point through DATABASE_URL`(_ engine: Engine) throws {
    let script = """
      import os, sqlalchemy as sa
      engine = sa.create_engine(os.environ['DATABASE_URL'])
      with engine.begin() as connection:
          connection.execute(sa.text('CREATE TABLE users (id integer)'))
      print('made')

      """
    let project = try TemporaryProject(change, files: ["start.py": script], on: engine)
    let session = try project.session { $0.start = .command("python start.py") }
    let answer = session.prepareOrigin()
    #expect(answer?.outcome == .succeeded, "\(answer?.output ?? "")")
    #expect(answer?.output == "made\n")
    #expect(session.step("a1", .up).outcome == .succeeded)
  }

  @Test(arguments: [
    (
      AlembicSettings.Start.sqlFile("broken.sql"),
      "broken.sql:3: near \"NONSENSE\": syntax error (in: NONSENSE '…';)"
    ),
    (.sqlFile("copy.sql"), "COPY"), (.sqlFile("gone.sql"), "gone.sql"),
    (.command("exit 3"), "ended with status 3"), (.createAll, "target_metadata"),
  ]) func `a starting point that cannot be made says why`(
    _ start: AlembicSettings.Start, _ message: String
  ) throws {
    let project = try TemporaryProject(
      change,
      files: [
        "broken.sql": "\\restrict abc\nCREATE TABLE users (id integer);\nNONSENSE 'ann';\n",
        "copy.sql": "COPY users FROM stdin;\n1\n\\.\n",
      ])
    let answer = try project.session { $0.start = start }.prepareOrigin()
    let said = answer?.failure?.message ?? ""
    #expect(said.contains(message), "\(said)")
    #expect(said.split(separator: ".sql", omittingEmptySubsequences: false).count < 3, "\(said)")
  }

  @Test func `without one the history starts from nothing`() throws {
    let project = try TemporaryProject(.table("a1"))
    #expect(try project.session().prepareOrigin() == nil)
  }
}
