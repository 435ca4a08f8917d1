import Databases

extension RowsDifference {
  /// The same without any value: their types and lengths stay, and rows' keys.
  package func redacted() -> RowsDifference {
    RowsDifference(
      tables.map { table in
        var table = table
        table.lost = table.lost.map(\.redacted)
        table.added = table.added.map(\.redacted)
        table.columns = table.columns.map { column in
          var column = column
          column.samples = column.samples.map(\.redacted)
          return column
        }
        return table
      })
  }

  /// Only what the tables and columns that both schemas have tell: of rows that were written in one and
  /// read in the other, what both can hold.
  package func restrictedToCommonColumns() -> RowsDifference {
    RowsDifference(
      tables.compactMap { table in
        guard table.before != nil, table.after != nil else { return nil }
        var table = table
        table.columns.removeAll { $0.isAdded || $0.isDropped }
        return table.saysSomething ? table : nil
      })
  }

  /// Only what is about values and rows that were there before: without what is new.
  package var losses: RowsDifference {
    RowsDifference(
      tables.compactMap { table in
        guard table.before != nil else { return nil }
        var table = table
        table.rowsAdded = 0
        table.added = []
        table.columns.removeAll { $0.isAdded || $0.changed == 0 && !$0.isDropped }
        return table.rowsLost > 0 || !table.columns.isEmpty || table.notCompared != nil
          ? table : nil
      })
  }
}

extension RowsDifference.ValueSample {
  fileprivate var redacted: Self {
    Self(key: key, change: change, before: before.redacted, after: after.redacted)
  }
}

extension RowsDifference.RowSample {
  fileprivate var redacted: Self {
    Self(key: key, values: values.map { RowsDifference.NamedValue($0.column, $0.value.redacted) })
  }
}

extension RowsDifference.Table {
  var saysSomething: Bool {
    rowsLost > 0 || rowsAdded > 0 || notCompared != nil || isRenamed || !columns.isEmpty
  }
}
