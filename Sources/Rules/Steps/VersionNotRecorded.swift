import Databases
import History
import Walks

/// The version table says something else than what was run.
struct VersionNotRecorded: Rule {
  let name: RuleName = "version-not-recorded"
  let severity = Severity.error
  let summary = "the version table does not say what was run"
  let explanation = """
    The step succeeded, but the tool's own version table does not hold the revision that was \
    reached. The next deployment would apply it again, or leave one out. It happens where a \
    migration commits or rolls back by itself, writes to the version table, or where `env.py` \
    swallows errors. After every step of the walk the table is read, and after `stamp`, which \
    records the heads and runs nothing.
    """
  let mend = """
    Leave transactions to the tool: no `connection.commit()`, `rollback()` or `COMMIT` in \
    migrations, and no `try: … except: pass` around `context.run_migrations()`.
    """

  let triggering = RuleExample(
    """
    def upgrade():
        op.create_table("mood", sa.Column("id", sa.Integer(), primary_key=True))
        op.get_bind().commit()
    """, .example(.sqlite, steps: [upgrade(recording: [])]))
  let passing = RuleExample(
    """
    def upgrade():
        op.create_table("mood", sa.Column("id", sa.Integer(), primary_key=True))
    """, .example(.sqlite, steps: [upgrade(recording: [Revision.example.id])]))

  private static func upgrade(recording versions: [RevisionID]) -> StepRecord {
    StepRecord(
      .upgrade, outcome: .succeeded, recordedVersions: versions,
      expectedVersions: [Revision.example.id])
  }

  func findings(in run: JudgedRun) -> [Finding] {
    run.record.engines.flatMap { engine in
      let single = engine.roundTrips.flatMap { roundTrip in
        roundTrip.steps.map { (roundTrip.revision as RevisionID?, $0) }
      }
      let several =
        [engine.approach, engine.descent, engine.ascent].compactMap { $0 }
        + (engine.parity?.steps ?? []).map(\.record)
      return (single + several.map { (nil, $0) }).compactMap { revision, step -> Finding? in
        if step.name == .stamp, case .failed(let failure) = step.outcome {
          return run.finding(
            self, engine: engine.engine, revision: nil, step: .stamp,
            message: "`stamp` cannot record the heads: \(failure.message)",
            evidence: failure.evidence)
        }
        guard case .succeeded = step.outcome, let expected = step.expectedVersions,
          !step.isRecorded
        else { return nil }
        let held = step.recordedVersions.map(words)
        return run.finding(
          self, engine: engine.engine, revision: revision, step: step.name,
          message: held.map {
            "after \(step.name.subject) the version table holds \($0) instead of \(words(expected))"
          } ?? "after \(step.name.subject) there is no version table, which should hold "
            + words(expected),
          fix: "leave transactions and the version table to the migration tool")
      }
    }
  }

  private func words(_ versions: [RevisionID]) -> String {
    versions.isEmpty ? "nothing" : versions.map(\.text).sorted().listed
  }
}
