import Platform
import Testing

/// What PostgreSQL does to large tables, seen on small ones.
@Suite struct `stairway verify on tables of before` {
  /// A table, then what changes it: by a rewrite, by an index, and by ways that do neither.
  private func project() throws -> SampleProject {
    let project = try SampleProject()
    try project.addRevision(
      "2b", after: "1a",
      up: "op.execute('CREATE TABLE users (id integer PRIMARY KEY, name varchar(20), age integer)')"
    )
    try project.addRevision(
      "3c", after: "2b", up: "op.execute('ALTER TABLE users ALTER COLUMN age TYPE bigint')",
      down: "op.execute('ALTER TABLE users ALTER COLUMN age TYPE integer')")
    try project.addRevision(
      "4d", after: "3c",
      up: "op.create_index('ix_users_name', 'users', ['name']); "
        + "op.create_unique_constraint('uq_users', 'users', ['id', 'age'])",
      down: "op.drop_constraint('uq_users', 'users'); op.drop_index('ix_users_name')")
    try project.addRevision(
      "5e", after: "4d",
      up: "op.execute('ALTER TABLE users ALTER COLUMN name TYPE varchar(40)'); "
        + "op.execute('CREATE TABLE notes (id integer PRIMARY KEY)'); "
        + "op.execute('CREATE INDEX ix_notes ON notes (id)')",
      down: "op.execute('DROP TABLE notes'); "
        + "op.execute('ALTER TABLE users ALTER COLUMN name TYPE varchar(20)')")
    try project.addRevision(
      "6f", after: "5e", up: "op.execute('ALTER TABLE notes ALTER COLUMN id TYPE bigint')",
      down: "op.execute('ALTER TABLE notes ALTER COLUMN id TYPE integer')")
    return project
  }

  private func told(_ project: SampleProject, _ arguments: String...) throws -> [String] {
    let answer = try project.stairway().run(
      [
        "verify", "-q", "--python", Stairway.python().text, "--engine", "postgresql",
        "--output-format", "concise",
      ] + arguments)
    #expect(answer.status == 0, "\(answer.errors)\(answer.output)")
    return answer.output.split(separator: "\n").map(String.init).filter {
      $0.contains("table-rewrite") || $0.contains("blocking-index-build")
    }
  }

  @Test func `tells of rewrites and index builds on what production has`() throws {
    let project = try project()
    let told = try told(project, "--revisions", "2b..")
    #expect(told.count == 3, "\(told)")
    #expect(told.contains { $0.contains("3c.py") && $0.contains("table users is written anew") })
    #expect(told.contains { $0.contains("4d.py") && $0.contains("index ix_users_name on users") })
    #expect(told.contains { $0.contains("4d.py") && $0.contains("uq_users") })
  }

  @Test func `says nothing of tables that the same revisions make`() throws {
    let project = try project()
    #expect(try told(project) == [])
    #expect(try told(project, "--revisions", "1a..") == [])
  }

  @Test func `says nothing of what keeps nobody off, and of a table that is emptied`() throws {
    let project = try SampleProject()
    try project.addRevision(
      "2b", after: "1a", up: "op.execute('CREATE TABLE users (id integer PRIMARY KEY, name text)')")
    try project.addRevision(
      "3c", after: "2b",
      up: "with op.get_context().autocommit_block(): "
        + "op.execute('CREATE UNIQUE INDEX CONCURRENTLY uq ON users (name, id)')",
      down: "op.execute('DROP INDEX uq')")
    try project.addRevision(
      "4d", after: "3c",
      up: "op.execute('ALTER TABLE users ADD CONSTRAINT uq UNIQUE USING INDEX uq')",
      down: "op.execute('ALTER TABLE users DROP CONSTRAINT uq'); "
        + "op.execute('CREATE UNIQUE INDEX uq ON users (name, id)')")
    try project.addRevision(
      "5e", after: "4d",
      up: "op.execute('CREATE TABLE kept AS SELECT * FROM users'); op.execute('TRUNCATE users'); "
        + "op.execute('INSERT INTO users SELECT * FROM kept'); op.execute('DROP TABLE kept')",
      down: "pass")
    #expect(try told(project, "--revisions", "2b..") == [])
  }
}
