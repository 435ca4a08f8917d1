package import Databases
package import Schemas

/// What became of the rows of a database between two moments: a fact for each table of which there is
/// something to say, ordered by name.
package struct RowsDifference: Hashable, Sendable, Codable {
  package var tables: [Table]

  package init(_ tables: [Table] = []) { self.tables = tables }

  package var isEmpty: Bool { tables.isEmpty }

  /// What is known of the table under this name, after or before; nil where nothing is to be said.
  package subscript(table: TableName) -> Table? {
    tables.first { $0.after == table } ?? tables.first { $0.before == table }
      ?? tables.first { ($0.after ?? $0.before)?.isPublic(table) == true }
  }

  /// One table and its rows.
  package struct Table: Hashable, Sendable, Codable {
    /// nil for a table that was not there before.
    package let before: TableName?
    /// nil for a table that is gone.
    package let after: TableName?
    package var rowsBefore: Int
    package var rowsAfter: Int
    /// Rows that are not found again. Of a table that is gone: all it had.
    package var rowsLost = 0
    package var rowsAdded = 0
    /// Whether Stairway made up all the rows that there were: the application may never write such.
    package var isMadeUp = false
    /// False for a large table: its numbers of rows and values that differ are what is certain, and may
    /// be more.
    package var isExact = true
    /// Why the rows could not be held against each other; only their numbers are then known.
    package var notCompared: String?
    /// The names of the columns that make the samples' keys; empty where whole rows were compared.
    package var keyColumns: [Identifier] = []
    /// Up to `sampleSize`.
    package var lost: [RowSample] = []
    package var added: [RowSample] = []
    /// Columns that are new, gone, renamed or moved, or in which values are not what they were; in the
    /// order of the table, those that are gone last.
    package var columns: [Column] = []
    /// Of a large table: a few of the buckets in which rows differ, for `RowReader.rows`.
    package var differingBuckets: [Int] = []
    /// Of a table that lost rows: the tables to which these referred, the nearest first.
    package var ancestors: [Ancestor] = []
    /// The table in which all the lost rows are found, under their keys and with their values.
    package var movedTo: TableName?

    /// The name after the change, where the table is still there.
    package var name: TableName { after ?? before ?? TableName("") }
    package var isRenamed: Bool { before != nil && after != nil && before != after }
    /// Whether rows came to a table that was there before.
    package var isSeeded: Bool { before != nil && after != nil && rowsAdded > 0 }
    package var isEmptied: Bool { after != nil && rowsBefore > 0 && rowsAfter == 0 }

    /// The column of that name, after or before.
    package subscript(column: Identifier) -> Column? {
      columns.first { $0.after == column } ?? columns.first { $0.before == column }
    }
  }

  /// One column of a table that was there before and after.
  package struct Column: Hashable, Sendable, Codable {
    /// nil for a new column.
    package let before: Identifier?
    /// nil for one that is gone.
    package let after: Identifier?
    package var typeBefore: String?
    package var typeAfter: String?
    /// What it is computed from; nil for a column that holds what was written into it.
    package var computedBefore: String?
    package var computedAfter: String?
    /// Among the columns that were there before and after, it stands at another place.
    package var isMoved = false
    /// How many values that are not NULL there were: in a column that is gone, what went with it.
    package var valuesBefore = 0
    package var valuesAfter = 0
    /// Of `valuesBefore`, those that are not the column's constant default; nil where that is not known.
    package var notDefault: Int?
    /// Whether all rows have the same afterwards, NULL or what a default gave them; nil where that is
    /// not known.
    package var isUniformAfter: Bool?
    /// How many values are not as they were, by what became of them.
    package var changes: [ValueChange: Int] = [:]
    /// Of the values that are others, as they were and as they are: whether none is there twice. nil where
    /// nothing changed or that is not known.
    package var isDrawnAnew: Bool?
    /// By how many seconds times were shifted, where it was the same for all.
    package var shift: Int?
    /// The other column whose values this one now has.
    package var holdsValuesOf: Identifier?
    /// Of a column in which values became NULL: the tables with whose rows an `ON DELETE SET NULL` has it
    /// lose them, the one to which it referred first.
    package var clearedUnder: [Ancestor] = []
    /// Up to `sampleSize`, values that are another before those that are only written otherwise.
    package var samples: [ValueSample] = []

    /// How many values are another.
    package var changed: Int { changes.reduce(0) { $0 + ($1.key.keepsValue ? 0 : $1.value) } }
    /// How many are the same, written otherwise.
    package var rewritten: Int { changes.reduce(0) { $0 + ($1.key.keepsValue ? $1.value : 0) } }
    package var isRenamed: Bool { before != nil && after != nil && before != after }
    package var isDropped: Bool { after == nil }
    package var isAdded: Bool { before == nil }
    /// How many values there were that are another, or none: a NULL that has become a value is none.
    package var lost: Int { changed - (changes[.filled] ?? 0) }
    package var isTypeChanged: Bool { before != nil && after != nil && typeBefore != typeAfter }
  }

  /// A value of one row.
  package struct ValueSample: Hashable, Sendable, Codable {
    /// The row's key as it was, its parts in the order of `keyColumns`; shown also where values are
    /// hidden.
    package let key: [String]
    package let change: ValueChange
    package let before: ShownValue
    package let after: ShownValue
  }

  /// A row that is gone or new.
  package struct RowSample: Hashable, Sendable, Codable {
    package let key: [String]
    package let values: [NamedValue]
  }

  /// A value under its column's name.
  package struct NamedValue: Hashable, Sendable, Codable {
    package let column: Identifier
    package let value: ShownValue

    init(_ column: Identifier, _ value: ShownValue) {
      self.column = column
      self.value = value
    }
  }

  /// A table to which another one's rows referred before the change, by themselves or through others.
  package struct Ancestor: Hashable, Sendable, Codable {
    package let table: TableName
    /// The table between, whose rows refer to it; nil where it is the one in question itself.
    package let through: TableName?
    /// Whether rows went with those of it that were deleted: `ON DELETE CASCADE` all the way. Of a column's
    /// values: all the way up to the table whose row they named.
    package let cascades: Bool

    package init(_ table: TableName, through: TableName? = nil, cascades: Bool) {
      self.table = table
      self.through = through
      self.cascades = cascades
    }
  }

  package static let sampleSize = 5
}

extension RowsDifference.Table {
  package init(before: TableName?, after: TableName?, rowsBefore: Int, rowsAfter: Int) {
    self.before = before
    self.after = after
    self.rowsBefore = rowsBefore
    self.rowsAfter = rowsAfter
  }
}

extension RowsDifference.Column {
  package init(before: Identifier?, after: Identifier?) {
    self.before = before
    self.after = after
  }
}

extension TableName {
  fileprivate func isPublic(_ other: TableName) -> Bool {
    name == other.name && (schema ?? "public") == (other.schema ?? "public")
  }
}
