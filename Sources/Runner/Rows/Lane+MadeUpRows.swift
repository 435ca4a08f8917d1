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
    if !rows.madeUpTables.isDisjoint(with: empty) { rows.round += 1 }
    let made = try plan.rows.generator.again(rows.round).fill(
      writer(), tables: tables, kind: kind)
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

  /// Lets rows make use of what the upgrade newly allows: what users write next, and what a rollback then
  /// meets.
  /// - Parameters:
  ///   - before: the schema before the upgrade.
  ///   - again: what the second upgrade did to the rows. Those that it added are such as a rollback takes
  ///     away.
  /// - Returns: how many rows were written.
  func useFreedoms(
    since before: Snapshot, _ upgrade: StepRecord, again: RowsDifference?
  ) throws -> Int {
    guard case .succeeded = upgrade.outcome, let image = state.rows else { return 0 }
    let changed = changedTables(since: before, upgrade, again: again ?? RowsDifference())
    guard !changed.isEmpty else { return 0 }
    let names = changed.flatMap { [$0.name] + $0.formerTargets }
    let tables = state.snapshot.tables(around: Set(names))
    return try plan.rows.generator.useFreedoms(
      of: changed, image, writer(), tables: tables, kind: madeUpRows, mayChange: holdsOnlyMadeUpRows
    )
  }

  private func isOfDomain(_ constraint: ObjectID) -> Bool {
    constraint.path.first.map {
      state.snapshot[ObjectID(.domain, schema: constraint.schema, [$0])] != nil
    } ?? false
  }

  private func changedTables(
    since before: Snapshot, _ upgrade: StepRecord, again: RowsDifference
  ) -> [ChangedTable] {
    let changes = upgrade.change.changes
    // Of a type or domain that takes more it is not said which columns are of it.
    let isOfTypes = changes.contains { change in
      switch change.id.kind {
      case .type, .domain: true
      case .constraint: isOfDomain(change.id)
      default: false
      }
    }
    let isSeeded = again.tables.contains(where: \.isSeeded)
    let shapes =
      isOfTypes || isSeeded
      ? state.snapshot.tables : state.snapshot.tables(around: Set(changes.compactMap(\.table)))
    let known = Dictionary(before.tables.map { ($0.name, $0) }) { first, _ in first }
    return shapes.compactMap { shape in
      let difference = upgrade.rows?[shape.name]
      let origin = difference.map(\.before) ?? shape.name
      guard state.rows?[shape.name]?.rowCount ?? 0 > 0,
        let old = origin.flatMap({ known[$0] }),
        old != shape || shape.foreignKeys.contains(where: { again[$0.table]?.isSeeded ?? false })
      else { return nil }
      return ChangedTable(from: old, to: shape, difference, seeds: again)
    }
  }
}
