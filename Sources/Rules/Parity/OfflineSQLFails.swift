import Databases
import History
import Schemas
import Walks

/// The SQL of a revision cannot be printed, or is refused when it is run.
struct OfflineSQLFails: Rule {
  let name: RuleName = "offline-sql-fails"
  let severity = Severity.warning
  let summary = "`upgrade --sql` or `downgrade --sql` cannot print a revision, or prints what fails"
  let explanation = """
    With `--sql` the tool prints the statements instead of running them, for people who run them by \
    hand or want to read them first. A migration that asks the database something (a `SELECT`, the \
    inspector) gets no answer there and cannot be printed; one whose values are not written out is \
    printed, and refused when it is run. What a migration prints itself goes among the statements. \
    Projects that never use `--sql` switch this off with \
    `offline: false`. Alembic's batch operations, which cannot be printed for SQLite by their \
    nature, are no finding there.
    """
  let mend = """
    Write the migration as statements that need no answer (`UPDATE … FROM`, `INSERT … SELECT`), or \
    leave out what needs one with `if not context.is_offline_mode():`.
    """

  let triggering = RuleExample(
    """
    def upgrade():
        for row in op.get_bind().execute(sa.text("SELECT id FROM mood")).fetchall():
            op.execute(f"UPDATE mood SET level = 3 WHERE id = {row.id}")
    """,
    .example(
      .postgresql,
      beside: .example(
        .printedUpgrade, .skipped("a revision cannot be printed"),
        unprintable: [
          Unprintable(
            revision: Revision.example.id,
            failure: StepFailure(
              type: "AttributeError",
              message: "'NoneType' object has no attribute 'fetchall'",
              frames: [
                Frame(
                  file: Revision.example.file, line: 13, function: "upgrade",
                  code:
                    #"for row in op.get_bind().execute(sa.text("SELECT id FROM mood")).fetchall():"#
                )
              ]))
        ])))
  let passing = RuleExample(
    """
    def upgrade():
        op.execute("UPDATE mood SET level = 3")
    """, .example(.postgresql, beside: .example(.printedUpgrade, difference: .init())))

  func findings(in run: JudgedRun) -> [Finding] {
    run.besides(.printedUpgrade, .printedDowngrade).flatMap { beside in
      let command = beside.name.command
      let engine = beside.engine.engine
      let unprintable = beside.step.unprintable.filter { !$0.isTools || engine != .sqlite }
      if case .failed(let failure) = beside.step.record.outcome {
        let revision = beside.step.record.stoppedAt
        let message =
          revision == nil
          ? "`\(command)` prints nothing: \(failure.message)"
          : "what `\(command)` prints is refused: \(failure.message)"
        return [
          run.finding(
            self, engine: engine, revision: revision, step: beside.name, message: message,
            evidence: failure.evidence,
            fix: revision == nil
              ? "let env.py configure the context without a connection where "
                + "`context.is_offline_mode()` holds; where `--sql` is never used: `offline: false`"
              : PrintingFault(refusal: failure)?.mend
                ?? "read what is printed for the revision: `\(command)`; values are written out where "
                + "env.py says `literal_binds=True`; where `--sql` is never used: `offline: false`")
        ]
      }
      return unprintable.map { refused in
        run.finding(
          self, engine: engine, revision: refused.revision, step: beside.name,
          message: "`\(command)` cannot print the revision: \(refused.failure.message)",
          evidence: refused.failure.evidence,
          fix: "write it as statements that need no answer, or leave it out where "
            + "`context.is_offline_mode()` holds; where `--sql` is never used: `offline: false`")
      }
    }
  }
}

extension StepName {
  /// The tool's option that prints what was run.
  var command: String { direction == .up ? "upgrade --sql" : "downgrade --sql" }
}
