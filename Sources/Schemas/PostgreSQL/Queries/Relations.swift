extension CatalogQuery {
  /// Tables, views, materialized views and foreign tables.
  static let relation = CatalogQuery("pg_class", kinds: "rpvmf") { scope in
    """
    SELECT c.oid AS "#unit", n.nspname AS "#schema", c.relname AS "#name",
      CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'
        WHEN 'f' THEN 'foreign table' ELSE 'table' END AS "#kind",
      CASE c.relpersistence WHEN 'u' THEN true END AS "unlogged",
      CASE WHEN am.amname <> 'heap' THEN am.amname END AS "access-method",
      \(scope.options("c.reloptions")) AS "options",
      \(scope.options("toast.reloptions")) AS "toast-options",
      (SELECT spcname FROM pg_tablespace WHERE oid = c.reltablespace) AS "tablespace",
      CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS "partition-key",
      pg_get_expr(c.relpartbound, c.oid) AS "partition-bound",
      (SELECT array_agg(i.inhparent::regclass::text ORDER BY i.inhseqno) FROM pg_inherits i
        WHERE i.inhrelid = c.oid) AS "inherits",
      (SELECT true FROM pg_inherits i WHERE i.inhrelid = c.oid
        \(scope.since(14, "AND i.inhdetachpending", else: "AND false"))) AS "detach-pending",
      CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END AS "of-type",
      CASE WHEN c.relkind IN ('r', 'p', 'm') THEN
        CASE c.relreplident WHEN 'n' THEN 'nothing' WHEN 'f' THEN 'full' WHEN 'i' THEN 'index' END
      END AS "replica-identity",
      CASE WHEN c.relrowsecurity THEN true END AS "row-security",
      CASE WHEN c.relforcerowsecurity THEN true END AS "force-row-security",
      CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END AS "definition",
      CASE WHEN c.relkind = 'm' AND NOT c.relispopulated THEN false END AS "populated",
      s.srvname AS "server", \(scope.options("f.ftoptions")) AS "foreign-options",
      \(scope.common(
        "pg_class", "c.oid", owner: "c.relowner",
        privileges: scope.privileges("c.relacl", kind: "'r'", owner: "c.relowner")))
    FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_am am ON am.oid = c.relam
      LEFT JOIN pg_class toast ON toast.oid = c.reltoastrelid
      LEFT JOIN pg_foreign_table f ON f.ftrelid = c.oid
      LEFT JOIN pg_foreign_server s ON s.oid = f.ftserver
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') \(scope.only("c.oid"))
      AND \(scope.isUsers("pg_class", "c.oid", schema: "n.nspname"))
    """
  }

  /// Types made by `CREATE TYPE … AS (…)`; their attributes are read as columns.
  static let compositeType = CatalogQuery("pg_class", kinds: "c") { scope in
    """
    SELECT c.oid AS "#unit", 'type' AS "#kind", n.nspname AS "#schema", t.typname AS "#name",
      'composite' AS "form",
      \(scope.common(
        "pg_type", "t.oid", owner: "t.typowner",
        privileges: scope.privileges("t.typacl", kind: "'T'", owner: "t.typowner")))
    FROM pg_class c
      JOIN pg_type t ON t.oid = c.reltype
      JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE c.relkind = 'c' \(scope.only("c.oid"))
      AND \(scope.isUsers("pg_type", "t.oid", schema: "n.nspname"))
    """
  }
}
