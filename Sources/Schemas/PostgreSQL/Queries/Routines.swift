extension CatalogQuery {
  /// Functions and procedures; their names carry the types that tell overloads apart.
  static let routine = CatalogQuery("pg_proc") { scope in
    """
    SELECT p.oid AS "#unit", CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END AS "#kind",
      \(scope.routineProperties),
      pg_get_function_result(p.oid) AS "returns",
      l.lanname AS "language",
      \(scope.since(14, "coalesce(pg_get_function_sqlbody(p.oid), p.prosrc)", else: "p.prosrc"))
        AS "definition",
      \(scope.since(14, "CASE WHEN p.prosqlbody IS NOT NULL THEN true END")) AS "sql-body",
      p.probin AS "library",
      CASE WHEN p.prokind = 'w' THEN true END AS "window",
      CASE p.provolatile WHEN 'i' THEN 'IMMUTABLE' WHEN 's' THEN 'STABLE' END AS "volatility",
      CASE WHEN p.proisstrict THEN true END AS "strict",
      CASE WHEN p.prosecdef THEN true END AS "security-definer",
      CASE WHEN p.proleakproof THEN true END AS "leakproof",
      CASE WHEN p.procost <> CASE WHEN l.lanname IN ('internal', 'c') THEN 1 ELSE 100 END
        THEN p.procost::text END AS "cost",
      CASE WHEN p.proretset AND p.prorows <> 1000 THEN p.prorows::text END AS "rows",
      \(scope.name(ofRoutine: "p.prosupport")) AS "support",
      (SELECT array_agg(format_type(y, NULL)) FROM unnest(p.protrftypes) y) AS "transforms",
      \(scope.options("p.proconfig")) AS "configuration",
      \(scope.common(
        "pg_proc", "p.oid", owner: "p.proowner",
        privileges: scope.privileges("p.proacl", kind: "'f'", owner: "p.proowner")))
    FROM pg_proc p
      JOIN pg_namespace n ON n.oid = p.pronamespace
      JOIN pg_language l ON l.oid = p.prolang
    WHERE p.prokind <> 'a' \(scope.only("p.oid"))
      AND \(scope.isUsers("pg_proc", "p.oid", schema: "n.nspname"))
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass
        AND d.objid = p.oid AND d.deptype = 'i')
    """
  }

  static let aggregate = CatalogQuery("pg_proc") { scope in
    let functions = [
      ("transition", "a.aggtransfn"), ("final", "a.aggfinalfn"), ("combine", "a.aggcombinefn"),
      ("serial", "a.aggserialfn"), ("deserial", "a.aggdeserialfn"),
      ("moving-transition", "a.aggmtransfn"), ("moving-inverse", "a.aggminvtransfn"),
      ("moving-final", "a.aggmfinalfn"),
    ].map { "\(scope.name(ofRoutine: $1)) AS \"\($0)-function\"" }.joined(separator: ",\n  ")
    return """
      SELECT p.oid AS "#unit", 'aggregate' AS "#kind",
        \(scope.routineProperties),
        format_type(p.prorettype, NULL) AS "returns",
        CASE a.aggkind WHEN 'o' THEN 'ordered set' WHEN 'h' THEN 'hypothetical set' END AS "form",
        \(functions),
        format_type(a.aggtranstype, NULL) AS "state-type",
        nullif(a.aggtransspace, 0) AS "state-size",
        format_type(nullif(a.aggmtranstype, 0), NULL) AS "moving-state-type",
        nullif(a.aggmtransspace, 0) AS "moving-state-size",
        a.agginitval AS "initial-condition", a.aggminitval AS "moving-initial-condition",
        nullif(a.aggfinalextra, false) AS "final-extra",
        nullif(a.aggmfinalextra, false) AS "moving-final-extra",
        CASE WHEN a.aggfinalfn <> 0 THEN a.aggfinalmodify::text END AS "final-modify",
        CASE WHEN a.aggmfinalfn <> 0 THEN a.aggmfinalmodify::text END AS "moving-final-modify",
        CASE WHEN a.aggsortop <> 0 THEN a.aggsortop::regoperator::text END AS "sort-operator",
        \(scope.common(
          "pg_proc", "p.oid", owner: "p.proowner",
          privileges: scope.privileges("p.proacl", kind: "'f'", owner: "p.proowner")))
      FROM pg_aggregate a
        JOIN pg_proc p ON p.oid = a.aggfnoid
        JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE \(scope.isUsers("pg_proc", "p.oid", schema: "n.nspname")) \(scope.only("a.aggfnoid"))
      """
  }
}

extension CatalogScope {
  /// The name of the routine `p` and what routines of every kind have.
  fileprivate var routineProperties: String {
    """
    n.nspname AS "#schema", p.proname || '(' || oidvectortypes(p.proargtypes) || ')' AS "#name",
      nullif(pg_get_function_arguments(p.oid), '') AS "arguments",
      CASE p.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' END AS "parallel",
      \(dependsOnExtensions("pg_proc", "p.oid")) AS "depends-on-extensions"
    """
  }
}
