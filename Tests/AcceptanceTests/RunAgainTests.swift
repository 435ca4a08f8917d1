import Platform
import Testing

/// The command line that the page shows, typed as it stands there.
@Suite struct RunAgainTests {
  @Test func `the command of the page makes the same run, whoever named the application`() throws {
    let project = try SampleProject()
    try Files.remove(project.path / "alembic.ini")
    try project.folder.write("[alembic]\n", to: "migrations/alembic.ini")
    try project.folder.write(Self.environment, to: "migrations/env.py")
    try project.folder.write(Self.application, to: "shop/web.py")
    try project.folder.write("", to: "shop/__init__.py")
    try project.addRevision(
      "3c", after: "2b", up: "op.execute('CREATE TABLE three (id INTEGER)')", down: "pass")
    let arguments = ["verify", "-q", "--engine", "sqlite", "--python", try Stairway.python().text]
    let first = try project.stairway(["FLASK_APP": "shop.web:create_app('a b')"]).run(arguments)
    #expect(first.status == 1, "\(first.output)\(first.errors)")
    #expect(first.output.contains("error[downgrade-leaves-trace]"), "\(first.output)")
    let page = try Files.text(of: project.path / "reports/report.html")
    let command = try #require(Self.command(in: page))
    // Without the variable, the application is not found.
    #expect(try project.stairway().run(arguments).status == 3)
    let again = try project.stairway([
      "PATH": "\(Stairway.binary.parent):/usr/bin:/bin"
    ]).start(["/bin/sh", "-c", command], isWhole: true).finish()
    #expect(again.status == 1, "\(command): \(again.output)\(again.errors)")
    #expect(Self.findings(of: again) == Self.findings(of: first))
  }

  /// What is shown under "This run again", as it is typed.
  private static func command(in page: String) -> String? {
    guard let label = page.firstRange(of: "This run again</span>"),
      let start = page[label.upperBound...].firstRange(of: "<code class=\"command\">"),
      let end = page[start.upperBound...].firstRange(of: "</code>")
    else { return nil }
    return String(page[start.upperBound..<end.lowerBound]).replacing("&#39;", with: "'")
      .replacing("&quot;", with: "\"").replacing("&lt;", with: "<").replacing("&gt;", with: ">")
      .replacing("&amp;", with: "&")
  }

  /// What was written but for the last line, which says how long it took.
  private static func findings(of answer: Stairway.Answer) -> [Substring] {
    answer.output.split(separator: "\n").dropLast()
  }

  private static let application = """
    from flask import Flask
    from flask_migrate import Migrate
    from flask_sqlalchemy import SQLAlchemy

    db = SQLAlchemy()


    def create_app(name):
        app = Flask(__name__)
        app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///dev.db"
        db.init_app(app)
        Migrate(app, db)
        return app

    """

  private static let environment = """
    from alembic import context
    from flask import current_app

    with current_app.extensions["migrate"].db.engine.connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()

    """
}
