import Databases
import Rows
import Schemas
import Walks

/// The statements of a step, searched for the one that did something to a table: the place to point at.
struct StatementTrail {
  let sent: [StatementWords]

  init(_ step: StepRecord?) {
    sent = (step?.statements ?? []).filter { $0.error == nil }.map(StatementWords.init)
  }

  /// What dropped the table.
  func dropping(table: TableName) -> Statement? {
    last(["drop"], on: [table]) ?? last(["drop"], naming: [table])
  }

  /// What dropped the index by its name.
  func dropping(index: Identifier) -> Statement? { last(["drop"], naming: [TableName(index)]) }

  /// What dropped the column; where a table is copied to change it, the copying.
  func dropping(column: Identifier, of tables: [TableName]) -> Statement? {
    last(["alter"], on: tables, column: column) ?? copyingWithout(column, of: tables)
      ?? last(["insert"], on: tables)
      ?? last(["insert"], naming: tables) ?? last(["drop"], on: tables)
  }

  /// Whether the table that lost the column bore its later name by then: it was renamed, not copied into
  /// another, and the column was not dropped before that.
  func wasRenamed(_ table: RowsDifference.Table, before column: RowsDifference.Column) -> Bool {
    guard let old = table.before, let new = table.after else { return false }
    return old == new
      || sent.contains { words in
        words.verb == "alter" && words.isOn([old]) && words.names.contains("rename")
          && words.names(oneOf: [new])
      } && last(["alter"], on: [old], column: column.before) { $0.contains("drop") } == nil
  }

  /// Of several copies of a table the first without the column.
  private func copyingWithout(_ column: Identifier, of tables: [TableName]) -> Statement? {
    sent.first {
      $0.verb == "insert" && $0.isOn(tables) && $0.names.contains("select") && !$0.names(column)
    }?.statement
  }

  /// What copied so many rows, or the column's values, to where they stay: to another table, or to one of
  /// the columns that came with the step.
  func copying(
    _ column: Identifier? = nil, of tables: [TableName], to added: [Identifier] = [], count: Int
  ) -> StatementWords? {
    sent.last { words in
      guard words.names(oneOf: tables), words.statement.rowCount ?? count >= count,
        !takesPlace(words.target, of: tables)
      else { return false }
      if words.isOn(tables) {
        return words.verb == "update" && words.names(column) && added.contains(where: words.names)
      }
      let isReading = words.names(column) || words.statement.sql.contains("*")
      return switch words.verb {
      case "update", "merge": isReading && column != nil
      case "insert": isReading && words.names.contains("select")
      case "create": isReading && words.names.contains("select") && words.madeTable != nil
      default: false
      }
    }
  }

  /// Whether the table is renamed to one of these.
  private func takesPlace(_ table: String?, of tables: [TableName]) -> Bool {
    sent.contains { words in
      words.verb == "alter" && words.target == table && words.names.contains("rename")
        && words.names(oneOf: tables)
    }
  }

  /// What wrote the column's values otherwise.
  func changing(column: [Identifier], of tables: [TableName], isTypeChanged: Bool) -> Statement? {
    let verbs =
      isTypeChanged ? ["alter", "insert", "update"] : ["update", "merge", "insert", "alter"]
    for name in column {
      // Others alter the column without touching its values: its default, a constraint over it.
      let typed = last(["alter"], on: tables, column: name) { $0.contains("type") }
      if isTypeChanged, let typed { return typed }
      for verb in verbs {
        // Others may only read it.
        let found =
          sent.last {
            $0.verb == verb && $0.isOn(tables) && $0.assigned.contains(name.raw.lowercased())
          }?.statement ?? last([verb], on: tables, column: name)
        if let found = found
          ?? (verb == "insert" ? last([verb], naming: tables, column: name) : nil)
        {
          return found
        }
      }
    }
    return nil
  }

