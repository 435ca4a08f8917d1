package import Databases
package import Schemas

/// What a migration that does harm to rows should do instead or beside; each adapter writes it as its
/// own code.
package enum RowMend: Sendable, Hashable {
  /// Give the column or table its new name, so that what it holds stays in it.
  case rename(ObjectID, to: Identifier)
  /// Write values into the column.
  case fill(ObjectID)
  /// Move a sequence past the highest value of the column.
  case advance(ObjectID, past: ObjectID)
  /// Delete the rows whose columns refer to no row of the other table; `to` are that one's columns, in
  /// the same order.
  case deleteDangling([ObjectID], in: ObjectID, to: [Identifier])
  /// Keep foreign keys from being followed while a table is rebuilt.
  case suspendReferences
  /// Change a column's type from a clock's time to a moment's or back, as UTC.
  case convertTime(ObjectID, toMoment: Bool)
  /// Say beside the code that a finding is meant.
  case allow(rule: String, object: ObjectID?)
}
