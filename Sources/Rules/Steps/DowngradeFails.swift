import Databases
import Schemas
import Walks

/// The way down was tried and raised.
struct DowngradeFails: Rule {
  let name: RuleName = "downgrade-fails"
  let severity = Severity.error
  let summary = "a downgrade raised, or one of its statements was refused"
  let explanation = """
    The migration can be applied but not taken back: a rollback in production stops here. Usual \
    causes are a name that the upgrade never gave (`op.drop_constraint(None, …)`), objects that \
    are dropped in the wrong order, and state that only the upgrade's own session had.

    A downgrade that refuses on purpose, by raising an exception of its own, is seen as well: the \
    rollback is just as impossible. Where that is meant, it should be declared with its reason.
    """
  let mend = """
    Mend the line that the finding names. Give constraints and indexes explicit names, so that the \
    downgrade can drop them by name.

    Where there is no way back on purpose, say so beside the code:

        # stairway: allow downgrade-fails because rows were merged and cannot be told apart

    or set `downgrade-floor` in `stairway.yml` to the oldest revision that is to be taken down.
    """

  let triggering = RuleExample(
    """
    def upgrade():
        op.create_unique_constraint(None, "users", ["email"])

    def downgrade():
        op.drop_constraint("uq_users_email", "users")  # PostgreSQL named it users_email_key
    """,
    .example(
      .postgresql,
      steps: [
        StepRecord(.upgrade, outcome: .succeeded),
        StepRecord(
          .downgrade,
          outcome: .failed(
            StepFailure(
              type: "sqlalchemy.exc.ProgrammingError",
              message: #"constraint "uq_users_email" of relation "users" does not exist"#,
              sqlState: "42704", statement: "ALTER TABLE users DROP CONSTRAINT uq_users_email"))),
      ]))
  let passing = RuleExample(
    """
    def upgrade():
        op.create_unique_constraint("uq_users_email", "users", ["email"])

    def downgrade():
        op.drop_constraint("uq_users_email", "users")
    """,
    .example(.postgresql, trace: .init()))

  func findings(in run: JudgedRun) -> [Finding] {
    run.failures(.downgrade, .descent).filter {
      !$0.failure.meansNoDowngrade && !$0.isOnRows
    }.map { failed in
      let failure = failed.failure
      if let remains = run.remains(behind: failed) { return finding(of: failed, remains, in: run) }
      let refuses = Self.isRefusal(failed)
      return run.finding(
        self, engine: failed.engine, revision: failed.revision, step: failed.step.name,
        message: refuses
          ? "\(failed.step.name.subject) refuses: \(failure.raised)"
          : "\(failed.step.name.subject) \(failure.predicate)",
        evidence: failure.evidence,
        fix: refuses
          ? "where that is meant, declare it beside the code: "
            + "# stairway: allow \(name) because …; or set downgrade-floor in stairway.yml"
          : run.mendWriter.mending(failure, on: failed.engine))
    }
  }

  /// A way down in one go that stopped at what a downgrade before it had left.
  private func finding(
    of failed: JudgedRun.FailedStep, _ remains: Remains, in run: JudgedRun
  ) -> Finding {
    var evidence = failed.failure.evidence
    // They lead to the revision that is sound.
    evidence.frames = []
    let place = failed.revision.map { " (in \($0))" } ?? ""
    return run.finding(
      self, engine: failed.engine, revision: remains.trip.revision, step: failed.step.name,
      objects: remains.trace.structuralObjects,
      message: "after this downgrade left \(remains.trace.phrase(added: "behind")), "
        + "\(failed.step.name.subject) \(failed.failure.predicate)\(place)", evidence: evidence,
      fix: run.undoing(remains.trace, on: failed.engine, in: remains.trip))
  }

  /// Whether the author raised it: no statement was refused on the way.
  private static func isRefusal(_ failed: JudgedRun.FailedStep) -> Bool {
    failed.failure.kind == .raised && failed.failure.wasRaisedByUser
      && failed.failure.frames.last != nil
      && failed.step.statements.allSatisfy { $0.error == nil }
  }
}
