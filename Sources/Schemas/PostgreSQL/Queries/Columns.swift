extension CatalogQuery {
  /// The columns of relations and the attributes of composite types.
  ///
  /// `position` counts those that are there, since a dropped column keeps its `attnum`. The
  /// constraints that PostgreSQL 18 keeps for NOT NULL are the column's own properties, as far as
  /// they say more than its flag.
  static let column = CatalogQuery("pg_class", kinds: "rpvmfc") { scope in
    """
    SELECT a.attrelid AS "#unit", false AS "#main", 'column' AS "#kind", n.nspname AS "#schema",
      c.relname AS "#in", a.attname AS "#name", a.attnum AS "#number",
      row_number() OVER (PARTITION BY a.attrelid ORDER BY a.attnum) AS "position",
      format_type(a.atttypid, a.atttypmod) AS "type",
      CASE WHEN a.attnotnull THEN true END AS "not-null",
      CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END AS "default",
      CASE WHEN a.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid) END AS "generated",
      CASE WHEN a.attgenerated = 's' THEN true END AS "stored",
      CASE a.attidentity WHEN 'a' THEN 'ALWAYS' WHEN 'd' THEN 'BY DEFAULT' END AS "identity",
      CASE WHEN a.attcollation <> t.typcollation THEN \(scope.name(ofCollation: "a.attcollation"))
        END AS "collation",
      CASE WHEN a.attstorage <> t.typstorage THEN CASE a.attstorage WHEN 'p' THEN 'PLAIN'
        WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' WHEN 'x' THEN 'EXTENDED' END END AS "storage",
      \(scope.since(14, "CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END"))
        AS "compression",
      CASE WHEN a.attstattarget >= 0 THEN a.attstattarget END AS "statistics-target",
      CASE WHEN NOT a.attislocal THEN true END AS "inherited",
      \(scope.options(ofColumn: "a.attoptions")) AS "options",
      \(scope.options("a.attfdwoptions")) AS "foreign-options",
      \(notNullProperties(scope))
      \(scope.privileges("a.attacl", kind: "'c'", owner: "c.relowner")) AS "privileges",
      \(scope.common("pg_class", "a.attrelid", part: "a.attnum"))
    FROM pg_attribute a
      JOIN pg_class c ON c.oid = a.attrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_type t ON t.oid = a.atttypid
      LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      \(scope.since(18, """
        LEFT JOIN pg_constraint nn ON nn.contype = 'n' AND nn.conrelid = a.attrelid
          AND nn.conkey = ARRAY[a.attnum]
        """, else: ""))
    WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c')
      AND \(scope.isNew("c.oid")) AND n.nspname !~ '^pg_' \(scope.only("a.attrelid"))
    """
  }

  private static func notNullProperties(_ scope: CatalogScope) -> String {
    scope.since(
      18,
      """
      CASE WHEN nn.conname <> left(c.relname || '_' || a.attname || '_not_null', 63)
        THEN nn.conname END AS "not-null-name",
      CASE WHEN nn.connoinherit THEN true END AS "not-null-no-inherit",
      CASE WHEN NOT nn.convalidated THEN true END AS "not-null-not-valid",
      \(scope.comment("pg_constraint", "nn.oid")) AS "not-null-comment",
      """, else: "")
  }
}
