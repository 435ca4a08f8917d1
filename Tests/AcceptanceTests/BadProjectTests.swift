import Platform
import Testing

/// Projects that cannot be verified: each is told with its cause, its place and what to do next.
@Suite struct BadProjectTests {
  private func verify(
    _ project: SampleProject, python: String? = nil, _ arguments: [String] = [],
    environment: [String: String?] = [:]
  ) throws -> Stairway.Answer {
    try project.stairway(environment).run(
      ["verify", "--engine", "sqlite", "--python", python ?? Stairway.python().text] + arguments)
  }

  private func expect(
    _ answer: Stairway.Answer, status: Int32 = 3, says words: String...,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let all = answer.output + answer.errors
    #expect(answer.status == status, "\(all)", sourceLocation: sourceLocation)
    for word in words {
      #expect(all.contains(word), "\(word) is missing in: \(all)", sourceLocation: sourceLocation)
    }
    #expect(answer.leftovers.isEmpty, sourceLocation: sourceLocation)
    #expect(!all.contains("Fatal error"), sourceLocation: sourceLocation)
  }

  @Test func `a folder without migrations`() throws {
    let folder = try TestFolder()
    let answer = try Stairway(folder: folder.path).run(
      "verify", "--python", Stairway.python().text)
    expect(answer, says: "error[no-migrations]", folder.path.text, "fix:")
  }

  @Test func `a history without revisions`() throws {
    let project = try SampleProject()
    try Files.removeTree(project.path / "migrations/versions")
    try Files.makeFolder(project.path / "migrations/versions")
    expect(try verify(project), status: 5, says: "there is no revision")
  }

  @Test func `a broken alembic.ini`() throws {
    let project = try SampleProject()
    try project.folder.write("[alembic\nscript_location = x\n", to: "alembic.ini")
    expect(try verify(project), says: "error[broken-configuration]", "alembic.ini", "fix:")
  }

  @Test func `an alembic.ini that names no folder of migrations`() throws {
    let project = try SampleProject()
    try project.folder.write("[alembic]\nscript_location = nowhere\n", to: "alembic.ini")
    expect(try verify(project), says: "nowhere", "fix:")
  }

  @Test func `a URL in alembic.ini with a single percent sign, without a part of its password`()
    throws
  {
    let project = try SampleProject()
    try project.folder.write(
      """
      [alembic]
      script_location = %(here)s/migrations
      sqlalchemy.url = postgresql://app:pa%40geheim@db.invalid/app
      """, to: "alembic.ini")
    let answer = try verify(project)
    expect(
      answer,
      says: "unknown[broken-configuration]", "the value of `sqlalchemy.url` holds a single `%`",
      "--> alembic.ini:3", "write `%%` for each `%`")
    #expect(!answer.says("geheim"))
    // An env.py that sets the URL itself never reads it, here and with plain Alembic.
    try project.folder.write(
      SampleProject.environment.replacing(
        "config = context.config",
        with: "config = context.config\n"
          + "config.set_main_option('sqlalchemy.url', 'sqlite:///app.db')"),
      to: "migrations/env.py")
    let own = try verify(project)
    expect(own, status: 0, says: "verified")
    #expect(!own.says("geheim"))
  }

  @Test func `an alembic.ini whose location of the scripts names an unknown option`() throws {
    let project = try SampleProject()
    try project.folder.write(
      "[alembic]\nscript_location = %(nope)s/migrations\n", to: "alembic.ini")
    expect(
      try verify(project),
      says: "error[broken-configuration]: alembic.ini:2: the value of `script_location` names "
        + "`%(nope)s`, which is no option of [alembic]", "fix:")
  }

  @Test(arguments: [
    ("nope", "`configure: nope`: there is no module nope", "write `configure: package.module:"),
    ("shop.nope:make", "there is no module shop.nope", "write `configure: package.module:"),
    ("shop:number", "has to give an alembic.config.Config; it gave an int", "correct it there"),
  ])
  func `a configuration from code that is not there, or is none`(
    configure: String, words: String, fix: String
  ) throws {
    let project = try SampleProject()
    try project.folder.write("number = 7\n", to: "shop/__init__.py")
    try project.folder.write(
      "alembic: {configure: \"\(configure)\"}\n", to: "stairway.yml")
    let answer = try verify(project)
    expect(answer, says: "error[broken-configuration]", words, fix)
    #expect(!answer.says("pip install"))
  }

