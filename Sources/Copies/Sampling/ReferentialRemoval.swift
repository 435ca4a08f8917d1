import Databases
import Rows
import Schemas

/// Takes rows out of tables so that no row that is left refers to one that is gone, inside the
/// database, by statements of either engine. Triggers and foreign keys must not act meanwhile.
struct ReferentialRemoval {
  private let tables: [TableShape]
  /// Places of `tables`: each group after those that it refers to; tables that refer to each other in
  /// a ring are one group.
  private let groups: [[Int]]

  /// - Parameter tables: all of them; what refers to none of these is left alone.
  init(_ tables: [TableShape]) {
    self.tables = tables
    var places: [TableName: Int] = [:]
    for (place, table) in tables.enumerated() { places[table.name] = place }
    let edges = tables.map { $0.foreignKeys.compactMap { places[$0.table] } }
    var components = StrongComponents(edges: edges)
    for place in tables.indices { components.visit(place) }
    groups = components.found
  }

  // MARK: Sampling

  /// The statements that thin tables out.
  ///
  /// A table that refers to one that loses rows is thinned by that alone: its rows follow theirs.
  /// Else every row is kept or not by a hash of its key, so that the same source gives the same
  /// sample. In a ring of tables the largest one is thinned; where a table refers to itself, the rows
  /// at the top are, and those below follow.
  ///
  /// - Parameters:
  ///   - percent: of the rows that stay.
  ///   - floor: tables of at most so many rows are not thinned: versions, countries, settings.
  /// - Returns: the statements, and the tables that lose rows by them.
  func sampling(
    _ percent: Double, above floor: Int, counts: [TableName: Int]
  ) -> (statements: [String], tables: Set<TableName>) {
    var thinned: Set<TableName> = []
    var statements: [String] = []
    var first: Set<TableName> = []
    for group in groups {
      let members = group.map { tables[$0] }
      let names = Set(members.map(\.name))
      let targets = Set(members.flatMap { $0.foreignKeys.map(\.table) })
      if !targets.subtracting(names).isDisjoint(with: thinned) {
        thinned.formUnion(names)
        continue
      }
      let largest = members.max {
        (counts[$0.name] ?? 0, $1.name.name) < (counts[$1.name] ?? 0, $0.name.name)
      }
      guard let largest, counts[largest.name] ?? 0 > floor else { continue }
      thinned.formUnion(names)
      first.insert(largest.name)
      statements.append(statement(largest, percent))
    }
    return (statements, first)
  }

  /// Deletes the rows whose hash lies above the part that is kept.
  private func statement(_ table: TableShape, _ percent: Double) -> String {
    let millionths = Int((percent * 10_000).rounded())
    let tops = table.foreignKeys.filter { $0.table == table.name }.map { key in
      let isNull = key.columns.map { "\($0.quoted) IS NULL" }.joined(separator: " OR ")
      let isOwn = zip(key.columns, key.referencedColumns).map { "\($0.quoted) = \($1.quoted)" }
      return "(\(isNull) OR \(isOwn.isEmpty ? "false" : isOwn.joined(separator: " AND ")))"
    }
    let isTop = tops.map { " AND \($0)" }.joined()
    return "DELETE FROM \(table.name.quoted) WHERE \(hash(of: table)) >= \(millionths)\(isTop)"
  }

  /// A number from 0 to 999,999 that a row has every time.
  private func hash(of table: TableShape) -> String {
    let key = table.identifyingColumns ?? table.columns.filter { $0.generated == nil }.map(\.name)
    switch table.engine {
    case .postgresql:
      let text = key.map { "coalesce(\($0.quoted)::text, '')" }.joined(separator: " || '/' || ")
      return "abs(hashtextextended(\(text), 0) % 1000000)"
    case .sqlite:
      let text = key.map { "coalesce(\($0.quoted), '')" }.joined(separator: " || '/' || ")
      return "stairway_sample(\(text))"
    }
  }

  // MARK: Closing

  /// Deletes the rows that refer to rows which are gone, until there are none.
  ///
  /// Only what refers to a table that has lost rows is looked at: rows that led nowhere in production
  /// already, where nobody enforced it, are part of what is rehearsed.
  /// - Parameters:
  ///   - first: the tables that have lost rows.
  ///   - run: runs a statement and says how many rows it deleted.
  func close(after first: Set<TableName>, run: (String) throws -> Int) throws {
    var reduced = first
    for group in groups {
      var isAgain = true
      while isAgain {
        isAgain = false
        for table in group.map({ tables[$0] }) {
          for key in table.foreignKeys where reduced.contains(key.table) {
            guard let statement = dangling(table, key), try run(statement) > 0 else { continue }
            reduced.insert(table.name)
            isAgain = true
          }
        }
        // Outside of a ring, what a table refers to is as it will be when its turn comes.
        if group.count == 1,
          !tables[group[0]].foreignKeys.contains(where: { $0.table == tables[group[0]].name })
        {
          break
        }
      }
    }
  }

  /// The statement for one foreign key; nil for one that rows of production may break.
  private func dangling(_ table: TableShape, _ key: ForeignKeyShape) -> String? {
    guard !key.isNotValid, !key.referencedColumns.isEmpty,
      key.columns.count == key.referencedColumns.count,
      tables.contains(where: { $0.name == key.table })
    else { return nil }
    let isGiven = key.columns.map { "c.\($0.quoted) IS NOT NULL" }.joined(separator: " AND ")
    let matches = zip(key.columns, key.referencedColumns)
      .map { "p.\($1.quoted) = c.\($0.quoted)" }.joined(separator: " AND ")
    return """
      DELETE FROM \(table.name.quoted) AS c WHERE \(isGiven)
      AND NOT EXISTS (SELECT 1 FROM \(key.table.quoted) AS p WHERE \(matches))
      """
  }
}
