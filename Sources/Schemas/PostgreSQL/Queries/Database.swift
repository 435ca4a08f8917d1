extension CatalogQuery {
  /// What holds for the database as a whole.
  static let database: [CatalogQuery] = [
    databaseSettings, defaultPrivileges, eventTrigger, systemPrivileges,
  ]

  /// `ALTER DATABASE … SET` and `ALTER ROLE … IN DATABASE … SET`.
  private static let databaseSettings = CatalogQuery("pg_db_role_setting") { scope in
    """
    SELECT s.setrole AS "#unit", 'database settings' AS "#kind",
      CASE WHEN s.setrole = 0 THEN 'all roles' ELSE pg_get_userbyid(s.setrole)::text END AS "#name",
      \(scope.options("s.setconfig")) AS "settings"
    FROM pg_db_role_setting s
    WHERE s.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
    """
  }

  private static let defaultPrivileges = CatalogQuery("pg_default_acl") { scope in
    """
    SELECT d.oid AS "#unit", 'default privileges' AS "#kind", n.nspname AS "#schema",
      pg_get_userbyid(d.defaclrole) AS "#in",
      CASE d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions'
        WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas' WHEN 'L' THEN 'large objects' END AS "#name",
      \(scope.sorted("d.defaclacl::text[]")) AS "privileges"
    FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
    """
  }

  private static let eventTrigger = CatalogQuery("pg_event_trigger") { scope in
    """
    SELECT e.oid AS "#unit", 'event trigger' AS "#kind", e.evtname AS "#name",
      e.evtevent AS "event", (SELECT array_agg(t ORDER BY t) FROM unnest(e.evttags) t) AS "tags",
      \(scope.name(ofRoutine: "e.evtfoid")) AS "function",
      CASE e.evtenabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' WHEN 'A' THEN 'always' END
        AS "enabled",
      \(scope.common("pg_event_trigger", "e.oid", owner: "e.evtowner"))
    FROM pg_event_trigger e
    WHERE \(scope.isUsers("pg_event_trigger", "e.oid"))
    """
  }

  /// Objects of the system whose privileges are no longer those that `initdb` gave, which
  /// `pg_init_privs` remembers. Rows without a name are passed over: `public` is the user's own.
  private static let systemPrivileges = CatalogQuery("pg_init_privs") { scope in
    let catalogs = [
      ("pg_class", "table", "rel", "o.relname", "o.relnamespace", "'r'"),
      ("pg_proc", "function", "pro", "o.oid::regprocedure::text", "o.pronamespace", "'f'"),
      ("pg_type", "type", "typ", "o.typname", "o.typnamespace", "'T'"),
      ("pg_language", "language", "lan", "o.lanname", "NULL", "'l'"),
      ("pg_namespace", "schema", "nsp", "nullif(o.nspname, 'public')", "NULL", "'n'"),
    ]
    return catalogs.map { catalog, kind, prefix, name, schema, letter in
      let (list, standard) = ("o.\(prefix)acl", "acldefault(\(letter), o.\(prefix)owner)")
      return """
        SELECT o.oid AS "#unit", '\(kind)' AS "#kind",
          (SELECT nspname FROM pg_namespace WHERE oid = \(schema)) AS "#schema",
          \(name) AS "#name", \(scope.sorted("\(list)::text[]")) AS "system-privileges"
        FROM pg_catalog.\(catalog) o
          LEFT JOIN pg_init_privs i ON i.objoid = o.oid AND i.classoid = '\(catalog)'::regclass
            AND i.objsubid = 0
        WHERE o.oid < 16384 AND \(list) IS DISTINCT FROM i.initprivs
          AND NOT (coalesce(\(list), \(standard)) @> coalesce(i.initprivs, \(standard))
            AND coalesce(\(list), \(standard)) <@ coalesce(i.initprivs, \(standard)))
        """
    }.joined(separator: "\nUNION ALL\n")
  }
}
