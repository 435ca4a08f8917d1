import Databases
import History
import Rows
import Schemas
import Walks

/// The way down raised, and only because tables had rows.
struct DowngradeFailsOnData: Rule {
  let name: RuleName = "downgrade-fails-on-data"
  let severity = Severity.error
  let summary = "a downgrade fails because tables hold rows"
  let explanation = """
    On empty tables the downgrade succeeds; with rows that were there before, or with rows that users \
    write after the upgrade, it is refused: a NOT NULL comes back over NULL, a shorter type over longer \
    texts, a unique constraint over doubles, an enum without the label that rows now have. A rollback \
    is tried when something is wrong already; then it must not fail.

    It is an error where the project's own rows are refused, those of fixtures or of migrations, and \
    where any rows would be, whatever they hold. It is a warning where only edge rows are refused, or \
    rows that Stairway made up and whose values the application may never write: a NULL, a longer text \
    or a label that the upgrade newly allows.
    """
  let mend = """
    Bring the rows back into the old form first: `UPDATE … SET c = '' WHERE c IS NULL`, cut or move what \
    is too long, choose an old label for the new one. Where there is no way back, raise, and declare it \
    with the reason.
    """

  let triggering = RuleExample(
    """
    def upgrade():
        op.alter_column("day", "mood", nullable=True)

    def downgrade():
        op.alter_column("day", "mood", nullable=False)
    """,
    .example(
      .postgresql,
      steps: [
        StepRecord(.upgrade, outcome: .succeeded), StepRecord(.downgrade, outcome: .succeeded),
        StepRecord(.reupgrade, outcome: .succeeded),
        StepRecord(
          .rollback,
          outcome: .failed(
            StepFailure(
              type: "sqlalchemy.exc.IntegrityError",
              message: #"column "mood" of relation "day" contains null values"#, sqlState: "23502",
              statement: "ALTER TABLE day ALTER COLUMN mood SET NOT NULL")),
          emptyTrial: .succeeds),
      ], trace: .init()))
  let passing = RuleExample(
    """
    def downgrade():
        op.execute("UPDATE day SET mood = 'unknown' WHERE mood IS NULL")
        op.alter_column("day", "mood", nullable=False)
    """, .example(.postgresql, trace: .init()))

  func findings(in run: JudgedRun) -> [Finding] {
    var told: Set<[String]> = []
    return run.failures(.downgrade, .rollback, .descent).filter(\.isOnRows).compactMap { failed in
      // The rows that were there before and those that were written make one and the same fault.
      guard told.insert([failed.engine.rawValue, failed.revision?.text ?? ""]).inserted else {
        return nil
      }
      return run.onRows(
        self, failed,
        words: failed.step.name == .rollback
          ? "with rows that were written after the upgrade" : "on tables with rows")
    }
  }
}
