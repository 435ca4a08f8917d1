import Databases
import Schemas
import Walks

/// Up, down, up did not end where the first up did.
struct ReupgradeDiffers: Rule {
  let name: RuleName = "reupgrade-differs"
  let severity = Severity.error
  let summary = "the second upgrade gave another schema than the first"
  let explanation = """
    After up, down and up again the schema is not the one that the first upgrade made. Databases \
    that were rolled back once are from now on different from those that were not, though both say \
    that they are at the same revision. `IF NOT EXISTS` over something that the downgrade left is \
    the usual cause.
    """
  let mend = """
    Make the downgrade complete (see `downgrade-leaves-trace`), and the upgrade independent of what \
    it finds: no `IF NOT EXISTS`, no branches on the state of the database.
    """

  let triggering = RuleExample(
    """
    def upgrade():
        op.execute("CREATE TABLE IF NOT EXISTS day (id integer PRIMARY KEY)")
        op.execute("CREATE INDEX day_id ON day (id)")

    def downgrade():
        op.execute("DROP INDEX day_id")
        op.execute("ALTER TABLE day ADD COLUMN old text")
    """,
    .example(
      .sqlite,
      steps: [StepName.upgrade, .downgrade, .reupgrade].map { StepRecord($0, outcome: .succeeded) },
      reupgradeDifference: .added(.column, "day", "old")))
  let passing = RuleExample(
    """
    def upgrade():
        op.create_table("day", sa.Column("id", sa.Integer(), primary_key=True))

    def downgrade():
        op.drop_table("day")
    """, .example(.sqlite, trace: .init()))

  func findings(in run: JudgedRun) -> [Finding] {
    run.roundTrips.compactMap { engine, roundTrip in
      guard let difference = roundTrip.reupgradeDifference, difference.isStructural else {
        return nil
      }
      return run.finding(
        self, engine: engine.engine, revision: roundTrip.revision, step: .reupgrade,
        objects: difference.structuralObjects, message: message(difference),
        evidence: Evidence(difference: difference),
        fix: run.undoing(roundTrip.trace?.structural(besides: []), on: engine.engine))
    }
  }

  func narrowed(_ finding: Finding, to objects: [ObjectID], in run: JudgedRun) -> Finding {
    let rest = finding.evidence.difference?.about(Set(objects)) ?? SchemaDifference()
    return finding.about(objects, difference: rest, message: message(rest), fix: finding.fix)
  }

  private func message(_ difference: SchemaDifference) -> String {
    "the second upgrade gives another schema than the first: \(difference.phrase(added: "added"))"
  }
}
