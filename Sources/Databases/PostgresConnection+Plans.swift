extension PostgresConnection {
  /// Prepares a query of the catalogs and has it planned at once and for good: planning takes longer
  /// than running.
  ///
  /// The plan is made while the catalogs are small and kept while they grow, and must go through none
  /// of them; so the query has to begin with what it looks up. Not inside a transaction.
  /// - Parameters:
  ///   - type: of the query's one parameter.
  ///   - example: a value of it, as a literal.
  package borrowing func prepare(
    _ name: String, _ type: String, as query: String, example: String
  ) throws {
    do {
      try execute(
        """
        SET plan_cache_mode = force_generic_plan;
        BEGIN; SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off;
        SET LOCAL enable_mergejoin = off; SET LOCAL join_collapse_limit = 1;
        PREPARE \(name)(\(type)) AS \(query);
        EXPLAIN EXECUTE \(name)(\(example)); COMMIT
        """)
    } catch {
      try? execute("ROLLBACK")
      throw error
    }
  }
}

extension PostgresConnection {
  /// How the last statement of a session ends that has had the server count all it wrote. The worker
  /// of a project says so too.
  package static let endMark = "/* stairway: counted */"

  /// Has the server count now what this session has written, so that another sees it at once.
  package borrowing func countWrites() throws {
    guard serverVersion >= 150_000 else { return }
    try execute("SELECT pg_stat_force_next_flush() \(Self.endMark)")
  }
}
