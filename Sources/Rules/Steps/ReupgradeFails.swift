import Databases
import Schemas
import Walks

/// Up worked, down worked, up again did not.
struct ReupgradeFails: Rule {
  let name: RuleName = "reupgrade-fails"
  let severity = Severity.error
  let summary = "the second upgrade raised, after the first and the downgrade succeeded"
  let explanation = """
    After a rollback the migration cannot be applied any more: the database is stuck between two \
    versions until somebody cleans it by hand. Nearly always the downgrade left something behind \
    that the upgrade wants to create: an enum type, a sequence, an index, rows with a fixed key.
    """
  let mend = """
    Make the downgrade remove what the upgrade creates. The finding of `downgrade-leaves-trace` for \
    the same revision, where there is one, names it. PostgreSQL's enum types are not dropped with \
    the table that uses them: `sa.Enum(name="mood").drop(op.get_bind())`.
    """

  let triggering = RuleExample(
    """
    def upgrade():
        op.create_table("day", sa.Column("mood", sa.Enum("good", "bad", name="mood")))

    def downgrade():
        op.drop_table("day")
    """,
    .example(
      .postgresql,
      steps: [
        StepRecord(.upgrade, outcome: .succeeded), StepRecord(.downgrade, outcome: .succeeded),
        StepRecord(
          .reupgrade,
          outcome: .failed(
            StepFailure(
              type: "sqlalchemy.exc.ProgrammingError", message: #"type "mood" already exists"#,
              sqlState: "42710", statement: "CREATE TYPE mood AS ENUM ('good', 'bad')"))),
      ], trace: .added(.type, "mood")))
  let passing = RuleExample(
    """
    def upgrade():
        op.create_table("day", sa.Column("mood", sa.Enum("good", "bad", name="mood")))

    def downgrade():
        op.drop_table("day")
        sa.Enum(name="mood").drop(op.get_bind())
    """,
    .example(.postgresql, trace: .init()))

  func findings(in run: JudgedRun) -> [Finding] {
    run.failures(.reupgrade).map { failed in
      let trace = failed.roundTrip?.trace?.structural(besides: [])
      var message = "\(failed.step.name.subject) \(failed.failure.predicate)"
      var fix = run.mendWriter.mending(failed.failure, on: failed.engine)
      if let trace, !trace.isEmpty {
        message += ", after the downgrade left \(trace.phrase(added: "behind"))"
        // The finding points at a line of upgrade().
        fix = run.undoing(trace, on: failed.engine, in: failed.roundTrip)
          .map { "in downgrade():\n\($0)" }
      }
      return run.finding(
        self, engine: failed.engine, revision: failed.revision, step: .reupgrade, message: message,
        evidence: failed.failure.evidence, fix: fix)
    }
  }
}
