import Databases
import Schemas
import Walks

/// Up to the heads in one go did not end where the walk did.
struct AscentDiffers: Rule {
  let name: RuleName = "ascent-differs"
  let severity = Severity.error
  let summary = "up to the heads in one go gave another schema than step by step"
  let explanation = """
    After the way down to base, all revisions were taken up in one go, as a new installation would. \
    The schema is not the one that was reached revision by revision: new installations and \
    databases that grew with the project differ. What the round trips of single revisions have \
    already shown is not repeated.
    """
  let mend = """
    Look for migrations whose result depends on what they find: `IF NOT EXISTS`, branches on the \
    inspector, models imported from the application instead of written in the migration.
    """

  let triggering = RuleExample(
    """
    def upgrade():
        if not sa.inspect(op.get_bind()).has_table("day"):
            op.create_index("user_day", "users", ["day"])
    """,
    .example(.sqlite) {
      $0.ascent = StepRecord(.ascent, outcome: .succeeded)
      $0.ascentDifference = .removed(.index, "user_day")
    })
  let passing = RuleExample(
    """
    def upgrade():
        op.create_index("user_day", "users", ["day"])
    """,
    .example(.sqlite) {
      $0.ascent = StepRecord(.ascent, outcome: .succeeded)
      $0.ascentDifference = .init()
    })

  func findings(in run: JudgedRun) -> [Finding] {
    run.record.engines.compactMap { engine in
      guard let difference = engine.ascentDifference?.structural(besides: engine.objectsInTraces),
        !difference.isEmpty
      else { return nil }
      return run.finding(
        self, engine: engine.engine, revision: nil, step: .ascent,
        objects: difference.structuralObjects, message: message(difference),
        evidence: Evidence(difference: difference))
    }
  }

  func narrowed(_ finding: Finding, to objects: [ObjectID], in run: JudgedRun) -> Finding {
    let rest = finding.evidence.difference?.about(Set(objects)) ?? SchemaDifference()
    return finding.about(objects, difference: rest, message: message(rest), fix: nil)
  }

  private func message(_ difference: SchemaDifference) -> String {
    "\(StepName.ascent.subject) gives another schema than the walk: "
      + difference.phrase(added: "added")
  }
}
