import Databases
import History
import Rows
import Schemas
import Walks

/// The way up raised, and only because tables had rows.
struct UpgradeFailsOnData: Rule {
  let name: RuleName = "upgrade-fails-on-data"
  let severity = Severity.error
  let summary = "an upgrade fails because tables hold rows"
  let explanation = """
    On empty tables the migration succeeds, which is how most tests run it; with rows in them it is \
    refused: NOT NULL without a default, a unique constraint over values that are twice there, a \
    foreign key over references to nothing, a type that not every value fits. Production has rows.

    Where only edge rows (the longest texts, the largest numbers) make it fail, or rows \
    that Stairway made up and whose values, or NULLs, the application may never write, it is a warning; a \
    fixture says what the tables really hold.
    """
  let mend = """
    Bring the rows into the new form first: add the column as nullable, fill it, then \
    `op.alter_column(…, nullable=False)`; make values unique or remove the doubles before the \
    constraint; give `postgresql_using` for a change of type.
    """

  let triggering = RuleExample(
    """
    def upgrade():
        op.add_column("day", sa.Column("mood", sa.Text(), nullable=False))
    """,
    .example(
      .postgresql,
      steps: [
        StepRecord(
          .upgrade,
          outcome: .failed(
            StepFailure(
              type: "sqlalchemy.exc.IntegrityError",
              message: #"column "mood" of relation "day" contains null values"#, sqlState: "23502",
              statement: "ALTER TABLE day ADD COLUMN mood TEXT NOT NULL")),
          emptyTrial: .succeeds)
      ]))
  let passing = RuleExample(
    """
    def upgrade():
        op.add_column("day", sa.Column("mood", sa.Text(), nullable=False, server_default="unknown"))
    """, .example(.postgresql, trace: .init()))

  func findings(in run: JudgedRun) -> [Finding] {
    run.failures(.upgrade).filter(\.isOnRows).map { failed in
      run.onRows(self, failed, words: "on tables with rows")
    }
  }
}
