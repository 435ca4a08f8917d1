/// How often relations of a PostgreSQL database were written to, as the server's cumulative statistics
/// have it (<https://www.postgresql.org/docs/current/monitoring-stats.html>): equal counts in the same
/// file, of as many columns and the same partitions, mean equal rows; and asking for them costs no look
/// at any row.
///
/// A session adds what it has written up to a second late. So the counts are believed only while no
/// other session is there, but for those that have said with their last statement that they are
/// through (`pg_stat_force_next_flush`, PostgreSQL 15).
package final class WriteCounts {
  /// A moment at which they were read.
  package typealias Moment = Int

  private struct Relation {
    let counts: String
    /// When it was first found so.
    let since: Moment
  }

  private let isSupported: Bool
  private var isPrepared = false
  private var relations: [String: Relation] = [:]
  /// The last reading; 0 before the first.
  package private(set) var now: Moment = 0

  /// - Parameter serverVersion: as libpq numbers it.
  package init(serverVersion: Int) { isSupported = serverVersion >= 150_000 }

  /// Whether nobody has written to a relation since that moment, for certain.
  /// - Parameter relation: a catalog's name, or the oid of a user's table.
  package func isSame(_ relation: String, since moment: Moment) -> Bool {
    relations[relation].map { $0.since <= moment } ?? false
  }

  /// Reads them, outside of a transaction.
  package func refresh(_ connection: borrowing PostgresConnection) throws {
    let known = relations
    relations = [:]
    now += 1
    guard isSupported else { return }
    if !isPrepared {
      try connection.execute("PREPARE stairway_counts AS \(Self.query)")
      isPrepared = true
    }
    let rows = try connection.rows("EXECUTE stairway_counts")
    guard rows.first?[1].text == "believed" else { return }
    relations.reserveCapacity(rows.count)
    for row in rows.dropFirst() {
      let (name, counts) = (row.text(0), row.text(1))
      let before = known[name].flatMap { $0.counts == counts ? $0 : nil }
      relations[name] = before ?? Relation(counts: counts, since: now)
    }
  }

  /// The first row says whether the others are believed.
  private static let query = """
    SELECT NULL, CASE WHEN current_setting('track_counts')::bool AND NOT EXISTS (
        SELECT FROM pg_stat_get_activity(NULL) a
        WHERE a.datid = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND coalesce(a.backend_type, '') <> 'autovacuum worker'
          AND a.application_name <> '\(PostgresConnection.readerName)'
          AND (coalesce(a.query, '') NOT LIKE '%\(PostgresConnection.endMark)'
            OR a.state LIKE 'idle in transaction%'))
      THEN 'believed' END
    UNION ALL
    SELECT CASE WHEN c.oid < 16384 THEN c.relname::text ELSE c.oid::text END,
      concat_ws(' ', c.relfilenode, c.relnatts, c.relispartition,
        pg_stat_get_tuples_inserted(c.oid), pg_stat_get_tuples_updated(c.oid),
        pg_stat_get_tuples_deleted(c.oid), CASE c.relkind WHEN 'p' THEN (
          SELECT string_agg(t.relid::oid::text, ',') FROM pg_partition_tree(c.oid) t) END)
    FROM pg_class c WHERE c.relkind IN ('r', 'p')
    """
}