  /// Whether the column's values were changed with its type, and not by a statement that set them beside
  /// it: one that did what the change of type does not do, or had others than NULLs to set.
  func converted(_ column: RowsDifference.Column, of tables: [TableName]) -> Bool {
    guard column.isTypeChanged else { return false }
    let setting = sent.filter { words in
      ["update", "merge"].contains(words.verb) && words.isOn(tables)
        && column.names.contains { words.assigned.contains($0.raw.lowercased()) }
    }
    if setting.isEmpty { return true }
    let cut: Set<ValueChange> = [.rounded, .truncated, .misread]
    let others = column.changes.filter { !$0.key.keepsValue && $0.key != .filled }.keys
    if others.isEmpty { return (column.changes[.filled] ?? 0) == 0 }
    let holdsAll = TypeRoom(column.typeAfter ?? "").holdsAll(of: TypeRoom(column.typeBefore ?? ""))
    if cut.isSuperset(of: others), !holdsAll { return true }
    return setting.allSatisfy { words in column.names.contains { words.setsOnlyNulls(of: $0) } }
  }

  /// What wrote to the table without naming the column: a trigger may have done the rest.
  func writing(to tables: [TableName]) -> Statement? {
    last(["update", "insert", "merge", "delete"], on: tables) ?? last(["insert"], naming: tables)
  }

  /// What put rows into the table.
  func inserting(into tables: [TableName]) -> Statement? {
    last(["insert", "merge", "copy"], on: tables)
  }

  /// What left references that lead nowhere.
  /// - Parameter isNewKey: whether the foreign key came with the step.
  func dangling(from table: TableName, to parent: TableName, isNewKey: Bool) -> Statement? {
    let key = last(["alter", "create"], on: [table]) { $0.contains("references") }
    let emptied = last(["delete"], on: [parent]) ?? last(["truncate"], naming: [parent])
    let written = last(["insert", "update"], on: [table])
    return (isNewKey ? key : nil) ?? emptied ?? written ?? last(["update", "drop"], on: [parent])
      ?? key ?? last(["insert"], naming: [table])
  }

  /// What left a sequence behind the values that it is to give.
  func leavingBehind(
    _ sequence: Identifier?, of table: TableName, _ column: Identifier
  ) -> Statement? {
    let found = sent.last {
      ["insert", "merge", "copy"].contains($0.verb) && $0.names(oneOf: [table])
        || $0.verb == "update" && $0.names(oneOf: [table]) && $0.names(column)
        || sequence.map($0.statement.sql.contains) ?? false && !$0.names.contains("rename")
    }
    return found?.statement
      ?? last(["alter", "create", "do"], naming: [table], column: column)
  }

  /// What wrote the table anew in changing it; nil where something emptied it, which does the same.
  func rewriting(_ table: TableName) -> Statement? {
    guard last(["truncate"], naming: [table]) == nil else { return nil }
    return last(["alter"], on: [table])
  }

  /// What built the index while nobody could write to the table; nil where that is not known.
  func building(_ index: Identifier, on table: TableName) -> Statement? {
    let made = last(["create"], naming: [TableName(index)])
    if let made { return StatementWords(made).names.contains("concurrently") ? nil : made }
    return sent.last { words in
      words.verb == "alter" && words.isOn([table])
        && !words.names.isSuperset(of: ["using", "index"])
        && !words.names.isDisjoint(with: ["primary", "unique", "exclude"])
    }?.statement
  }

  /// The statement of which the server said this.
  func noticed(_ notice: String) -> Statement? {
    sent.last { $0.statement.notices.contains(notice) }?.statement
  }

  func last(
    _ verbs: Set<String>, on tables: [TableName], column: Identifier? = nil,
    where condition: (Set<String>) -> Bool = { _ in true }
  ) -> Statement? {
    sent.last {
      verbs.contains($0.verb) && $0.isOn(tables) && $0.names(column) && condition($0.names)
    }?.statement
  }

  func last(
    _ verbs: Set<String>, naming tables: [TableName], column: Identifier? = nil
  ) -> Statement? {
    sent.last {
      verbs.contains($0.verb) && $0.names(oneOf: tables) && $0.names(column)
    }?.statement
  }
}

extension String {
  fileprivate func contains(_ name: Identifier) -> Bool { contains(name.raw) }
}

extension RowsDifference.Table {
  /// The table's names before and after the step.
  var names: [TableName] { [before, after].compactMap(\.self) }
}
