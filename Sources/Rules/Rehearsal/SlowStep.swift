import Databases
import Walks

/// A revision took longer on the copy of production than a deploy should wait.
struct SlowStep: Rule {
  let name: RuleName = "slow-step"
  let severity = Severity.warning
  let summary = "in a rehearsal, a revision took longer than `max-step`"
  let explanation = """
    The deploy waits as long, or is ended by whoever watches it: a platform's release phase, a \
    container's start-up probe, a statement timeout. What was done by then is rolled back, or half done \
    where the migration commits in between.

    It is measured on the copy, from the begin of the revision's function to its end, with its commit \
    where it has its own. The limit is `rehearse: {max-step: 30s}` in `stairway.yml`.
    """
  let mend = """
    Move rows beside the deploy: add the column first, fill it in batches by a job, and make it required \
    in a later revision. Give a deploy that has to wait the time that the rehearsal took, and half as \
    much again.
    """

  let triggering = RuleExample(
    """
    def upgrade():
        op.execute("UPDATE users SET slug = lower(name)")
    """,
    .rehearsed(
      StatementMeasurement(sql: "UPDATE users SET slug = lower(name)", duration: 44), duration: 45))
  let passing = RuleExample(
    """
    def upgrade():
        op.execute("UPDATE users SET slug = lower(name) WHERE slug IS NULL")  # filled by a job
    """,
    .rehearsed(
      StatementMeasurement(
        sql: "UPDATE users SET slug = lower(name) WHERE slug IS NULL", duration: 0.1)))

  func findings(in run: JudgedRun) -> [Finding] {
    run.measuredSteps.filter { $0.step.duration > $0.rehearsal.bounds.longestStep }.map {
      rehearsal, step in
      let slowest = step.statements.max { $0.duration < $1.duration }
      let rest = slowest.map { ", \($0.duration.duration) of it in one statement" } ?? ""
      let rewrites = slowest.map { !$0.rewritten.isEmpty } ?? false
      return run.finding(
        self, in: rehearsal, step, about: [],
        message: "it takes \(step.duration.duration) on the copy\(rest)", statement: slowest,
        evidence: [
          "\(step.statements.count.counted("statement")), "
            + "limit \(rehearsal.bounds.longestStep.duration)"
        ],
        fix: slowest.map { run.safeWay(insteadOf: $0.sql, rewrites: rewrites) })
    }
  }
}
