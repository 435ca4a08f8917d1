import Databases
import History
import Rows
import Schemas
import Walks

/// An upgrade changed values in a column that was there before.
struct ValuesChanged: Rule {
  let name: RuleName = "values-changed"
  let severity = Severity.warning
  let summary = "an upgrade changed values in a column that was there before"
  let explanation = """
    The column is the same and values in it are not. A data migration does that on purpose; a change \
    of type that rounds numbers or cuts texts, a copied table whose columns stood in another order, a \
    trigger that fired on a backfill do it by accident. Where the column's type or place changed with \
    them it is an error, else a warning.
    """
  let mend = """
    For a change of type give the conversion that keeps the value (`postgresql_using`), or a type that \
    holds it. Copy tables by naming the columns on both sides. Switch triggers off around a backfill.

    A data migration that is meant says so: \
    `# stairway: allow values-changed users.country because codes replace names`.
    """

  let triggering = RuleExample(
    """
    def upgrade():  # price is numeric(10,2)
        op.alter_column("day", "price", type_=sa.Integer())
    """,
    .example(
      .postgresql,
      steps: [
        StepRecord(.upgrade, outcome: .succeeded, rows: .example(changed: "price", .rounded))
      ]))
  let passing = RuleExample(
    """
    def upgrade():
        op.alter_column("day", "price", type_=sa.Numeric(12, 2))
    """, .example(.postgresql, trace: .init()))

  func findings(in run: JudgedRun) -> [Finding] {
    run.roundTrips.flatMap { engine, trip in
      (trip.step(.upgrade)?.rows?.tables ?? []).flatMap { table -> [Finding] in
        guard table.before != nil, table.after != nil else { return [] }
        let columns = table.columns.filter { !$0.isAdded && !$0.isDropped }
        return columns.compactMap { column in
          let object = table.id(of: column)
          if column.changed == 0 {
            guard let way = rewriting(column) else { return nil }
            return run.finding(
              self, engine: engine.engine, revision: trip.revision, step: .upgrade,
              objects: [object],
              message:
                "the upgrade writes \(column.rewritten.counted("value")) of \(object) \(way)",
              evidence: Evidence(rows: table.samples(of: [column])))
          }
          var finding = run.finding(
            self, engine: engine.engine, revision: trip.revision, step: .upgrade, objects: [object],
            message:
              "the upgrade changes \(column.changed.counted("value")) of \(object)\(why(column))",
            evidence: Evidence(rows: table.samples(of: [column])))
          if column.isTypeChanged || column.isMoved || column.holdsValuesOf != nil {
            finding.severity = .error
          }
          return finding
        }
      }
    }
  }

  /// How the values are written otherwise, where a reader of them can notice.
  private func rewriting(_ column: RowsDifference.Column) -> String? {
    if column.changes[.documentOrder] != nil {
      return "with the members of the JSON documents in another order"
    }
    if column.changes[.timeZone] != nil {
      return "as times in the session's time zone: with another one they are other times"
    }
    return nil
  }

  private func why(_ column: RowsDifference.Column) -> String {
    if let other = column.holdsValuesOf { return ": it now holds those of \(other)" }
    if let before = column.typeBefore, let after = column.typeAfter, column.isTypeChanged {
      return " with its type, \(after) instead of \(before)"
    }
    if let shift = column.shift { return ": moved by \(shift) s" }
    return ""
  }
}
