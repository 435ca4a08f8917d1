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
    trigger that fired on a backfill do it by accident, and so does `ON DELETE SET NULL` where rows of \
    another table go. Where the column's type or place changed with them, or SQLite followed foreign keys \
    while that other table was rebuilt, it is an error, else a warning.

    It is a warning too where up and down give back every value of a column whose type was changed; where an \
    `UPDATE` set them beside a change of type that keeps them; for a \
    generated column whose expression was changed, since its values can be computed again; for \
    references to nothing that became NULL under a new foreign key; and where SQLite read as a number or a \
    text what is none in values that Stairway made up (PostgreSQL refuses such), unless the column was one \
    of dates or times, which hold nothing else. Nothing is said of NULLs that were \
    filled while the column's other values stayed, or where it became NOT NULL.
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
    run.roundTrips.flatMap { engine, trip -> [Finding] in
      guard let step = trip.step(.upgrade), let rows = step.rows else { return [] }
      let trail = StatementTrail(step)
      return rows.tables.flatMap { table -> [Finding] in
        guard table.before != nil, table.after != nil else { return [] }
        let columns = table.columns.filter { !$0.isAdded && !$0.isDropped }
        return columns.compactMap { column in
          let isConverted = trail.converted(column, of: table.names)
          guard var told = told(column, of: table, in: trip, isConverted: isConverted)
          else { return nil }
          let clearing = trail.clearing(column, of: table)
          if let clearing, let way = clearing.wayOfClearing {
            told.words += " (\(way))"
            if clearing.isOfRebuilding(rows.tables) { told.severity = .error }
          }
          let mend = clearing?.mendOfClearing(
            table.id(of: column), rows.tables, in: run, on: engine.engine
          ).map { run.mends($0, run.declaring(self, table.id(of: column), on: engine.engine)) }
          var finding = run.finding(
            self, engine: engine.engine, revision: trip.revision, step: .upgrade,
            objects: [table.id(of: column)], message: "the upgrade \(told.words)",
            evidence: Evidence(rows: table.samples(of: [column])),
            statement: clearing?.statement
              ?? trail.changing(
                column: column.names, of: table.names, isTypeChanged: isConverted)
              ?? run.counted(in: table, of: trip.revision) { $0.updated > 0 }
              ?? trail.writing(to: table.names),
            fix: told.isDoubtful
              ? JudgedRun.mendOfDoubt
              : mend
                ?? fix(column, of: table, in: run, on: engine.engine, isConverted: isConverted))
          finding.severity = told.severity
          return finding
        }
      }
    }
  }

  /// What is said of a column, and how grave it is.
  private struct Told {
    var words: String
    var severity = Severity.warning
    var isDoubtful = false
  }

  /// nil where nothing is to be said.
  /// - Parameter isConverted: whether its change of type did it.
  private func told(
    _ column: RowsDifference.Column, of table: RowsDifference.Table, in trip: RoundTripRecord,
    isConverted: Bool
  ) -> Told? {
    let object = table.id(of: column)
    guard column.changed > 0 else {
      return rewriting(column).map {
        Told(
          words: "writes \(table.atLeast)\(column.rewritten.counted("value")) of \(object) \($0)")
      }
    }
    let isRounded = column.changes[.rounded] == column.changed
    var told = Told(
      words: "\(isRounded ? "rounds" : "changes") \(table.atLeast)"
        + "\(column.changed.counted("value")) of \(object)"
        + why(column, isConverted: isConverted))
    if column.computedBefore != nil, let now = column.computedAfter {
      // With the same expression they follow other values, which are told of.
      guard now != column.computedBefore || column.isTypeChanged else { return nil }
      return told
    }
    if column.lost == 0 { return column.isFilledOnPurpose(in: trip, of: table) ? nil : told }
    if column.lost == column.changes[.unlinked] { return told }
    if table.isMadeUp, column.isMisreadText {
      return Told(words: told.words + " (all of them made up)", isDoubtful: true)
    }
    let isMisplaced = column.isMoved || column.holdsValuesOf != nil
    if isMisplaced || isConverted && !trip.givesBack(column, of: table) {
      told.severity = .error
    }
    return told
  }

  private func fix(
    _ column: RowsDifference.Column, of table: RowsDifference.Table, in run: JudgedRun,
    on engine: Engine, isConverted: Bool
  ) -> String {
    let object = table.id(of: column)
    let declaration = run.declaring(self, object, on: engine)
    if column.changed == 0 && column.changes[.timeZone] != nil || column.shift != nil,
      engine == .postgresql, isConverted
    {
      return run.mend(
        "say in which time zone the times are",
        .convertTime(object, toMoment: column.typeAfter?.contains("with time zone") == true),
        on: engine)
    }
    if column.changed == 0, otherClass(column) != nil {
      return run.mends("write values of the class that the others have", declaration)
    }
    if column.changed == 0 {
      return run.mends(
        "keep the type \(column.typeBefore ?? "json") where the documents' text matters",
        declaration)
    }
    if column.holdsValuesOf != nil || column.isMoved {
      let names = table.columns.compactMap(\.after).map(\.description).listed
      return "name the columns (\(names) among them) on both sides of the copy, in one order: "
        + "INSERT INTO … (…) SELECT … FROM …"
    }
    if let mend = column.mendOfMisreadTime(of: table, on: engine) { return mend }
    if isConverted, let before = column.typeBefore {
      return run.mends("keep \(before), or take a type that holds every value of it", declaration)
    }
    return run.mends("let the upgrade write to those rows alone that need it", declaration)
  }

  /// How the values are written otherwise, where a reader of them can notice.
  private func rewriting(_ column: RowsDifference.Column) -> String? {
    if column.changes[.documentOrder] != nil {
      return "with the members of the JSON documents in another order"
    }
    if let stored = otherClass(column) {
      return "in another storage class, as \(stored.after) instead of \(stored.before)"
    }
    if column.changes[.timeZone] != nil {
      return "as times in the session's time zone: with another one they are other times"
    }
    return nil
  }

  /// SQLite's storage classes where a number became text or the other way round, though the column is
  /// declared as it was: what compares with it finds it no more.
  private func otherClass(
    _ column: RowsDifference.Column
  ) -> (before: String, after: String)? {
    guard !column.isTypeChanged else { return nil }
    return column.samples.first {
      $0.change == .storageClass && [$0.before.type, $0.after.type].contains("text")
    }.map { ($0.before.type, $0.after.type) }
  }

  private func why(_ column: RowsDifference.Column, isConverted: Bool) -> String {
    if let now = column.computedAfter, let before = column.computedBefore, now != before {
      return ", which is computed from \(now) instead of \(before)"
    }
    if column.lost == column.changes[.unlinked] {
      return ": it pointed to rows that do not exist, and is NULL now"
    }
    if let other = column.holdsValuesOf { return ": it now holds those of \(other)" }
    if let before = column.typeBefore, let after = column.typeAfter, isConverted {
      return " with its type, \(after) instead of \(before)"
    }
    if let shift = column.shift { return ": moved by \(shift) s" }
    return ""
  }
}

