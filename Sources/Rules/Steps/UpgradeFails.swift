import Databases
import Schemas
import Walks

/// The way up raised.
struct UpgradeFails: Rule {
  let name: RuleName = "upgrade-fails"
  let severity = Severity.error
  let summary = "an upgrade raised, or one of its statements was refused"
  let explanation = """
    The migration cannot be applied to the schema that the revisions before it build. Whoever \
    deploys it stops half-way, often with the new code already running.

    It is seen on the walk, on the way up to the first revision that is verified, or at the end, \
    when all revisions are taken up in one go as one deployment would.
    """
  let mend = """
    The finding names the last line of your own files on the way to the failure, and the statement \
    that the database refused. Mend that line; run `stairway verify` again.

    What works on one engine only (`ALTER` of constraints on SQLite, `CREATE INDEX CONCURRENTLY` \
    inside a transaction on PostgreSQL) needs `op.batch_alter_table(…)` or \
    `op.get_context().autocommit_block()`.
    """

  let triggering = RuleExample(
    """
    def upgrade():
        op.execute("ALTER TABLE users ALTER COLUMN age TYPE integer")  # age is text
    """,
    .example(
      .postgresql,
      steps: [
        StepRecord(
          .upgrade,
          outcome: .failed(
            StepFailure(
              type: "sqlalchemy.exc.ProgrammingError",
              message: #"column "age" cannot be cast automatically to type integer"#,
              sqlState: "42804", statement: "ALTER TABLE users ALTER COLUMN age TYPE integer",
              frames: [
                Frame(
                  file: "migrations/versions/9f31c02e77ab_add_mood.py", line: 13,
                  function: "upgrade")
              ])))
      ]))
  let passing = RuleExample(
    """
    def upgrade():
        op.execute("ALTER TABLE users ALTER COLUMN age TYPE integer USING age::integer")
    """,
    .example(.postgresql, trace: .init()))

  func findings(in run: JudgedRun) -> [Finding] {
    run.failures(.approach, .upgrade, .ascent).filter { failed in
      !failed.isOnRows && run.environmentStatement(behind: failed) == nil
    }.map { failed in
      run.finding(
        self, engine: failed.engine, revision: failed.revision, step: failed.step.name,
        message: "\(failed.step.name.subject) \(failed.failure.predicate)",
        evidence: failed.failure.evidence,
        fix: run.timeoutFix(failed.failure)
          ?? run.mendWriter.mending(failed.failure, on: failed.engine))
    }
  }
}
