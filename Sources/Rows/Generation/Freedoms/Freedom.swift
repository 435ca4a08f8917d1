import Databases
import Schemas

/// One thing that a table takes and did not take before, as what a row must have to make use of it.
struct Freedom {
  /// Values that stand, whatever else changes in the row.
  var values: [Identifier: InputValue] = [:]
  /// Values with which the search begins.
  var beginning: [Identifier: InputValue] = [:]
  /// What must be true of the row.
  var condition: SQLExpression?
  /// Whether no row comes to it by itself for long: a number that the old type was too small for, in a
  /// column that counts.
  var isExtreme = false
  /// The columns in which it has the values of another row.
  var doubled: [Identifier] = []
}

extension ChangedTable {
  /// - Parameters:
  ///   - tables: all that the table refers to now.
  ///   - unused: a number for values that no row has.
  ///   - image: the rows that these tables hold.
  func freedoms(among tables: TableIndex, unused: Int64, _ image: RowImage) -> [Freedom] {
    nulls + types + checks + doubles + references(among: tables, unused: unused)
      + pointers(image)
  }

  /// Rows that came to tables to which this one refers, each to be pointed to as users will.
  private func pointers(_ image: RowImage) -> [Freedom] {
    after.foreignKeys.compactMap { key in
      guard key.table != name, let seeded = seeds[key.table], seeded.isSeeded,
        let row = image[key.table]?.inputs(underKeys: seeded.added.map(\.key)).first,
        key.columns.allSatisfy({ after.column($0)?.generated == nil })
      else { return nil }
      let values = key.referencedColumns.compactMap { row[$0] }
      guard values.count == key.columns.count, !values.contains(.null) else { return nil }
      return Freedom(values: Dictionary(zip(key.columns, values)) { first, _ in first })
    }
  }

  private var nulls: [Freedom] {
    let key = Set(after.primaryKey?.columns ?? [])
    return columns.filter { old, new in
      old.isNotNull && !new.isNotNull && new.generated == nil && !key.contains(new.name)
    }.map { Freedom(values: [$1.name: .null]) }
  }

  private var types: [Freedom] {
    columns.compactMap { old, new in
      guard new.generated == nil, old.type != new.type else { return nil }
      if case .array(let one) = old.type.base, case .array(let other) = new.type.base {
        return Self.beyond(one, in: other, on: after.engine).map {
          Freedom(values: [new.name: .list([$0])])
        }
      }
      guard let value = Self.beyond(old.type, in: new.type, on: after.engine) else { return nil }
      let column = SQLExpression.column(new.name.raw)
      switch value {
      case .text(let text) where old.type.isText:
        let length = SQLExpression.call("length", [column])
        let limit = Int64(text.unicodeScalars.count)
        return Freedom(
          beginning: [new.name: value],
          condition: .comparison(">=", length, .literal(.integer(limit))))
      case .integer(let number):
        return Freedom(
          beginning: [new.name: value],
          condition: .comparison(">=", column, .literal(.integer(number))),
          isExtreme: new.isCounted)
      case .decimal(let text):
        guard let number = Double(text) else { return nil }
        return Freedom(
          beginning: [new.name: value],
          condition: .comparison(">=", column, .literal(.number(number))),
          isExtreme: new.isCounted)
      default: return Freedom(values: [new.name: value])
      }
    }
  }

  /// The least value that the one type does not hold and the other does; nil where the new one holds no
  /// more. SQLite's types hold back no number.
  private static func beyond(
    _ old: ColumnType, in new: ColumnType, on engine: Engine
  ) -> InputValue? {
    switch (old.base, new.base) {
    case (.text(let limit?), .text(let wider)), (.character(let limit), .text(let wider)):
      guard limit < 100_000, wider.map({ $0 > limit }) ?? true else { return nil }
      return .text(String(repeating: "x", count: limit + 1))
    case (.character(let limit), .character(let wider)) where wider > limit && limit < 100_000:
      return .text(String(repeating: "x", count: limit + 1))
    case (.enumeration(let known), .enumeration(let labels)):
      return labels.first { !known.contains($0) }.map { .text($0) }
    case _ where engine == .sqlite: return nil
    case (.integer, .text), (.numeric, .text), (.real, .text): return .text("x")
    case (.integer(let bits), .integer(let wider)) where wider > bits:
      return .integer(1 << Int64(bits - 1))
    case (.integer(let bits), .numeric(let precision, let scale)):
      let digits = [16: 5, 32: 10, 64: 19][bits] ?? 19
      guard precision.map({ $0 - scale >= digits }) ?? true else { return nil }
      return bits < 64 ? .integer(1 << Int64(bits - 1)) : .decimal("9223372036854775808")
    case (.numeric(let precision?, let scale), .numeric(let wider, let otherScale)):
      let digits = precision - scale
      guard digits >= 0, wider.map({ $0 - otherScale > digits }) ?? true else { return nil }
      return .decimal("1" + String(repeating: "0", count: digits))
    default: return nil
    }
  }

  private var checks: [Freedom] {
    let present = Set(TablePlan.checks(of: after).map(\.expression))
    return TablePlan.checks(of: before).compactMap { condition in
      guard !condition.dependsOnTime, let renamed = renamed(condition.expression),
        !present.contains(renamed), renamed.columns.allSatisfy(isOfOneKind)
      else { return nil }
      return Freedom(condition: .isBoolean(renamed, false))
    }
  }

  /// Whether what was said of the column still means the same. A boolean takes no third value even where
  /// SQLite would.
  private func isOfOneKind(_ column: String) -> Bool {
    guard let pair = columns.first(where: { $1.name.raw == column }) else { return false }
    let (old, new) = (pair.before.type, pair.after.type)
    return new.base != .boolean && pair.after.generated == nil
      && (old.base == new.base || old.isText && new.isText || old.isNumber && new.isNumber)
  }

  private var doubles: [Freedom] {
    before.keys.compactMap { key in
      guard key.predicate == nil, let old = key.columns, let names = names(old) else { return nil }
      let isKept = after.keys.contains { other in
        other.predicate == nil
          && other.columns.map { Set($0).isSubset(of: names) } ?? false
      }
      return isKept ? nil : Freedom(doubled: names)
    }
  }

  private func references(among tables: TableIndex, unused: Int64) -> [Freedom] {
    before.foreignKeys.compactMap { key in
      guard let names = names(key.columns), tables[key.table] != nil,
        !after.foreignKeys.contains(where: { !Set($0.columns).isDisjoint(with: names) })
      else { return nil }
      var values: [Identifier: InputValue] = [:]
      for name in names {
        guard let column = after.column(name), column.generated == nil else { return nil }
        switch column.type.base {
        case .integer(let bits):
          values[name] = .integer(bits == 16 ? 32_000 : unused)
        default:
          let typical = TypicalValues(engine: after.engine, random: SeededRandom(seed: 0))
          guard let value = typical.value(for: column, 7_777, isKey: true) else { return nil }
          values[name] = value
        }
      }
      return Freedom(values: values)
    }
  }
}
