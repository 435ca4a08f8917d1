package import Databases
package import Schemas

/// What the rows of one table were. Never changes, and is shared by the images of all moments between
/// which the table was not touched.
package final class TableImage: Sendable {
  package let name: TableName
  package let columns: [ColumnImage]
  package let rowCount: Int
  /// PostgreSQL's `pg_class.oid`, which outlives renaming; nil on SQLite.
  let oid: UInt32?
  /// PostgreSQL's `pg_class.relfilenode`, the file in which the rows lie; nil as above.
  let file: UInt32?
  /// Those of the partitions whose rows are read through this table.
  let partitions: Set<UInt32>
  /// The indices of the primary key's columns; empty where there is none.
  let key: [Int]
  let content: Content

  enum Content: Sendable {
    /// Every row with its cells in the order of the columns.
    case rows([[Cell]])
    case sums(RowSums)
    /// What the engine said when the table was read.
    case unreadable(String)
  }

  init(
    _ name: TableName, oid: UInt32? = nil, file: UInt32? = nil,
    partitions: Set<UInt32> = [], columns: [ColumnImage], key: [Int], content: Content
  ) {
    self.name = name
    self.oid = oid
    self.file = file
    self.partitions = partitions
    self.columns = columns
    self.key = key
    self.content = content
    switch content {
    case .rows(let rows): rowCount = rows.count
    case .sums(let sums): rowCount = sums.rowCount
    case .unreadable: rowCount = 0
    }
  }

  /// Whether the values themselves are kept, not only sums of their hashes.
  package var keepsValues: Bool { if case .rows = content { true } else { false } }

  /// Whether a row holds NULL in the column; false where there is none of that name.
  package func holdsNull(in column: Identifier) -> Bool {
    guard let place = columns.firstIndex(where: { $0.name == column }) else { return false }
    switch content {
    case .rows(let rows): return rows.contains { $0[place].isNull }
    case .sums(let sums): return sums.total(of: place).count < rowCount
    case .unreadable: return false
    }
  }

  /// Why the rows are not known; nil where they are.
  package var unreadable: String? { if case .unreadable(let why) = content { why } else { nil } }
}
