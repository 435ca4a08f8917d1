import Databases
import Schemas
import Walks

/// An index was built on a table with rows while nobody could write to it.
struct BlockingIndexBuild: Rule {
  let name: RuleName = "blocking-index-build"
  let severity = Severity.warning
  let summary = "an index was built on a table with rows while nobody could write to it"
  let explanation = """
    `CREATE INDEX` reads the whole table and keeps everybody from writing to it until the index is \
    built, and then until the transaction ends. A primary key or a unique constraint that builds its own \
    index keeps readers off too.

    It is told of every index on a table that held rows before, however quick it was, because the time \
    grows with the table: in a rehearsal, and in `verify` of tables that were there before the revisions \
    that it is asked for (`--since`, `--revisions`): what the same branch makes is not in production.
    """
  let mend = """
    Build it `CONCURRENTLY`, which takes longer and keeps nobody off, and which PostgreSQL only does \
    outside of a transaction:

        with op.get_context().autocommit_block():
            op.create_index("ix_users_email", "users", ["email"], postgresql_concurrently=True)

    For a constraint build the unique index first, then `ADD CONSTRAINT … USING INDEX`.

    Of a partitioned table PostgreSQL builds none so: make it `ON ONLY` the table, those of the partitions \
    `CONCURRENTLY`, and then `ALTER INDEX … ATTACH PARTITION`.
    """

  let triggering = RuleExample(
    """
    def upgrade():
        op.create_index("ix_users_email", "users", ["email"])
    """,
    .rehearsed(
      StatementMeasurement(
        sql: "CREATE INDEX ix_users_email ON users (email)", duration: 0.2,
        built: [ObjectID(.index, schema: "public", ["users", "ix_users_email"])]),
      locks: [.example(.share, held: 0.2)]))
  let passing = RuleExample(
    """
    def upgrade():
        with op.get_context().autocommit_block():
            op.create_index("ix_users_email", "users", ["email"], postgresql_concurrently=True)
    """,
    .rehearsed(
      StatementMeasurement(
        sql: "CREATE INDEX CONCURRENTLY ix_users_email ON users (email)", duration: 0.6,
        built: [ObjectID(.index, schema: "public", ["users", "ix_users_email"])]),
      locks: [.example(.shareUpdateExclusive, held: 0.6)]))

  func findings(in run: JudgedRun) -> [Finding] {
    measured(in: run) + seen(in: run)
  }

  /// What `verify` saw on small tables.
  private func seen(in run: JudgedRun) -> [Finding] {
    run.sightings(of: .indexBuilt).flatMap { sighting in
      sighting.observation.objects.compactMap { index -> Finding? in
        guard let table = index.path.first,
          let statement = StatementTrail(sighting.step).building(
            index.name, on: TableName(schema: index.schema, table))
        else { return nil }
        let deed = StatementWords(statement).verb == "create" ? "write to" : "read or write"
        return run.finding(
          self, engine: sighting.engine, revision: sighting.revision, step: sighting.step.name,
          objects: [index],
          message: "\(index.title) is built while nobody can \(deed) the table",
          statement: statement,
          fix: run.safeWay(insteadOf: statement.sql, rewrites: false, of: index.name))
      }
    }
  }

  private func measured(in run: JudgedRun) -> [Finding] {
    run.measuredSteps.flatMap { rehearsal, step in
      step.statements.flatMap { statement in
        statement.built.compactMap { index -> Finding? in
          let table = index.heldBy
          // A rewrite makes all indexes anew, and is told as that.
          if statement.rewritten.contains(table) || !rehearsal.hadRows(table) { return nil }
          let locks = rehearsal.blockingLocks(during: statement, of: step, on: table)
          guard let strongest = locks.max(by: { $0.mode.strength < $1.mode.strength }) else {
            return nil
          }
          let who = strongest.blocks == .readsAndWrites ? "read or write" : "write to"
          return run.finding(
            self, in: rehearsal, step, about: [index],
            message: "\(index.title) is built while nobody can \(who) the table "
              + "(\(statement.duration.duration) on the copy)",
            statement: statement,
            evidence: [strongest.words] + rehearsal.sizes(of: [table]),
            fix: run.safeWay(insteadOf: statement.sql, rewrites: false, of: index.name))
        }
      }
    }
  }
}
