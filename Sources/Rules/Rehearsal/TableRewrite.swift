import Databases
import Schemas
import Walks

/// A statement wrote a table anew that held rows, while nobody could read it.
struct TableRewrite: Rule {
  let name: RuleName = "table-rewrite"
  let severity = Severity.warning
  let summary = "PostgreSQL wrote a table with rows anew to change it"
  let explanation = """
    Some forms of `ALTER TABLE` change every row: another type, a default that is computed for each row, \
    a stored generated column. PostgreSQL then writes the table and all its indexes into new files, and \
    until it is done nobody can even read the table. That takes as long as the table is large, as much \
    room again on the disk, and goes through the log to every replica.

    It is seen by the table's file, which is another one after the statement, and it is told however \
    quick it was: a rewrite grows with the table. A rehearsal tells it of every table that held rows; \
    `verify` of those that were there before the revisions that it is asked for (`--since`, \
    `--revisions`): what the same branch makes is not in production. `TRUNCATE`, and a materialized view that \
    is refreshed, are meant to do that and are not told. On SQLite Alembic copies a table for nearly \
    every change; what that keeps others from is `long-lock`'s matter.
    """
  let mend = """
    Add the column without a default, or with a constant; for another type add a second column, fill it \
    in batches and let the two change names. `varchar` to a longer `varchar` or to `text` rewrites \
    nothing.
    """

  let triggering = RuleExample(
    """
    def upgrade():
        op.alter_column("users", "id", type_=sa.BigInteger())
    """,
    .rehearsed(
      StatementMeasurement(
        sql: "ALTER TABLE users ALTER COLUMN id TYPE BIGINT", duration: 0.3,
        rewritten: [.rehearsedTable]),
      locks: [.example(.accessExclusive, held: 0.3)], isRewritten: true))
  let passing = RuleExample(
    """
    def upgrade():
        op.add_column("users", sa.Column("big_id", sa.BigInteger()))
    """,
    .rehearsed(
      StatementMeasurement(sql: "ALTER TABLE users ADD COLUMN big_id BIGINT", duration: 0.01),
      locks: [.example(.accessExclusive, held: 0.01)]))

  func findings(in run: JudgedRun) -> [Finding] {
    measured(in: run) + seen(in: run)
  }

  /// What `verify` saw on small tables.
  private func seen(in run: JudgedRun) -> [Finding] {
    run.sightings(of: .tableRewritten).flatMap { sighting in
      sighting.observation.objects.compactMap { table -> Finding? in
        let name = TableName(schema: table.schema, table.name)
        guard let statement = StatementTrail(sighting.step).rewriting(name) else { return nil }
        return run.finding(
          self, engine: sighting.engine, revision: sighting.revision, step: sighting.step.name,
          objects: [table],
          message: "\(table) is written anew with all its rows, and nobody can read it meanwhile",
          statement: statement, fix: run.safeWay(insteadOf: statement.sql, rewrites: true))
      }
    }
  }

  private func measured(in run: JudgedRun) -> [Finding] {
    run.measuredSteps.filter { $0.rehearsal.engine == .postgresql }.flatMap { rehearsal, step in
      step.statements.flatMap { statement -> [Finding] in
        let verb = StatementWords(statement.statement).verb
        if verb == "truncate" { return [] }
        let tables = statement.rewritten.filter { $0.kind == .table && rehearsal.hadRows($0) }
        return tables.map { table in
          let rows = rehearsal.relation(table)?.rows
          return run.finding(
            self, in: rehearsal, step, about: [table],
            message: "\(table) is written anew"
              + (rows.map { " with its \($0.counted("row"))" } ?? "")
              + ", which nobody can read meanwhile (\(statement.duration.duration) on the copy)",
            statement: statement,
            evidence: rehearsal.blockingLocks(during: statement, of: step, on: table)
              .filter { $0.relation == table }.map(\.words) + rehearsal.sizes(of: [table]),
            fix: run.safeWay(insteadOf: statement.sql, rewrites: true))
        }
      }
    }
  }
}
