/// What `alembic` and `flask db` say when they leave people alone, in one sentence each.
struct ClassicError: Sendable, Hashable {
  let said: String
  /// What it means, and the next command.
  let meaning: String

  static let all = [
    ClassicError(
      said: "Target database is not up to date",
      meaning: "the database that your settings name lacks revisions that your files have: "
        + "`alembic upgrade heads` (`flask db upgrade`) before you make a new one"),
    ClassicError(
      said: "Can't locate revision identified by '…'",
      meaning: "the database was migrated by a revision that your files do not have: check out the "
        + "branch that has it and take it down there, or bring its file here"),
    ClassicError(
      said: "No 'script_location' key found in configuration",
      meaning: "the command runs in a folder without alembic.ini: go to the one that has it, or "
        + "name it with `alembic -c FILE`"),
    ClassicError(
      said: "Database is not configured, KeyError: 'url', Either 'SQLALCHEMY_DATABASE_URI' or "
        + "'SQLALCHEMY_BINDS' must be set",
      meaning: "no URL reaches env.py: set `sqlalchemy.url` in alembic.ini, or the variable that "
        + "your env.py or application reads (DATABASE_URL, SQLALCHEMY_DATABASE_URI)"),
    ClassicError(
      said: "database is locked",
      meaning: "another connection holds SQLite's only lock for writing: stop the application, and "
        + "let a migration send everything through op.get_bind()"),
    ClassicError(
      said: "relation \"…\" already exists, table … already exists",
      meaning: "somebody made the tables before the migrations did, mostly create_all() at the "
        + "application's start: take that out; a database that has all of it, "
        + "`alembic stamp heads` records as migrated"),
  ]

  static var text: String {
    "What alembic and flask db say, and what it means:\n"
      + all.map { "  \($0.said)\n    \($0.meaning)\n" }.joined()
  }
}
