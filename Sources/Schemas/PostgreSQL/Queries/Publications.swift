extension CatalogQuery {
  static let publications: [CatalogQuery] = [publication, subscription]

  /// With what it publishes: tables with their columns and rows, and whole schemas.
  private static let publication = CatalogQuery("pg_publication") { scope in
    """
    SELECT p.oid AS "#unit", 'publication' AS "#kind", p.pubname AS "#name",
      nullif(p.puballtables, false) AS "all-tables",
      array_remove(ARRAY[CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update'
        END, CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END],
        NULL) AS "publish",
      \(scope.since(13, "nullif(p.pubviaroot, false)")) AS "via-partition-root",
      \(scope.since(18, "nullif(p.pubgencols, 'n')::text")) AS "generated-columns",
      (SELECT array_agg(r.prrelid::regclass::text
          || \(scope.since(15, """
            coalesce((SELECT ' (' || string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) || ')'
              FROM pg_attribute a WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs)), '')
            || coalesce(' WHERE ' || pg_get_expr(r.prqual, r.prrelid), '')
            """, else: "''"))
          ORDER BY r.prrelid::regclass::text)
        FROM pg_publication_rel r WHERE r.prpubid = p.oid) AS "tables",
      \(scope.since(15, """
        (SELECT array_agg(n.nspname ORDER BY n.nspname) FROM pg_publication_namespace s
          JOIN pg_namespace n ON n.oid = s.pnnspid WHERE s.pnpubid = p.oid)
        """)) AS "schemas",
      \(scope.common("pg_publication", "p.oid", owner: "p.pubowner"))
    FROM pg_publication p
    """
  }

  /// Only that they are there and what they take: where they take it from may hold a password.
  private static let subscription = CatalogQuery("pg_subscription") { scope in
    guard scope.readsSubscriptions else { return "SELECT 0 AS \"#unit\" WHERE false" }
    return """
      SELECT s.oid AS "#unit", 'subscription' AS "#kind", s.subname AS "#name",
        nullif(s.subenabled, true) AS "enabled", s.subslotname AS "slot",
        s.subsynccommit AS "synchronous-commit", s.subpublications AS "publications",
        \(scope.common("pg_subscription", "s.oid", owner: "s.subowner"))
      FROM pg_subscription s
      WHERE s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
      """
  }
}
