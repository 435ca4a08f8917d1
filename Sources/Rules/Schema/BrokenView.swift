import Databases
import Schemas
import Walks

/// A view that could be read before the step cannot be read after it.
struct BrokenView: Rule {
  let name: RuleName = "broken-view"
  let severity = Severity.error
  let summary = "a view can no longer be read"
  let explanation = """
    The step changed or dropped something that a view needs. SQLite allows that and complains only \
    when the view is next read; PostgreSQL allows it where a function stands between.
    """
  let mend = """
    Drop the view before the change and create it again afterwards, in both directions.
    """

  let triggering = RuleExample(
    """
    def upgrade():  # view day_names reads day.name
        op.drop_table("day")
        op.create_table("day", sa.Column("id", sa.Integer(), primary_key=True))
    """,
    .example(
      .sqlite,
      steps: [
        StepRecord(
          .upgrade, outcome: .succeeded,
          observations: [
            Observation(
              .brokenView, objects: [ObjectID(.view, ["day_names"])],
              detail: "no such column: name")
          ])
      ]))
  let passing = RuleExample(
    """
    def upgrade():
        op.execute("DROP VIEW day_names")
        op.drop_table("day")
        op.create_table("day", sa.Column("id", sa.Integer(), primary_key=True))
    """, .example(.sqlite, trace: .init()))

  func findings(in run: JudgedRun) -> [Finding] {
    run.sightings(of: .brokenView).map { seen in
      let views = seen.observation.objects.map(\.description).listed
      return run.finding(
        self, engine: seen.engine, revision: seen.revision, step: seen.step.name,
        objects: seen.observation.objects,
        message: "\(seen.step.name.subject) breaks \(views): \(seen.observation.detail)",
        evidence: Evidence(error: seen.observation.detail),
        fix: "drop the view before the change and create it again afterwards")
    }
  }
}
