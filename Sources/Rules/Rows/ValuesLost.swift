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
        guard let first = columns.first else { return nil }
        let objects = columns.map(table.id(of:))
        let trail = StatementTrail(trip.step(.downgrade))
        return run.finding(
          self, engine: engine.engine, revision: trip.revision, step: .downgrade,
          objects: objects,
          message: "up and down do not give back \(table.counted(columns))",
          evidence: Evidence(rows: table.samples(of: columns)),
          statement: trail.changing(
            column: first.names, of: table.names, isTypeChanged: first.isTypeChanged),
          fix: run.mends(
            run.mend(
              trip.keeps(columns, of: table)
                ? "let the downgrade write the values back"
                : "keep the old values beside the new ones, and let the downgrade write them back",
              objects.map { .fill($0) }, on: engine.engine),
            run.declaring(self, objects.count == 1 ? objects[0] : nil, on: engine.engine)))
      }
    }
  }
}

extension RoundTripRecord {
  /// Whether the upgrade left the values of these columns as they were, so that the downgrade has what
  /// it needs.
  fileprivate func keeps(
    _ columns: [RowsDifference.Column], of table: RowsDifference.Table
  ) -> Bool {
    guard let changed = step(.upgrade)?.rows?[table.name] else { return true }
    return columns.allSatisfy { column in (changed[column.before ?? ""]?.changed ?? 0) == 0 }
  }
}
