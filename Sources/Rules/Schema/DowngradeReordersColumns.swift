import Databases
import Schemas
import Walks

/// The downgrade restored every column, in another order.
struct DowngradeReordersColumns: Rule {
  let name: RuleName = "downgrade-reorders-columns"
  let severity = Severity.warning
  let summary = "after the downgrade only the order of columns differs"
  let explanation = """
    Everything is back, but a column that was dropped and added again stands at the end of its \
    table. `SELECT *`, `INSERT` without column names and `COPY` notice that; most applications do \
    not.
    """
  let mend = """
    Usually nothing needs to be done. PostgreSQL can only add columns at the end. On SQLite, \
    `op.batch_alter_table(…)` takes `insert_after` or `partial_reordering`.
    """

  let triggering = RuleExample(
    """
    def upgrade():
        op.drop_column("users", "nickname")  # was the second of three

    def downgrade():
        op.add_column("users", sa.Column("nickname", sa.Text()))
    """,
    .example(
      .postgresql,
      trace: .changed(
        ObjectID(.column, ["users", "nickname"]), "position", from: .number(2), to: .number(3),
        weight: .columnOrder)))
  let passing = RuleExample(
    """
    def upgrade():
        op.drop_column("users", "nickname")  # was the last one

    def downgrade():
        op.add_column("users", sa.Column("nickname", sa.Text()))
    """, .example(.postgresql, trace: .init()))

  func findings(in run: JudgedRun) -> [Finding] {
    run.roundTrips.compactMap { engine, roundTrip in
      guard let trace = roundTrip.trace, trace.weight == .columnOrder else { return nil }
      let objects = trace.changes.filter { $0.weight == .columnOrder }.map(\.id)
      return run.finding(
        self, engine: engine.engine, revision: roundTrip.revision, step: .downgrade,
        objects: objects, message: message(objects), evidence: Evidence(difference: trace))
    }
  }

  func narrowed(_ finding: Finding, to objects: [ObjectID], in run: JudgedRun) -> Finding {
    finding.about(
      objects, difference: finding.evidence.difference?.about(Set(objects)),
      message: message(objects), fix: finding.fix)
  }

  /// Names the tables, each once: which columns moved stands in the difference.
  private func message(_ columns: [ObjectID]) -> String {
    var tables: [String] = []
    for column in columns {
      let path = column.kind == .column ? Array(column.path.dropLast()) : column.path
      let table = ObjectID(.table, schema: column.schema, path).description
      if !tables.contains(table) { tables.append(table) }
    }
    return "the downgrade leaves the columns of \(tables.listed) in another order"
  }
}
