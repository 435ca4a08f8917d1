package import Databases
package import Rows
package import Schemas

/// What sort of rows a walk puts into tables that have none.
package enum RowSupply: String, Sendable, Codable, CaseIterable {
  /// What is found in production.
  case typical
  /// Typical ones, and beside them the longest, the largest and NULL wherever it may be.
  case edge
  /// The walk is made on empty tables.
  case none
}

/// What a walk wrote into the tables around one revision, and what it could not.
package struct RowFilling: Sendable, Hashable, Codable {
  /// Rows of the project's fixtures that were written; a script's are not counted.
  package var provided = 0
  package var generated = 0
  /// Whether anything of a fixture was written, rows or a script.
  package var hasProvided = false
  /// Parts of fixtures that could not be used or were refused.
  package var rejected: [FixtureFault] = []
  /// Rows that the fixture expects and that were not found.
  package var missing: [FixtureFault] = []
  /// Tables that stayed empty, each once in a walk.
  package var unfilled: [EmptyTable] = []

  package init() {}

  package var saysNothing: Bool { self == RowFilling() }
}

/// One thing in a fixture that is not as the database has it.
package struct FixtureFault: Sendable, Hashable, Codable {
  package let place: SourcePlace
  package let table: TableName?
  package let column: Identifier?
  /// One sentence without a trailing full stop.
  package let message: String
  package let fix: String?
  package let sqlState: String?

  package init(
    place: SourcePlace, table: TableName? = nil, column: Identifier? = nil, message: String,
    fix: String? = nil, sqlState: String? = nil
  ) {
    self.place = place
    self.table = table
    self.column = column
    self.message = message
    self.fix = fix
    self.sqlState = sqlState
  }

  /// What kept a part of a fixture from being read or used.
  package init(_ problem: FixtureProblem) {
    let others = problem.others
    let more = others > 0 ? " (and \(others) more \(others == 1 ? "row" : "rows"))" : ""
    self.init(
      place: problem.place, table: problem.table, column: problem.column,
      message: problem.message + more, fix: problem.fix)
  }
}

/// A table for which no rows could be made up.
package struct EmptyTable: Sendable, Hashable, Codable {
  package let table: TableName
  package let reason: String

  package init(table: TableName, reason: String) {
    self.table = table
    self.reason = reason
  }
}

/// What came of a step that failed on rows when it was tried again without them.
package enum EmptyTrial: String, Sendable, Codable {
  /// It fails on empty tables too.
  case fails
  /// It succeeds on empty tables: the rows are to blame, among them such as the project provides.
  case succeeds
  /// It succeeds on empty tables, and all the rows were made up: what they hold may be what the
  /// application would never write.
  case succeedsWithoutMadeUpRows = "succeeds-without-made-up-rows"
  /// It succeeds where the made-up rows hold no NULL but in columns that came to a table with rows: the
  /// application may never write one where the schema allows it.
  case succeedsWithoutMadeUpNulls = "succeeds-without-made-up-nulls"
  /// It succeeds with typical rows: only the edge ones are to blame.
  case succeedsOnTypicalRows = "succeeds-on-typical-rows"
}
