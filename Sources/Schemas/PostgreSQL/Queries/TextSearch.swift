extension CatalogQuery {
  static let textSearch: [CatalogQuery] = [
    textSearchParser, textSearchTemplate, textSearchDictionary, textSearchConfiguration,
  ]

  private static let textSearchParser = CatalogQuery("pg_ts_parser") { scope in
    """
    SELECT p.oid AS "#unit", 'text search parser' AS "#kind", n.nspname AS "#schema",
      p.prsname AS "#name",
      \(scope.name(ofRoutine: "p.prsstart")) AS "start",
      \(scope.name(ofRoutine: "p.prstoken")) AS "token",
      \(scope.name(ofRoutine: "p.prsend")) AS "end",
      \(scope.name(ofRoutine: "p.prsheadline")) AS "headline",
      \(scope.name(ofRoutine: "p.prslextype")) AS "lexical-types",
      \(scope.common("pg_ts_parser", "p.oid"))
    FROM pg_ts_parser p JOIN pg_namespace n ON n.oid = p.prsnamespace
    WHERE \(scope.isUsers("pg_ts_parser", "p.oid", schema: "n.nspname"))
    """
  }

  private static let textSearchTemplate = CatalogQuery("pg_ts_template") { scope in
    """
    SELECT t.oid AS "#unit", 'text search template' AS "#kind", n.nspname AS "#schema",
      t.tmplname AS "#name",
      \(scope.name(ofRoutine: "t.tmplinit")) AS "init",
      \(scope.name(ofRoutine: "t.tmpllexize")) AS "lexize",
      \(scope.common("pg_ts_template", "t.oid"))
    FROM pg_ts_template t JOIN pg_namespace n ON n.oid = t.tmplnamespace
    WHERE \(scope.isUsers("pg_ts_template", "t.oid", schema: "n.nspname"))
    """
  }

  private static let textSearchDictionary = CatalogQuery("pg_ts_dict") { scope in
    """
    SELECT d.oid AS "#unit", 'text search dictionary' AS "#kind", n.nspname AS "#schema",
      d.dictname AS "#name",
      (SELECT format('%I.%I', tn.nspname, t.tmplname) FROM pg_ts_template t
        JOIN pg_namespace tn ON tn.oid = t.tmplnamespace WHERE t.oid = d.dicttemplate) AS "template",
      d.dictinitoption AS "options",
      \(scope.common("pg_ts_dict", "d.oid", owner: "d.dictowner"))
    FROM pg_ts_dict d JOIN pg_namespace n ON n.oid = d.dictnamespace
    WHERE \(scope.isUsers("pg_ts_dict", "d.oid", schema: "n.nspname"))
    """
  }

  /// With the dictionaries that each sort of token is given to, in order.
  private static let textSearchConfiguration = CatalogQuery("pg_ts_config") { scope in
    """
    SELECT c.oid AS "#unit", 'text search configuration' AS "#kind", n.nspname AS "#schema",
      c.cfgname AS "#name",
      (SELECT format('%I.%I', pn.nspname, p.prsname) FROM pg_ts_parser p
        JOIN pg_namespace pn ON pn.oid = p.prsnamespace WHERE p.oid = c.cfgparser) AS "parser",
      (SELECT array_agg(format('%s: %s', k.alias, m.dicts) ORDER BY k.alias) FROM (
          SELECT maptokentype, string_agg(mapdict::regdictionary::text, ', ' ORDER BY mapseqno) dicts
          FROM pg_ts_config_map WHERE mapcfg = c.oid GROUP BY maptokentype) m
        JOIN ts_token_type(c.cfgparser) k ON k.tokid = m.maptokentype) AS "mappings",
      \(scope.common("pg_ts_config", "c.oid", owner: "c.cfgowner"))
    FROM pg_ts_config c JOIN pg_namespace n ON n.oid = c.cfgnamespace
    WHERE \(scope.isUsers("pg_ts_config", "c.oid", schema: "n.nspname"))
    """
  }
}
