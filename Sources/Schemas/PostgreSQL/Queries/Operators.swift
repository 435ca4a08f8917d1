extension CatalogQuery {
  static let operators: [CatalogQuery] = [
    operatorObject, operatorClass, operatorFamily, cast, conversion,
  ]

  /// The kind `operator`, with the types of its operands in its name.
  private static let operatorObject = CatalogQuery("pg_operator") { scope in
    """
    SELECT o.oid AS "#unit", 'operator' AS "#kind", n.nspname AS "#schema",
      format('%s(%s, %s)', o.oprname, CASE WHEN o.oprleft = 0 THEN 'NONE'
        ELSE format_type(o.oprleft, NULL) END, CASE WHEN o.oprright = 0 THEN 'NONE'
        ELSE format_type(o.oprright, NULL) END) AS "#name",
      \(scope.name(ofRoutine: "o.oprcode")) AS "function",
      CASE WHEN o.oprcom <> 0 THEN o.oprcom::regoperator::text END AS "commutator",
      CASE WHEN o.oprnegate <> 0 THEN o.oprnegate::regoperator::text END AS "negator",
      \(scope.name(ofRoutine: "o.oprrest")) AS "restrict",
      \(scope.name(ofRoutine: "o.oprjoin")) AS "join",
      nullif(o.oprcanhash, false) AS "hashes", nullif(o.oprcanmerge, false) AS "merges",
      \(scope.common("pg_operator", "o.oid", owner: "o.oprowner"))
    FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
    WHERE o.oprcode <> 0 AND \(scope.isUsers("pg_operator", "o.oid", schema: "n.nspname"))
    """
  }

  /// Operators and functions that belong to the class itself; loose members are the family's.
  private static let operatorClass = CatalogQuery("pg_opclass") { scope in
    """
    SELECT k.oid AS "#unit", 'operator class' AS "#kind", n.nspname AS "#schema", m.amname AS "#in",
      k.opcname AS "#name",
      format_type(k.opcintype, NULL) AS "type", nullif(k.opcdefault, false) AS "default",
      (SELECT format('%I.%I', fn.nspname, f.opfname) FROM pg_opfamily f
        JOIN pg_namespace fn ON fn.oid = f.opfnamespace WHERE f.oid = k.opcfamily) AS "family",
      format_type(nullif(k.opckeytype, 0), NULL) AS "storage",
      \(scope.members("pg_opclass", "k.oid")),
      \(scope.common("pg_opclass", "k.oid", owner: "k.opcowner"))
    FROM pg_opclass k
      JOIN pg_am m ON m.oid = k.opcmethod
      JOIN pg_namespace n ON n.oid = k.opcnamespace
    WHERE \(scope.isUsers("pg_opclass", "k.oid", schema: "n.nspname"))
    """
  }

  private static let operatorFamily = CatalogQuery("pg_opfamily") { scope in
    """
    SELECT f.oid AS "#unit", 'operator family' AS "#kind", n.nspname AS "#schema", m.amname AS "#in",
      f.opfname AS "#name",
      \(scope.members("pg_opfamily", "f.oid")),
      \(scope.common("pg_opfamily", "f.oid", owner: "f.opfowner"))
    FROM pg_opfamily f
      JOIN pg_am m ON m.oid = f.opfmethod
      JOIN pg_namespace n ON n.oid = f.opfnamespace
    WHERE \(scope.isUsers("pg_opfamily", "f.oid", schema: "n.nspname"))
    """
  }

  private static let cast = CatalogQuery("pg_cast") { scope in
    """
    SELECT c.oid AS "#unit", 'cast' AS "#kind",
      format('%s AS %s', format_type(c.castsource, NULL), format_type(c.casttarget, NULL)) AS "#name",
      \(scope.name(ofRoutine: "c.castfunc")) AS "function",
      CASE c.castmethod WHEN 'i' THEN 'inout' WHEN 'b' THEN 'binary' ELSE 'function' END AS "method",
      CASE c.castcontext WHEN 'a' THEN 'ASSIGNMENT' WHEN 'i' THEN 'IMPLICIT' END AS "context",
      \(scope.common("pg_cast", "c.oid"))
    FROM pg_cast c
    WHERE \(scope.isUsers("pg_cast", "c.oid"))
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_cast'::regclass
        AND d.objid = c.oid AND d.deptype = 'i')
    """
  }

  private static let conversion = CatalogQuery("pg_conversion") { scope in
    """
    SELECT c.oid AS "#unit", 'conversion' AS "#kind", n.nspname AS "#schema", c.conname AS "#name",
      pg_encoding_to_char(c.conforencoding) AS "from", pg_encoding_to_char(c.contoencoding) AS "to",
      \(scope.name(ofRoutine: "c.conproc")) AS "function",
      nullif(c.condefault, false) AS "default",
      \(scope.common("pg_conversion", "c.oid", owner: "c.conowner"))
    FROM pg_conversion c JOIN pg_namespace n ON n.oid = c.connamespace
    WHERE \(scope.isUsers("pg_conversion", "c.oid", schema: "n.nspname"))
    """
  }
}

extension CatalogScope {
  /// The operators and support functions that depend on the class or family.
  fileprivate func members(_ catalog: String, _ oid: String) -> String {
    """
    (SELECT array_agg(format('%s %s%s', a.amopstrategy, a.amopopr::regoperator,
          ' FOR ORDER BY ' || (SELECT format('%I.%I', sn.nspname, s.opfname) FROM pg_opfamily s
            JOIN pg_namespace sn ON sn.oid = s.opfnamespace WHERE s.oid = nullif(a.amopsortfamily, 0)))
          ORDER BY a.amopstrategy, a.amopopr::regoperator::text)
        FROM pg_depend d JOIN pg_amop a ON a.oid = d.objid
        WHERE d.refclassid = '\(catalog)'::regclass AND d.refobjid = \(oid)
          AND d.classid = 'pg_amop'::regclass) AS "operators",
      (SELECT array_agg(format('%s (%s, %s) %s', a.amprocnum, format_type(a.amproclefttype, NULL),
          format_type(a.amprocrighttype, NULL), a.amproc::regprocedure)
          ORDER BY a.amprocnum, format_type(a.amproclefttype, NULL),
            format_type(a.amprocrighttype, NULL))
        FROM pg_depend d JOIN pg_amproc a ON a.oid = d.objid
        WHERE d.refclassid = '\(catalog)'::regclass AND d.refobjid = \(oid)
          AND d.classid = 'pg_amproc'::regclass) AS "functions"
    """
  }
}
