package import Databases
package import Schemas

/// Columns whose values must be another row's.
package struct ForeignKeyShape: Hashable, Sendable {
  package let name: Identifier
  package let columns: [Identifier]
  /// With its schema on PostgreSQL. On SQLite the table need not be there.
  package let table: TableName
  /// In the order of `columns`; a reference that leaves them out means the primary key. Empty where
  /// the table is not in the snapshot and they were left out.
  package let referencedColumns: [Identifier]
  /// What happens when the row that it points to is deleted: `CASCADE`, `SET NULL`, `SET DEFAULT` or
  /// `RESTRICT`; nil for `NO ACTION`. Likewise when that row's key changes.
  package let onDelete: String?
  package let onUpdate: String?
  /// `MATCH FULL`: all columns are NULL or none is. SQLite knows only `SIMPLE`.
  package let isFull: Bool
  package let deferral: Deferral
  /// Whether rows that were there before it may break it (PostgreSQL's `NOT VALID`).
  package let isNotValid: Bool

  /// When it is checked.
  package enum Deferral: Sendable { case none, deferrable, initiallyDeferred }
}
