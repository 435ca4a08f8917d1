import Databases
import Schemas
import Walks

/// There is no way down.
struct MissingDowngrade: Rule {
  let name: RuleName = "missing-downgrade"
  let severity = Severity.error
  let summary = "a downgrade raises NotImplementedError, or there is none"
  let explanation = """
    The migration has no way back: no function or file for the way down, or one that raises \
    NotImplementedError. A rollback ends at this revision.

    A downgrade that is there but does nothing (`pass`) is another matter: it succeeds, and what it \
    leaves is reported as `downgrade-leaves-trace`.
    """
  let mend = """
    Write the downgrade. The finding proposes the operations that undo what the upgrade was seen to \
    do.

    Where there is no way back on purpose, declare it: \
    `# stairway: allow missing-downgrade because …` beside the code, or `downgrade-floor` in \
    `stairway.yml`.
    """

  let triggering = RuleExample(
    """
    def upgrade():
        op.add_column("users", sa.Column("mood", sa.Text()))

    def downgrade():
        raise NotImplementedError()
    """,
    .example(
      .sqlite,
      steps: [
        StepRecord(.upgrade, outcome: .succeeded, change: .added(.column, "users", "mood")),
        StepRecord(
          .downgrade,
          outcome: .failed(
            StepFailure(kind: .notImplemented, type: "NotImplementedError", message: ""))
        ),
      ]))
  let passing = RuleExample(
    """
    def upgrade():
        op.add_column("users", sa.Column("mood", sa.Text()))

    def downgrade():
        op.drop_column("users", "mood")
    """,
    .example(.sqlite, trace: .init()))

  func findings(in run: JudgedRun) -> [Finding] {
    run.failures(.downgrade, .descent).filter(\.failure.meansNoDowngrade).map { failed in
      let change = failed.roundTrip?.step(.upgrade)?.change
      return run.finding(
        self, engine: failed.engine, revision: failed.revision, step: failed.step.name,
        message: Self.message(failed.failure), evidence: failed.failure.evidence,
        fix: run.undoing(change, on: failed.engine, in: failed.roundTrip))
    }
  }

  private static func message(_ failure: StepFailure) -> String {
    guard failure.kind != .noSuchDirection else { return "there is no downgrade" }
    let said = failure.headline.isEmpty ? "" : ": \(failure.headline)"
    return "the downgrade is not implemented\(said)"
  }
}
