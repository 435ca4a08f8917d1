package import Databases

/// A column of a table whose rows were read.
package struct ColumnImage: Hashable, Sendable {
  package let name: Identifier
  /// As the engine writes it, with length and precision; SQLite's in capitals.
  package let type: String
  /// PostgreSQL's `attnum`, which outlives renaming; nil on SQLite.
  let number: Int64?
  let kind: ValueKind
  /// The canonical text of what a row has that does not name the column, where the default is a
  /// constant.
  let constantDefault: String?
  /// The expression of a generated column.
  var computation: String?
  /// Of a time with a zone: how far a new session's clock is ahead of UTC, in seconds, in winter and in
  /// summer.
  var clockOffsets: Set<Int64> = []
}

extension RowsDifference.Column {
  /// What two images of one column say by themselves, without its values.
  init(from before: ColumnImage, to after: ColumnImage, isMoved: Bool) {
    self.init(before: before.name, after: after.name)
    typeBefore = before.type
    typeAfter = after.type
    computedBefore = before.computation
    computedAfter = after.computation
    self.isMoved = isMoved
  }
}
