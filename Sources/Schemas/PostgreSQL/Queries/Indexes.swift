extension CatalogQuery {
  /// Indexes that no constraint owns.
  static let index = CatalogQuery("pg_class", kinds: "rpm") { scope in
    """
    SELECT i.indrelid AS "#unit", false AS "#main", 'index' AS "#kind", n.nspname AS "#schema",
      c.relname AS "#in", x.relname AS "#name",
      CASE WHEN i.indisunique THEN true END AS "unique",
      CASE WHEN am.amname <> 'btree' THEN am.amname END AS "method",
      \(keys(scope)) AS "columns",
      \(scope.indexIncludes) AS "include",
      pg_get_expr(i.indpred, i.indrelid) AS "predicate",
      \(scope.since(15, "CASE WHEN i.indnullsnotdistinct THEN true END")) AS "nulls-not-distinct",
      \(scope.options("x.reloptions")) AS "options",
      (SELECT spcname FROM pg_tablespace WHERE oid = x.reltablespace) AS "tablespace",
      CASE WHEN NOT i.indisvalid THEN false END AS "valid",
      CASE WHEN i.indisclustered THEN true END AS "clustered",
      CASE WHEN i.indisreplident THEN true END AS "replica-identity",
      (SELECT array_agg(a.attnum || ': ' || a.attstattarget ORDER BY a.attnum) FROM pg_attribute a
        WHERE a.attrelid = x.oid AND a.attnum > 0 AND a.attstattarget >= 0)
        AS "statistics-targets",
      CASE WHEN x.relispartition THEN
        (SELECT h.inhparent::regclass::text FROM pg_inherits h WHERE h.inhrelid = x.oid) END AS "partition-of",
      \(scope.dependsOnExtensions("pg_class", "x.oid"))
        AS "depends-on-extensions",
      \(scope.common("pg_class", "x.oid"))
    FROM pg_index i
      JOIN pg_class x ON x.oid = i.indexrelid
      JOIN pg_class c ON c.oid = i.indrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_am am ON am.oid = x.relam
    WHERE \(scope.isNew("x.oid")) AND n.nspname !~ '^pg_' \(scope.only("i.indrelid"))
      AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = i.indrelid
        AND k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
    """
  }

  /// Each key column or expression with what of its collation, operator class and order is not the
  /// default: what `pg_get_indexdef` prints of it, but by itself.
  private static func keys(_ scope: CatalogScope) -> String {
    let parameters = scope.options(ofColumn: "a.attoptions")
    return """
      (SELECT array_agg(
          pg_get_indexdef(i.indexrelid, a.attnum, false)
            || CASE WHEN i.indcollation[a.attnum - 1] NOT IN (0, coalesce(b.attcollation, t.typcollation))
              THEN ' COLLATE ' || \(scope.name(ofCollation: "i.indcollation[a.attnum - 1]"))
              ELSE '' END
            || CASE WHEN NOT o.opcdefault \(scope.since(13, "OR \(parameters) IS NOT NULL", else: ""))
              THEN ' ' || \(scope.name(ofOperatorClass: "o.oid")) ELSE '' END
            || \(scope.since(
                13, "coalesce(' (' || array_to_string(\(parameters), ', ') || ')', '')", else: "''"))
            || CASE WHEN i.indoption[a.attnum - 1] & 1 = 1 THEN ' DESC' ELSE '' END
            || CASE i.indoption[a.attnum - 1] & 3 WHEN 1 THEN ' NULLS LAST' WHEN 2 THEN ' NULLS FIRST'
              ELSE '' END
          ORDER BY a.attnum)
        FROM pg_attribute a
          JOIN pg_type t ON t.oid = a.atttypid
          JOIN pg_opclass o ON o.oid = i.indclass[a.attnum - 1]
          LEFT JOIN pg_attribute b ON b.attrelid = i.indrelid AND b.attnum = i.indkey[a.attnum - 1]
        WHERE a.attrelid = i.indexrelid AND a.attnum BETWEEN 1 AND i.indnkeyatts)
      """
  }
}

extension CatalogScope {
  /// The columns that the index `i` carries without ordering by them.
  var indexIncludes: String {
    """
    CASE WHEN i.indnatts > i.indnkeyatts THEN
      (SELECT array_agg(pg_get_indexdef(i.indexrelid, p, false) ORDER BY p)
        FROM generate_series(i.indnkeyatts + 1, i.indnatts) p) END
    """
  }
}
