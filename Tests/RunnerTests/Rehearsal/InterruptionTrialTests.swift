import Databases
import History
import Rows
import Schemas
import Testing
import Walks

@testable import Runner

/// An upgrade that is killed after each of its statements.
@Suite struct `Interrupted upgrades` {
  private typealias Migration = RehearsedProject.Migration

  private static let small = """
    CREATE TABLE users(id integer PRIMARY KEY, name varchar(20), points integer, rank integer);
    INSERT INTO users VALUES (1, 'Ann', 1, NULL), (2, 'Bob', 2, NULL), (3, 'Cyd', 3, NULL);
    """

  private func interrupt(
    _ migrations: [RehearsedProject.Migration], on engine: Engine = .postgresql,
    environment: String? = nil, perMigration: Bool = false, most: Int = 100
  ) throws -> InterruptionsRecord {
    let project = try RehearsedProject(
      migrations, url: engine == .sqlite ? "sqlite:///x.db" : "postgresql+psycopg2://u@h/d",
      perMigration: perMigration, environment: environment, on: engine, from: "a1",
      filledBy: Self.small)
    let record = try project.rehearse(
      trials: TrialPlan(interrupts: true, mostInterruptions: most))
    return try #require(record.interruptions)
  }

  /// Each statement in an `autocommit_block()`.
  private static func outside(_ statements: String...) -> String {
    "with op.get_context().autocommit_block():\n"
      + statements.map { "    op.execute(\"\($0)\")" }.joined(separator: "\n")
  }

  @Test func `leave nothing where a revision is one transaction`() throws {
    let record = try interrupt([
      Migration("b", sql: "CREATE TABLE two(id integer)", down: "DROP TABLE two"),
      Migration("c", sql: "UPDATE users SET points = points * 2", down: "SELECT 1"),
    ])
    #expect(record.places == 4 && record.trials.map(\.number) == [1, 2, 3, 4])
    #expect(record.trials.map(\.place.revision) == ["b", "b", "c", "c"])
    #expect(record.trials[0].place.sql == "CREATE TABLE two(id integer)")
    #expect(record.trials[0].place.line != nil && record.trials[1].place.line == nil)
    #expect(record.trials.allSatisfy { $0.again == nil && $0.versions == ["a1"] })
  }

  @Test func `are completed by the next one where each revision is a transaction`() throws {
    let record = try interrupt(
      [
        Migration("b", sql: "CREATE TABLE two(id integer)", down: "DROP TABLE two"),
        Migration("c", sql: "INSERT INTO two VALUES (1)", down: "SELECT 1"),
      ], perMigration: true)
    #expect(record.trials.map(\.versions) == [["a1"], ["a1"], ["b"], ["b"]])
    #expect(record.trials.map { $0.again?.outcome } == [nil, nil, .succeeded, .succeeded])
    #expect(record.trials[2].again?.versions == ["c"])
    #expect(record.trials[2].again?.schema?.isStructural == false)
    #expect(record.trials[2].again?.rows?.isEmpty == true)
  }

  @Test func `leave what was committed outside of the transaction`() throws {
    let record = try interrupt([
      Migration(
        "b", Self.outside("CREATE TABLE two(id integer)", "CREATE TABLE three(id integer)"),
        down: "op.execute('DROP TABLE two, three')")
    ])
    #expect(record.places == 3)
    let first = record.trials[0]
    #expect(first.schema.principalChanges.map(\.id.name) == ["two"])
    #expect(first.versions == ["a1"])
    guard case .failed(let failure)? = first.again?.outcome else {
      Issue.record("\(String(describing: first.again))")
      return
    }
    #expect(failure.message.contains("\"two\" already exists"))
    #expect(first.again?.stoppedAt == "b")
  }

  @Test func `leave an INVALID index where its building is ended`() throws {
    let record = try interrupt([
      Migration(
        "b", Self.outside("CREATE INDEX CONCURRENTLY ix ON users (name)"),
        down: "op.execute('DROP INDEX ix')")
    ])
    #expect(record.trials.map(\.isDuring) == [true, false, false])
    let during = record.trials[0]
    #expect(during.again?.leftovers == [ObjectID(.index, schema: "public", ["users", "ix"])])
    guard case .failed? = during.again?.outcome else {
      Issue.record("\(String(describing: during.again))")
      return
    }
  }

  @Test func `tell of an index that IF NOT EXISTS takes for whole`() throws {
    let record = try interrupt([
      Migration(
        "b", Self.outside("CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON users (name)"),
        down: "op.execute('DROP INDEX ix')")
    ])
    let again = try #require(record.trials[0].again)
    #expect(again.outcome == .succeeded && again.versions == ["b"])
    #expect(again.schema?.isStructural == true && again.leftovers.count == 1)
    // Where it was built to its end, nothing is amiss.
    #expect(record.trials[1].again?.schema?.isStructural == false)
  }

