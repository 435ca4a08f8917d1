import Databases
import Rows
import Schemas
import Walks

/// Up, down, up did not end where the first up did.
struct ReupgradeDiffers: Rule {
  let name: RuleName = "reupgrade-differs"
  let severity = Severity.error
  let summary = "the second upgrade gave another schema or other rows than the first"
  let explanation = """
    After up, down and up again the schema is not the one that the first upgrade made. Databases \
    that were rolled back once are from now on different from those that were not, though both say \
    that they are at the same revision. `IF NOT EXISTS` over something that the downgrade left is \
    the usual cause. Rows that differ come from what is another thing each time: `random()`, the \
    clock, an order that nobody asked for.

    It is a note where the revision fills its own column, or its own rows, with values that are drawn for each \
    row, as `uuid.uuid4()` does, and that are all others the second time; a warning where the rows are too \
    many to tell that from another order. Nothing is said of times, and of what a column's default computes.
    """
  let mend = """
    Make the downgrade complete (see `downgrade-leaves-trace`), and the upgrade independent of what \
    it finds: no `IF NOT EXISTS`, no branches on the state of the database. Make values from what the rows \
    hold, in an order that is asked for.

    Where values are meant to be drawn anew: `# stairway: allow reupgrade-differs users.token because \
    nobody keeps them`.
    """

  let triggering = RuleExample(
    """
    def upgrade():
        op.execute("CREATE TABLE IF NOT EXISTS day (id integer PRIMARY KEY)")
        op.execute("CREATE INDEX day_id ON day (id)")

    def downgrade():
        op.execute("DROP INDEX day_id")
        op.execute("ALTER TABLE day ADD COLUMN old text")
    """,
    .example(
      .sqlite,
      steps: [StepName.upgrade, .downgrade, .reupgrade].map { StepRecord($0, outcome: .succeeded) },
      reupgradeDifference: .added(.column, "day", "old")))
  let passing = RuleExample(
    """
    def upgrade():
        op.create_table("day", sa.Column("id", sa.Integer(), primary_key=True))

    def downgrade():
        op.drop_table("day")
    """, .example(.sqlite, trace: .init()))

  func findings(in run: JudgedRun) -> [Finding] { inSchema(run) + inRows(run) }

  /// Other values than the first time, though the way down and up lost none: the upgrade does not do the
  /// same each time. Where it lost some, other rules say so, and this follows from it.
  private func inRows(_ run: JudgedRun) -> [Finding] {
    run.roundTrips.flatMap { engine, trip -> [Finding] in
      guard trip.rowsTrace?.losses.isEmpty != false, trip.reupgradeDifference?.isStructural != true,
        !usesLosses(trip, in: run)
      else { return [] }
      return (trip.reupgradeRows?.tables ?? []).flatMap { table -> [Finding] in
        guard table.before != nil, table.after != nil else { return [] }
        if let more = moreRows(table, of: trip, on: engine.engine, in: run) { return [more] }
        let columns = table.columns.filter { column in
          column.changed > 0 && !trip.differsByNature(column, of: table)
        }
        return Novelty.allCases.compactMap { novelty in
          values(
            of: columns.filter { trip.novelty(of: $0, in: table) == novelty }, of: table, novelty,
            trip, on: engine.engine, in: run)
        }
      }
    }
  }

  /// Whether the revision reads what another one of a rehearsal lost on the way back.
  private func usesLosses(_ trip: RoundTripRecord, in run: JudgedRun) -> Bool {
    let losses = run.record.rehearsal?.rollback?.rows?.difference.losses.tables ?? []
    let sent = StatementTrail(trip.step(.reupgrade)).sent
    return losses.contains { table in
      sent.contains { words in
        words.names(oneOf: table.names)
          && (table.rowsLost > 0 || words.statement.sql.contains("*")
            || table.columns.contains { column in column.names.contains { words.names($0) } })
      }
    }
  }

  /// Whether values that are others each time are drawn for each row by itself: nothing was there that they
  /// could take the place of, and nothing else is made of them.
  fileprivate enum Novelty: CaseIterable { case drawn, unknown, none }

