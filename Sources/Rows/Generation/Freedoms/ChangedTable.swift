import Databases
package import Schemas

/// A table at two moments, for what it takes at the later one and did not take before.
package struct ChangedTable: Sendable {
  let before: TableShape
  let after: TableShape
  /// By the names after, the names before, of the columns that were there at both.
  private let origins: [Identifier: Identifier]
  /// What brought rows to other tables, to which rows of this one can now point.
  let seeds: RowsDifference

  /// - Parameters:
  ///   - difference: what became of the table's rows, which tells which columns were renamed; nil where
  ///     nothing is to be said of them.
  ///   - seeds: what the revision has added to any table.
  package init(
    from before: TableShape, to after: TableShape, _ difference: RowsDifference.Table?,
    seeds: RowsDifference = RowsDifference()
  ) {
    self.before = before
    self.after = after
    self.seeds = seeds
    let told = difference?.columns ?? []
    var origins: [Identifier: Identifier] = [:]
    for column in after.columns {
      let known = told.first { $0.after == column.name }
      let origin = known.map(\.before) ?? column.name
      if let origin, let shape = before.column(origin) { origins[column.name] = shape.name }
    }
    self.origins = origins
  }

  package var name: TableName { after.name }

  /// The tables to which it referred before.
  package var formerTargets: [TableName] { before.foreignKeys.map(\.table) }

  /// Each column after with what it was before.
  var columns: [(before: ColumnShape, after: ColumnShape)] {
    after.columns.compactMap { column in
      origins[column.name].flatMap(before.column).map { ($0, column) }
    }
  }

  /// What these columns are called now; nil where one of them is gone.
  func names(_ columns: [Identifier]) -> [Identifier]? {
    let names = columns.compactMap { old in origins.first { $0.value == old }?.key }
    return names.count == columns.count ? names : nil
  }

  /// The condition in the names of now; nil where it speaks of a column that is gone.
  func renamed(_ condition: SQLExpression) -> SQLExpression? {
    var result = condition
    for name in condition.columns {
      guard let old = before.column(Identifier(name))?.name, let new = names([old])?.first else {
        return nil
      }
      if new.raw != name { result = result.renaming(name, to: new.raw) }
    }
    return result
  }
}
