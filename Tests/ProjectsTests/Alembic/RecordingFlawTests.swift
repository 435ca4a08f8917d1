import Databases
import History
import Projects
import Testing
import Walks

/// An env.py or a revision that keeps a step from being recorded.
struct FlawCase: Sendable, CustomTestStringConvertible {
  let kind: RecordingFlaw.Kind
  var engine = Engine.postgresql
  /// Before `context.configure()`.
  var before = "pass"
  var run = "with context.begin_transaction():\n        context.run_migrations()"
  var after = "pass"
  var up = "op.execute('CREATE TABLE a (x integer)')"
  /// Where it stands.
  let file: String
  let code: String

  var testDescription: String { "\(kind.rawValue) on \(engine.rawValue): \(code)" }

  var environment: String {
    """
    from alembic import context
    from sqlalchemy import create_engine, inspect, text
    engine = create_engine('\(engine == .sqlite ? "sqlite:///x.db" : "postgresql+psycopg://h/d")')
    with engine.connect() as connection:
        \(before)
        context.configure(connection=connection)
        \(run)
        \(after)

    """
  }

  private static let environmentFile = "migrations/env.py"
  private static let revisionFile = "migrations/versions/a1_sample.py"
  private static let entry = """
    if inspect(connection).has_table('alembic_version'):
            connection.execute(text('DELETE FROM alembic_version'))
            connection.commit()
    """

  private static let unguarded =
    "connection.execute(text(\"UPDATE alembic_version SET version_num = 'zz'\")); connection.commit()"

  static let all: [FlawCase] = [
    .init(
      kind: .outerTransaction, before: "connection.execute(text('SELECT pg_advisory_lock(1)'))",
      file: environmentFile, code: "context.configure(connection=connection)"),
    .init(
      kind: .noTransaction, run: "context.run_migrations()", file: environmentFile,
      code: "context.run_migrations()"),
    .init(
      kind: .written, after: entry, file: environmentFile,
      code: "connection.execute(text('DELETE FROM alembic_version'))"),
    .init(
      kind: .written, engine: .sqlite, after: entry, file: environmentFile,
      code: "connection.execute(text('DELETE FROM alembic_version'))"),
    .init(
      kind: .written, engine: .sqlite, after: unguarded, file: environmentFile, code: unguarded),
    .init(
      kind: .written, after: unguarded, file: environmentFile, code: unguarded),
    .init(
      kind: .committed,
      up: "op.execute('CREATE TABLE a (x integer)')\nop.get_bind().commit()\n"
        + "op.execute('CREATE TABLE b (x integer)')",
      file: revisionFile, code: "op.get_bind().commit()"),
  ]
}

@Suite struct RecordingFlawTests {
  @Test(arguments: FlawCase.all)
  func `what keeps a step from being recorded is seen in the step itself, with its line`(
    _ c: FlawCase
  ) throws {
    let project = try TemporaryProject(
      environment: c.environment, Sample("a1", up: c.up), .table("b2", after: "'a1'"), on: c.engine)
    let session = try project.session()
    let answer = session.step("a1", .up)
    #expect(answer.isSuccess, "\(answer)")
    #expect(answer.expectedVersions == ["a1"])
    let flaw = try #require(answer.flaw)
    #expect(flaw.kind == c.kind)
    #expect(flaw.frames.map(\.file) == [c.file])
    #expect(flaw.frames.map(\.code) == [c.code])
    session.close()
    let table = try project.database.column(
      c.engine == .sqlite
        ? "SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'"
        : "SELECT count(*) FROM pg_class WHERE relname = 'alembic_version'")
    let held =
      table == ["0"]
      ? []
      : try project.database.column(
        "SELECT version_num FROM \(c.engine == .sqlite ? "" : "public.")alembic_version")
    #expect(held != ["a1"])
  }

  @Test(arguments: [
    "op.execute('CREATE TABLE a (x integer)')",
    "with op.get_context().autocommit_block():\n    op.execute('CREATE TABLE a (x integer)')",
  ])
  func `a revision that leaves transactions to Alembic has no flaw`(_ up: String) throws {
    let project = try TemporaryProject(Sample("a1", up: up), on: .postgresql)
    let answer = try project.session().step("a1", .up)
    #expect(answer.isSuccess)
    #expect(answer.flaw == nil)
  }

  @Test func `what env py and not a revision sends has its line there`() throws {
    var environment = FlawCase.all[0]
    environment.before = "pass"
    environment.after = "connection.execute(text('CREATE TABLE beside (x integer)'))"
    let project = try TemporaryProject(
      environment: environment.environment, .table("a1"), on: .postgresql)
    let session = try project.session()
    let statements = session.upgradeToHeads().statements
    let beside = try #require(statements.first { $0.sql.contains("beside") })
    #expect(beside.sender?.file == "migrations/env.py")
    #expect(beside.sender?.code == environment.after)
    let own = try #require(statements.first { $0.sql.contains("t_a1") })
    #expect(own.sender == nil && own.line != nil)
  }
}
