import Databases
import History
import Rows
import Schemas
import Testing
import Walks

@testable import Runner

/// Several upgrades that begin at the same moment.
@Suite struct `Instances at the same moment` {
  private typealias Migration = RehearsedProject.Migration

  private static let small = """
    CREATE TABLE users(id integer PRIMARY KEY, name varchar(20));
    INSERT INTO users VALUES (1, 'Ann'), (2, 'Bob');
    CREATE TABLE log(what varchar(20));
    """

  private func upgrade(
    _ migrations: [RehearsedProject.Migration], instances: Int = 2,
    on engine: Engine = .postgresql, environment: String? = nil, patience: Double = 60
  ) throws -> ConcurrencyRecord {
    let project = try RehearsedProject(
      migrations, url: engine == .sqlite ? "sqlite:///x.db" : "postgresql+psycopg2://u@h/d",
      environment: environment, on: engine, from: "a1",
      filledBy: Self.small)
    let record = try project.rehearse(
      trials: TrialPlan(instances: instances, patience: patience))
    return try #require(record.concurrency)
  }

  /// An env.py that does this before it runs the migrations, in their transaction.
  private static func environment(_ lines: String) -> String {
    """
    import fcntl, os, time
    from alembic import context
    from sqlalchemy import create_engine, pool, text
    engine = create_engine(
        context.config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            \(lines)
            context.run_migrations()

    """
  }

  private static let table = Migration(
    "b", sql: "CREATE TABLE two(id integer)", down: "DROP TABLE two")

  @Test(arguments: Engine.allCases)
  func `fail but for one where nothing keeps them apart`(engine: Engine) throws {
    let record = try upgrade([Self.table], instances: 3, on: engine)
    #expect(record.fault == nil && record.met == 3)
    #expect(record.instances.count { $0.outcome == .succeeded } == 1, "\(record)")
    let failed = record.instances.filter { $0.failure != nil }
    #expect(failed.count == 2)
    #expect(failed.allSatisfy { $0.stoppedAt == "b" && $0.completed.isEmpty })
    #expect(record.versionsAfter == ["b"])
    #expect(record.schema?.isStructural == false && record.rows?.isEmpty == true)
  }

  @Test func `wait for each other and find nothing to do with an advisory lock`() throws {
    let record = try upgrade(
      [Self.table],
      environment: Self.environment(
        "connection.execute(text('SELECT pg_advisory_xact_lock(7235)'))"))
    #expect(record.instances.allSatisfy { $0.outcome == .succeeded }, "\(record)")
    #expect(record.instances.map(\.completed).sorted { $0.count < $1.count } == [[], ["b"]])
    #expect(record.repeated.isEmpty && record.met == 1)
    #expect(record.schema?.isStructural == false && record.rows?.isEmpty == true)
  }

  @Test func `take turns at a lock of the session where a revision commits in between`() throws {
    let record = try upgrade(
      [
        Migration("b", sql: "CREATE TABLE two(id integer)"),
        Migration(
          "c", sql: "CREATE INDEX CONCURRENTLY ix ON users (name)", outsideOfTransaction: true),
      ], instances: 3,
      environment: """
        import time
        from alembic import context
        from sqlalchemy import create_engine, pool, text
        engine = create_engine(
            context.config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool)
        with engine.connect() as connection:
            while not connection.scalar(text("SELECT pg_try_advisory_lock(7235)")):
                connection.rollback()
                time.sleep(0.1)
            connection.commit()
            context.configure(connection=connection)
            with context.begin_transaction():
                context.run_migrations()
            connection.execute(text("SELECT pg_advisory_unlock(7235)"))

        """)
    #expect(record.instances.allSatisfy { $0.outcome == .succeeded }, "\(record)")
    #expect(record.instances.count { $0.completed == ["b", "c"] } == 1)
    #expect(record.repeated.isEmpty)
  }

  @Test func `wait for each other on SQLite with a lock on a file`() throws {
    let record = try upgrade(
      [Self.table], on: .sqlite,
      environment: """
        import fcntl
        from alembic import context
        from sqlalchemy import create_engine, pool
        engine = create_engine(
            context.config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool)
        with open("migrations.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with engine.connect() as connection:
                context.configure(connection=connection)
                with context.begin_transaction():
                    context.run_migrations()

        """)
    #expect(record.instances.allSatisfy { $0.outcome == .succeeded }, "\(record)")
    #expect(record.instances.map(\.completed).sorted { $0.count < $1.count } == [[], ["b"]])
  }

  @Test func `do twice what they commit in between`() throws {
    let record = try upgrade([
      Migration(
        "b",
        """
        with op.get_context().autocommit_block():
            op.execute("INSERT INTO log VALUES ('migrated')")
        """, down: "op.execute('DELETE FROM log')")
    ])
    #expect(record.instances.count { $0.failure != nil } == 1, "\(record)")
    let table = try #require(record.rows?[TableName("log")])
    #expect(table.rowsAfter - table.rowsBefore == 1)
  }

  @Test func `are given up where they wait for each other, with who waits for whom`() throws {
    let record = try upgrade(
      [
        Migration(
          "b",
          """
          import os, time
          op.execute("LOCK TABLE users")
          mine = str(os.getpid())
          def lives(pid):
              try:
                  os.kill(int(pid), 0)
              except OSError:
                  return False
              return pid != mine
          while any(lives(pid) for pid in os.listdir("pids")):
              time.sleep(0.01)
          """, down: "pass")
      ],
      environment: Self.environment(
        "os.makedirs('pids', exist_ok=True); open('pids/%d' % os.getpid(), 'w').close()"),
      patience: 3)
    #expect(record.instances.count { $0.isHung } == 2, "\(record)")
    #expect(record.waits.count == 1)
    #expect(record.waits.first?.contains("LOCK TABLE users") == true)
  }
}
