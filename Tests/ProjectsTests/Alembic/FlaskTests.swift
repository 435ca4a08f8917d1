import Databases
import History
import Platform
import Projects
import Testing
import Walks

/// A way in which Flask projects are laid out.
struct FlaskCase: Sendable, CustomTestStringConvertible {
  let name: String
  let files: [String: String]
  var folder = "migrations"
  var app: String? = nil

  var testDescription: String { name }

  static func factory(
    uri: String = "'sqlite:///app.db'", directory: String = "migrations", _ more: String = "pass"
  ) -> String {
    """
    import os
    from flask import Flask
    from flask_migrate import Migrate
    from flask_sqlalchemy import SQLAlchemy

    db = SQLAlchemy()
    migrate = Migrate(directory='\(directory)')


    class User(db.Model):
        id = db.Column(db.Integer, primary_key=True)


    def create_app(name=None):
        app = Flask(__name__)
        app.config['SQLALCHEMY_DATABASE_URI'] = \(uri)
        db.init_app(app)
        migrate.init_app(app, db)
        with app.app_context():
            \(more)
        return app

    """
  }

  static let all: [FlaskCase] = [
    FlaskCase(name: "factory in app.py", files: ["app.py": factory()]),
    FlaskCase(name: "factory in a package app", files: ["app/__init__.py": factory()]),
    FlaskCase(
      name: "module wsgi.py",
      files: [
        "shop/__init__.py": factory(),
        "wsgi.py": "from shop import create_app\napplication = create_app()\n",
      ]),
    FlaskCase(name: "package of another name", files: ["shop/__init__.py": factory()]),
    FlaskCase(
      name: ".flaskenv",
      files: ["shop/web.py": factory(), ".flaskenv": "FLASK_APP=shop.web:create_app\n"]),
    FlaskCase(
      name: "named in the settings", files: ["shop/web.py": factory()],
      app: "shop.web:create_app('testing')"),
    FlaskCase(
      name: "address from a variable",
      files: ["app.py": factory(uri: "os.environ['SQLALCHEMY_DATABASE_URI']")]),
    FlaskCase(
      name: "address written for PostgreSQL",
      files: ["app.py": factory(uri: "'postgresql://user:pass@localhost/app'")]),
    FlaskCase(
      name: "below backend/", files: ["backend/app.py": factory()], folder: "backend/migrations"),
    FlaskCase(
      name: "another directory", files: ["app.py": factory(directory: "history")],
      folder: "history"),
    FlaskCase(
      name: "a directory further below", files: ["app.py": factory(directory: "db/steps")],
      folder: "db/steps"),
  ]
}

@Suite struct FlaskTests {
  private func project(
    _ one: FlaskCase, on engine: Engine = .sqlite, revision: Sample = .table("a1")
  ) throws -> TemporaryProject {
    var files = one.files
    let template = try FlaskTemplate()
    files["\(one.folder)/env.py"] = template.environment
    files["\(one.folder)/alembic.ini"] = template.ini
    files["\(one.folder)/versions/\(revision.id)_sample.py"] = revision.text
    return try TemporaryProject(files, on: engine)
  }

  @Test(arguments: FlaskCase.all, Engine.allCases)
  func `a project with Flask-Migrate's stock env.py runs unmodified`(
    _ one: FlaskCase, _ engine: Engine
  ) throws {
    let project = try project(one, on: engine)
    let session = try project.session { $0.app = one.app }
    #expect(session.environment["loaded"] == "once")
    #expect(session.environment["flask-migrate"] != nil)
    #expect(session.step("a1", .up).outcome == .succeeded)
    #expect(session.step("a1", .down).outcome == .succeeded)
    #expect(session.step("a1", .up).outcome == .succeeded)
    #expect(try project.database.tables() == ["t_a1"])
    #expect(session.notes == [])
  }

