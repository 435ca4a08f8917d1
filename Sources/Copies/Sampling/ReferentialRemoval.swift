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
  /// sample. Where a table refers to itself, the rows are kept, too, that those refer to which are kept.
  /// Tables that refer to each other in a ring are not thinned: each would take the rows of the other.
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
      guard members.count == 1, let table = members.first, counts[table.name] ?? 0 > floor else {
        continue
      }
      thinned.insert(table.name)
      first.insert(table.name)
      statements.append(statement(table, percent))
    }
    return (statements, first)
  }

  /// Deletes the rows whose hash lies above the part that is kept, but for those that a kept row of the same
  /// table refers to, straight or through others.
  private func statement(_ table: TableShape, _ percent: Double) -> String {
    let (name, hash) = (table.ownRows, hash(of: table))
    let millionths = Int((percent * 10_000).rounded())
    let own = table.foreignKeys.filter {
      $0.table == table.name && !$0.referencedColumns.isEmpty
        && $0.columns.count == $0.referencedColumns.count
    }
    // One set of columns to know rows by; what refers by others is closed afterwards.
    guard let known = own.first?.referencedColumns else {
      return "DELETE FROM \(name) WHERE \(hash) >= \(millionths)"
    }
    let keys = own.filter { $0.referencedColumns == known }
    func list(_ prefix: String) -> String {
      known.map { prefix + $0.quoted }.joined(separator: ", ")
    }
    func equal(_ left: String, _ right: String) -> String {
      known.map { "\(left).\($0.quoted) = \(right).\($0.quoted)" }.joined(separator: " AND ")
    }
    let parents = keys.map { key in
      let leads = zip(key.columns, known).map { "p.\($1.quoted) = c.\($0.quoted)" }
      return "(" + leads.joined(separator: " AND ") + ")"
    }
    return """
      WITH RECURSIVE kept AS (
        SELECT \(list("")) FROM \(name) WHERE \(hash) < \(millionths)
        UNION
        SELECT \(list("p.")) FROM kept k JOIN \(name) c ON \(equal("c", "k"))
          JOIN \(name) p ON \(parents.joined(separator: " OR ")))
      DELETE FROM \(name) AS t WHERE \(hash) >= \(millionths)
        AND NOT EXISTS (SELECT 1 FROM kept k WHERE \(equal("k", "t")))
      """
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
      let parent = tables.first(where: { $0.name == key.table })
    else { return nil }
    let isGiven = key.columns.map { "c.\($0.quoted) IS NOT NULL" }.joined(separator: " AND ")
    let matches = zip(key.columns, key.referencedColumns)
      .map { "p.\($1.quoted) = c.\($0.quoted)" }.joined(separator: " AND ")
    return """
      DELETE FROM \(table.ownRows) AS c WHERE \(isGiven)
      AND NOT EXISTS (SELECT 1 FROM \(parent.ownRows) AS p WHERE \(matches))
      """
  }
}

extension TableShape {
  /// How statements name the table's rows without those of tables that inherit from it, which are dealt with
  /// by themselves; with its partitions' rows, which are its own.
  var ownRows: String {
    if engine == .sqlite { return name.quoted }
    if case .partitions = storage { return name.quoted }
    return "ONLY \(name.quoted)"
  }
}
