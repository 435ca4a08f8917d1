package import Rows

/// The rows of a rehearsed copy, held against those of an earlier moment.
package struct RowComparison: Sendable, Hashable, Codable {
  /// How many tables and rows there were at the earlier moment, without the tool's own.
  package let tables: Int
  package let rowsBefore: Int
  package let rowsAfter: Int
  /// That reading them anew and comparing took.
  package let seconds: Double
  /// Without any value of a row.
  package let difference: RowsDifference

  package init(
    tables: Int, rowsBefore: Int, rowsAfter: Int, seconds: Double, difference: RowsDifference
  ) {
    self.tables = tables
    self.rowsBefore = rowsBefore
    self.rowsAfter = rowsAfter
    self.seconds = seconds
    self.difference = difference
  }
}
