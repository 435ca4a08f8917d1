extension CatalogQuery {
  static let foreign: [CatalogQuery] = [foreignDataWrapper, foreignServer, userMapping]

  private static let foreignDataWrapper = CatalogQuery("pg_foreign_data_wrapper") { scope in
    """
    SELECT w.oid AS "#unit", 'foreign-data wrapper' AS "#kind", w.fdwname AS "#name",
      \(scope.name(ofRoutine: "w.fdwhandler")) AS "handler",
      \(scope.name(ofRoutine: "w.fdwvalidator")) AS "validator",
      \(scope.options("w.fdwoptions")) AS "options",
      \(scope.common(
        "pg_foreign_data_wrapper", "w.oid", owner: "w.fdwowner",
        privileges: scope.privileges("w.fdwacl", kind: "'F'", owner: "w.fdwowner")))
    FROM pg_foreign_data_wrapper w
    WHERE \(scope.isUsers("pg_foreign_data_wrapper", "w.oid"))
    """
  }

  private static let foreignServer = CatalogQuery("pg_foreign_server") { scope in
    """
    SELECT s.oid AS "#unit", 'foreign server' AS "#kind", s.srvname AS "#name",
      w.fdwname AS "foreign-data-wrapper", s.srvtype AS "type", s.srvversion AS "version",
      \(scope.options("s.srvoptions")) AS "options",
      \(scope.common(
        "pg_foreign_server", "s.oid", owner: "s.srvowner",
        privileges: scope.privileges("s.srvacl", kind: "'S'", owner: "s.srvowner")))
    FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
    WHERE \(scope.isUsers("pg_foreign_server", "s.oid"))
    """
  }

  /// Through the view, which shows each role the options that it may see. Values may be passwords:
  /// only the options' names, and a hash that tells one value from another.
  private static let userMapping = CatalogQuery("pg_user_mapping") { scope in
    """
    SELECT m.umid AS "#unit", 'user mapping' AS "#kind", m.srvname AS "#in", m.usename AS "#name",
      (SELECT array_agg(split_part(o, '=', 1) || ': ' || md5(o) ORDER BY o COLLATE "C")
        FROM unnest(m.umoptions) o) AS "options"
    FROM pg_user_mappings m
    WHERE \(scope.isUsers("pg_user_mapping", "m.umid"))
    """
  }
}
