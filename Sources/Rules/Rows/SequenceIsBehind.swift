import Databases
import History
import Rows
import Schemas
import Walks

/// The next value of a sequence is already there.
struct SequenceIsBehind: Rule {
  let name: RuleName = "sequence-behind"
  let severity = Severity.error
  let summary = "a sequence or identity gives values that rows already have"
  let explanation = """
    After the step the sequence of a column gives values that rows already have: rows were copied with \
    their keys into a new table, or a sequence was made anew or set back. Inserts fail with a duplicate \
    key, at once or when the sequence has come there, until it has passed the highest value.

    SQLite counts from the highest key that is there, so that no value comes twice.
    """
  let mend = """
    Move the sequence with the rows:

        op.execute("SELECT setval(pg_get_serial_sequence('day', 'id'), max(id)) FROM day")
    """

  let triggering = RuleExample(
    """
    def upgrade():
        op.execute("CREATE TABLE day2 (id serial PRIMARY KEY)")
        op.execute("INSERT INTO day2 SELECT id FROM day")
    """,
    .example(
      .postgresql,
      steps: [
        StepRecord(
          .upgrade, outcome: .succeeded,
          observations: [
            Observation(
              .sequenceBehind,
              objects: [
                ObjectID(.column, ["day2", "id"]), ObjectID(.sequence, ["day2_id_seq"]),
              ], detail: "gives 1 next, and the highest value is 3")
          ])
      ]))
  let passing = RuleExample(
    """
    def upgrade():
        op.execute("CREATE TABLE day2 (id serial PRIMARY KEY)")
        op.execute("INSERT INTO day2 SELECT id FROM day")
        op.execute("SELECT setval('day2_id_seq', max(id)) FROM day2")
    """, .example(.postgresql, trace: .init()))

  func findings(in run: JudgedRun) -> [Finding] {
    run.sightings(of: .sequenceBehind).map { seen in
      let objects = seen.observation.objects
      let column = objects.first
      let sequence = objects.first { $0.kind == .sequence }
      let table = column.flatMap(\.table)
      return run.finding(
        self, engine: seen.engine, revision: seen.revision, step: seen.step.name, objects: objects,
        message: "\(sequence?.description ?? "its sequence") lags behind "
          + "\(column?.description ?? "a column"): it \(seen.observation.detail)",
        statement: table.flatMap {
          StatementTrail(seen.step).leavingBehind(sequence?.name, of: $0, column?.name ?? "")
        },
        fix: fix(sequence, past: column, at: seen, in: run))
    }
  }

  private func fix(
    _ sequence: ObjectID?, past column: ObjectID?, at seen: JudgedRun.Sighting, in run: JudgedRun
  ) -> String {
    let place =
      [.approach, .ascent].contains(seen.step.name)
      ? "that revision's upgrade()" : seen.step.name.subject
    let sentence = "move it past the values at the end of \(place)"
    guard let sequence, let column else { return sentence }
    return run.mend(sentence, .advance(sequence, past: column), on: seen.engine)
  }
}
