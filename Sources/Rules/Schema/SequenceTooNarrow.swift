import Databases
import Schemas
import Walks

/// A bigint column draws on a sequence that ends at the end of integer.
struct SequenceTooNarrow: Rule {
  let name: RuleName = "sequence-too-narrow"
  let severity = Severity.warning
  let summary = "a bigint column is fed by an integer sequence"
  let explanation = """
    The column was widened to bigint, but the sequence behind it was made for integer: it still \
    ends at 2,147,483,647, and inserts fail there, which is what widening the column was meant to \
    prevent.
    """
  let mend = """
    Widen the sequence with the column: `op.execute("ALTER SEQUENCE users_id_seq AS bigint")`.
    """

  let triggering = RuleExample(
    """
    def upgrade():  # id is serial
        op.alter_column("day", "id", type_=sa.BigInteger())
    """,
    .example(
      .postgresql,
      steps: [
        StepRecord(
          .upgrade, outcome: .succeeded,
          observations: [
            Observation(
              .narrowSequence,
              objects: [ObjectID(.column, ["day", "id"]), ObjectID(.sequence, ["day_id_seq"])],
              detail: "bigint, integer")
          ])
      ]))
  let passing = RuleExample(
    """
    def upgrade():
        op.alter_column("day", "id", type_=sa.BigInteger())
        op.execute("ALTER SEQUENCE day_id_seq AS bigint")
    """, .example(.postgresql, trace: .init()))

  func findings(in run: JudgedRun) -> [Finding] {
    run.sightings(of: .narrowSequence).map { seen in
      let objects = seen.observation.objects
      let column = objects.first { $0.kind == .column }?.description ?? "a bigint column"
      let sequence = objects.first { $0.kind == .sequence }
      return run.finding(
        self, engine: seen.engine, revision: seen.revision, step: seen.step.name, objects: objects,
        message: "\(column) is bigint, but \(sequence?.description ?? "its sequence") ends with "
          + "integer",
        statement: objects.first.flatMap { column in
          column.table.flatMap {
            StatementTrail(seen.step).changing(
              column: [column.name], of: [$0], isTypeChanged: true)
          }
        },
        fix: sequence.flatMap { run.undoing(widening($0), on: seen.engine) })
    }
  }

  /// The difference whose undoing is what is missing: the sequence as it should be, before.
  private func widening(_ sequence: ObjectID) -> SchemaDifference {
    SchemaDifference([
      ObjectChange(
        before: SchemaObject(sequence, ["type": .text("bigint")]),
        after: SchemaObject(sequence, ["type": .text("integer")]),
        properties: [
          PropertyChange(
            "type", before: .text("bigint"), after: .text("integer"), weight: .structural)
        ])
    ])
  }
}
