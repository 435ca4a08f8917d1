import Databases
import Schemas
import Walks

/// Down to base in one go, and something is still there.
struct DescentLeavesTrace: Rule {
  let name: RuleName = "descent-leaves-trace"
  let severity = Severity.error
  let summary = "down to base in one go left something"
  let explanation = """
    All revisions were taken down in one go, as one command would, and the schema is not the one \
    that the history started from. What the round trips of single revisions have already shown is \
    not repeated: this is about what only shows on the whole way, such as an object that one \
    revision creates, another renames, and neither drops.
    """
  let mend = """
    Find the revision that creates the object that is left, and make its downgrade drop it under \
    the name that it has by then.
    """

  let triggering = RuleExample(
    """
    def downgrade():  # of the first revision
        op.drop_table("day")  # day_archive, made by a trigger of a later one, stays
    """,
    .example(.sqlite) {
      $0.descent = StepRecord(.descent, outcome: .succeeded)
      $0.descentTrace = .added(.table, "day_archive")
    })
  let passing = RuleExample(
    """
    def downgrade():
        op.drop_table("day_archive")
        op.drop_table("day")
    """,
    .example(.sqlite) {
      $0.descent = StepRecord(.descent, outcome: .succeeded)
      $0.descentTrace = .init()
    })

  func findings(in run: JudgedRun) -> [Finding] {
    run.record.engines.compactMap { engine in
      guard let trace = engine.descentTrace?.structural(besides: engine.objectsInTraces),
        !trace.isEmpty
      else { return nil }
      let makers = engine.environmentsStatements(making: trace) ?? []
      return run.finding(
        self, engine: engine.engine, revision: nil, step: .descent,
        objects: trace.structuralObjects,
        message: message(trace) + (makers.isEmpty ? "" : ", which env.py makes by itself"),
        evidence: Evidence(
          statement: makers.last?.sql, difference: trace,
          frames: makers.last?.sender.map { [$0] } ?? []),
        fix: fix(trace, on: engine, in: run))
    }
  }

  private func fix(
    _ trace: SchemaDifference, on engine: EngineRecord, in run: JudgedRun
  ) -> String? {
    engine.environmentsStatements(making: trace) == nil
      ? run.undoing(trace, on: engine.engine)
      : "let env.py run the migrations and nothing else: no revision makes this, so that no downgrade "
        + "is to drop it; where env.py is meant to make it, declare it with `allow`"
  }

  func narrowed(_ finding: Finding, to objects: [ObjectID], in run: JudgedRun) -> Finding {
    let rest = finding.evidence.difference?.about(Set(objects)) ?? SchemaDifference()
    let engine = run.record.engines.first { $0.engine == finding.engine }
    return finding.about(
      objects, difference: rest, message: message(rest),
      fix: engine.flatMap { fix(rest, on: $0, in: run) })
  }

  private func message(_ trace: SchemaDifference) -> String {
    "\(StepName.descent.subject) leaves \(trace.phrase(added: "behind"))"
  }
}
