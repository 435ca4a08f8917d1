import Databases
import Schemas

/// Looks for rows that make use of a freedom and meet all else that their table asks.
struct FreedomSearch {
  private let table: TableShape
  private let rows: [[Identifier: InputValue]]
  private let image: RowImage
  private let routing: SQLExpression?
  private let seed: UInt64
  private let firstKey: Int64

  /// nil for a table of which no rows are known.
  init?(
    _ table: TableShape, _ image: RowImage, tables: TableIndex, seed: UInt64, firstKey: Int64
  ) {
    guard case .condition(let routing) = PartitionRouting(tables: tables).answer(for: table) else {
      return nil
    }
    self.table = table
    self.image = image
    self.routing = routing
    self.seed = seed
    self.firstKey = firstKey
    // Those first that hold most.
    rows = (image[table.name]?.inputs ?? []).enumerated().sorted { one, other in
      let (left, right) = (one.element.nulls, other.element.nulls)
      return left == right ? one.offset < other.offset : left < right
    }.map(\.element)
    if rows.isEmpty { return nil }
  }

  /// A row like one that is there, under a key of its own.
  func furtherRow(using freedom: Freedom, _ number: Int) -> InputRow? {
    guard let model = model(for: freedom) else { return nil }
    var values = model
    for name in table.primaryKey?.columns ?? [] where !freedom.doubled.contains(name) {
      guard let column = table.column(name), freedom.values[name] == nil,
        !table.foreignKeys.contains(where: { $0.columns.contains(name) })
      else { continue }
      values[name] = newKey(column, number)
    }
    let fixed = Set(freedom.values.keys).union(freedom.doubled)
    guard let row = row(values, freedom, number, fixed: fixed, besides: rows) else { return nil }
    return InputRow(
      table.name,
      row.plan.columns.compactMap { column in
        row[column.name.raw].map { .init(column.name, $0) }
      })
  }

  /// What of a row that is there is to be changed, and the key by which it is found.
  func changedRow(using freedom: Freedom, _ number: Int) -> (InputRow, InputRow)? {
    let key = table.primaryKey?.columns ?? []
    guard let place = rows.indices.last, !key.isEmpty,
      Set(key).isDisjoint(with: freedom.doubled + freedom.values.keys)
    else { return nil }
    var others = rows
    let old = others.remove(at: place)
    var values = old
    if !freedom.doubled.isEmpty {
      guard let model = others.first(where: { $0.hasAll(freedom.doubled) }) else { return nil }
      for name in freedom.doubled { values[name] = model[name] }
    }
    let fixed = Set(freedom.values.keys).union(freedom.doubled).union(key)
    guard let row = row(values, freedom, number, fixed: fixed, besides: others) else { return nil }
    let changed = row.plan.columns.compactMap { column -> InputRow.Cell? in
      guard let value = row[column.name.raw], value != old[column.name] else { return nil }
      return .init(column.name, value)
    }
    guard !changed.isEmpty else { return nil }
    let cells = key.compactMap { name in old[name].map { InputRow.Cell(name, $0) } }
    return (InputRow(table.name, changed), InputRow(table.name, cells))
  }

  private func model(for freedom: Freedom) -> [Identifier: InputValue]? {
    freedom.doubled.isEmpty ? rows.first : rows.first { $0.hasAll(freedom.doubled) }
  }

  private func newKey(_ column: ColumnShape, _ number: Int) -> InputValue? {
    if column.type.isNumber || column.isRowidAlias {
      let known = rows.compactMap { row -> Int64? in
        switch row[column.name] {
        case .integer(let key): key
        case .text(let text), .decimal(let text): Int64(text)
        default: nil
        }
      }
      return .integer(max(known.max() ?? 0, firstKey - 1) + 1 + Int64(number))
    }
    return typical.value(for: column, 600 + rows.count + number, isKey: true)
  }

  private var typical: TypicalValues {
    TypicalValues(
      engine: table.engine, random: SeededRandom(seed: seed, name: "\(table)"), firstKey: firstKey)
  }

  private func row(
    _ values: [Identifier: InputValue], _ freedom: Freedom, _ number: Int,
    fixed: Set<Identifier>, besides others: [[Identifier: InputValue]]
  ) -> Candidate? {
    var plan = TablePlan(
      table, filled: Set(table.primaryKey?.columns ?? []), routing: routing,
      goal: freedom.condition)
    for place in plan.references.indices {
      let key = plan.references[place].key
      plan.references[place].targets = (image[key.table]?.inputs ?? []).compactMap { row in
        row.hasAll(key.referencedColumns) ? key.referencedColumns.compactMap { row[$0] } : nil
      }
    }
    let reading = ValueReading(engine: table.engine)
    func candidate(_ values: [Identifier: InputValue]) -> Candidate {
      var row = Candidate(plan: plan, reading: reading)
      for column in plan.columns {
        if let value = values[column.name] { row.set(column.name.raw, value) }
      }
      return row
    }
    var taken = plan.keys.map { _ in Set<[Datum]>() }
    for other in others.map(candidate) {
      for key in plan.keys.indices {
        if let values = other.keyValues(key) { taken[key].insert(values) }
      }
    }
    let start = candidate(
      values.merging(freedom.beginning) { $1 }.merging(freedom.values) { $1 })
    let source = ColumnValues(plan: plan, kind: .full, typical: typical, seed: seed)
    var search = RowSolver(
      plan: plan, fixed: Set(fixed.map(\.raw)),
      random: SeededRandom(seed: seed, name: "\(table) \(number)"), values: source.other)
    return search.row(from: start, taken: taken)
  }
}

extension TableImage {
  /// The rows as they are written; empty where their values are not kept.
  fileprivate var inputs: [[Identifier: InputValue]] {
    guard case .rows(let rows) = content else { return [] }
    return rows.map(input)
  }

  /// Those of the rows that have one of these keys, as samples write them.
  func inputs(underKeys keys: [[String]]) -> [[Identifier: InputValue]] {
    guard case .rows(let rows) = content, !key.isEmpty else { return [] }
    return rows.filter { row in keys.contains(key.map { row[$0].text ?? "NULL" }) }.map(input)
  }

  private func input(_ row: [Cell]) -> [Identifier: InputValue] {
    Dictionary(
      zip(columns, row).map { ($0.name, $1.input(of: $0.kind)) }, uniquingKeysWith: { $1 })
  }
}

extension [Identifier: InputValue] {
  fileprivate var nulls: Int { count { $0.value == .null } }

  fileprivate func hasAll(_ names: [Identifier]) -> Bool {
    names.allSatisfy { self[$0] ?? .null != .null }
  }
}
