/// The statement that finds what has changed since a transaction, its parameter `$1`; the transaction
/// 2, which no row is older than, finds everything.
///
/// It is put together from questions, of which those can be left out that nobody can have changed the
/// answer to.
struct ChangeProbe {
  static let everything = "2"

  /// A query that gives one row: a name, a number of rows, a sum and a list.
  struct Question: Sendable {
    /// The catalog by whose rows the answer changes; nil where any may, or where it is one that all
    /// databases of the server share.
    let catalog: String?
    let text: String

    init(_ catalog: String?, _ text: String) {
      self.catalog = catalog
      self.text = text
    }
  }

  let questions: [Question]

  init(_ scope: CatalogScope) {
    questions =
      [Question(nil, "SELECT 'horizon', 0::int8, 0::numeric, ARRAY[\(Self.horizon)]")]
      + CatalogWatch.all.map { Question($0.name, $0.query) } + Self.written + Self.system
      + Self.seldom(scope) + Self.signatures(scope)
  }

  /// The places of the questions to ask.
  /// - Parameter isSame: whether nobody has written to a catalog since they were asked last.
  func concerned(_ isSame: (String) -> Bool) -> [Int] {
    questions.indices.filter { questions[$0].catalog.map { !isSame($0) } ?? true }
  }

  /// The statement that asks those at these places.
  func text(_ places: [Int]) -> String {
    places.map { questions[$0].text }.joined(separator: "\nUNION ALL\n")
  }

  /// The oldest transaction that may still be running: whatever is written later has its number or a
  /// higher one. `txid_current_snapshot` counts past 32 bits, `xmin` does not.
  private static let horizon =
    "(txid_snapshot_xmin(txid_current_snapshot()) & 4294967295)::text"

  private static let isYoung = "age(r.xmin) <= (SELECT age($1)) AND $1 <> '\(everything)'::xid"

  /// Rows that come and go only with those of `CatalogWatch`, but are written by themselves.
  private static let written: [Question] = [
    Question(
      "pg_attribute",
      """
      SELECT 'column', 0, 0, array_agg(concat_ws(' ', r.attrelid, r.attnum,
        CASE WHEN r.attisdropped THEN '-' ELSE '+' END || r.attname)) FILTER (WHERE r.attnum > 0)
      FROM pg_attribute r WHERE \(isYoung)
      """),
    written("pg_index", relation: "r.indrelid"),
    written("pg_sequence", relation: "r.seqrelid"),
    written("pg_foreign_table", relation: "r.ftrelid"),
  ]

  /// Whether anything was written of the server's own objects, whose privileges a snapshot shows.
  private static let system: [Question] = CatalogWatch.all.filter(\.isLarge).map { watch in
    Question(
      watch.name,
      """
      SELECT 'seldom system \(watch.name)', 0, 0, CASE WHEN EXISTS (
        SELECT FROM \(watch.name) r WHERE \(isYoung) AND r.oid < 16384)
        THEN '{changed}'::text[] END
      """)
  }

  private static func written(_ catalog: String, relation: String) -> Question {
    Question(
      catalog,
      "SELECT 'relation', 0, 0, array_agg(\(relation)::text) FROM \(catalog) r WHERE \(isYoung)")
  }

  /// Objects of kinds that migrations seldom touch, or whose names many definitions print: whatever
  /// happens to them, everything is read again.
  private static func seldom(_ scope: CatalogScope) -> [Question] {
    let made = [
      "pg_collation", "pg_operator", "pg_opclass", "pg_opfamily", "pg_amop", "pg_amproc", "pg_cast",
      "pg_conversion", "pg_am", "pg_ts_parser", "pg_ts_template", "pg_ts_dict", "pg_ts_config",
    ].map { seldom($0, where: "r.oid >= 16384") }
    let all = [
      "pg_namespace", "pg_extension", "pg_language", "pg_statistic_ext", "pg_transform",
      "pg_foreign_data_wrapper", "pg_foreign_server", "pg_publication", "pg_publication_rel",
      "pg_default_acl", "pg_event_trigger",
    ].map { seldom($0) }
    let newer = scope.version >= 150_000 ? [seldom("pg_publication_namespace")] : []
    return made + all + newer + [
      seldom("pg_ts_config_map", identity: "r.mapcfg", where: "r.mapcfg >= 16384"),
      seldom("pg_seclabel", identity: "r.objoid"),
      seldom(
        "pg_depend", identity: "r.objid", where: "r.refclassid = 'pg_extension'::regclass"),
      seldom("pg_tablespace", isShared: true),
      seldom(
        "pg_db_role_setting", isShared: true, identity: "r.setrole",
        where: "r.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())"),
      seldom(
        "pg_description", identity: "r.objoid",
        where: """
          r.objoid < 16384 AND r.objoid IN (SELECT oid FROM pg_namespace
            UNION ALL SELECT oid FROM pg_extension UNION ALL SELECT oid FROM pg_language)
          """),
    ]
  }

  private static func seldom(
    _ catalog: String, isShared: Bool = false, identity: String = "r.oid",
    where condition: String = "true"
  ) -> Question {
    Question(
      isShared ? nil : catalog,
      """
      SELECT 'seldom \(catalog)', count(*), coalesce(sum(\(identity)::int8), 0),
        CASE WHEN bool_or(\(isYoung)) THEN '{changed}'::text[] END
      FROM \(catalog) r WHERE \(condition)
      """)
  }

  /// What not everybody may read in the catalogs themselves, as a hash of what views show. Of the
  /// roles, which all databases share, those that something here names.
  private static func signatures(_ scope: CatalogScope) -> [Question] {
    let roles = """
      SELECT concat_ws(' ', oid, rolname) AS line FROM pg_roles
      WHERE oid < 16384 OR oid IN (SELECT d.refobjid FROM pg_shdepend d
        WHERE d.refclassid = 'pg_authid'::regclass
          AND d.dbid = (SELECT oid FROM pg_database WHERE datname = current_database()))
      """
    let mappings = "SELECT m::text AS line FROM pg_user_mappings m"
    let subscriptions = "SELECT concat_ws(' ', oid, xmin) AS line FROM pg_subscription"
    return ([roles, mappings] + (scope.readsSubscriptions ? [subscriptions] : [])).map {
      Question(
        nil,
        "SELECT 'signature', 0, 0, ARRAY[md5(string_agg(line, ' ' ORDER BY line))] FROM (\($0)) r")
    }
  }
}
