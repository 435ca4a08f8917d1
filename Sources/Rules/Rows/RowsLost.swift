import Databases
import History
import Rows
import Schemas
import Walks

/// Rows that were there before a step are gone after it.
struct RowsLost: Rule {
  let name: RuleName = "rows-lost"
  let severity = Severity.error
  let summary = "rows that were there before a step are gone after it"
  let explanation = """
    The step succeeded, and a table that was there before and after has fewer of its rows: they were \
    deleted, left out when a table was copied into its successor, or taken along by a foreign key's \
    ON DELETE CASCADE when another table was emptied or rebuilt. No engine says so.

    Rows that were moved to another table, with their keys and values, are not lost; where the way \
    down does not move them back, that is.

    It is looked for in the upgrade, in the way down and up again, and in a rollback that meets rows \
    which were written after the upgrade.
    """
  let mend = """
    Copy every row, or say in the migration's own words which are to go. On SQLite rebuild a table \
    with foreign keys off: `op.execute("PRAGMA foreign_keys=OFF")` before the batch, outside of a \
    transaction. On PostgreSQL, update rows instead of deleting and inserting them anew.

    Where rows are meant to go: `# stairway: allow rows-lost sessions because they expire`.
    """

  let triggering = RuleExample(
    """
    def upgrade():
        op.execute("DELETE FROM day WHERE mood IS NULL")
        op.alter_column("day", "mood", nullable=False)
    """,
    .example(
      .postgresql,
      steps: [StepRecord(.upgrade, outcome: .succeeded, rows: .example(lost: 2))]))
  let passing = RuleExample(
    """
    def upgrade():
        op.execute("UPDATE day SET mood = 'unknown' WHERE mood IS NULL")
        op.alter_column("day", "mood", nullable=False)
    """, .example(.postgresql, trace: .init()))

  func findings(in run: JudgedRun) -> [Finding] {
    run.roundTrips.flatMap { engine, trip in
      trip.rowAccounts.flatMap { account in
        account.difference.tables.filter { $0.after != nil && $0.before != nil && $0.rowsLost > 0 }
          .map { table in
            let statement = StatementTrail(trip.step(account.step)).losingRows(
              of: table.names, parents: table.cascade.map { [$0.parent] } ?? [])
            return run.finding(
              self, engine: engine.engine, revision: trip.revision, step: account.step,
              objects: [table.id], message: message(table, account),
              evidence: Evidence(rows: table.lostSamples), statement: statement,
              fix: run.mends(
                fix(table, statement, in: run, on: engine.engine),
                run.declaring(self, table.id, on: engine.engine)))
          }
      }
    }
  }

  private func message(_ table: RowsDifference.Table, _ account: RowAccount) -> String {
    let lost = "\(table.atLeast)\(table.rowsLost) of \(table.rowsBefore.counted("row"))"
    let way =
      table.cascade.map {
        " (with those of table \($0.parent.name), to which it refers ON DELETE CASCADE)"
      } ?? ""
    return "\(account.subject) loses \(lost) of \(table.id)\(way)"
  }

  private func fix(
    _ table: RowsDifference.Table, _ statement: Statement?, in run: JudgedRun, on engine: Engine
  ) -> String {
    let words = statement.map(StatementWords.init)
    let verb = words?.verb
    if let cascade = table.cascade {
      if engine == .sqlite, verb == "drop" {
        return run.mend(
          "keep foreign keys from being followed while table \(cascade.parent.name) is rebuilt",
          .suspendReferences, on: engine)
      }
      return "change the rows of table \(cascade.parent.name) where they are (UPDATE) instead of "
        + "deleting them and inserting them anew"
    }
    switch verb {
    case "delete" where words?.names(oneOf: table.names) == false:
      return "change the rows that others refer to where they are (UPDATE) instead of deleting them"
    case "delete", "truncate":
      return "change the rows that do not fit (UPDATE) instead of deleting them"
    case "insert":
      return "copy every row: without a condition, and by outer joins where others are joined"
    default: return "copy the rows into what takes their place before they go"
    }
  }
}
