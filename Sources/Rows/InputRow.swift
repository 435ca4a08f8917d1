package import Databases
package import Schemas

/// A row to be written: the columns that it names, all others at their defaults.
package struct InputRow: Hashable, Sendable {
  package struct Cell: Hashable, Sendable {
    package let column: Identifier
    package let value: InputValue

    package init(_ column: Identifier, _ value: InputValue) {
      self.column = column
      self.value = value
    }
  }

  package let table: TableName
  package let cells: [Cell]
  /// Where the row was written down; nil for a generated one.
  package let place: SourcePlace?
  /// Where the columns were named, if elsewhere than with the row: in a CSV's first record.
  let placeOfNames: SourcePlace?

  package init(_ table: TableName, _ cells: [Cell], place: SourcePlace? = nil) {
    self.init(table, cells, place: place, named: nil)
  }

  init(_ table: TableName, _ cells: [Cell], place: SourcePlace?, named placeOfNames: SourcePlace?) {
    self.table = table
    self.cells = cells
    self.place = place
    self.placeOfNames = placeOfNames
  }

  package subscript(column: Identifier) -> InputValue? {
    cells.first { $0.column == column }?.value
  }
}

/// A line of a file that a user wrote.
package struct SourcePlace: Hashable, Sendable, Codable {
  /// As it is to be shown: relative to the project where it lies inside.
  package let file: String
  /// From 1.
  package let line: Int

  package init(file: String, line: Int) {
    self.file = file
    self.line = line
  }
}
