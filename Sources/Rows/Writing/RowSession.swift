import Databases

/// Which row is to be changed.
package enum RowChoice<Key> {
  case any
  /// One that has NULL in all the columns in question.
  case withoutValues
  /// The one that has these values, which make its primary key.
  case having(Key)
}

/// One transaction in which rows are written, in one engine's way.
protocol RowSession: AnyObject {
  func begin() throws

  /// Writes the groups in order, all or none of them. A group's rows may point to each other.
  /// - Throws: `DatabaseError` of the first row that was refused; nothing of the groups is left then.
  func insert(_ groups: [[PlannedRow]]) throws

  /// Gives the values to one row; does nothing where there is none of that sort.
  func change(_ row: PlannedRow, _ which: RowChoice<PlannedRow>) throws

  /// Which column the refusal of this row was about, as far as it can be told.
  func column(_ error: DatabaseError, of row: PlannedRow) -> Identifier?

  /// Whether the row was refused because the row that it points to is not there.
  func isForeignKey(_ error: DatabaseError) -> Bool

  /// Moves what counts for these rows' columns past the keys that they brought along.
  func advance(past rows: [PlannedRow]) throws

  /// What each of these queries gives, outside of a transaction; nothing where a table of SQLite
  /// cannot be read.
  func rows(of queries: [String]) throws -> [[Row]]

  func commit() throws
  func rollback()
}