  /// nil where there are none of this sort.
  private func values(
    of columns: [RowsDifference.Column], of table: RowsDifference.Table, _ novelty: Novelty,
    _ trip: RoundTripRecord, on engine: Engine, in run: JudgedRun
  ) -> Finding? {
    guard !columns.isEmpty else { return nil }
    let objects = columns.map(table.id(of:))
    let made = novelty == .drawn ? " (drawn anew for each row)" : ""
    var finding = run.finding(
      self, engine: engine, revision: trip.revision, step: .reupgrade, objects: objects,
      message: "the second upgrade gives other rows than the first: "
        + table.counted(columns) + made,
      evidence: Evidence(rows: table.samples(of: columns)),
      statement: StatementTrail(trip.step(.reupgrade)).changing(
        column: columns[0].names, of: table.names, isTypeChanged: false),
      fix: run.mends(
        novelty == .drawn
          ? "make the values from what the rows hold, where anybody keeps them elsewhere"
          : "let the upgrade make the same of the same rows: no random numbers, no clock, and an "
            + "ORDER BY wherever it counts rows or takes the first of several",
        run.declaring(self, objects.count == 1 ? objects[0] : nil, on: engine)))
    switch novelty {
    case .drawn: finding.severity = .note
    case .unknown: finding.severity = .warning
    case .none: break
    }
    return finding
  }

  /// Rows that the revision inserts at each upgrade, and its downgrade leaves.
  private func moreRows(
    _ table: RowsDifference.Table, of trip: RoundTripRecord, on engine: Engine, in run: JudgedRun
  ) -> Finding? {
    let more = table.rowsAfter - table.rowsBefore
    // What a trigger or env.py writes at each step is a log.
    guard more > 0,
      let insertion = StatementTrail(trip.step(.reupgrade)).inserting(into: table.names),
      insertion.line != nil
    else { return nil }
    return run.finding(
      self, engine: engine, revision: trip.revision, step: .reupgrade,
      objects: [ObjectID(.table, schema: table.name.schema, [table.name.name])],
      message: "the second upgrade adds \(more) more row\(more == 1 ? "" : "s") to table "
        + "\(table.name), which the first has added and the downgrade has left there",
      statement: insertion,
      fix: "delete in downgrade() what upgrade() inserts, or insert only what is not there yet "
        + "(`INSERT … WHERE NOT EXISTS`, `ON CONFLICT DO NOTHING`)")
  }

  private func inSchema(_ run: JudgedRun) -> [Finding] {
    run.roundTrips.compactMap { engine, roundTrip in
      guard let difference = roundTrip.reupgradeDifference, difference.isStructural else {
        return nil
      }
      return run.finding(
        self, engine: engine.engine, revision: roundTrip.revision, step: .reupgrade,
        objects: difference.structuralObjects, message: message(difference),
        evidence: Evidence(difference: difference),
        fix: run.undoing(
          roundTrip.trace?.structural(besides: []), on: engine.engine, in: roundTrip))
    }
  }

  func narrowed(_ finding: Finding, to objects: [ObjectID], in run: JudgedRun) -> Finding {
    guard let rest = finding.evidence.difference?.about(Set(objects)) else {
      return finding.about(
        objects, difference: nil, message: finding.message, fix: finding.fix)
    }
    return finding.about(objects, difference: rest, message: message(rest), fix: finding.fix)
  }

  private func message(_ difference: SchemaDifference) -> String {
    "the second upgrade gives another schema than the first: \(difference.phrase(added: "added"))"
  }
}

extension RoundTripRecord {
  /// Only what the revision itself brought, in its own column or rows, can be drawn: nothing was lost then.
  fileprivate func novelty(
    of column: RowsDifference.Column, in table: RowsDifference.Table
  ) -> ReupgradeDiffers.Novelty {
    guard let name = column.after, let made = step(.upgrade)?.rows?[table.name],
      made.before == nil || made[name]?.isAdded ?? false || column.changed <= made.rowsAdded
    else { return .none }
    guard let isDrawn = column.isDrawnAnew else { return .unknown }
    return isDrawn ? .drawn : .none
  }

  /// Whether the values are new at each upgrade because they are meant to be: a time at which the
  /// revision added its column, what a default computes, the number of a row that it inserts.
  fileprivate func differsByNature(
    _ column: RowsDifference.Column, of table: RowsDifference.Table
  ) -> Bool {
    guard let name = column.after, let upgrade = step(.upgrade) else { return false }
    let made = upgrade.rows?[table.name]
    let isInserted = column.changed <= made?.rowsAdded ?? 0
    if table.keyColumns.contains(name) { return isInserted }
    let isAdded = made?.before == nil || made?[name]?.isAdded ?? false
    guard isAdded || isInserted else { return false }
    let type = column.typeAfter?.lowercased() ?? ""
    if type.contains("time") || type.contains("date") { return true }
    let id = ObjectID(.column, schema: table.name.schema, [table.name.name, name])
    let added = upgrade.change.changes.first { $0.id == id }?.after
    guard case .text(let defaultValue)? = added?[.defaultValue] else { return false }
    return defaultValue.contains("(") || defaultValue.uppercased().hasPrefix("CURRENT_")
  }
}
