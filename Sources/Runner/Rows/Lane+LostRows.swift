internal import Rows
internal import Schemas
internal import Walks

extension Lane {
  /// Writes the rows back that a restoration took away.
  ///
  /// Where the step that failed has been taken without rows, the schema is another one: then only what
  /// the project or its migrations put there is written, since rows can be made up anew to fit it: what
  /// migrations made of made-up rows would not belong to those.
  func writeBack(_ gone: RowImage) throws {
    let isAsItWas = gone.snapshot.fingerprint == state.snapshot.fingerprint
    try plan.rows.generator.writeBack(gone, writer(), tables: state.snapshot.tables) { table in
      if isAsItWas || rows.providedTables.contains(table) { return .all }
      if rows.madeUpTables.contains(table) { return .none }
      return rows.hasRunScripts ? .all : .withoutMadeUpKeys
    }
  }

  /// Gives made-up rows NULL where rows of that age have it whatever an application writes: in columns
  /// that came later and in which some row had none when the step failed.
  func leaveNull(_ before: RowImage?) throws {
    let tables = state.snapshot.tables(around: rows.laterColumns.keys)
    var hasWritten = false
    for table in tables {
      let names = rows.laterColumns[table.name] ?? []
      for column in table.columns
      where names.contains(column.name) && !column.isNotNull
        && before?[table.name]?.holdsNull(in: column.name) ?? false
      {
        let row = InputRow(table.name, [.init(column.name, .null)])
        hasWritten = try writer().change(row, .any, tables: tables) || hasWritten
      }
    }
    if hasWritten { state = try observe() }
  }
}
