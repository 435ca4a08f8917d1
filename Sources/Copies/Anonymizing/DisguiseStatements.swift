import Databases
import Rows

/// The statements that put other values into a table.
enum DisguiseStatements {
  /// One update; or all rows taken out and put in again, where a new value could be another row's old
  /// one, which a key would refuse in passing.
  ///
  /// - Parameters:
  ///   - rows: how the table's own rows are named, `ONLY …` where others inherit from it.
  ///   - values: the expression for each column that changes.
  static func statements(
    _ table: TableShape, _ rules: [AnonymizedColumn], rows: String, overriding: String = "",
    values: [Identifier: String]
  ) -> [String] {
    guard touchesKey(table, rules) else {
      let changes = rules.map { "\($0.column.name.quoted) = \(values[$0.column.name] ?? "")" }
      return ["UPDATE \(rows) SET \(changes.joined(separator: ", "))"]
    }
    let columns = table.columns.filter { $0.generated == nil }.map(\.name)
    let names = columns.map(\.quoted).joined(separator: ", ")
    let selected = columns.map { name in
      values[name].map { "\($0) AS \(name.quoted)" } ?? name.quoted
    }
    return [
      "CREATE TEMP TABLE stairway_disguised AS SELECT \(selected.joined(separator: ", ")) FROM \(rows)",
      "DELETE FROM \(rows)",
      "INSERT INTO \(table.name.quoted) (\(names)) \(overriding)SELECT \(names) FROM \(temporary(table))",
      "DROP TABLE \(temporary(table))",
    ]
  }

  private static func temporary(_ table: TableShape) -> String {
    table.engine == .postgresql ? "pg_temp.stairway_disguised" : "temp.stairway_disguised"
  }

  private static func touchesKey(_ table: TableShape, _ rules: [AnonymizedColumn]) -> Bool {
    let changed = Set(rules.filter { $0.rule != .null }.map(\.column.name))
    return !changed.isEmpty
      && table.keys.contains { $0.columns.map { !changed.isDisjoint(with: $0) } ?? true }
  }
}

/// The same in a SQLite file, on a connection that has the functions.
enum SQLiteDisguise {
  static func statements(_ table: TableShape, _ rules: [AnonymizedColumn]) -> [String] {
    var values: [Identifier: String] = [:]
    for rule in rules {
      values[rule.column.name] =
        rule.rule == .null
        ? "NULL" : "stairway_\(rule.rule.rawValue)(\(rule.column.name.quoted))"
    }
    return DisguiseStatements.statements(
      table, rules, rows: table.name.quoted, values: values)
  }
}
