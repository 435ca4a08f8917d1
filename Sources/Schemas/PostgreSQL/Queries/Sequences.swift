extension CatalogQuery {
  /// Sequences that stand for themselves, also those of `serial` columns. Where they are in their
  /// range is data.
  static let sequence = CatalogQuery("pg_class", kinds: "S") { scope in
    """
    SELECT c.oid AS "#unit", 'sequence' AS "#kind", n.nspname AS "#schema", c.relname AS "#name",
      g.refobjid AS "#of",
      CASE WHEN g.refobjid IS NOT NULL THEN
        \(scope.name(ofRelation: "g.refobjid", from: "c.relnamespace")) || '.' || (
          SELECT a.attname FROM pg_attribute a
            WHERE a.attrelid = g.refobjid AND a.attnum = g.refobjsubid) END AS "owned-by",
      \(properties),
      \(scope.common(
        "pg_class", "c.oid", owner: "c.relowner",
        privileges: scope.privileges("c.relacl", kind: "'s'", owner: "c.relowner")))
    FROM pg_sequence s
      JOIN pg_class c ON c.oid = s.seqrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_depend g ON g.classid = 'pg_class'::regclass AND g.objid = c.oid AND g.objsubid = 0
        AND g.refclassid = 'pg_class'::regclass AND g.deptype IN ('a', 'i') AND g.refobjsubid <> 0
    WHERE g.deptype IS DISTINCT FROM 'i' \(scope.only("s.seqrelid")) \(scope.only("c.oid"))
      AND \(scope.isUsers("pg_class", "c.oid", schema: "n.nspname"))
    """
  }

  /// The sequences of identity columns, as parts of their tables.
  static let identitySequence = CatalogQuery("pg_class", kinds: "rpf") { scope in
    """
    SELECT g.refobjid AS "#unit", false AS "#main", 'sequence' AS "#kind", n.nspname AS "#schema",
      t.relname AS "#in", c.relname AS "#name",
      \(properties),
      \(scope.common(
        "pg_class", "c.oid",
        privileges: scope.privileges("c.relacl", kind: "'s'", owner: "c.relowner")))
    FROM pg_depend g
      JOIN pg_class c ON c.oid = g.objid AND c.relkind = 'S'
      JOIN pg_sequence s ON s.seqrelid = c.oid
      JOIN pg_class t ON t.oid = g.refobjid
      JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE g.refclassid = 'pg_class'::regclass AND g.refobjsubid <> 0
      AND g.classid = 'pg_class'::regclass AND g.deptype = 'i' AND n.nspname !~ '^pg_'
      \(scope.only("g.refobjid"))
    """
  }

  /// Of the rows `s` of `pg_sequence` and `c` of `pg_class`; bounds only where they are not those
  /// that `CREATE SEQUENCE` gives the type.
  private static let properties = """
    format_type(s.seqtypid, NULL) AS "type",
      CASE WHEN s.seqstart <> CASE WHEN s.seqincrement > 0 THEN s.seqmin ELSE s.seqmax END
        THEN s.seqstart END AS "start",
      CASE WHEN s.seqincrement <> 1 THEN s.seqincrement END AS "increment",
      CASE WHEN s.seqmin <> CASE WHEN s.seqincrement > 0 THEN 1 ELSE -limits.top - 1 END
        THEN s.seqmin END AS "minimum",
      CASE WHEN s.seqmax <> CASE WHEN s.seqincrement > 0 THEN limits.top ELSE -1 END
        THEN s.seqmax END AS "maximum",
      CASE WHEN s.seqcache <> 1 THEN s.seqcache END AS "cache",
      CASE WHEN s.seqcycle THEN true END AS "cycle",
      CASE c.relpersistence WHEN 'u' THEN true END AS "unlogged"
    """.replacing(
      "limits.top",
      with: """
        CASE s.seqtypid WHEN 'int2'::regtype THEN 32767 WHEN 'int4'::regtype THEN 2147483647
          ELSE 9223372036854775807 END
        """)
}
