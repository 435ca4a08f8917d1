package import Databases

/// A row that a fixture expects and that is not there, or not as often as it is expected.
package struct MissingRow: Hashable, Sendable {
  package let row: InputRow
  /// How often the fixture names a row like this one, and how many were found; 1 and 0 mostly.
  package let wanted: Int
  package let found: Int
  /// The columns of the key that the row names; empty where it names none whole.
  package let key: [Identifier]
  /// In what the row of this key differs; nil where there is no such row, or no key.
  package let differences: [Difference]?
  /// What the engine said where it could not compare; nil otherwise.
  package let refusal: String?

  /// A column that holds something else.
  package struct Difference: Hashable, Sendable {
    package let column: Identifier
    package let expected: InputValue
    /// PostgreSQL's in its text form.
    package let actual: Value
  }

  /// Whether the other row is the one that was looked for, by the key or, where none is named, altogether.
  package func isMet(by other: InputRow) -> Bool {
    let columns = key.isEmpty ? row.cells.map(\.column) : key
    return differences == nil && row.table == other.table && !columns.isEmpty
      && columns.allSatisfy { other[$0] == row[$0] }
  }

  init(
    _ row: InputRow, wanted: Int = 1, found: Int = 0, key: [Identifier] = [],
    differences: [Difference]? = nil, refusal: String? = nil
  ) {
    self.row = row
    self.wanted = wanted
    self.found = found
    self.key = key
    self.differences = differences
    self.refusal = refusal
  }
}
