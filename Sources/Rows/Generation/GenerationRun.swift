import Databases
import Schemas

/// One making of rows: what has been made so far, and what is promised.
struct GenerationRun {
  let seed: UInt64
  let firstKey: Int64
  let existing: ExistingRows
  let kind: RowGenerator.Kind
  let count: Int
  private let index: TableIndex
  private let referenced: [TableName: [Identifier]]
  private var unfilled: [TableName: String]
  private var made: [TableName: [Candidate]] = [:]
  private var order: [TableName] = []
  /// Keys that rows still to be made are going to have, since others point to them already.
  private var promises: [TableName: [[Identifier: InputValue]]] = [:]

  init(
    seed: UInt64, firstKey: Int64, tables: [TableShape], existing: ExistingRows,
    kind: RowGenerator.Kind, count: Int, unfilled: [TableName: String]
  ) {
    self.seed = seed
    self.firstKey = firstKey
    self.existing = existing
    self.kind = kind
    self.count = count
    self.unfilled = unfilled
    index = TableIndex(tables)
    referenced = ExistingRows.referencedColumns(tables)
  }

  var result: GeneratedRows {
    let rows = order.flatMap { name in
      (made[name] ?? []).map { row in
        InputRow(
          name,
          row.plan.columns.compactMap { column in
            row[column.name.raw].map { .init(column.name, $0) }
          })
      }
    }
    let names = unfilled.keys.sorted {
      ($0.schema?.raw ?? "", $0.name.raw) < ($1.schema?.raw ?? "", $1.name.raw)
    }
    return GeneratedRows(
      rows: rows, unfilled: names.map { UnfilledTable(table: $0, reason: unfilled[$0] ?? "") })
  }

  /// Why a table gets no rows.
  private struct Obstacle: Error {
    let reason: String
    /// Whether it is another table's.
    var table: TableName?
  }

  /// Makes rows for tables that refer to each other. Where one of them can have none, the others are
  /// made anew without it.
  mutating func fill(_ group: [TableShape]) {
    let names = Set(group.map(\.name))
    while true {
      let open = group.filter { unfilled[$0.name] == nil }
      for table in open { made[table.name] = nil }
      order.removeAll(where: names.contains)
      promises = [:]
      guard fillOnce(open) else { continue }
      close(open)
      return
    }
  }

  /// - Returns: false where a table turned out to get no rows that others may count on.
  private mutating func fillOnce(_ group: [TableShape]) -> Bool {
    for (place, table) in group.enumerated() {
      do {
        let rows = try make(table, later: Set(group[(place + 1)...].map(\.name)))
        made[table.name] = rows
        order.append(table.name)
        if rows.count < promises[table.name]?.count ?? 0 {
          throw Obstacle(reason: "it takes only \(rows.count) rows, and others must point to more")
        }
      } catch let obstacle as Obstacle {
        unfilled[obstacle.table ?? table.name] = obstacle.reason
        if group.count > 1 { return false }
      } catch {
        return false
      }
    }
    return true
  }

  // MARK: One table

  private mutating func make(_ table: TableShape, later: Set<TableName>) throws -> [Candidate] {
    var plan = try plan(for: table)
    try resolve(&plan, later: later)
    let typical = TypicalValues(
      engine: table.engine, random: SeededRandom(seed: seed, name: "\(table)"),
      firstKey: firstKey(of: table))
    let source = ColumnValues(plan: plan, kind: kind, typical: typical, seed: seed)
    var rows: [Candidate] = []
    var taken = plan.keys.map { _ in Set<[Datum]>() }
    let promised = promises[table.name] ?? []
    var random = SeededRandom(seed: seed, name: "\(table)")
    for number in 0..<max(count, promised.count) {
      let promise = number < promised.count ? promised[number] : [:]
      let start = try start(number, plan, source, promise)
      var search = RowSolver(
        plan: plan, fixed: Set(promise.keys.map(\.raw)), random: random, values: source.other)
      search.turn = number
      guard let row = search.row(from: start, taken: taken) else {
        if rows.isEmpty { throw Obstacle(reason: reason(search.obstacle, plan)) }
        break
      }
      random = search.random
      for key in plan.keys.indices {
        if let values = row.keyValues(key) { taken[key].insert(values) }
      }
      rows.append(row)
      plan.admit(row)
    }
    return rows
  }

