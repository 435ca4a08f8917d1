import Databases
import Rows
import Schemas
import Walks

/// The statement that took rows from a table, as far as the statements of a step show it.
struct RowLoss {
  let statement: Statement
  /// The table with whose rows they went; nil where the statement was about the table itself.
  var ancestor: RowsDifference.Ancestor?
  /// How many of the rows other statements deleted before.
  var others = 0

  var words: StatementWords { StatementWords(statement) }

  /// Said of values that became NULL: `with the rows of table teams, …`.
  var wayOfClearing: String? {
    ancestor.map { ancestor in
      "with the rows of table \(ancestor.table.name), to which it refers ON DELETE SET NULL"
        + (ancestor.through.map { " through table \($0.name)" } ?? "")
    }
  }

  /// Whether SQLite deleted the rows of a table that was dropped to be rebuilt.
  /// - Parameter tables: what became of all tables in the step.
  func isOfRebuilding(_ tables: [RowsDifference.Table]) -> Bool {
    words.verb == "drop" && !tables.contains { $0.before == ancestor?.table && $0.after == nil }
  }

  /// How to keep rows that refer to the table from being followed while it is dropped.
  func sparing(
    _ parent: TableName, _ tables: [RowsDifference.Table], in run: JudgedRun, on engine: Engine
  ) -> String {
    run.mend(
      "keep foreign keys from being followed while table \(parent.name) is "
        + (isOfRebuilding(tables) ? "rebuilt" : "dropped"), .suspendReferences, on: engine)
  }

  /// What to do about values that it cleared; nil where it is no such loss.
  func mendOfClearing(
    _ column: ObjectID, _ tables: [RowsDifference.Table], in run: JudgedRun, on engine: Engine
  ) -> String? {
    guard let parent = ancestor?.table else { return nil }
    if words.verb == "drop" { return sparing(parent, tables, in: run, on: engine) }
    return
      "let \(column) point to rows that stay before those of table \(parent.name) are deleted, or "
      + "change these where they are (UPDATE)"
  }
}

extension StatementTrail {
  /// What took the rows that a table lost: what deleted them, unless it deleted fewer; what took them
  /// along with the rows to which they referred; what copied only some of them.
  /// - Returns: nil where no statement shows it, as where a trigger did it.
  func loss(of table: RowsDifference.Table) -> RowLoss? {
    let deletions = sent.filter { $0.deletesRows(of: table.names) }
    let counts = deletions.compactMap(\.statement.rowCount)
    let deleted = counts.count == deletions.count ? counts.reduce(0, +) : table.rowsLost
    if deleted < table.rowsLost, let along = takingAlong(rowsOf: table) {
      return RowLoss(statement: along.statement, ancestor: along.ancestor, others: deleted)
    }
    let names = table.names
    let found =
      deletions.last?.statement ?? sent.last { $0.isReplacing && $0.isOn(names) }?.statement
      ?? copying(table) ?? last(["drop"], on: names) ?? last(["create"], on: names)
      ?? last(["do"], naming: names)
    return found.map { RowLoss(statement: $0) }
  }

  /// What took the rows away to which a column's values pointed, so that `ON DELETE SET NULL` cleared them.
  /// - Returns: nil where values became something else, or a statement set the column itself.
  func clearing(_ column: RowsDifference.Column, of table: RowsDifference.Table) -> RowLoss? {
    guard column.lost > 0, column.lost == column.changes[.nulled] else { return nil }
    let isSet = sent.contains { words in
      ["update", "merge"].contains(words.verb) && words.isOn(table.names)
        && column.names.contains { words.assigned.contains($0.raw.lowercased()) }
    }
    return isSet ? nil : taking(oneOf: column.clearedUnder)
  }

  private func takingAlong(rowsOf table: RowsDifference.Table) -> RowLoss? {
    taking(oneOf: table.ancestors)
  }

  /// The last statement that took rows of one of these tables, and with them what referred to these.
  private func taking(oneOf ancestors: [RowsDifference.Ancestor]) -> RowLoss? {
    for words in sent.reversed() {
      guard let ancestor = ancestors.first(where: words.takesAlong) else { continue }
      return RowLoss(statement: words.statement, ancestor: ancestor)
    }
    return nil
  }

  /// What filled the table that took its place from the one that was there, and left rows out.
  private func copying(_ table: RowsDifference.Table) -> Statement? {
    sent.last { words in
      ["insert", "create"].contains(words.verb) && words.names.contains("select")
        && words.names(oneOf: table.names)
        && words.statement.rowCount.map { $0 < table.rowsBefore } ?? true
    }?.statement
  }
}

extension StatementWords {
  /// Whether it deletes rows of one of these tables, and did where that was counted.
  fileprivate func deletesRows(of tables: [TableName]) -> Bool {
    guard statement.rowCount != 0 else { return false }
    return switch verb {
    case "delete": isOn(tables)
    case "merge": isOn(tables) && names.contains("delete")
    case "truncate": names(oneOf: tables)
    default: false
    }
  }

  /// Whether rows that referred to this table's went with those: by their foreign keys' ON DELETE
  /// CASCADE, which SQLite follows where a table is dropped, too
  /// (<https://www.sqlite.org/foreignkeys.html#fk_schemacommands>); by TRUNCATE … CASCADE whatever the
  /// keys say (<https://www.postgresql.org/docs/current/sql-truncate.html>).
  fileprivate func takesAlong(_ ancestor: RowsDifference.Ancestor) -> Bool {
    let parents = [ancestor.table]
    if verb == "truncate" { return names.contains("cascade") && names(oneOf: parents) }
    guard ancestor.cascades, statement.followsReferences != false else { return false }
    if verb == "drop" { return statement.followsReferences == true && isOn(parents) }
    return deletesRows(of: parents) || isReplacing && isOn(parents)
  }
}
