/// What a catalog query is written for: the server's version and the units wanted; with the
/// expressions that the queries share.
struct CatalogScope: Sendable {
  /// As libpq numbers it, 150018 for 15.18.
  let version: Int
  /// Only the units whose oids the query's parameter `$1`, an `oid[]`, lists.
  var isRestricted = false
  /// Whether the role may read `pg_subscription`.
  var readsSubscriptions = false

  /// A further condition where the scope is restricted, else nothing.
  func only(_ oid: String) -> String { isRestricted ? "AND \(oid) = ANY ($1)" : "" }

  /// The text for servers from that major version on, another for those before.
  func since(_ major: Int, _ text: String, else other: String = "NULL") -> String {
    version >= major * 10_000 ? text : other
  }
}

extension CatalogScope {
  /// The condition that an object was made after `initdb` (`FirstNormalObjectId`, what `pg_dump` goes
  /// by). Through a cast, for which the planner has no statistics: by those of the catalogs, made
  /// when nothing but the system's objects was there, it would expect not one row.
  func isNew(_ oid: String) -> String { "\(oid)::int8 >= 16384" }

  /// The condition that an object is a user's own: new, not in a system schema or in one for
  /// temporary objects, not brought by an extension.
  func isUsers(_ catalog: String, _ oid: String, schema: String? = nil) -> String {
    let visible = schema.map { " AND \($0) !~ '^pg_'" } ?? ""
    return """
      \(isNew(oid))\(visible) AND \(oid) NOT IN (
        SELECT objid FROM pg_depend WHERE refclassid = 'pg_extension'::regclass
          AND classid = '\(catalog)'::regclass AND deptype = 'e')
      """
  }

  /// The properties that objects of most kinds have.
  /// - Parameters:
  ///   - catalog: where the object's row lies, and the alias of that row.
  ///   - part: the number of the column in question, in SQL; 0 for the object itself.
  func common(
    _ catalog: String, _ oid: String, owner: String? = nil, privileges: String? = nil,
    part: String = "0"
  ) -> String {
    var columns: [String] = []
    if let owner { columns.append("pg_get_userbyid(\(owner)) AS \"owner\"") }
    if let privileges { columns.append("\(privileges) AS \"privileges\"") }
    columns.append("\(comment(catalog, oid, part: part)) AS \"comment\"")
    columns.append(
      """
      (SELECT array_agg(format('%s: %s', sl.provider, sl.label) ORDER BY sl.provider)
        FROM pg_seclabel sl WHERE sl.objoid = \(oid) AND sl.classoid = '\(catalog)'::regclass
          AND sl.objsubid = \(part)) AS "security-labels"
      """)
    return columns.joined(separator: ",\n  ")
  }

  func comment(_ catalog: String, _ oid: String, part: String = "0") -> String {
    """
    (SELECT cm.description FROM pg_description cm WHERE cm.objoid = \(oid)
      AND cm.classoid = '\(catalog)'::regclass AND cm.objsubid = \(part))
    """
  }

  /// The entries of an access control list in one order; NULL where they are what an object without
  /// a list has, for `GRANT` and `REVOKE` leave a list that says the default.
  /// - Parameters:
  ///   - kind: as `acldefault` takes it, in SQL.
  func privileges(_ list: String, kind: String, owner: String) -> String {
    """
    CASE WHEN \(list) IS NOT NULL AND NOT (
        \(list) @> acldefault(\(kind), \(owner)) AND \(list) <@ acldefault(\(kind), \(owner)))
      THEN \(sorted("\(list)::text[]")) END
    """
  }

  /// A list of options in one order, as it carries no meaning.
  func sorted(_ list: String) -> String {
    """
    (SELECT coalesce(array_agg(e ORDER BY e COLLATE "C"), '{}') FROM unnest(\(list)) e)
    """
  }

  /// The same; NULL where there is no option.
  func options(_ list: String) -> String {
    """
    CASE WHEN \(list) IS NOT NULL THEN
      (SELECT array_agg(e ORDER BY e COLLATE "C") FROM unnest(\(list)) e) END
    """
  }

  /// The options of a column; newer servers keep the version of its type among them, which is no
  /// option and which `pg_dump` leaves out too.
  func options(ofColumn list: String) -> String {
    """
    CASE WHEN \(list) IS NOT NULL THEN
      (SELECT array_agg(e ORDER BY e COLLATE "C") FROM unnest(\(list)) e
        WHERE e NOT LIKE 'pg\\_attver=%') END
    """
  }

  /// A relation's raw name, with its schema where that is not `schema`.
  func name(ofRelation oid: String, from schema: String) -> String {
    """
    (SELECT CASE WHEN rc.relnamespace = \(schema) THEN rc.relname::text
        ELSE rn.nspname || '.' || rc.relname END
      FROM pg_class rc JOIN pg_namespace rn ON rn.oid = rc.relnamespace WHERE rc.oid = \(oid))
    """
  }

  /// A collation as SQL writes it.
  func name(ofCollation oid: String) -> String {
    """
    (SELECT CASE WHEN yn.nspname = 'pg_catalog' THEN quote_ident(y.collname)
        ELSE format('%I.%I', yn.nspname, y.collname) END
      FROM pg_collation y JOIN pg_namespace yn ON yn.oid = y.collnamespace WHERE y.oid = \(oid))
    """
  }

  /// An operator class as SQL writes it.
  func name(ofOperatorClass oid: String) -> String {
    """
    (SELECT CASE WHEN kn.nspname = 'pg_catalog' THEN quote_ident(k.opcname)
        ELSE format('%I.%I', kn.nspname, k.opcname) END
      FROM pg_opclass k JOIN pg_namespace kn ON kn.oid = k.opcnamespace WHERE k.oid = \(oid))
    """
  }

  /// A function's qualified name and argument types; NULL for no function.
  func name(ofRoutine oid: String) -> String {
    "CASE WHEN \(oid) <> 0 THEN \(oid)::oid::regprocedure::text END"
  }
}
