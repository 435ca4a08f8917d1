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

    A column that the upgrade dropped and of which nothing came back is told by `data-dropped`.
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
          trip.lostValues(column, of: table) > 0 && column.computedAfter == nil
            && !column.isAdded && !column.isDropped && !trip.isDropped(column, of: table)
        }
        guard let first = columns.first else { return nil }
        let objects = columns.map(table.id(of:))
        let trail = StatementTrail(trip.step(.downgrade))
        let counted = columns.map { column in
          "\(table.atLeast)\(trip.lostValues(column, of: table).counted("value")) of "
            + "\(table.id(of: column))"
            + (trip.clearing(column, of: table)?.wayOfClearing.map { " (\($0))" } ?? "")
        }
        // What PostgreSQL would have refused to begin with: see `values-changed`.
        let isMisread = columns.allSatisfy { column in
          let change = trip.upgraded(column, of: table)
          return change.map { $0.lost > 0 && $0.isMisreadText } ?? false
        }
        let isDoubtful = table.isMadeUp && isMisread
        var finding = run.finding(
          self, engine: engine.engine, revision: trip.revision, step: .downgrade,
          objects: objects,
          message: "up and down do not give back \(counted.listed)"
            + (isDoubtful ? " (all of them made up)" : ""),
          evidence: Evidence(rows: table.samples(of: columns) { $0.change != .filled }),
          statement: trail.changing(
            column: first.names, of: table.names,
            isTypeChanged: trail.converted(first, of: table.names)),
          fix: isDoubtful
            ? JudgedRun.mendOfDoubt : fix(columns, of: table, in: trip, run, on: engine.engine))
        if isDoubtful { finding.severity = .warning }
        return finding
      }
    }
  }

  private func fix(
    _ columns: [RowsDifference.Column], of table: RowsDifference.Table, in trip: RoundTripRecord,
    _ run: JudgedRun, on engine: Engine
  ) -> String {
    let objects = columns.map(table.id(of:))
    let misread = columns.lazy.compactMap { column in
      trip.upgraded(column, of: table)?.mendOfMisreadTime(of: table, on: engine)
    }
    if let mend = misread.first { return mend }
    let tables = (trip.step(.upgrade)?.rows ?? trip.rowsTrace)?.tables ?? []
    let cleared = columns.compactMap { column in
      trip.clearing(column, of: table)?.mendOfClearing(
        table.id(of: column), tables, in: run, on: engine)
    }
    if cleared.count == columns.count, let mend = cleared.first {
      return run.mends(mend, run.declaring(self, objects.count == 1 ? objects[0] : nil, on: engine))
    }
    return run.mends(
      run.mend(
        trip.keeps(columns, of: table)
          ? "let the downgrade write the values back"
          : "keep the old values beside the new ones, and let the downgrade write them back",
        objects.map { .fill($0) }, on: engine),
      run.declaring(self, objects.count == 1 ? objects[0] : nil, on: engine))
  }
}

extension RoundTripRecord {
  /// What cleared a column on the way up or, where that left it as it was, on the way down.
  fileprivate func clearing(
    _ column: RowsDifference.Column, of table: RowsDifference.Table
  ) -> RowLoss? {
    for name in [StepName.upgrade, .downgrade] {
      guard let step = step(name),
        let changed = step.rows?.tables.first(where: { $0.before == table.before }),
        let same = changed.columns.first(where: { $0.before == column.before })
      else { continue }
      if let loss = StatementTrail(step).clearing(same, of: changed) { return loss }
    }
    return nil
  }

  /// Whether the upgrade left the values of these columns as they were, so that the downgrade has what
  /// it needs.
  fileprivate func keeps(
    _ columns: [RowsDifference.Column], of table: RowsDifference.Table
  ) -> Bool {
    guard let changed = step(.upgrade)?.rows?[table.name] else { return true }
    return columns.allSatisfy { column in (changed[column.before ?? ""]?.changed ?? 0) == 0 }
  }
}
