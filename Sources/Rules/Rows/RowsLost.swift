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
    transaction, and on SQLite alone: PostgreSQL knows no PRAGMA. There, update rows instead of deleting and inserting them anew.

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
            let loss = StatementTrail(trip.step(account.step)).loss(of: table)
            return run.finding(
              self, engine: engine.engine, revision: trip.revision, step: account.step,
              objects: [table.id], message: message(table, account, loss),
              evidence: Evidence(rows: table.lostSamples),
              statement: loss?.statement
                ?? (account.step == .upgrade
                  ? run.counted(in: table, of: trip.revision) { $0.deleted > 0 } : nil),
              fix: run.mends(
                fix(table, loss, account, in: run, on: engine.engine),
                run.declaring(self, table.id, on: engine.engine)))
          }
      }
    }
  }

  private func message(
    _ table: RowsDifference.Table, _ account: RowAccount, _ loss: RowLoss?
  ) -> String {
    let lost = "\(table.atLeast)\(table.rowsLost) of \(table.rowsBefore.counted("row"))"
    return "\(account.subject) loses \(lost) of \(table.id)\(loss.map { way($0, table) } ?? "")"
  }

  /// With which rows of another table they went.
  private func way(_ loss: RowLoss, _ table: RowsDifference.Table) -> String {
    guard let ancestor = loss.ancestor else { return "" }
    let some = loss.others > 0 ? "\(table.rowsLost - loss.others) of them " : ""
    let how =
      loss.words.verb == "truncate"
      ? "by TRUNCATE … CASCADE"
      : "to which it refers ON DELETE CASCADE"
        + (ancestor.through.map { " through table \($0.name)" } ?? "")
    return " (\(some)with those of table \(ancestor.table.name), \(how))"
  }

  private func fix(
    _ table: RowsDifference.Table, _ loss: RowLoss?, _ account: RowAccount, in run: JudgedRun,
    on engine: Engine
  ) -> String {
    let verb = loss?.words.verb
    if let loss, let parent = loss.ancestor?.table {
      switch verb {
      case "drop":
        return loss.sparing(parent, account.difference.tables, in: run, on: engine)
      case "truncate":
        return "delete what is to go from table \(parent.name) (DELETE) instead of by TRUNCATE … "
          + "CASCADE, which empties every table that refers to it"
      case "insert", "update", "replace":
        return "write to table \(parent.name) by INSERT … ON CONFLICT … DO UPDATE: REPLACE deletes "
          + "the row that is there"
      default:
        return
          "change the rows of table \(parent.name) where they are (UPDATE) instead of deleting "
          + "them and inserting them anew"
      }
    }
    switch verb {
    case _ where loss?.words.isReplacing ?? false:
      return "write by INSERT … ON CONFLICT … DO UPDATE: REPLACE deletes the rows in its way"
    case "delete", "truncate", "merge":
      return "change the rows that do not fit (UPDATE) instead of deleting them"
    case "insert",
      "create" where loss?.words.names.contains("select") ?? false:
      return "copy every row: without a condition, and by outer joins where others are joined"
    default: return "copy the rows into what takes their place before they go"
    }
  }
}
