/// How often relations of a PostgreSQL database were written to, as the server's cumulative statistics
/// have it (<https://www.postgresql.org/docs/current/monitoring-stats.html>): equal counts in the same
/// file, of as many columns and the same partitions, mean equal rows; and asking for them costs no look
/// at any row.
///
/// A session adds what it has written up to a second late. So the counts are believed only while no
/// other session is there, but for those that have said with their last statement that they are
/// through (`pg_stat_force_next_flush`, PostgreSQL 15).
package struct WriteCounts: Sendable {
  package enum Relations: Sendable {
    /// By their names.
    case catalogs
    /// By their oids.
    case tables
  }

  private let relations: Relations
  private let isSupported: Bool
  private var isPrepared = false
  private var counts: [String: String] = [:]
  private var same: Set<String> = []

  /// - Parameter serverVersion: as libpq numbers it.
  package init(of relations: Relations, serverVersion: Int) {
    self.relations = relations
    isSupported = serverVersion >= 150_000
  }

  /// Whether nobody has written to that relation between the last two readings, for certain.
  package func isSame(_ relation: String) -> Bool { same.contains(relation) }

  /// Reads them, outside of a transaction.
  package mutating func refresh(_ connection: borrowing PostgresConnection) throws {
    let known = counts
    counts = [:]
    same = []
    guard isSupported else { return }
    if !isPrepared {
      try connection.execute("PREPARE stairway_counts AS \(query)")
      isPrepared = true
    }
    let rows = try connection.rows("EXECUTE stairway_counts")
    guard rows.first?[1].text == "believed" else { return }
    for row in rows.dropFirst() {
      counts[row.text(0)] = row.text(1)
      if known[row.text(0)] == row.text(1) { same.insert(row.text(0)) }
    }
  }

  /// The first row says whether the others are believed.
  private var query: String {
    let (name, condition) =
      switch relations {
      case .catalogs: ("c.relname::text", "c.relkind = 'r' AND c.oid < 16384")
      case .tables: ("c.oid::text", "c.relkind IN ('r', 'p') AND c.oid >= 16384")
      }
    return """
      SELECT NULL, CASE WHEN current_setting('track_counts')::bool AND NOT EXISTS (
          SELECT FROM pg_stat_get_activity(NULL) a
          WHERE a.datid = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND coalesce(a.backend_type, '') <> 'autovacuum worker'
            AND a.application_name <> '\(PostgresConnection.readerName)'
            AND (coalesce(a.query, '') NOT LIKE '%\(PostgresConnection.endMark)'
              OR a.state LIKE 'idle in transaction%'))
        THEN 'believed' END
      UNION ALL
      SELECT \(name), concat_ws(' ', c.relfilenode, c.relnatts, c.relispartition,
        pg_stat_get_tuples_inserted(c.oid), pg_stat_get_tuples_updated(c.oid),
        pg_stat_get_tuples_deleted(c.oid), CASE c.relkind WHEN 'p' THEN (
          SELECT string_agg(t.relid::oid::text, ',') FROM pg_partition_tree(c.oid) t) END)
      FROM pg_class c WHERE \(condition)
      """
  }
}
