internal import Rows
internal import Schemas
internal import Walks

extension Lane {
  /// Writes the rows back that a restoration took away.
  ///
  /// Where the step that failed has been taken without rows, the schema is another one: then only what
  /// the project or its migrations put there is written, since rows can be made up anew to fit it.
  func writeBack(_ gone: RowImage) throws {
    let isAsItWas = gone.snapshot.fingerprint == state.snapshot.fingerprint
    try plan.rows.generator.writeBack(gone, writer(), tables: state.snapshot.tables) { table in
      isAsItWas || !rows.madeUpTables.contains(table) || rows.providedTables.contains(table)
    }
  }

  /// Gives made-up rows NULL where rows of that age have it whatever an application writes: in columns
  /// that came later and in which some row had none when the step failed.
  func leaveNull(_ before: RowImage?) throws {
    let tables = state.snapshot.tables(around: rows.laterColumns.keys)
    let statements = tables.flatMap { table -> [String] in
      let names = rows.laterColumns[table.name] ?? []
      return table.columns.filter { column in
        names.contains(column.name) && !column.isNotNull
          && before?[table.name]?.holdsNull(in: column.name) ?? false
      }.map { NewFreedoms.update(table, $0.name, to: "NULL", on: state.snapshot.engine) }
    }
    if try use(statements) { state = try observe() }
  }
}
