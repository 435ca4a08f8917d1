import Databases
import FoundationEssentials
import Glibc
import History
import Platform
import Projects
import Scratch
import TestSupport
import Testing
import Walks

@testable import Runner

/// An Alembic project whose revisions are rehearsed on a database that a script fills, as production
/// would be copied.
final class RehearsedProject {
  /// A revision's file: the statements of its functions, lists of Python lines.
  struct Migration {
    let id: RevisionID
    let upgrade: String
    /// nil for a file without this function.
    let downgrade: String?

    init(_ id: RevisionID, _ upgrade: String, down: String? = nil) {
      self.id = id
      self.upgrade = upgrade
      downgrade = down
    }

    /// Runs SQL both ways.
    init(_ id: RevisionID, sql: String, down: String) {
      func execute(_ sql: String) -> String { "op.execute(\"\"\"\(sql)\"\"\")" }
      self.init(id, execute(sql), down: execute(down))
    }

    /// Runs SQL, outside of a transaction where that is wanted.
    init(_ id: RevisionID, sql: String, outsideOfTransaction: Bool = false) {
      let execute = "op.execute(sa.text(\"\"\"\(sql)\"\"\").execution_options(no_parameters=True))"
      self.init(
        id,
        outsideOfTransaction
          ? "with op.get_context().autocommit_block():\n    \(execute)" : execute)
    }
  }

  let folder: Path
  let database: any ScratchDatabase
  private let server: any ScratchServer
  private let migrations: [Migration]

  /// - Parameters:
  ///   - url: what env.py names, which says the driver.
  ///   - environment: env.py; nil for the usual one.
  ///   - base: the first revision, whose name is none of the tool's where its own command is run.
  ///   - script: fills the database, which counts as migrated up to `base`; nil for no version table.
  init(
    _ migrations: [Migration], url: String = "postgresql+psycopg2://u@h/d",
    perMigration: Bool = false, environment: String? = nil, on engine: Engine = .postgresql,
    from base: RevisionID = "base", filledBy script: String = ""
  ) throws {
    self.migrations = [Migration(base, "pass")] + migrations
    folder = try Files.makeTemporaryFolder(in: "/tmp", prefix: "stairway-rehearsal")
    server =
      switch engine {
      case .postgresql: try SharedCluster.server()
      case .sqlite: try SQLiteScratch(ScratchSettings(environment: [:]))
      }
    database = try server.lend()
    try execute(
      script + """
        ;CREATE TABLE alembic_version(version_num varchar(32) PRIMARY KEY);
        INSERT INTO alembic_version VALUES ('\(base)')
        """)
    try writeFiles(
      url: url,
      environment: environment
        ?? Self.environment(isAsynchronous: url.contains("asyncpg"), perMigration: perMigration))
  }

  deinit {
    database.drop()
    server.shutDown()
    try? Files.removeTree(folder)
  }

  private func writeFiles(url: String, environment: String) throws {
    try Files.makeFolder(folder / "migrations/versions")
    try Files.write(
      "[alembic]\nscript_location = %(here)s/migrations\nsqlalchemy.url = \(url)\n",
      to: folder / "alembic.ini")
    try Files.write(environment, to: folder / "migrations/env.py")
    var parent: RevisionID?
    for migration in migrations {
      try Files.write(
        """
        from alembic import op
        import sqlalchemy as sa
        revision = "\(migration.id)"
        down_revision = \(parent.map { "\"\($0)\"" } ?? "None")

        \(Self.function("upgrade", migration.upgrade))
        \(migration.downgrade.map { Self.function("downgrade", $0) } ?? "")
        """, to: folder / "migrations/versions/\(migration.id).py")
      parent = migration.id
    }
  }

  private static func function(_ name: String, _ body: String) -> String {
    let lines = body.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
    return "def \(name)():\n\(lines)\n"
  }

  private static func environment(isAsynchronous: Bool, perMigration: Bool) -> String {
    let run = """
      from alembic import context
      def run(connection):
          context.configure(
              connection=connection, transaction_per_migration=\(perMigration ? "True" : "False"))
          with context.begin_transaction():
              context.run_migrations()
      url = context.config.get_main_option("sqlalchemy.url")

      """
    guard isAsynchronous else {
      return run + """
        from sqlalchemy import create_engine, pool
        with create_engine(url, poolclass=pool.NullPool).connect() as connection:
            run(connection)

        """
    }
    return run + """
      import asyncio
      from sqlalchemy.ext.asyncio import create_async_engine
      async def main():
          engine = create_async_engine(url)
          async with engine.connect() as connection:
              await connection.run_sync(run)
          await engine.dispose()
      asyncio.run(main())

      """
  }

  func execute(_ script: String) throws {
    switch database.address {
    case .sqlite(let path):
      try SQLiteConnection(path: path, access: .createIfMissing).execute(script)
    case .postgresql(let address):
      let connection = try PostgresConnection(address)
      try connection.execute("SET search_path = public; \(script)")
      try connection.countWrites()
    }
  }

  /// The first column of a query's rows.
  func texts(_ query: String) throws -> [String] {
    switch database.address {
    case .sqlite(let path):
      return try SQLiteConnection(path: path, access: .readOnly).rows(query).map { $0.text(0) }
    case .postgresql(let address):
      let connection = try PostgresConnection(address)
      try connection.execute("SET search_path = public")
      return try connection.rows(query).map { $0.text(0) }
    }
  }

  /// Waits until every other session has ended: the server counts what a session did when it ends, and a
  /// connection that was closed may end a moment later.
  func waitForOthersToEnd() throws {
    let others =
      "SELECT pid::text FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    let deadline = Clock.system.monotonic() + 30
    while try !texts(others).isEmpty, Clock.system.monotonic() < deadline {
      usleep(10_000)
    }
  }

  func rehearse(
    to target: RehearsalTarget = .head, keeping kept: [RevisionID: String] = [:],
    bounds: RehearsalBounds = .standard, traffic: TrafficPlan? = nil,
    isByOtherRole: Bool = false, trials: TrialPlan = TrialPlan()
  ) throws -> RehearsalRecord {
    let root = Path(#filePath).parent.parent.parent.parent
    let variables = ProcessInfo.processInfo.environment
    let python = variables["STAIRWAY_TEST_PYTHON"].map { Path($0) } ?? root / ".python/bin/python"
    let project = try AlembicProject(
      settings: AlembicSettings(folder: folder, python: python),
      processEnvironment: variables.filter {
        !$0.key.hasPrefix("PG") && !$0.key.hasPrefix("STAIRWAY_") && $0.key != "VIRTUAL_ENV"
      })
    let rehearsal = Rehearsal(
      of: project, try project.history(), to: target, keeping: kept, bounds: bounds,
      traffic: traffic, isByOtherRole: isByOtherRole, trials: trials)
    return try rehearsal.carryOut(on: database, version: "", in: RunContext(now: { 0 }))
  }
}
