package import Databases
package import Schemas

/// Rows whose foreign key points to no row, which the engine did not prevent: its enforcement was off,
/// or began later.
package struct DanglingReference: Hashable, Sendable, Codable {
  package let table: TableName
  package let columns: [Identifier]
  package let parent: TableName
  package let parentColumns: [Identifier]
  /// As PostgreSQL names it; nil on SQLite, where most have no name.
  package let constraint: Identifier?
  package let rows: Int
  /// Up to `RowsDifference.sampleSize` of the values that point nowhere, in the order of `columns`.
  package let samples: [[String]]
  /// Why the engine could not tell; `rows` is then 0.
  package let notChecked: String?
}

/// A column whose sequence will give values that its rows already have: an insert that leaves the column
/// to it fails, at once or when the sequence has come there.
package struct SequenceBehind: Hashable, Sendable, Codable {
  package let table: TableName
  package let column: Identifier
  /// nil on SQLite, whose counters have no names.
  package let sequence: TableName?
  /// What the sequence gives next.
  package let next: Int64
  /// The highest value in the column; the lowest, where the sequence counts down.
  package let highest: Int64
  /// The first of the column's values that the sequence will come to.
  package let reached: Int64
  /// Whether a row has `next` itself, so that the very next insert fails or doubles it.
  package let isTaken: Bool
}

extension RowReader {
  /// The foreign keys of these tables and to them that some row breaks, ordered by table.
  ///
  /// - Parameter touched: the tables whose rows or foreign keys may have changed; nil for all.
  package func danglingReferences(touching touched: Set<TableName>? = nil) throws
    -> [DanglingReference]
  {
    if let touched, let last, !last.holdsReferences(touching: touched) { return [] }
    return try source.danglingReferences(touching: full(touched), in: last).sorted {
      $0.table == $1.table
        ? $0.columns.lexicographicallyPrecedes($1.columns)
        : $0.table.precedes($1.table)
    }
  }

  /// The columns of these tables whose sequence, identity or `AUTOINCREMENT` lags behind their values.
  package func sequencesBehind(touching touched: Set<TableName>? = nil) throws -> [SequenceBehind] {
    // Nothing has been counted in a table without rows.
    let filled = full(touched)?.filter { name in
      last?.tables[name].map { $0.rowCount > 0 || $0.unreadable != nil } ?? true
    }
    guard filled?.isEmpty != true else { return [] }
    return try source.sequencesBehind(touching: filled).sorted {
      $0.table == $1.table ? $0.column < $1.column : $0.table.precedes($1.table)
    }
  }

  private func full(_ tables: Set<TableName>?) -> Set<TableName>? {
    tables.map { Set($0.map { RowImage.full($0, on: engine).folded(on: engine) }) }
  }
}

extension RowImage {
  /// Whether any row may point to or from one of these tables: where none does, the catalogs, or the
  /// whole schema on SQLite, need not be read for it.
  fileprivate func holdsReferences(touching touched: Set<TableName>) -> Bool {
    let concerned = touched.reduce(into: touched) {
      $0.formUnion(references.referrers(to: RowImage.full($1, on: engine)))
    }
    return concerned.contains { name in
      self[name].map { $0.rowCount > 0 || $0.unreadable != nil } ?? false
    }
  }
}