extension RoundTripRecord {
  /// Whether up and down give all values of the column back.
  fileprivate func givesBack(
    _ column: RowsDifference.Column, of table: RowsDifference.Table
  ) -> Bool {
    returned(column, of: table).map { $0.changed == 0 && !$0.isDropped } ?? false
  }
}

extension RowsDifference.Column {
  /// Whether all that was lost are texts which SQLite read as numbers, and which the application may
  /// never write; a column of dates or times holds nothing else.
  var isMisreadText: Bool { lost == changes[.misread] && !isOfTimes }

  /// Whether SQLite's column is declared to hold dates or times, which are texts there.
  private var isOfTimes: Bool {
    guard let before = typeBefore?.uppercased() else { return false }
    return ["DATE", "TIME"].contains { before.hasPrefix($0) }
  }

  /// SQLite's CAST takes a date or a time for the number with which its text begins.
  func mendOfMisreadTime(of table: RowsDifference.Table, on engine: Engine) -> String? {
    guard engine == .sqlite, lost > 0, lost == changes[.misread], isOfTimes, let name = after,
      let type = typeAfter
    else { return nil }
    let formats = [
      "DATETIME": "%Y-%m-%d %H:%M:%S.000000", "TIMESTAMP": "%Y-%m-%d %H:%M:%S.000000",
      "DATE": "%Y-%m-%d", "TIME": "%H:%M:%S.000000",
    ]
    let value = formats[type.uppercased()].map { "strftime('\($0)', \(name))" } ?? "…"
    return
      "SQLite's CAST, by which the table is copied, reads only the number with which a date begins: "
      + "add a column of the new type, fill it (UPDATE \(table.name.name) SET new_\(name) = \(value)), "
      + "drop \(name) and give the new column its name"
  }

  /// Whether the NULLs of this column, in which nothing else changed, were meant to be filled: no value was
  /// overwritten though there were some, or it may hold NULL no more.
  fileprivate func isFilledOnPurpose(
    in trip: RoundTripRecord, of table: RowsDifference.Table
  ) -> Bool {
    if valuesBefore > 0 { return true }
    let object = trip.step(.upgrade)?.change.changes.first { $0.id == table.id(of: self) }
    return object?.before?[.notNull] == nil && object?.after?[.notNull] != nil
  }
}