  @Test func `the project's own passwords stand in no report, however a migration tells them`()
    throws
  {
    let project = try SampleProject()
    try project.folder.write(
      """
      [alembic]
      script_location = %(here)s/migrations
      sqlalchemy.url = postgresql://app:topsecret9@db.invalid/app
      """, to: "alembic.ini")
    try project.addRevision(
      "3c", after: "2b",
      up: "print('--password topsecret9 and envsecret9')\n"
        + "    op.execute(\"CREATE TABLE three AS SELECT 'topsecret9' AS word\")\n"
        + "    raise RuntimeError(str(('app', 'topsecret9')) + ' envsecret9 PWD=' + 'unknown' + '9')",
      down: "pass")
    let answer = try verify(
      project, environment: ["APP_DB": "postgresql://app:envsecret9@db.invalid/app"])
    expect(answer, status: 1, says: "('app', '***') *** PWD=***")
    for file in ["report.json", "junit.xml", "summary.md", "report.sarif", "report.html"] {
      let report = try Files.text(of: project.path / "reports/\(file)")
      for password in ["envsecret9", "unknown9", "topsecret9"] {
        #expect(!report.contains(password), "\(password) in \(file)")
      }
    }
    #expect(try Files.text(of: project.path / "reports/report.html").contains("the file’s lines"))
    #expect(!answer.says("secret9"))
  }

  @Test func `an asynchronous project without greenlet`() throws {
    let project = try SampleProject()
    try project.folder.write(
      "import sys\nsys.modules['greenlet'] = None\nimport sqlalchemy.ext.asyncio\n",
      to: "migrations/env.py")
    expect(
      try verify(project), says: "unknown[environment-fails]", "env.py needs greenlet",
      "-m pip install greenlet")
  }

  @Test func `what stands in the way of a drop is named`() throws {
    let project = try SampleProject()
    try project.addRevision(
      "3c", after: "2b", up: "op.execute('CREATE VIEW seen AS SELECT id FROM one')",
      down: "op.execute('DROP VIEW seen')")
    try project.addRevision("4d", after: "3c", up: "op.execute('DROP TABLE one')", down: "pass")
    for redaction in [[], ["--redact"]] {
      let answer = try project.stairway().run(
        ["verify", "--engine", "postgresql", "--python", Stairway.python().text] + redaction)
      expect(
        answer, status: 1,
        says: "other objects depend on it: view seen depends on table one")
    }
  }

  @Test func `an env.py that raises`() throws {
    let project = try SampleProject()
    try project.folder.write("\nraise RuntimeError('no stairs here')\n", to: "migrations/env.py")
    expect(
      try verify(project), says: "environment-fails", "migrations/env.py:2", "no stairs here",
      "fix:")
  }

  @Test func `an env.py that is not there`() throws {
    let project = try SampleProject()
    try Files.removeTree(project.path / "migrations/env.py")
    expect(
      try verify(project), says: "broken-configuration", "there is no migrations/env.py",
      "fix: bring it back")
  }

  @Test func `an env.py with PostgreSQL's own SQL says how to leave SQLite out`() throws {
    let project = try SampleProject()
    try project.folder.write(
      SampleProject.environment.replacing(
        "context.configure(connection",
        with: "connection.exec_driver_sql('CREATE SCHEMA IF NOT EXISTS log')\n        "
          + "context.configure(connection"), to: "migrations/env.py")
    expect(
      try verify(project), says: "unknown[environment-fails]", "near \"SCHEMA\": syntax error",
      "write `engines: [postgresql]` into stairway.yml")
  }

