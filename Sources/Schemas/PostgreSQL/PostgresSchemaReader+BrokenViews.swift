import Databases

extension PostgresSchemaReader {
  /// Asks the server to plan the reading of each view, and of each materialized view's query.
  /// Nothing is run, so that neither rows nor foreign servers have a say.
  package func brokenViews(in snapshot: Snapshot) throws -> [BrokenView] {
    guard [.view, .materializedView].contains(where: { !snapshot.units(of: $0).isEmpty }) else {
      return []
    }
    let views = try connection.rows(
      """
      SELECT c.relkind, n.nspname, c.relname, CASE WHEN c.relkind = 'm'
        THEN pg_get_viewdef(c.oid) ELSE format('SELECT * FROM %I.%I', n.nspname, c.relname) END
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('v', 'm') AND \(scope.isUsers("pg_class", "c.oid", schema: "n.nspname"))
      ORDER BY n.nspname, c.relname
      """)
    return try views.compactMap { row in
      let kind: ObjectKind = row.text(0) == "m" ? .materializedView : .view
      do {
        _ = try connection.rows("EXPLAIN " + row.text(3))
        return nil
      } catch let error as DatabaseError where error.state != nil {
        return BrokenView(
          id: ObjectID(kind, schema: Identifier(row.text(1)), [Identifier(row.text(2))]),
          message: error.message)
      }
    }
  }
}
