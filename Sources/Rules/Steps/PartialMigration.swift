import Databases
import Schemas
import Walks

/// A step failed and its first half stayed.
struct PartialMigration: Rule {
  let name: RuleName = "partial-migration"
  let severity = Severity.error
  let summary = "a failed step left changes behind"
  let explanation = """
    The step failed, and part of what it had done was already committed. The version table says \
    that it was not applied; the schema says that it was, half. Running it again fails on what is \
    there already.

    On SQLite, Python's driver opens no transaction for DDL, so every statement before the failure \
    stays. On PostgreSQL it takes an `autocommit_block()`, a `COMMIT` in the migration or \
    AUTOCOMMIT in `env.py`; an interrupted `CREATE INDEX CONCURRENTLY` leaves an invalid index.
    """
  let mend = """
    Mend the failure itself, then make a repetition possible: one change per revision, so that \
    there is no half; on PostgreSQL leave out of the transaction only what must be (CONCURRENTLY), \
    in a revision of its own. On SQLite, `BEGIN` is sent for DDL too once the driver's transaction \
    control is turned off, as SQLAlchemy's documentation of the SQLite dialect describes.
    """

  let triggering = RuleExample(
    """
    def upgrade():
        op.create_table("mood", sa.Column("id", sa.Integer(), primary_key=True))
        op.execute("UPDATE no_such_table SET id = 1")
    """,
    .example(.sqlite, steps: [failedUpgrade(leaving: .added(.table, "mood"))]))
  let passing = RuleExample(
    """
    def upgrade():
        op.execute("UPDATE no_such_table SET id = 1")  # fails, but nothing was done before it
    """,
    .example(.sqlite, steps: [failedUpgrade(leaving: .init())]))

  private static func failedUpgrade(leaving change: SchemaDifference) -> StepRecord {
    StepRecord(
      .upgrade,
      outcome: .failed(
        StepFailure(
          type: "sqlalchemy.exc.OperationalError", message: "no such table: no_such_table",
          statement: "UPDATE no_such_table SET id = 1")), change: change)
  }

  func findings(in run: JudgedRun) -> [Finding] {
    run.failures(.upgrade, .downgrade, .reupgrade).compactMap { failed in
      let change = failed.step.change
      // What fails on made-up rows alone may never fail, and so never leave anything.
      guard change.isStructural, !failed.isOnDoubtfulRows else { return nil }
      return run.finding(
        self, engine: failed.engine, revision: failed.revision, step: failed.step.name,
        objects: change.structuralObjects,
        message: message(failed.step.name, change, on: failed.engine),
        evidence: evidence(of: failed),
        fix: "move what failed into a revision of its own, so that a failed step leaves nothing "
          + "to clean up by hand")
    }
  }

  func narrowed(_ finding: Finding, to objects: [ObjectID], in run: JudgedRun) -> Finding {
    guard let engine = finding.engine, let step = finding.step,
      let change = finding.evidence.difference?.about(Set(objects))
    else { return finding }
    return finding.about(
      objects, difference: change, message: message(step, change, on: engine), fix: finding.fix)
  }

  private func evidence(of failed: JudgedRun.FailedStep) -> Evidence {
    var evidence = failed.failure.evidence
    evidence.difference = failed.step.change
    return evidence
  }

  private func message(
    _ step: StepName, _ change: SchemaDifference, on engine: Engine
  ) -> String {
    let why =
      switch engine {
      case .sqlite: "each DDL statement was committed as it ran"
      case .postgresql: "part of it was committed before the failure"
      }
    return "\(step.subject) failed and leaves \(change.phrase(added: "behind")): \(why)"
  }
}