  /// Where the small keys are left alone, each table has keys of its own, so that a row which a migration
  /// moves from one to another meets none there.
  private func firstKey(of table: TableShape) -> Int64 {
    guard firstKey > 1 else { return firstKey }
    var random = SeededRandom(seed: 0, name: "the keys of \(table)")
    return firstKey + Int64(random.below(190) * 100)
  }

  private func plan(for table: TableShape) throws -> TablePlan {
    switch table.storage {
    case .foreign: throw Obstacle(reason: "it is a foreign table")
    case .module(let module): throw Obstacle(reason: "it is a virtual table of \(module)")
    case .own, .partition, .partitions: break
    }
    switch PartitionRouting(tables: index).answer(for: table) {
    case .nothingFits(let reason): throw Obstacle(reason: reason)
    case .condition(let routing):
      // A column that counts by itself would begin with the keys that are to be left alone.
      let counted = firstKey > 1 ? table.primaryKey?.columns ?? [] : []
      let pointed = referenced[table.name] ?? []
      return TablePlan(
        table, filled: Set(pointed + counted), referenced: pointed, routing: routing)
    }
  }

  /// Finds the rows that foreign keys may point to; promises some where they are still to be made.
  private mutating func resolve(_ plan: inout TablePlan, later: Set<TableName>) throws {
    for place in plan.references.indices {
      let reference = plan.references[place]
      let key = reference.key
      if let reason = Misfit(key, in: plan.table, tables: index).reason {
        throw Obstacle(reason: reason)
      }
      if let rows = made[key.table], !reference.isOwn {
        plan.references[place].targets = rows.compactMap { $0.target(key.referencedColumns) }
      } else if let rows = existing.rows[key.table] {
        plan.references[place].targets = rows.compactMap { row in
          let values = key.referencedColumns.compactMap { row[$0] }
          return values.count == key.columns.count && !values.contains(.null) ? values : nil
        }
      } else if later.contains(key.table), !reference.canBeNull {
        plan.references[place].targets = promise(key)
      }
      guard plan.references[place].targets.isEmpty, !reference.canBeNull, !reference.isOwn else {
        continue
      }
      let name = index[key.table].map { "\($0)" } ?? key.table.name.raw
      throw Obstacle(
        reason: "its \(Self.columns(key.columns)) must point to a row of \(name), which has none")
    }
  }

  private static func columns(_ names: [Identifier]) -> String {
    "column\(names.count == 1 ? "" : "s") \(names.map(\.raw).joined(separator: ", "))"
  }

  private mutating func promise(_ key: ForeignKeyShape) -> [[InputValue]] {
    guard let target = index[key.table] else { return [] }
    let typical = TypicalValues(
      engine: target.engine, random: SeededRandom(seed: seed, name: "\(target)"),
      firstKey: firstKey(of: target))
    var promised = promises[key.table] ?? Array(repeating: [:], count: count)
    for number in promised.indices {
      for name in key.referencedColumns where promised[number][name] == nil {
        guard let column = target.column(name) else { return [] }
        // A key that itself points to rows which are there takes theirs.
        let pointed = target.foreignKeys.first { $0.columns == [name] }
        let rows = pointed.flatMap { made[$0.table] } ?? []
        if let pointed, !rows.isEmpty {
          promised[number][name] =
            rows[number % rows.count].target(pointed.referencedColumns)?.first
        } else {
          promised[number][name] = typical.value(for: column, number, isKey: true)
        }
      }
    }
    promises[key.table] = promised
    return promised.compactMap { row in
      let values = key.referencedColumns.compactMap { row[$0] }
      return values.count == key.columns.count ? values : nil
    }
  }

