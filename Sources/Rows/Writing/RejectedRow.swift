package import Databases
package import Schemas

/// A row that could not be written, and what said so.
package struct RejectedRow: Hashable, Sendable {
  package let row: InputRow
  /// The table as the snapshot names it; as the row names it where there is no such table.
  package let table: TableName
  /// nil where the refusal is not about one column, or the engine does not say which.
  package let column: Identifier?
  /// The constraint's name, where the engine says it.
  package let constraint: String?
  /// The engine's own words, or Stairway's where the row was not even tried; without the row's values.
  package let message: String
  /// PostgreSQL's SQLSTATE or SQLite's extended result code; nil where the row was not tried.
  package let state: String?
  /// What PostgreSQL adds to its message; may hold the row's values.
  package let detail: String?

  init(_ row: InputRow, table: TableName, column: Identifier? = nil, message: String) {
    self.row = row
    self.table = table
    self.column = column
    self.message = message
    constraint = nil
    state = nil
    detail = nil
  }

  init(_ planned: PlannedRow, _ error: DatabaseError, column: Identifier?) {
    row = planned.row
    table = planned.table.name
    self.column = column
    constraint = error.subject?.constraint
    message = error.message
    state = error.state
    detail = error.subject?.detail
  }
}
