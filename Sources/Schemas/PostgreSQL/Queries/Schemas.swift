extension CatalogQuery {
  /// What lies in no schema, or is no part of any relation, and has no file of its own.
  static let schemas: [CatalogQuery] = [
    schema, extensionObject, language, accessMethod, collation, statistics, transform,
  ]

  /// `public` too, which a new database has and a migration can drop.
  private static let schema = CatalogQuery("pg_namespace") { scope in
    """
    SELECT n.oid AS "#unit", 'schema' AS "#kind", n.nspname AS "#name",
      \(scope.common(
        "pg_namespace", "n.oid", owner: "n.nspowner",
        privileges: scope.privileges(
          "n.nspacl", kind: "'n'", owner: "n.nspowner")))
    FROM pg_namespace n
    WHERE (n.nspname = 'public' OR \(scope.isUsers("pg_namespace", "n.oid"))) AND n.nspname !~ '^pg_'
    """
  }

  /// The kind `extension`; what an extension made is told by its version.
  private static let extensionObject = CatalogQuery("pg_extension") { scope in
    """
    SELECT e.oid AS "#unit", 'extension' AS "#kind", e.extname AS "#name",
      n.nspname AS "schema", e.extversion AS "version",
      \(scope.common("pg_extension", "e.oid", owner: "e.extowner"))
    FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
    """
  }

  private static let language = CatalogQuery("pg_language") { scope in
    """
    SELECT l.oid AS "#unit", 'language' AS "#kind", l.lanname AS "#name",
      nullif(l.lanpltrusted, false) AS "trusted",
      \(scope.name(ofRoutine: "l.lanplcallfoid")) AS "handler",
      \(scope.name(ofRoutine: "l.laninline")) AS "inline",
      \(scope.name(ofRoutine: "l.lanvalidator")) AS "validator",
      \(scope.common(
        "pg_language", "l.oid", owner: "l.lanowner",
        privileges: scope.privileges("l.lanacl", kind: "'l'", owner: "l.lanowner")))
    FROM pg_language l
    WHERE l.lanispl AND \(scope.isUsers("pg_language", "l.oid"))
    """
  }

  private static let accessMethod = CatalogQuery("pg_am") { scope in
    """
    SELECT m.oid AS "#unit", 'access method' AS "#kind", m.amname AS "#name",
      CASE m.amtype WHEN 't' THEN 'table' ELSE 'index' END AS "type",
      \(scope.name(ofRoutine: "m.amhandler")) AS "handler",
      \(scope.common("pg_am", "m.oid"))
    FROM pg_am m
    WHERE \(scope.isUsers("pg_am", "m.oid"))
    """
  }

  private static let collation = CatalogQuery("pg_collation") { scope in
    """
    SELECT y.oid AS "#unit", 'collation' AS "#kind", n.nspname AS "#schema", y.collname AS "#name",
      CASE y.collprovider WHEN 'i' THEN 'icu' WHEN 'c' THEN 'libc' WHEN 'b' THEN 'builtin' END
        AS "provider",
      nullif(y.collcollate, '') AS "lc-collate", nullif(y.collctype, '') AS "lc-ctype",
      \(scope.since(
        17, "y.colllocale", else: scope.since(15, "y.colliculocale"))) AS "locale",
      \(scope.since(16, "y.collicurules")) AS "rules",
      nullif(y.collisdeterministic, true) AS "deterministic",
      \(scope.common("pg_collation", "y.oid", owner: "y.collowner"))
    FROM pg_collation y JOIN pg_namespace n ON n.oid = y.collnamespace
    WHERE \(scope.isUsers("pg_collation", "y.oid", schema: "n.nspname"))
    """
  }

  private static let statistics = CatalogQuery("pg_statistic_ext") { scope in
    """
    SELECT s.oid AS "#unit", 'statistics' AS "#kind", n.nspname AS "#schema", s.stxname AS "#name",
      s.stxrelid AS "#of", s.stxrelid::regclass::text AS "table",
      pg_get_statisticsobjdef(s.oid) AS "definition",
      \(scope.since(13, "CASE WHEN s.stxstattarget >= 0 THEN s.stxstattarget END"))
        AS "statistics-target",
      \(scope.common("pg_statistic_ext", "s.oid", owner: "s.stxowner"))
    FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace
    WHERE \(scope.isUsers("pg_statistic_ext", "s.oid", schema: "n.nspname"))
    """
  }

  private static let transform = CatalogQuery("pg_transform") { scope in
    """
    SELECT f.oid AS "#unit", 'transform' AS "#kind",
      format_type(f.trftype, NULL) || ' LANGUAGE ' || l.lanname AS "#name",
      \(scope.name(ofRoutine: "f.trffromsql")) AS "from-sql",
      \(scope.name(ofRoutine: "f.trftosql")) AS "to-sql",
      \(scope.common("pg_transform", "f.oid"))
    FROM pg_transform f JOIN pg_language l ON l.oid = f.trflang
    WHERE \(scope.isUsers("pg_transform", "f.oid"))
    """
  }
}
