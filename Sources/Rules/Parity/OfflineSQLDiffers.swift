import Databases
import Schemas
import Walks

/// What is printed makes another schema than what is run.
struct OfflineSQLDiffers: Rule {
  let name: RuleName = "offline-sql-differs"
  let severity = Severity.error
  let summary = "the SQL that `--sql` prints makes another schema than the migrations"
  let explanation = """
    Everything that `upgrade --sql` prints from base to the heads was run, and `downgrade --sql` \
    after it, and the schema is not the one that the migrations themselves make. Whoever migrates \
    production with the printed SQL gets another database than the one that was tested. It happens \
    where a migration looks first (`if inspector.has_table(…)`) and takes the other way when there \
    is nobody to answer.
    """
  let mend = """
    Let the migration do the same with and without a connection; a branch that depends on the \
    database cannot be printed.
    """

  let triggering = RuleExample(
    """
    def upgrade():
        if not context.is_offline_mode():
            op.create_index("ix_mood_day", "mood", ["day"])
    """,
    .example(
      .postgresql, beside: .example(.printedUpgrade, difference: .removed(.index, "ix_mood_day"))))
  let passing = RuleExample(
    """
    def upgrade():
        op.create_index("ix_mood_day", "mood", ["day"])
    """, .example(.postgresql, beside: .example(.printedUpgrade, difference: .init())))

  func findings(in run: JudgedRun) -> [Finding] {
    run.besides(.printedUpgrade, .printedDowngrade).compactMap { beside in
      // What the migrations themselves leave behind has been told.
      let known = beside.engine.objectsInTraces.union(
        (beside.engine.descentTrace?.changes ?? []).map(\.id))
      guard let difference = beside.step.difference?.structural(besides: known),
        !difference.isEmpty
      else { return nil }
      return run.finding(
        self, engine: beside.engine.engine,
        revision: run.maker(of: difference, on: beside.engine), step: beside.name,
        objects: difference.structuralObjects,
        message: message(difference, beside.name),
        evidence: Evidence(difference: difference),
        fix: PrintingFault(difference)?.mend
          ?? "let the migrations of these objects do the same with and without a connection")
    }
  }

  func narrowed(_ finding: Finding, to objects: [ObjectID], in run: JudgedRun) -> Finding {
    let rest = finding.evidence.difference?.about(Set(objects)) ?? SchemaDifference()
    return finding.about(
      objects, difference: rest, message: message(rest, finding.step ?? .printedUpgrade),
      fix: finding.fix)
  }

  private func message(_ difference: SchemaDifference, _ step: StepName) -> String {
    "what `\(step.command)` prints makes another schema than the migrations: "
      + difference.phrase(added: step.direction == .up ? "added" : "left behind")
  }
}
