import Databases
import Schemas

/// Keeps marks of large tables in temporary tables of one session, which nobody else sees and which go
/// with it; a migration's statements on all tables do not come by them.
final class PostgresRowMarks {
  /// Bytes that all marks may take.
  private let budget: Int
  private let isPermitted: Bool
  /// The tables that are marked whenever they are read, and the oids of those that are not; nil before
  /// the first reading.
  private var chosen: (oids: Set<UInt32>, names: Set<TableName>, others: Set<UInt32>)?
  private var count = 0

  /// An eighth of the database for four moments, at least 256 MiB.
  init(_ connection: borrowing PostgresConnection) throws {
    let row = try connection.rows(
      """
      SELECT has_database_privilege(current_database(), 'TEMP'),
        pg_database_size(current_database())
      """
    ).first
    isPermitted = row?[0].boolean ?? false
    budget = max(256 << 20, Int(row?[1].integer ?? 0) / 8)
  }

  /// Decides at the first reading which of the large tables are marked: the smallest first, as long as
  /// there is room.
  func choose(among tables: [PostgresTable], besides small: [PostgresTable]) {
    guard chosen == nil else { return }
    var oids: Set<UInt32> = []
    var names: Set<TableName> = []
    var room = isPermitted ? budget : 0
    for table in tables.sorted(by: { $0.bytes < $1.bytes }) {
      // A row has a header, a key, and four bytes a column; a table is read up to four times.
      let rows = max(table.estimatedRows, 1)
      let size = rows * (40 + 4 * table.columns.count) * 4
      guard size <= room else { break }
      room -= size
      oids.insert(table.oid)
      names.insert(table.name)
    }
    chosen = (oids, names, Set((tables + small).map(\.oid)).subtracting(oids))
  }

  /// Whether marks of the table are wanted, however small it is by now: also of one that was made in the
  /// place of another, and not of one whose earlier rows were not marked.
  func wants(_ table: PostgresTable) -> Bool {
    guard let chosen else { return false }
    return chosen.oids.contains(table.oid)
      || chosen.names.contains(table.name) && !chosen.others.contains(table.oid)
  }

  /// A name for the next marks.
  func next() -> String {
    count += 1
    return "stairway_marks_\(count)"
  }
}

extension PostgresRowSource: RowCounter {
  func counts(
    from before: MarkedRows, to after: MarkedRows, _ pairs: [(before: Int, after: Int)]
  ) throws -> MarkCounts {
    let columns = pairs.flatMap { pair in
      let (m, n) = ("m.c\(pair.before)", "n.c\(pair.after)")
      return [
        "count(*) FILTER (WHERE n.k IS NOT NULL AND \(m) IS NOT NULL AND \(n) IS NULL)",
        "count(*) FILTER (WHERE m.k IS NOT NULL AND \(m) IS NULL AND \(n) IS NOT NULL)",
        "count(*) FILTER (WHERE \(m) <> \(n))",
      ]
    }
    let sums = [
      "count(*) FILTER (WHERE n.k IS NULL)", "count(*) FILTER (WHERE m.k IS NULL)",
    ]
    let source =
      "FROM pg_temp.\(before.table) m %@ JOIN pg_temp.\(after.table) n ON m.k = n.k"
    let rows = try connection.rows(
      "SELECT \((sums + columns).joined(separator: ", ")) "
        + source.replacing("%@", with: "FULL"))
    guard let row = rows.first else { return MarkCounts() }
    func number(_ place: Int) -> Int { Int(row[place].integer ?? 0) }
    var counts = MarkCounts(lost: number(0), added: number(1))
    counts.columns = pairs.indices.map { pair in
      MarkCounts.Column(
        nulled: number(2 + pair * 3), filled: number(3 + pair * 3), replaced: number(4 + pair * 3))
    }
    if counts.lost > 0, before.holdsKeys {
      counts.lostKeys = try connection.rows(
        "SELECT m.k \(source.replacing("%@", with: "LEFT")) WHERE n.k IS NULL "
          + "ORDER BY 1 LIMIT \(RowsDifference.sampleSize)"
      ).map { $0.text(0) }
    }
    return counts
  }

  func missingValues(
    from before: MarkedRows, to after: MarkedRows, _ pairs: [(before: Int, after: Int)]
  ) throws -> [Int] {
    try pairs.map { pair in
      func counted(_ table: String, _ column: Int) -> String {
        "(SELECT c\(column) AS c, count(*) AS n FROM pg_temp.\(table) "
          + "WHERE c\(column) IS NOT NULL GROUP BY 1)"
      }
      let rows = try connection.rows(
        """
        SELECT coalesce(sum(greatest(o.n - coalesce(p.n, 0), 0)), 0)::int8
        FROM \(counted(before.table, pair.before)) o
          LEFT JOIN \(counted(after.table, pair.after)) p ON o.c = p.c
        """)
      return Int(rows.first?[0].integer ?? 0)
    }
  }
}
