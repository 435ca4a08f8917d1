import Databases
import Schemas

/// What a partitioned table's partitions take, as a condition on its rows
/// (<https://www.postgresql.org/docs/current/ddl-partitioning.html>).
struct PartitionRouting {
  let tables: TableIndex

  enum Answer {
    /// nil: any row, or bounds that only the server can tell.
    case condition(SQLExpression?)
    case nothingFits(String)
  }

  func answer(for table: TableShape) -> Answer {
    guard case .partitions(let key, let partitions) = table.storage else { return .condition(nil) }
    guard !partitions.isEmpty else {
      return .nothingFits("it is partitioned and has no partition that would take a row")
    }
    guard let keys = Self.keys(key) else { return .condition(nil) }
    var options: [SQLExpression] = []
    for partition in partitions {
      let inner = tables[partition.table].map(answer) ?? .condition(nil)
      guard case .condition(let within) = inner else { continue }
      guard let bound = Self.condition(partition.bound, keys) else {
        // A default or a hash partition.
        guard let within else { return .condition(nil) }
        options.append(within)
        continue
      }
      options.append(.all([bound] + (within.map { [$0] } ?? [])))
    }
    if options.isEmpty { return .nothingFits("none of its partitions has a partition of its own") }
    return .condition(.any(options))
  }

  /// Of `RANGE (d, lower(name))`.
  private static func keys(_ text: String) -> [SQLExpression]? {
    let words = SQLWord.words(of: text)
    guard words.count > 3, words[1] == .symbol("("), words.last == .symbol(")") else { return nil }
    return try? ExpressionParser.list(words[2..<(words.count - 1)])
  }

  /// nil where the bound says nothing of values.
  private static func condition(_ bound: String, _ keys: [SQLExpression]) -> SQLExpression? {
    let words = SQLWord.words(of: bound)
    func list(after keyword: String) -> [SQLExpression]? {
      guard let start = words.firstIndex(where: { $0.keyword == keyword }),
        words.indices.contains(start + 1), words[start + 1] == .symbol("(")
      else { return nil }
      var depth = 0
      for index in words.indices[(start + 1)...] {
        if words[index] == .symbol("(") { depth += 1 }
        if words[index] == .symbol(")") { depth -= 1 }
        if depth == 0 { return try? ExpressionParser.list(words[(start + 2)..<index]) }
      }
      return nil
    }
    if let items = list(after: "IN"), let key = keys.first {
      let values = items.filter { $0 != .literal(.null) }
      let isOne = SQLExpression.all([
        .not(.isNull(key)), .quantified("=", key, values, all: false),
      ])
      return values.count == items.count ? isOne : .any([isOne, .isNull(key)])
    }
    guard let low = list(after: "FROM"), let high = list(after: "TO") else { return nil }
    return .all(
      keys.map { .not(.isNull($0)) } + [
        beyond(low, keys, sign: ">", isWithin: true),
        beyond(high, keys, sign: "<", isWithin: false),
      ])
  }

  /// Whether the keys lie beyond the bound, the first that differs deciding.
  private static func beyond(
    _ bound: [SQLExpression], _ keys: [SQLExpression], sign: String, isWithin: Bool
  ) -> SQLExpression {
    guard let first = bound.first, let key = keys.first else { return .literal(.boolean(isWithin)) }
    if first == .column("MINVALUE") { return .literal(.boolean(sign == ">")) }
    if first == .column("MAXVALUE") { return .literal(.boolean(sign == "<")) }
    let rest = beyond(
      Array(bound.dropFirst()), Array(keys.dropFirst()), sign: sign, isWithin: isWithin)
    return .any([
      .comparison(sign, key, first), .all([.comparison("=", key, first), rest]),
    ])
  }
}
