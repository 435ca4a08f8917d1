/// The properties that both engines' objects have, under the names that rules and reports read.
extension PropertyName {
  /// Only in differences: an object's own name, where that is all that differs.
  package static let name: PropertyName = "name"

  /// Of a column: its place in its table, from 1.
  package static let position: PropertyName = "position"
  /// Of a column: its type with length and precision, as the engine writes it; on SQLite as it was
  /// declared, in capitals, and absent where none was.
  package static let type: PropertyName = "type"
  /// Of a column: a flag, absent where NULL is allowed.
  package static let notNull: PropertyName = "not-null"
  /// Of a column: its default's expression or literal, without parentheses around the whole.
  package static let defaultValue: PropertyName = "default"
  /// Of a column, where it is not the type's own.
  package static let collation: PropertyName = "collation"
  /// Of a column: the expression that it is computed from.
  package static let generated: PropertyName = "generated"
  /// Of a generated column: whether its values are kept, not computed when read.
  package static let stored: PropertyName = "stored"

  /// Of a constraint: `PRIMARY KEY`, `UNIQUE`, `FOREIGN KEY`, `CHECK` or `EXCLUDE`.
  package static let constraintType: PropertyName = "constraint-type"
  /// Of a constraint or an index: the list of its columns or expressions, in order.
  package static let columns: PropertyName = "columns"
  /// Of a check constraint, without parentheses around the whole.
  package static let expression: PropertyName = "expression"
  /// Of a foreign key, and likewise those below.
  package static let referencedTable: PropertyName = "referenced-table"
  package static let referencedColumns: PropertyName = "referenced-columns"
  /// `CASCADE`, `SET NULL` and so on; absent for `NO ACTION`.
  package static let onDelete: PropertyName = "on-delete"
  package static let onUpdate: PropertyName = "on-update"
  /// `FULL`; absent for `SIMPLE`.
  package static let match: PropertyName = "match"
  /// `DEFERRABLE` or `DEFERRABLE INITIALLY DEFERRED`.
  package static let deferrable: PropertyName = "deferrable"

  /// Of an index: a flag.
  package static let unique: PropertyName = "unique"
  /// Of a partial index: its WHERE, without parentheses around the whole.
  package static let predicate: PropertyName = "predicate"

  /// The whole of an object that is kept as one text: a view's query, a trigger, a function.
  package static let definition: PropertyName = "definition"
}
