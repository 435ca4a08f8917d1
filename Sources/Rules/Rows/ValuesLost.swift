import Databases
import History
import Rows
import Schemas
import Walks

/// Up and down did not give every value back.
struct ValuesLost: Rule {
  let name: RuleName = "values-lost"
  let severity = Severity.error
  let summary = "values differ after up and down from what they were"
  let explanation = """
    The schema came back and the values did not: the upgrade wrote them in another form, and the \
    downgrade does not turn all of them back; or a column that the upgrade filled from others was \
    dropped without giving these their values again.

    A column that the upgrade dropped is told by `data-dropped`.
    """
  let mend = """
    Write the way back for the data too: `op.execute("UPDATE users SET name = first || ' ' || last")`. \
    Where it cannot be turned back exactly, keep the old column until nobody needs it.
    """

  let triggering = RuleExample(
    """
    def upgrade():
        op.execute("UPDATE day SET mood = lower(mood)")

    def downgrade():
        pass
    """, .example(.postgresql, rowsTrace: .example(changed: "mood", .replaced)))
  let passing = RuleExample(
    """
    def upgrade():
        op.add_column("day", sa.Column("mood_key", sa.Text()))
        op.execute("UPDATE day SET mood_key = lower(mood)")

    def downgrade():
        op.drop_column("day", "mood_key")
    """, .example(.postgresql, trace: .init()))

  func findings(in run: JudgedRun) -> [Finding] {
    run.roundTrips.flatMap { engine, trip in
      (trip.rowsTrace?.tables ?? []).compactMap { table -> Finding? in
        guard table.before != nil, table.after != nil else { return nil }
        let columns = table.columns.filter { column in
          // A NULL that has become a value is no value lost.
          column.changed > column.changes[.filled] ?? 0 && !column.isAdded && !column.isDropped
            && !trip.wasDropped(column, of: table)
        }
        guard !columns.isEmpty else { return nil }
        return run.finding(
          self, engine: engine.engine, revision: trip.revision, step: .downgrade,
          objects: columns.map(table.id(of:)),
          message: "up and down do not give back \(table.counted(columns))",
          evidence: Evidence(rows: table.samples(of: columns)))
      }
    }
  }
}