  @Test func `are no matter where the revision drops what an interrupted one left`() throws {
    let record = try interrupt([
      Migration(
        "b",
        Self.outside(
          "DROP INDEX CONCURRENTLY IF EXISTS ix", "CREATE INDEX CONCURRENTLY ix ON users (name)"),
        down: "op.execute('DROP INDEX ix')")
    ])
    let seconds = record.trials.compactMap(\.again)
    #expect(record.trials.contains { $0.isDuring && $0.again != nil })
    #expect(seconds.allSatisfy { $0.outcome == .succeeded && $0.leftovers.isEmpty })
    #expect(seconds.allSatisfy { $0.schema?.isStructural == false })
  }

  @Test func `show values that the next upgrade changes a second time`() throws {
    let record = try interrupt([
      Migration(
        "b",
        Self.outside(
          "UPDATE users SET points = points * 2 WHERE id < 3",
          "UPDATE users SET points = points * 2 WHERE id >= 3"), down: "pass")
    ])
    let again = try #require(record.trials[0].again)
    #expect(again.outcome == .succeeded)
    #expect(again.rows?[TableName("users")]?["points"]?.changed == 2)
  }

  @Test func `are no matter where batches look for what is still to do`() throws {
    let record = try interrupt([
      Migration(
        "b",
        Self.outside(
          "UPDATE users SET rank = points * 2 WHERE rank IS NULL AND id < 3",
          "UPDATE users SET rank = points * 2 WHERE rank IS NULL"), down: "pass")
    ])
    let seconds = record.trials.compactMap(\.again)
    #expect(seconds.count == 3)
    #expect(seconds.allSatisfy { $0.outcome == .succeeded && $0.rows?.isEmpty == true })
  }

  @Test func `do not count moments, random values and numbers of rows`() throws {
    let record = try interrupt([
      Migration(
        "b",
        Self.outside(
          "CREATE TABLE IF NOT EXISTS log(id serial PRIMARY KEY, at timestamptz, token float)",
          "INSERT INTO log(at, token) SELECT clock_timestamp(), random() FROM generate_series(1, 3) "
            + "WHERE NOT EXISTS (SELECT 1 FROM log)",
          "UPDATE users SET rank = (random() * 1000000)::int WHERE rank IS NULL"),
        down: "op.execute('DROP TABLE log')")
    ])
    let seconds = record.trials.compactMap(\.again)
    #expect(seconds.count == 4)
    #expect(
      seconds.allSatisfy { $0.outcome == .succeeded && $0.rows?.isEmpty == true }, "\(seconds)")
  }

  @Test func `leave the table of a batch operation`() throws {
    let record = try interrupt(
      [
        Migration(
          "b",
          """
          with op.batch_alter_table("users") as batch:
              batch.alter_column("name", type_=sa.Text(), existing_type=sa.String(20))
          """, down: "pass")
      ], on: .sqlite)
    let first = record.trials[0]
    #expect(first.place.sql.contains("_alembic_tmp_users"))
    #expect(first.again?.leftovers == [ObjectID(.table, ["_alembic_tmp_users"])])
    guard case .failed(let failure)? = first.again?.outcome else {
      Issue.record("\(String(describing: first.again))")
      return
    }
    #expect(failure.message.contains("_alembic_tmp_users already exists"))
  }

  @Test func `leave nothing on SQLite where BEGIN is sent for DDL too`() throws {
    let environment = """
      from alembic import context
      from sqlalchemy import create_engine, event, pool
      engine = create_engine(
          context.config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool)
      @event.listens_for(engine, "connect")
      def connected(connection, record):
          connection.isolation_level = None
      @event.listens_for(engine, "begin")
      def begun(connection):
          connection.exec_driver_sql("BEGIN")
      with engine.connect() as connection:
          context.configure(connection=connection, transactional_ddl=True)
          with context.begin_transaction():
              context.run_migrations()

      """
    let record = try interrupt(
      [
        Migration(
          "b",
          """
          op.create_table("two", sa.Column("id", sa.Integer()))
          with op.batch_alter_table("users") as batch:
              batch.alter_column("name", type_=sa.Text(), existing_type=sa.String(20))
          """, down: "pass")
      ], on: .sqlite, environment: environment)
    #expect(record.trials.count == record.places && record.places >= 5)
    #expect(record.trials.allSatisfy { $0.again == nil }, "\(record.trials)")
  }

  @Test func `are tried evenly where there are more places than are to be tried`() throws {
    let statements = (1...9).map { "op.execute('SELECT \($0)')" }.joined(separator: "\n")
    let record = try interrupt([Migration("b", statements, down: "pass")], most: 3)
    #expect(record.places == 10)
    #expect(record.trials.map(\.number) == [1, 5, 10])
  }
}
