import Databases
import History
import Platform
import Projects
import Testing
import Walks

/// An application with one database or several, of which one is the migrated one.
struct ApplicationDatabaseCase: Sendable, CustomTestStringConvertible {
  let name: String
  /// What the application's module does.
  let code: String
  /// The tables that are in the scratch database afterwards.
  var made: [String]
  var environment = Sample.environment
  var variables: [String: String] = [:]
  var application = "web:app"
  var engines = Engine.allCases

  var testDescription: String { name }

  static func making(_ table: String, in url: String) -> String {
    """
    with create_engine(\(url)).begin() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS \(table) (id INTEGER)"))

    """
  }

  private static func making(_ table: String, inFile file: String) -> String {
    """
    connection = sqlite3.connect("\(file)")
    connection.execute("CREATE TABLE IF NOT EXISTS \(table) (id INTEGER)")
    connection.commit()

    """
  }

  private static let own = #"os.environ["DATABASE_URL"]"#
  private static let cache = making("cache", in: #""sqlite:///cache.db""#)
  private static let flask = """
    from flask import Flask
    from flask_sqlalchemy import SQLAlchemy

    db = SQLAlchemy()


    class Made(db.Model):
        id = db.Column(db.Integer, primary_key=True)


    class Cache(db.Model):
        __bind_key__ = "cache"
        id = db.Column(db.Integer, primary_key=True)


    def create_app():
        app = Flask(__name__)
        app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///flask.db"
        app.config["SQLALCHEMY_BINDS"] = {"cache": "sqlite:///cache.db"}
        db.init_app(app)
        with app.app_context():
            db.create_all(bind_key="cache")
            CALL
        return app

    """

  static let all: [ApplicationDatabaseCase] = [
    .init(
      name: "one, which the ini calls otherwise",
      code: making("made", in: #""sqlite:///real.db""#), made: ["made"]),
    .init(
      name: "one on a server, which the ini calls otherwise",
      code: making("made", in: #""postgresql://user@nowhere/real""#), made: ["made"]),
    .init(
      name: "a file beside one that is not opened", code: making("cache", inFile: "cache.db"),
      made: []),
    .init(
      name: "a file, then the variable's",
      code: making("cache", inFile: "cache.db") + making("made", in: own), made: ["made"]),
    .init(
      name: "the file that the ini names", code: making("made", inFile: "real.db"), made: ["made"],
      engines: [.sqlite]),
    .init(
      name: "another, then the variable's", code: cache + making("made", in: own), made: ["made"]),
    .init(
      name: "one of its own, then another",
      code: making("made", in: #""sqlite:///main.db""#) + cache, made: ["made"]),
    .init(
      name: "another, then the ini's",
      code: cache + making("made", in: #""sqlite:///real.db""#), made: ["made"]),
    .init(
      name: "another, then the one that env.py names",
      code: cache + making("made", in: #""sqlite:///main.db""#), made: ["made"],
      environment: Sample.environment(engine: #"create_engine("sqlite:///main.db")"#)),
    .init(
      name: "another in memory",
      code: making("cache", in: #""sqlite://""#) + making("made", in: own),
      made: ["made"]),
    .init(
      name: "a replica of the variable's",
      code: making("cache", in: #"os.environ["REPLICA"]"#) + making("made", in: own),
      made: ["cache", "made"],
      variables: [
        "DATABASE_URL": "postgresql://user@main/shop", "REPLICA": "postgresql://user@other/shop",
      ]),
    .init(
      name: "another that a variable names",
      code: making("cache", in: #"os.environ["CACHE"]"#) + making("made", in: own), made: ["made"],
      variables: ["DATABASE_URL": "sqlite:///main.db", "CACHE": "sqlite:///cache.db"]),
    .init(
      name: "Flask's binds", code: flask.replacing("CALL", with: "db.create_all(bind_key=None)"),
      made: ["made"], application: "web:create_app"),
    .init(
      name: "Flask's binds alone", code: flask.replacing("CALL", with: "pass"), made: [],
      application: "web:create_app"),
  ]
}

@Suite struct ApplicationDatabaseTests {
  @Test(arguments: ApplicationDatabaseCase.all, Engine.allCases)
  func `only the migrated database of an application is the scratch database`(
    _ one: ApplicationDatabaseCase, _ engine: Engine
  ) throws {
    guard one.engines.contains(engine) else { return }
    let head = "import os, sqlite3\nfrom sqlalchemy import create_engine, text\n\napp = None\n"
    let project = try TemporaryProject(
      ini: Sample.ini(url: "sqlite:///real.db"),
      environment: one.environment, .table("a1"), files: ["web.py": head + one.code], on: engine)
    let session = try project.session(
      { $0.application = one.application }, variables: one.variables)
    let started = try #require(session.startApplication())
    #expect(started.answer.isSuccess, "\(started.answer)")
    #expect(try project.database.tables() == one.made.sorted())
    #expect(!Files.exists(project.folder / "cache.db"))
  }

  @Test(arguments: Engine.allCases)
  func `what an application does to another database is not told as done to the migrated one`(
    _ engine: Engine
  ) throws {
    let code = ApplicationDatabaseCase.all.first { $0.name == "another, then the variable's" }
    let project = try TemporaryProject(
      .table("a1"),
      files: [
        "web.py": "import os\nfrom sqlalchemy import create_engine, text\n\napp = None\n"
          + (code?.code ?? "")
      ], on: engine)
    let session = try project.session { $0.application = "web:app" }
    let started = try #require(session.startApplication())
    let written = started.answer.statements.map(\.sql).filter { $0.hasPrefix("CREATE") }
    #expect(written == ["CREATE TABLE IF NOT EXISTS made (id INTEGER)"])
  }
}
