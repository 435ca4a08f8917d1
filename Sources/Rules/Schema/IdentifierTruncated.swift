import Databases
import Schemas
import Walks

/// The server shortened a name.
struct IdentifierTruncated: Rule {
  let name: RuleName = "identifier-truncated"
  let severity = Severity.warning
  let summary = "the server shortened a name"
  let explanation = """
    PostgreSQL keeps 63 bytes of a name and drops the rest, with no more than a notice. Two long \
    names can become the same one, and tools that compare names with the models' find a difference \
    for ever.
    """
  let mend = """
    Choose a name of at most 63 bytes, and use the same one in the downgrade.
    """

  let triggering = RuleExample(
    """
    def upgrade():
        op.create_index("ix_a_name_that_is_longer_than_sixty_three_bytes_and_so_is_cut_short_by_it",
                        "day", ["name"])
    """,
    .example(
      .postgresql,
      steps: [
        StepRecord(
          .upgrade, outcome: .succeeded,
          observations: [
            Observation(
              .truncatedIdentifier, objects: [],
              detail: #"identifier "ix_a_name_that_is_longer_than_sixty_three_bytes_and_so_is_"#
                + #"cut_short_by_it" will be truncated to "ix_a_name_that_is_longer_than_"#
                + #"sixty_three_bytes_and_so_is_cut_s""#)
          ])
      ]))
  let passing = RuleExample(
    """
    def upgrade():
        op.create_index("ix_day_name", "day", ["name"])
    """, .example(.postgresql, trace: .init()))

  func findings(in run: JudgedRun) -> [Finding] {
    run.sightings(of: .truncatedIdentifier).map { seen in
      run.finding(
        self, engine: seen.engine, revision: seen.revision, step: seen.step.name,
        objects: seen.observation.objects,
        message: "the server shortens a name: \(seen.observation.detail)",
        evidence: Evidence(error: seen.observation.detail),
        statement: StatementTrail(seen.step).noticed(seen.observation.detail),
        fix: "choose a name of at most 63 bytes, in the upgrade and in the downgrade")
    }
  }
}
