package import Schemas

/// Rows that were made up, and the tables for which none could be.
package struct GeneratedRows: Hashable, Sendable {
  /// Those that others point to before those that point to them, as far as that can be.
  package var rows: [InputRow]
  /// In the order of their names.
  package var unfilled: [UnfilledTable]

  package init(rows: [InputRow] = [], unfilled: [UnfilledTable] = []) {
    self.rows = rows
    self.unfilled = unfilled
  }
}

/// A table that stays empty, and why.
package struct UnfilledTable: Hashable, Sendable {
  package let table: TableName
  /// The rest of a sentence that begins with the table's name and a colon: which constraint, type or
  /// other table stands in the way.
  package let reason: String

  package init(table: TableName, reason: String) {
    self.table = table
    self.reason = reason
  }
}
