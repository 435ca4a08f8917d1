import Platform

/// A small Alembic project with a history of two revisions, for a test to break.
struct SampleProject {
  let folder: TestFolder

  var path: Path { folder.path }

  init() throws {
    folder = try TestFolder()
    try folder.write(
      """
      [alembic]
      script_location = %(here)s/migrations
      sqlalchemy.url = sqlite:///app.db
      """, to: "alembic.ini")
    try folder.write(Self.environment, to: "migrations/env.py")
    try addRevision("1a", after: nil, up: "op.execute('CREATE TABLE one (id INTEGER)')")
    try addRevision("2b", after: "1a", up: "op.execute('CREATE TABLE two (id INTEGER)')")
  }

  /// Writes a revision whose downgrade drops the table that its upgrade makes, unless told otherwise.
  func addRevision(_ id: String, after parent: String?, up: String, down: String? = nil) throws {
    let table = up.split(separator: " ").drop { $0 != "TABLE" }.dropFirst().first ?? ""
    try folder.write(
      """
      \"\"\"change \(id)\"\"\"
      import os, sys, time
      from alembic import op

      revision = "\(id)"
      down_revision = \(parent.map { "\"\($0)\"" } ?? "None")


      def upgrade():
          \(up)


      def downgrade():
          \(down ?? "op.execute('DROP TABLE \(table)')")
      """, to: "migrations/versions/\(id).py")
  }

  /// A run in the project's folder.
  func stairway(_ environment: [String: String?] = [:]) -> Stairway {
    Stairway(folder: path, environment: environment)
  }

  static let environment = """
    from alembic import context
    from sqlalchemy import engine_from_config, pool

    config = context.config


    def run_migrations_online():
        engine = engine_from_config(
            config.get_section(config.config_ini_section), poolclass=pool.NullPool)
        with engine.connect() as connection:
            context.configure(connection=connection)
            with context.begin_transaction():
                context.run_migrations()


    run_migrations_online()
    """
}
