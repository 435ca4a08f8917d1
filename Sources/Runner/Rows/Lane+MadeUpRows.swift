internal import Databases
internal import Rows
internal import Schemas
internal import Scratch
internal import Walks

extension Lane {
  /// - Returns: whether any row was written.
  func fillEmptyTables(
    _ filling: inout RowFilling, with kind: RowGenerator.Kind
  ) throws -> Bool {
    let foreign = state.snapshot.units(of: .foreignTable).map {
      TableName(schema: $0.id.schema, $0.id.name)
    }
    let empty = Set((state.rows?.emptyTables ?? []) + foreign)
    guard !empty.isEmpty else { return false }
    let tables = state.snapshot.tables(around: empty)
    let isHopeful = tables.contains { table in
      empty.contains(table.name) && !table.isPartition && rows.unfilled[table.name] != table
    }
    guard isHopeful else { return false }
    let made = try plan.rows.generator.fill(writer(), tables: tables, kind: kind)
    filling.generated += made.rows.count
    rows.madeUpTables.formUnion(made.rows.map(\.table))
    for table in made.unfilled {
      guard let shape = tables.first(where: { $0.name == table.table }),
        rows.unfilled.updateValue(shape, forKey: table.table) == nil
      else { continue }
      filling.unfilled.append(EmptyTable(table: table.table, reason: table.reason))
    }
    return !made.rows.isEmpty
  }

  /// Gives made-up values to columns that came to tables with made-up rows, which would stay NULL for
  /// the rest of the walk and could be lost unseen.
  /// - Returns: whether any row was changed.
  func completeColumns(addedBy change: SchemaDifference) throws -> Bool {
    guard !rows.hasRunScripts else { return false }
    // The rows of a table that came with its columns have what they are to have.
    let made = Set(change.changes.filter { $0.id.kind == .table && $0.before == nil }.map(\.id))
    var columns: [TableName: [Identifier]] = [:]
    for added in change.changes where added.id.kind == .column && added.before == nil {
      guard let column = added.after, column[.notNull] == nil, column[.generated] == nil,
        let table = added.id.path.first.map({ TableName(schema: added.id.schema, $0) }),
        !made.contains(ObjectID(.table, schema: table.schema, [table.name])),
        (state.rows?[table]?.rowCount ?? 0) > 0
      else { continue }
      columns[table, default: []].append(added.id.name)
    }
    guard !columns.isEmpty else { return false }
    let tables = state.snapshot.tables(around: columns.keys)
    for table in rows.providedTables { columns[table] = nil }
    for (table, names) in columns { rows.laterColumns[table, default: []].formUnion(names) }
    guard !columns.isEmpty else { return false }
    return try plan.rows.generator.complete(
      columns, writer(), tables: tables, kind: madeUpRows) > 0
  }

  /// Carries out each statement for itself: one that a constraint refuses leaves the others.
  /// - Returns: whether any row was written so.
  func use(_ statements: [String]) throws -> Bool {
    guard !statements.isEmpty else { return false }
    var hasWritten = false
    switch database.address {
    case .sqlite(let path):
      let connection = try SQLiteConnection(path: path, access: .readWrite)
      for statement in statements where (try? connection.execute(statement)) != nil {
        hasWritten = true
      }
    case .postgresql(let address):
      let connection = try PostgresConnection(address)
      for statement in statements where (try? connection.execute(statement)) != nil {
        hasWritten = true
      }
    }
    return hasWritten
  }
}