  /// The row with which the search begins.
  private func start(
    _ number: Int, _ plan: TablePlan, _ source: ColumnValues, _ promise: [Identifier: InputValue]
  ) throws -> Candidate {
    var row = Candidate(plan: plan, reading: ValueReading(engine: plan.table.engine))
    for column in plan.columns {
      let value = source.first(column, number)
      switch value {
      case .value(let value): row.set(column.name.raw, value)
      case .leftOut: continue
      case .unknown:
        throw Obstacle(
          reason: "no value is known for its column \(column.name) of the type \(column.typeText)")
      }
    }
    for reference in plan.references { point(reference, number, &row) }
    for (column, value) in promise { row.set(column.raw, value) }
    return row
  }

  private func point(_ reference: TablePlan.Reference, _ number: Int, _ row: inout Candidate) {
    let columns = reference.key.columns
    if !staysNull(reference, number, row.plan), !reference.targets.isEmpty {
      let target = reference.target(number, isShared: sharesTargets)
      for (column, value) in zip(columns, target) { row.set(column.raw, value) }
    } else if reference.canBeNull {
      for column in columns where row.plan.shape(column.raw)?.isNotNull == false {
        row.set(column.raw, .null)
      }
    } else if let own = row.target(reference.key.referencedColumns) {
      for (column, value) in zip(columns, own) { row.set(column.raw, value) }
    }
  }

  /// Whether several rows point to one, as those of an application do. Rows without a NULL are for finding
  /// out whether a step would succeed on the plainest ones.
  private var sharesTargets: Bool { kind == .typical || kind == .edge }

  /// Whether the row points nowhere, though there is a row to which it could.
  private func staysNull(
    _ reference: TablePlan.Reference, _ number: Int, _ plan: TablePlan
  ) -> Bool {
    guard reference.canBeNull else { return false }
    switch kind {
    case .sparse: return true
    case .edge: return number == 0
    case .full: return false
    // Of those that point to their own table, the first does already.
    case .typical:
      let mayBe = reference.key.columns.compactMap { plan.shape($0.raw) }
        .contains { plan.mayStayNull($0) }
      return mayBe && !reference.isOwn && TypicalValues.isWithNulls(number)
    }
  }

  private func reason(_ fault: Candidate.Fault?, _ plan: TablePlan) -> String {
    switch fault {
    case nil: return "no row was found for it"
    case .condition(let index):
      return "no values were found that satisfy \(plan.conditions[index].title)"
    case .key(let index):
      return "no values were found for the key \"\(plan.keys[index].name)\""
    case .reference(let index):
      let key = plan.references[index].key
      return """
        no row of \(key.table.name) was found that its \(Self.columns(key.columns)) could point to
        """
    }
  }

  // MARK: Rings

  /// Lets rows point to those that were made after them, where nothing speaks against it.
  private mutating func close(_ group: [TableShape]) {
    guard group.count > 1, [.typical, .full].contains(kind) else { return }
    for table in group {
      guard let rows = made[table.name], let first = rows.first else { continue }
      var plan = first.plan
      try? resolve(&plan, later: [])
      let inKeys = Set(plan.keys.flatMap(\.columns))
      made[table.name] = rows.enumerated().map { number, row in
        var changed = row.replanned(plan)
        guard number > 0 else { return changed }
        for reference in plan.references where !reference.targets.isEmpty && reference.canBeNull {
          guard !staysNull(reference, number, plan) else { continue }
          let columns = reference.key.columns.map(\.raw)
          guard columns.contains(where: { row[$0] == .null }), inKeys.isDisjoint(with: columns)
          else { continue }
          var next = changed
          let target = reference.target(number, isShared: sharesTargets)
          for (column, value) in zip(columns, target) { next.set(column, value) }
          if next.faults(plan.keys.map { _ in [] }).isEmpty { changed = next }
        }
        return changed
      }
    }
  }
}
