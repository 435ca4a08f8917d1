import Platform
import Testing

/// What `doctor` says of the tools' own errors is looked up by the words that these really say.
@Suite struct ClassicErrorTests {
  /// - Parameters:
  ///   - sentence: as doctor has it; `…` stands for names.
  ///   - script: makes the tool say it, in a project without a database.
  @Test(arguments: [
    ("Target database is not up to date", "alembic upgrade 1a; alembic revision --autogenerate"),
    (
      "Can't locate revision identified by '…'",
      "alembic upgrade 2b; rm migrations/versions/2b.py; alembic upgrade head"
    ),
    ("No 'script_location' key found in configuration", "cd migrations; alembic current"),
    (
      "KeyError: 'url'",
      "printf '[alembic]\\nscript_location = migrations\\n' >alembic.ini; alembic current"
    ),
    (
      "Either 'SQLALCHEMY_DATABASE_URI' or 'SQLALCHEMY_BINDS' must be set",
      "python -c 'import flask, flask_sqlalchemy as f; f.SQLAlchemy(flask.Flask(\"a\"))'"
    ),
    ("database is locked", "alembic current; python locked.py"),
    ("table … already exists", "python made.py; alembic upgrade head"),
    (
      "relation \"…\" already exists",
      "\"$STAIRWAY\" verify --engine postgresql --python \"$(command -v python)\""
    ),
  ])
  func `the tool's own words are explained`(sentence: String, script: String) throws {
    let project = try SampleProject()
    try project.folder.write(Self.locked, to: "locked.py")
    try project.folder.write(Self.made, to: "made.py")
    if script.contains("$STAIRWAY") {
      try project.addRevision(
        "3c", after: "2b", up: "op.execute('CREATE TABLE one (id INTEGER)')", down: "pass")
    }
    let python = try Stairway.python()
    let said = try project.stairway([
      "PATH": "\(python.parent):/usr/bin:/bin", "STAIRWAY": Stairway.binary.text,
    ]).start(["/bin/sh", "-c", script], isWhole: true).finish()
    let words = sentence.split(separator: "…")
    #expect(
      (said.output + said.errors).split(separator: "\n").contains { line in
        var rest = line[...]
        return words.allSatisfy { word in
          guard let found = rest.firstRange(of: word) else { return false }
          rest = rest[found.upperBound...]
          return true
        }
      }, "\(said.output)\(said.errors)")
    let doctor = try project.stairway().run(
      "doctor", "--engine", "sqlite", "--python", python.text)
    let lines = doctor.output.split(separator: "\n")
    let named = try #require(
      lines.firstIndex { $0.hasPrefix("  ") && $0.contains(sentence) }, "\(doctor.output)")
    #expect(lines[named + 1].hasPrefix("    "), "what it means stands below it")
  }

  private static let locked = """
    import sqlite3, subprocess

    holder = sqlite3.connect("app.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    text = open("alembic.ini").read().replace("app.db", "app.db?timeout=0")
    open("alembic.ini", "w").write(text)
    subprocess.run(["alembic", "upgrade", "head"])

    """

  private static let made = """
    import sqlite3

    sqlite3.connect("app.db").execute("CREATE TABLE one (id INTEGER)")

    """
}