  @Test func `a revision with a syntax error`() throws {
    let project = try SampleProject()
    try project.folder.write(
      "revision = '3c'\ndown_revision = '2b'\ndef upgrade(:\n", to: "migrations/versions/3c.py")
    let answer = try verify(project)
    expect(
      answer, says: "error[unreadable-revision]: migrations/versions/3c.py:3: syntax error:", "fix:"
    )
    // Seen from elsewhere, the place is one that an editor can open.
    let outside = try Stairway(folder: project.path.parent).run(
      "verify", project.path.name, "--python", Stairway.python().text, "--report-dir",
      (project.path / "reports").text)
    expect(outside, says: "\(project.path.name)/migrations/versions/3c.py:3: syntax error:")
  }

  @Test func `a revision with both sides of a merge in it`() throws {
    let project = try SampleProject()
    try project.folder.write(
      "revision = '3c'\n<<<<<<< HEAD\ndown_revision = '2b'\n=======\ndown_revision = '1a'\n"
        + ">>>>>>> mine\n", to: "migrations/versions/3c.py")
    expect(
      try verify(project),
      says:
        "error[unreadable-revision]: migrations/versions/3c.py:2: the file holds an unresolved merge",
      "fix: settle it")
  }

  @Test func `a missing parent`() throws {
    let project = try SampleProject()
    try project.addRevision("3c", after: "9z", up: "pass", down: "pass")
    let answer = try verify(project)
    expect(answer, says: "missing-parent", "9z", "migrations/versions/3c.py", "fix:")
    // The reports say the same as the status.
    let report = try Files.text(of: project.path / "reports/report.json")
    #expect(report.contains("\"verdict\":\"unknown\""))
    #expect(!answer.says("multiple-heads"))
  }

  @Test func `a duplicate id`() throws {
    let project = try SampleProject()
    let text = try Files.text(of: project.path / "migrations/versions/2b.py")
    try project.folder.write(text, to: "migrations/versions/2b_again.py")
    expect(try verify(project), says: "duplicate-revision", "2b_again.py", "fix:")
  }

  @Test func `a cycle`() throws {
    let project = try SampleProject()
    try project.addRevision("1a", after: "2b", up: "pass", down: "pass")
    expect(try verify(project), says: "history-cycle", "fix:")
    #expect(Files.exists(project.path / "reports/report.json"))
  }

  @Test func `no Python`() throws {
    let project = try SampleProject()
    expect(
      try verify(project, python: "/nowhere/python"), says: "error[no-python]", "/nowhere/python",
      "fix:")
    let answer = try project.stairway(["PATH": "/nowhere"]).run("verify", "--engine", "sqlite")
    expect(answer, says: "error[no-python]", "fix:")
  }

  @Test func `a Python without Alembic`() throws {
    let project = try SampleProject()
    let venv = project.path / ".venv"
    let made = try ChildProcess.run(
      Launch(
        try Stairway.python().text, ["-m", "venv", "--without-pip", venv.text],
        environment: ["PATH": "/usr/bin:/bin"]))
    try #require(made.isSuccess, "\(made.errors)")
    let answer = try project.stairway().run("verify", "--engine", "sqlite")
    expect(answer, says: "error[missing-package]", "alembic", "pip install")
  }

  @Test func `an application that needs a variable which is not set`() throws {
    let project = try SampleProject()
    let environment = "import os\nSECRET = os.environ['ORDER_SECRET']\n" + SampleProject.environment
    try project.folder.write(environment, to: "migrations/env.py")
    expect(try verify(project), says: "ORDER_SECRET", "migrations/env.py:2", "fix:")
    try project.folder.write(
      "alembic: {environment: {ORDER_SECRET: x}}\n", to: "stairway.yml")
    expect(try verify(project), status: 0, says: "verified")
  }

  @Test func `a report folder that cannot be written, before anything is run`() throws {
    let project = try SampleProject()
    try project.folder.write("a file in its place", to: "reports")
    let answer = try verify(project)
    expect(answer, says: "error[cannot-write-reports]", "--report-dir")
    #expect(!answer.says("SQLite: "))
    let elsewhere = try verify(project, ["--report-dir", "elsewhere"])
    expect(elsewhere, status: 0, says: "elsewhere")
  }
}
