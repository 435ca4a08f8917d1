extension CatalogQuery {
  /// Triggers, also those that a partition has from its parent.
  static let trigger = CatalogQuery("pg_class", from: "pg_trigger") { scope in
    """
    SELECT g.tgrelid AS "#unit", false AS "#main", 'trigger' AS "#kind", n.nspname AS "#schema",
      c.relname AS "#in", g.tgname AS "#name",
      pg_get_triggerdef(g.oid) AS "definition",
      CASE g.tgenabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' WHEN 'A' THEN 'always' END
        AS "enabled",
      \(scope.since(13, "CASE WHEN g.tgparentid <> 0 THEN true END")) AS "inherited",
      \(scope.dependsOnExtensions("pg_trigger", "g.oid")) AS "depends-on-extensions",
      \(scope.common("pg_trigger", "g.oid"))
    FROM pg_trigger g
      JOIN pg_class c ON c.oid = g.tgrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE (NOT g.tgisinternal \(scope.since(13, "OR g.tgparentid <> 0 AND g.tgconstraint = 0", else: "")))
      AND n.nspname !~ '^pg_' AND \(scope.isNew("g.oid")) \(scope.only("g.tgrelid"))
    """
  }

  /// Rules but for those that make a view a view.
  static let rule = CatalogQuery("pg_class", from: "pg_rewrite") { scope in
    """
    SELECT r.ev_class AS "#unit", false AS "#main", 'rule' AS "#kind", n.nspname AS "#schema",
      c.relname AS "#in", r.rulename AS "#name",
      pg_get_ruledef(r.oid) AS "definition",
      CASE r.ev_enabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' WHEN 'A' THEN 'always' END
        AS "enabled",
      \(scope.common("pg_rewrite", "r.oid"))
    FROM pg_rewrite r
      JOIN pg_class c ON c.oid = r.ev_class
      JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE r.rulename <> '_RETURN' AND \(scope.isNew("r.oid")) AND n.nspname !~ '^pg_'
      \(scope.only("r.ev_class"))
    """
  }

  /// Row security policies.
  static let policy = CatalogQuery("pg_class", from: "pg_policy") { scope in
    """
    SELECT p.polrelid AS "#unit", false AS "#main", 'policy' AS "#kind", n.nspname AS "#schema",
      c.relname AS "#in", p.polname AS "#name",
      CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
        WHEN 'd' THEN 'DELETE' END AS "command",
      CASE WHEN NOT p.polpermissive THEN true END AS "restrictive",
      CASE WHEN p.polroles <> '{0}' THEN (
        SELECT array_agg(pg_get_userbyid(r) ORDER BY pg_get_userbyid(r)) FROM unnest(p.polroles) r
      ) END AS "roles",
      pg_get_expr(p.polqual, p.polrelid) AS "using",
      pg_get_expr(p.polwithcheck, p.polrelid) AS "with-check",
      \(scope.common("pg_policy", "p.oid"))
    FROM pg_policy p
      JOIN pg_class c ON c.oid = p.polrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname !~ '^pg_' \(scope.only("p.polrelid"))
    """
  }
}

extension CatalogScope {
  /// The extensions that the object is dropped with (`DEPENDS ON EXTENSION`).
  func dependsOnExtensions(_ catalog: String, _ oid: String) -> String {
    """
    (SELECT array_agg(xe.extname ORDER BY xe.extname) FROM pg_depend xd
      JOIN pg_extension xe ON xe.oid = xd.refobjid
      WHERE xd.classid = '\(catalog)'::regclass AND xd.objid = \(oid)
        AND xd.refclassid = 'pg_extension'::regclass AND xd.deptype = 'x')
    """
  }
}
