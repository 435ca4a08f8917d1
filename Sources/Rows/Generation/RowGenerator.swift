import Schemas

/// Makes rows up for tables that have none, from nothing but what the snapshot says of them: the same
/// seed and the same tables give the same rows.
package struct RowGenerator: Sendable {
  package enum Kind: String, Sendable, CaseIterable {
    /// What is found in production: quotes, line breaks and letters of other alphabets included, and
    /// NULL in each third row wherever it may be.
    case typical
    /// The same without a NULL.
    case full
    /// Longest texts, outermost numbers and days, and one row in which all is NULL that may be.
    case edge
    /// As little as possible: what may be left to a default or to NULL is. For tables whose rules
    /// are not understood.
    case sparse
  }

  package let seed: UInt64
  /// Where whole numbers that are keys begin.
  package let firstKey: Int64

  package init(seed: UInt64, firstKey: Int64 = 1) {
    self.seed = seed
    self.firstKey = firstKey
  }

  /// A first key that leaves the small ones to rows which fixtures and migrations bring; with what each
  /// table adds to it, within 16 bits.
  package static let keyBeyondTheProjects: Int64 = 10_001

  /// The same for tables that are filled once more: with other keys than they had, since a migration may have
  /// moved those rows to where they are brought back from.
  /// - Parameter round: how many times tables have been filled again.
  package func again(_ round: Int) -> RowGenerator {
    RowGenerator(seed: seed, firstKey: firstKey + Int64(round % 25 * 4))
  }

  /// Rows for each of the tables that `existing` says nothing of, but for partitions: their rows go
  /// into the table that they are part of.
  ///
  /// - Parameters:
  ///   - tables: all the tables of the snapshot.
  ///   - existing: what tables hold already; made-up rows may point to it.
  ///   - count: how many rows for each table; fewer where its constraints allow no more.
  package func rows(
    for tables: [TableShape], existing: ExistingRows = ExistingRows(), kind: Kind = .typical,
    count: Int = 3
  ) -> GeneratedRows {
    rows(for: tables, existing: existing, kind: kind, count: count, hopeless: [:])
  }

  /// - Parameter hopeless: tables that are not tried, with the reason.
  func rows(
    for tables: [TableShape], existing: ExistingRows, kind: Kind, count: Int,
    hopeless: [TableName: String]
  ) -> GeneratedRows {
    var run = GenerationRun(
      seed: seed, firstKey: firstKey, tables: tables, existing: existing, kind: kind,
      count: max(1, count),
      unfilled: hopeless)
    let todo = tables.filter { !$0.isPartition && existing.rows[$0.name] == nil }
    for group in Self.order(todo) { run.fill(group) }
    return run.result
  }

  /// The tables in groups, those first that others refer to; tables that refer to each other in a
  /// ring make one group, in which those come late that must refer to others.
  private static func order(_ tables: [TableShape]) -> [[TableShape]] {
    components(tables) { $0.foreignKeys.map(\.table) }.flatMap { group -> [[TableShape]] in
      guard group.count > 1 else { return [group] }
      let strict = components(group) { table in
        table.foreignKeys.filter { key in
          key.columns.allSatisfy { table.column($0)?.isNotNull == true }
        }.map(\.table)
      }
      return [strict.flatMap { $0 }]
    }
  }

  private static func components(
    _ tables: [TableShape], _ targets: (TableShape) -> [TableName]
  ) -> [[TableShape]] {
    var places: [TableName: Int] = [:]
    for (place, table) in tables.enumerated() { places[table.name] = place }
    var components = StrongComponents(edges: tables.map { targets($0).compactMap { places[$0] } })
    for place in tables.indices { components.visit(place) }
    return components.found.map { $0.map { tables[$0] } }
  }
}
