import Databases
import Platform

extension SampleProject {
  /// A project of three revisions, of which production has the first.
  static func beingRehearsed() throws -> SampleProject {
    let project = try SampleProject()
    try project.addRevision(
      "3c", after: "2b", up: "op.execute('ALTER TABLE users ADD COLUMN age INTEGER')",
      down: "op.execute('ALTER TABLE users DROP COLUMN age')")
    return project
  }

  /// A SQLite file as production has it.
  ///
  /// - Parameter script: what it holds beside tables `one` and `users`; by default the version `1a`.
  func production(
    _ script: String = """
    CREATE TABLE alembic_version(version_num TEXT); INSERT INTO alembic_version VALUES ('1a');
    """
  ) throws -> Path {
    let file = path / "production.db"
    try SQLiteConnection(path: file.text, access: .createIfMissing).execute(
      "CREATE TABLE one(id INTEGER); CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT);"
        + "INSERT INTO users(name) VALUES ('a');" + script)
    return file
  }

  func rehearse(_ arguments: String...) throws -> Stairway.Answer {
    try stairway().run(["rehearse", "-q", "--python", Stairway.python().text] + arguments)
  }
}