  @Test(
    arguments: [
      "db.create_all()", "import flask_migrate; flask_migrate.upgrade()",
      "import flask_migrate; db.create_all(); flask_migrate.stamp()",
    ], Engine.allCases)
  func `what an application does to its database while it is built does not reach the scratch one`(
    _ line: String, _ engine: Engine
  ) throws {
    let one = FlaskCase(name: "", files: ["app.py": FlaskCase.factory(line)])
    let project = try project(one, on: engine)
    let session = try project.session()
    #expect(try project.database.tables() == [])
    #expect(session.notes.count == 1)
    #expect(session.notes.first?.contains("while it is loaded") == true)
    #expect(session.step("a1", .up).outcome == .succeeded)
    #expect(try project.database.tables() == ["t_a1"])
  }

  @Test func `a variable that the application misses is named`() throws {
    let one = FlaskCase(
      name: "", files: ["app.py": FlaskCase.factory(uri: "os.environ['SHOP_SETTINGS']")])
    let project = try project(one)
    let error = #expect(throws: ProjectError.self) { try project.session() }
    #expect(error?.code == .applicationFails)
    #expect(error?.message.contains("SHOP_SETTINGS") == true)
    #expect(error?.place == "app.py:16")
    #expect(error?.fix?.contains("alembic: {environment: {SHOP_SETTINGS: …}}") == true)
    let given = try project.session { $0.environment = ["SHOP_SETTINGS": "sqlite:///x.db"] }
    #expect(given.step("a1", .up).isSuccess)
  }

  @Test func `an application below src is told with the settings that find it`() throws {
    let project = try project(
      FlaskCase(name: "", files: ["src/shop/__init__.py": FlaskCase.factory()]))
    let error = #expect(throws: ProjectError.self) { try project.session() }
    #expect(
      error?.message.contains("but shop in its folder src") == true, "\(error?.message ?? "")")
    #expect(error?.fix?.contains("alembic: {app: shop, environment: {PYTHONPATH: src}}") == true)
    let told = try project.session {
      $0.app = "shop"
      $0.environment = ["PYTHONPATH": "src"]
    }
    #expect(told.step("a1", .up).isSuccess)
  }

  @Test(arguments: [
    ("import nothing_like_this\n", "imports nothing_like_this, which is not installed", "app.py:1"),
    ("import sys\nsys.exit(3)\n", "ended the process (exit status 3)", "app.py:2"),
    ("1 / 0\n", "raised ZeroDivisionError: division by zero", "app.py:1"),
  ])
  func `an application that cannot be loaded is a project's error with its place`(
    _ text: String, _ message: String, _ place: String
  ) throws {
    let project = try project(FlaskCase(name: "", files: ["app.py": text]))
    let error = #expect(throws: ProjectError.self) { try project.session() }
    #expect(error?.code == .applicationFails)
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    #expect(error?.place == place)
  }

  @Test func `create_all makes the starting point, with what the factory makes itself`() throws {
    let line =
      "from sqlalchemy import text; db.session.execute(text('CREATE TABLE queue (id int)')); "
      + "db.session.commit()"
    let revision = Sample(
      "a1",
      up: "op.add_column('user', sa.Column('name', sa.String))\nop.execute('SELECT * FROM queue')",
      down: "op.drop_column('user', 'name')")
    let project = try project(
      FlaskCase(name: "", files: ["app.py": FlaskCase.factory(line)]), revision: revision)
    let session = try project.session { $0.start = .createAll }
    #expect(session.prepareOrigin()?.outcome == .succeeded)
    #expect(try project.database.tables() == ["queue", "user"])
    #expect(session.step("a1", .up).outcome == .succeeded)
  }
}

/// The files that `flask db init` writes, from the installed Flask-Migrate.
struct FlaskTemplate {
  let environment: String
  let ini: String

  init() throws {
    let script = """
      import flask_migrate, os
      folder = os.path.join(os.path.dirname(flask_migrate.__file__), 'templates', 'flask')
      print(folder)
      """
    let run = try ChildProcess.run(
      Launch(try TestPython.path().text, ["-c", script], environment: TestPython.environment))
    let folder = Path(String(run.output.prefix { !$0.isNewline }))
    environment = try Files.text(of: folder / "env.py")
    ini = try Files.text(of: folder / "alembic.ini.mako")
  }
}
