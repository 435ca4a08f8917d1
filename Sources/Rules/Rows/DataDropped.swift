import Databases
import History
import Rows
import Schemas
import Walks

/// An upgrade dropped a column or a table that held values.
struct DataDropped: Rule {
  let name: RuleName = "data-dropped"
  let severity = Severity.warning
  let summary = "an upgrade dropped a column or table that held values"
  let explanation = """
    What was in the column or table is gone, and no downgrade can bring it back. Often that is meant; \
    just as often it is a rename that a tool wrote as a drop and an add, so that the new column is \
    empty.

    It is told with the number of values, and not told again as `values-lost`. Where the downgrade \
    brings back every value from where the upgrade has kept them, nothing is dropped; where it brings \
    back others, that is `values-lost`.

    In a rehearsal it is an error: what goes are production's own values.
    """
  let mend = """
    For a rename write `op.alter_column("users", "fullname", new_column_name="name")`. To drop what is \
    no longer used, deploy code that does not read it, keep a backup, and declare it:

        # stairway: allow data-dropped users.nickname because it moved to profiles
    """

  let triggering = RuleExample(
    """
    def upgrade():
        op.drop_column("day", "mood")
        op.add_column("day", sa.Column("feeling", sa.Text()))
    """,
    .example(
      .postgresql,
      steps: [StepRecord(.upgrade, outcome: .succeeded, rows: .example(dropped: "mood"))]))
  let passing = RuleExample(
    """
    def upgrade():
        op.alter_column("day", "mood", new_column_name="feeling")
    """, .example(.postgresql, trace: .init()))

  func findings(in run: JudgedRun) -> [Finding] {
    run.roundTrips.flatMap { engine, trip -> [Finding] in
      guard let step = trip.step(.upgrade), let rows = step.rows else { return [] }
      let trail = StatementTrail(step)
      return rows.tables.flatMap { table -> [Finding] in
        func finding(
          _ object: ObjectID, _ message: String, _ rows: [String], _ statement: Statement?,
          successor: Identifier?, copy: String?
        ) -> Finding {
          var finding = run.finding(
            self, engine: engine.engine, revision: trip.revision, step: .upgrade,
            objects: [object], message: message, evidence: Evidence(rows: rows),
            statement: statement,
            fix: fix(object, successor: successor, copy: copy, in: run, on: engine.engine))
          // In a rehearsal the values are production's own.
          if run.record.rehearsal != nil { finding.severity = .error }
          return finding
        }
        if table.after == nil, table.rowsBefore > 0 {
          let gone = trip.returned(table).map(\.rowsLost) ?? table.rowsBefore
          let statement = trail.dropping(table: table.name)
          let successor = rows.successor(of: table)?.name
          let copy = trail.copying(of: table.names, count: gone)?.target.map { "table \($0)" }
          if gone > 0 {
            return [
              finding(
                table.id, "the upgrade drops \(table.id) with \(gone.counted("row"))",
                table.lostSamples, statement, successor: successor, copy: copy)
            ]
          }
          return (trip.returned(table)?.columns ?? []).filter(\.isGoneForGood).map { column in
            let values = column.lost.counted("value")
            return finding(
              table.id(of: column),
              "the upgrade drops \(table.id) with \(values) of its "
                + "column \((column.before ?? "").raw), which stay away", [], statement,
              successor: successor, copy: copy)
          }
        }
        let added = table.columns.filter(\.isAdded).compactMap(\.after)
        let gone = table.columns.filter { column in
          column.isDropped && column.lostValues > 0 && column.computedBefore == nil
            && (trip.returned(column, of: table)?.isGoneForGood ?? true)
        }
        return gone.map { column in
          let copy = trail.copying(
            column.before, of: table.names, to: added, count: column.lostValues)
          let other = added.first { copy?.names($0) ?? false && copy?.isOn(table.names) ?? false }
          let id =
            trail.wasRenamed(table, before: column) ? table.id(of: column) : table.idBefore(column)
          return finding(
            id, "the upgrade drops \(id) with \(column.lostValues.counted("value"))",
            [], trail.dropping(column: column.before ?? "", of: table.names),
            successor: rows.successor(of: column, in: table),
            copy: other.map { "column \($0)" } ?? copy?.target.map { "table \($0)" })
        }
      }
    }
  }

  private func fix(
    _ object: ObjectID, successor: Identifier?, copy: String?, in run: JudgedRun,
    on engine: Engine
  ) -> String {
    let declaration = run.declaring(self, object, on: engine)
    if let copy {
      let isColumn = object.kind == .column
      return run.mends(
        run.mend(
          "let the downgrade write the \(isColumn ? "values" : "rows") back from \(copy), to which "
            + "the upgrade has copied them", isColumn ? [.fill(object)] : [], on: engine),
        declaration)
    }
    guard let successor else {
      return run.mends("copy what is still needed before it is dropped", declaration)
    }
    return run.mends(
      run.mend(
        "where \(successor) is the same \(object.kind.rawValue) under a new name, rename it",
        .rename(object, to: successor), on: engine), declaration)
  }
}

extension RowsDifference.Column {
  /// The values that a column which is gone held, but for its default's.
  var lostValues: Int { notDefault ?? valuesBefore }
}
