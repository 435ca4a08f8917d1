extension CatalogQuery {
  /// Constraints of tables; what of their index is not told by the constraint stands with them, so
  /// that such an index is in the snapshot once.
  static let constraint = CatalogQuery("pg_class", kinds: "rpf") { scope in
    """
    SELECT k.conrelid AS "#unit", false AS "#main", 'constraint' AS "#kind", n.nspname AS "#schema",
      c.relname AS "#in", k.conname AS "#name",
      \(scope.constraintProperties),
      CASE WHEN k.contype = 'f' THEN
        \(scope.name(ofRelation: "k.confrelid", from: "c.relnamespace")) END AS "referenced-table",
      CASE WHEN k.contype = 'f' THEN (
        SELECT array_agg(a.attname ORDER BY p) FROM unnest(k.confkey) WITH ORDINALITY u (num, p)
          JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.num) END
        AS "referenced-columns",
      \(scope.action("k.confupdtype")) AS "on-update", \(scope.action("k.confdeltype")) AS "on-delete",
      \(scope.since(15, """
        (SELECT array_agg(a.attname ORDER BY p) FROM unnest(k.confdelsetcols) WITH ORDINALITY u (num, p)
          JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.num)
        """)) AS "on-delete-columns",
      CASE k.confmatchtype WHEN 'f' THEN 'FULL' WHEN 'p' THEN 'PARTIAL' END AS "match",
      CASE WHEN k.conparentid <> 0 OR NOT k.conislocal THEN true END AS "inherited",
      CASE WHEN k.contype IN ('p', 'u', 'x') THEN \(scope.indexIncludes) END AS "include",
      CASE WHEN k.contype IN ('p', 'u', 'x') THEN \(scope.options("x.reloptions")) END AS "options",
      CASE WHEN k.contype IN ('p', 'u', 'x') THEN
        (SELECT spcname FROM pg_tablespace WHERE oid = x.reltablespace) END AS "tablespace",
      CASE WHEN k.contype IN ('p', 'u', 'x') THEN
        \(scope.comment("pg_class", "x.oid")) END AS "index-comment",
      CASE WHEN k.contype IN ('p', 'u', 'x') AND i.indisclustered THEN true END AS "clustered",
      CASE WHEN k.contype IN ('p', 'u', 'x') AND i.indisreplident THEN true END
        AS "replica-identity",
      CASE WHEN k.contype IN ('p', 'u', 'x') AND NOT i.indisvalid THEN false END AS "valid",
      CASE WHEN k.contype = 'f' THEN (
        SELECT array_agg(g.tgenabled::text ORDER BY g.tgenabled::text) FROM pg_trigger g
          WHERE g.tgconstraint = k.oid AND g.tgisinternal AND g.tgenabled <> 'O') END
        AS "triggers-not-enabled",
      \(scope.common("pg_constraint", "k.oid"))
    FROM pg_constraint k
      JOIN pg_class c ON c.oid = k.conrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_index i ON i.indexrelid = k.conindid
      LEFT JOIN pg_class x ON x.oid = k.conindid
    WHERE k.contype IN ('p', 'u', 'f', 'c', 'x') AND \(scope.isNew("k.oid")) AND n.nspname !~ '^pg_'
      \(scope.only("k.conrelid"))
    """
  }

  /// Constraints of domains.
  static let domainConstraint = CatalogQuery("pg_type") { scope in
    """
    SELECT k.contypid AS "#unit", false AS "#main", 'constraint' AS "#kind", n.nspname AS "#schema",
      t.typname AS "#in", k.conname AS "#name",
      \(scope.constraintProperties),
      \(scope.common("pg_constraint", "k.oid"))
    FROM pg_constraint k
      JOIN pg_type t ON t.oid = k.contypid
      JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE k.contypid <> 0 AND k.contype = 'c' AND \(scope.isNew("k.oid")) AND n.nspname !~ '^pg_'
      \(scope.only("k.contypid"))
    """
  }
}

extension CatalogScope {
  /// Of the row `k` of `pg_constraint`, for tables and domains alike.
  fileprivate var constraintProperties: String {
    """
    CASE k.contype WHEN 'p' THEN 'PRIMARY KEY' WHEN 'u' THEN 'UNIQUE' WHEN 'f' THEN 'FOREIGN KEY'
      WHEN 'c' THEN 'CHECK' WHEN 'x' THEN 'EXCLUDE' END AS "constraint-type",
    CASE WHEN k.contype <> 'x' THEN (
      SELECT array_agg(a.attname ORDER BY p) FROM unnest(k.conkey) WITH ORDINALITY u (num, p)
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.num) END AS "columns",
    CASE WHEN k.contype = 'c' THEN pg_get_expr(k.conbin, k.conrelid) END AS "expression",
    CASE WHEN k.contype = 'x' THEN pg_get_constraintdef(k.oid) END AS "definition",
    CASE WHEN k.condeferred THEN 'DEFERRABLE INITIALLY DEFERRED'
      WHEN k.condeferrable THEN 'DEFERRABLE' END AS "deferrable",
    CASE WHEN NOT k.convalidated THEN true END AS "not-valid",
    CASE WHEN k.contype = 'c' AND k.connoinherit THEN true END AS "no-inherit",
    \(since(15, """
      CASE WHEN k.conindid <> 0 AND k.contype = 'u' AND (SELECT indnullsnotdistinct FROM pg_index
        WHERE indexrelid = k.conindid) THEN true END
      """)) AS "nulls-not-distinct",
    \(since(18, "CASE WHEN NOT k.conenforced THEN true END")) AS "not-enforced",
    \(since(18, "CASE WHEN k.conperiod THEN true END")) AS "period"
    """
  }

  fileprivate func action(_ code: String) -> String {
    """
    CASE \(code) WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL'
      WHEN 'd' THEN 'SET DEFAULT' END
    """
  }
}
