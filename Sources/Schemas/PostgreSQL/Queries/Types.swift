extension CatalogQuery {
  /// Enums, ranges, base types and shells; composite types are relations, domains are below.
  static let type = CatalogQuery("pg_type") { scope in
    """
    SELECT t.oid AS "#unit", 'type' AS "#kind", n.nspname AS "#schema", t.typname AS "#name",
      CASE WHEN NOT t.typisdefined THEN 'shell' ELSE
        CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'r' THEN 'range' ELSE 'base' END END AS "form",
      CASE WHEN t.typtype = 'e' THEN ARRAY(
        SELECT l.enumlabel::text FROM pg_enum l WHERE l.enumtypid = t.oid ORDER BY l.enumsortorder)
        END AS "labels",
      format_type(nullif(r.rngsubtype, 0), NULL) AS "subtype",
      (SELECT \(scope.name(ofOperatorClass: "c.oid")) FROM pg_opclass c
        WHERE c.oid = r.rngsubopc AND NOT c.opcdefault) AS "subtype-operator-class",
      CASE WHEN r.rngcollation <> (SELECT u.typcollation FROM pg_type u WHERE u.oid = r.rngsubtype)
        THEN \(scope.name(ofCollation: "r.rngcollation")) END AS "collation",
      \(scope.name(ofRoutine: "r.rngcanonical")) AS "canonical",
      \(scope.name(ofRoutine: "r.rngsubdiff")) AS "subtype-difference",
      \(scope.since(14, "format_type(nullif(r.rngmultitypid, 0), NULL)")) AS "multirange",
      \(base(scope)),
      \(scope.common(
        "pg_type", "t.oid", owner: "t.typowner",
        privileges: scope.privileges("t.typacl", kind: "'T'", owner: "t.typowner")))
    FROM pg_type t
      JOIN pg_namespace n ON n.oid = t.typnamespace
      LEFT JOIN pg_range r ON r.rngtypid = t.oid
    WHERE t.typtype IN ('e', 'r', 'b', 'p') AND t.typinput <> 'array_in(cstring,oid,int4)'::regprocedure
      \(scope.only("t.oid"))
      AND \(scope.isUsers("pg_type", "t.oid", schema: "n.nspname"))
    """
  }

  /// What only `CREATE TYPE … (INPUT = …)` says.
  private static func base(_ scope: CatalogScope) -> String {
    let functions = [
      ("input", "t.typinput"), ("output", "t.typoutput"), ("receive", "t.typreceive"),
      ("send", "t.typsend"), ("type-modifier-input", "t.typmodin"),
      ("type-modifier-output", "t.typmodout"), ("analyze", "t.typanalyze"),
      ("subscript", scope.since(14, "t.typsubscript", else: "0")),
    ].map { name, column in
      "CASE WHEN t.typtype = 'b' THEN \(scope.name(ofRoutine: column)) END AS \"\(name)\""
    }
    let values = [
      ("internal-length", "nullif(t.typlen, -1)"), ("by-value", "nullif(t.typbyval, false)"),
      ("alignment", "nullif(t.typalign, 'i')"), ("storage", "nullif(t.typstorage, 'p')"),
      ("category", "nullif(t.typcategory, 'U')"), ("preferred", "nullif(t.typispreferred, false)"),
      ("default", "t.typdefault"), ("element", "format_type(nullif(t.typelem, 0), NULL)"),
      ("delimiter", "nullif(t.typdelim, ',')"),
      ("collatable", "CASE WHEN t.typcollation <> 0 THEN true END"),
    ].map { name, column in
      "CASE WHEN t.typtype = 'b' AND t.typisdefined THEN \(column) END AS \"\(name)\""
    }
    return (functions + values).joined(separator: ",\n  ")
  }

  static let domain = CatalogQuery("pg_type") { scope in
    """
    SELECT t.oid AS "#unit", 'domain' AS "#kind", n.nspname AS "#schema", t.typname AS "#name",
      format_type(t.typbasetype, t.typtypmod) AS "type",
      CASE WHEN t.typnotnull THEN true END AS "not-null",
      coalesce(pg_get_expr(t.typdefaultbin, 0), t.typdefault) AS "default",
      CASE WHEN t.typcollation <> b.typcollation THEN \(scope.name(ofCollation: "t.typcollation"))
        END AS "collation",
      \(scope.since(17, """
        (SELECT k.conname FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'n'
          AND k.conname <> left(t.typname || '_not_null', 63))
        """)) AS "not-null-name",
      \(scope.common(
        "pg_type", "t.oid", owner: "t.typowner",
        privileges: scope.privileges("t.typacl", kind: "'T'", owner: "t.typowner")))
    FROM pg_type t
      JOIN pg_namespace n ON n.oid = t.typnamespace
      JOIN pg_type b ON b.oid = t.typbasetype
    WHERE t.typtype = 'd' \(scope.only("t.oid"))
      AND \(scope.isUsers("pg_type", "t.oid", schema: "n.nspname"))
    """
  }
}
