/// One revision's file, and the other files of a plain Alembic project.
struct Sample {
  let id: String
  let text: String

  /// - Parameters:
  ///   - parents: `down_revision`, as Python reads it.
  ///   - top: lines between the variables and the functions.
  ///   - down: the body of `downgrade()`; nil for a revision without that function.
  init(
    _ id: String, after parents: String = "None", labels: String = "None",
    dependsOn: String = "None", top: String = "", up: String = "pass", down: String? = "pass"
  ) {
    self.id = id
    var lines = [
      "\"\"\"make \(id)", "", "Revision ID: \(id)", "\"\"\"", "from alembic import op",
      "import sqlalchemy as sa", "", "revision = '\(id)'", "down_revision = \(parents)",
      "branch_labels = \(labels)", "depends_on = \(dependsOn)", top, "", "def upgrade():",
      Self.indented(up), "",
    ]
    if let down { lines += ["", "def downgrade():", Self.indented(down), ""] }
    text = lines.joined(separator: "\n")
  }

  /// A revision that makes a table of its own name, and drops it.
  static func table(
    _ id: String, after parents: String = "None", labels: String = "None",
    dependsOn: String = "None"
  ) -> Sample {
    Sample(
      id, after: parents, labels: labels, dependsOn: dependsOn,
      up: "op.create_table('t_\(id)', sa.Column('id', sa.Integer, primary_key=True))",
      down: "op.drop_table('t_\(id)')")
  }

  private static func indented(_ body: String) -> String {
    body.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)" }
      .joined(separator: "\n")
  }

  static func ini(url: String = "driver://user:pass@localhost/dbname", _ more: String = "")
    -> String
  {
    """
    [alembic]
    script_location = %(here)s/migrations
    prepend_sys_path = .
    sqlalchemy.url = \(url)
    \(more)

    """
  }

  static let environment = """
    from sqlalchemy import engine_from_config, pool
    from alembic import context

    config = context.config
    target_metadata = None


    def run_migrations_online():
        connectable = engine_from_config(
            config.get_section(config.config_ini_section, {}),
            prefix="sqlalchemy.", poolclass=pool.NullPool)
        with connectable.connect() as connection:
            context.configure(connection=connection, target_metadata=target_metadata)
            with context.begin_transaction():
                context.run_migrations()


    run_migrations_online()

    """

  /// An env.py whose engine is made by this expression, with these lines before it.
  static func environment(engine: String, _ lines: String = "") -> String {
    """
    import os
    from alembic import context
    from sqlalchemy import create_engine
    \(lines)
    connectable = \(engine)
    with connectable.connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()

    """
  }
}
