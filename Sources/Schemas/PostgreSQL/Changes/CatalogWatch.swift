/// A catalog whose rows are part of some unit, by which a change is traced to the units to read
/// again.
///
/// A row that was written since the last snapshot shows by its `xmin`; one that is gone, by the
/// number and the sum of those that are left. The rows of one catalog are gone through once and
/// without a condition, since the server takes longest to take rows apart.
struct CatalogWatch: Sendable {
  /// The catalog, whose rows have the alias `r`.
  let name: String
  /// A number that tells the rows apart.
  let identity: String
  /// The catalog and the oid of what the row is part of; 0 where it is part of no snapshot.
  let owner: (catalog: String, oid: String)
  /// What other objects' definitions print of it: its name with what that is looked up by.
  var label = "''"
  /// Whether the system's own rows are so many that the index passes them over here;
  /// `ChangeProbe.system` looks whether any of them was written.
  var isLarge = false
  /// Whether `owner` is the unit itself, not a row that is part of one in turn.
  var namesUnits = false
  /// How many of the identity's lower bits neighbours may differ in.
  var neighbourhood: Int64 = 8
  /// The rows looked at, where not all are.
  var condition = "true"

  /// The number and sum of the rows, and each that was written since the transaction `$1`.
  var query: String {
    """
    SELECT '\(name)', count(*), coalesce(sum(\(identity)), 0), array_agg(
      concat_ws(' ', \(identity), \(owner.catalog), \(owner.oid), \(label)))
        FILTER (WHERE age(r.xmin) <= (SELECT age($1)))
    FROM \(name) r WHERE \(looked)
    """
  }

  private var looked: String { isLarge ? "r.oid >= 16384" : condition }

  /// Under which `listing` is prepared.
  var listingName: String { "stairway_listing_\(name)" }

  /// The numbers of all rows, in groups of neighbours: what is made together goes together, and only
  /// the groups whose sum is another one need to be taken apart.
  var listing: String {
    """
    SELECT \(identity) >> \(neighbourhood), count(*), sum(\(identity)),
      string_agg((\(identity))::text, ' ')
    FROM \(name) r WHERE \(looked) GROUP BY 1
    """
  }
}

extension CatalogWatch {
  /// In this order each is part only of what those before it hold.
  static let all: [CatalogWatch] = [
    relation, type, routine, constraint, trigger,
    part("pg_rewrite", of: "r.ev_class", label: "nullif(r.rulename, '_RETURN')"),
    part("pg_policy", of: "r.polrelid", label: "r.polname"),
    CatalogWatch(
      name: "pg_enum", identity: "r.oid::int8", owner: ("'pg_type'", "r.enumtypid"),
      label: "r.enumlabel"),
    CatalogWatch(
      name: "pg_inherits", identity: "(r.inhrelid::int8 << 32 | r.inhparent::int8)",
      owner: ("'pg_class'", "r.inhrelid"), neighbourhood: 40),
    description,
  ]

  /// Comments, which have no oid; those on the system's objects are looked at by themselves.
  private static let description = CatalogWatch(
    name: "pg_description",
    identity: "(r.objoid::int8 << 25 | r.classoid::int8 << 11 | r.objsubid)",
    owner: ("r.classoid::regclass", "r.objoid"), neighbourhood: 33, condition: "r.objoid >= 16384")

  /// An index, a table for long values and an identity column's sequence are part of their table.
  private static let relation = CatalogWatch(
    name: "pg_class", identity: "r.oid::int8",
    owner: (
      "'pg_class'",
      """
      CASE WHEN r.relpersistence = 't' THEN 0
        WHEN r.relkind IN ('i', 'I') THEN
          (SELECT i.indrelid FROM pg_index i WHERE i.indexrelid = r.oid)
        WHEN r.relkind IN ('S', 't') THEN coalesce((SELECT d.refobjid FROM pg_depend d
          WHERE d.classid = 'pg_class'::regclass AND d.objid = r.oid AND d.objsubid = 0
            AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'i'), r.oid)
        ELSE r.oid END
      """
    ),
    label: """
      CASE WHEN r.relnamespace <> 'pg_toast'::regnamespace
        THEN r.relkind::text || ' ' || r.relnamespace || '.' || r.relname END
      """, isLarge: true, namesUnits: true)

  private static let type = CatalogWatch(
    name: "pg_type", identity: "r.oid::int8",
    owner: (
      "CASE WHEN r.typtype = 'c' THEN 'pg_class' ELSE 'pg_type' END",
      """
      CASE WHEN r.typtype = 'c' THEN r.typrelid
        WHEN r.typinput = 'array_in(cstring,oid,int4)'::regprocedure THEN 0 ELSE r.oid END
      """
    ), label: "r.typnamespace || '.' || r.typname", isLarge: true, namesUnits: true)

  private static let routine = CatalogWatch(
    name: "pg_proc", identity: "r.oid::int8", owner: ("'pg_proc'", "r.oid"),
    label: "r.pronamespace || '.' || r.proname || '(' || r.proargtypes::text || ')'", isLarge: true,
    namesUnits: true)

  private static let constraint = CatalogWatch(
    name: "pg_constraint", identity: "r.oid::int8",
    owner: (
      "CASE WHEN r.contypid <> 0 THEN 'pg_type' ELSE 'pg_class' END",
      "CASE WHEN r.contypid <> 0 THEN r.contypid ELSE r.conrelid END"
    ), label: "r.conname")

  /// The triggers that carry out a foreign key are part of the table that has the key.
  private static let trigger = CatalogWatch(
    name: "pg_trigger", identity: "r.oid::int8",
    owner: (
      "'pg_class'",
      """
      coalesce((SELECT nullif(k.conrelid, 0) FROM pg_constraint k WHERE k.oid = r.tgconstraint),
        r.tgrelid)
      """
    ), label: "CASE WHEN NOT r.tgisinternal THEN r.tgname END")

  private static func part(_ catalog: String, of relation: String, label: String) -> CatalogWatch {
    CatalogWatch(
      name: catalog, identity: "r.oid::int8", owner: ("'pg_class'", relation), label: label)
  }
}
