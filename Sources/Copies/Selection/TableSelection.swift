import Databases
import Rows
import Schemas

/// The tables that the patterns of a plan mean in one database.
struct TableSelection: Sendable, Hashable {
  /// Made, and left empty.
  var schemaOnly: [TableName] = []
  /// Not there at all.
  var excluded: [TableName] = []
  /// Not there either: views that need one of those, and sequences that are meant too and from which no
  /// other table has its values.
  var along: [TableName] = []
  /// Likewise sequences of those tables' own.
  var owned: [TableName] = []

  var leftOut: [TableName] { excluded + along + owned }

  var isEmpty: Bool { schemaOnly.isEmpty && excluded.isEmpty }

  /// What the server finds for the patterns, partitions and children of what they mean included.
  ///
  /// - Parameter connection: of its own, since its search path becomes the user's, which decides
  ///   what a pattern without a schema means.
  init(_ plan: CopyPlan, on connection: borrowing PostgresConnection) throws {
    guard !plan.schemaOnlyTables.isEmpty || !plan.excludedTables.isEmpty else { return }
    _ = try connection.rows("RESET search_path")
    func found(_ texts: [String], _ flag: String) throws -> [TableName] {
      var names: [TableName] = []
      for text in texts {
        let pattern = try TablePattern(text)
        let rows = try connection.rows(
          Self.query, ["^(\(pattern.table))$", pattern.schema.map { "^(\($0))$" }])
        guard !rows.isEmpty else { throw try Self.unmatched(text, flag, Self.all(connection)) }
        for row in rows {
          let name = TableName(schema: Identifier(row.text(0)), Identifier(row.text(1)))
          if !names.contains(name) { names.append(name) }
        }
      }
      return names
    }
    excluded = try found(plan.excludedTables, "--exclude-table")
    schemaOnly = try found(plan.schemaOnlyTables, "--schema-only-tables")
      .filter { !excluded.contains($0) }
    try addDependents(plan, on: connection)
  }

  private mutating func addDependents(
    _ plan: CopyPlan, on connection: borrowing PostgresConnection
  ) throws {
    guard !excluded.isEmpty else { return }
    func array(_ texts: [String]) -> String {
      let quoted = texts.map { text in
        "\"" + text.map { "\"\\".contains($0) ? "\\\($0)" : "\($0)" }.joined() + "\""
      }
      return "{\(quoted.joined(separator: ","))}"
    }
    let patterns = try plan.excludedTables.map(TablePattern.init)
    let rows = try connection.rows(
      Self.dependents,
      [
        array(excluded.map { $0.schema?.raw ?? "" }), array(excluded.map(\.name.raw)),
        array(patterns.map { "^(\($0.table))$" }),
        array(patterns.map { $0.schema.map { "^(\($0))$" } ?? "" }),
      ])
    for row in rows {
      let name = TableName(schema: Identifier(row.text(0)), Identifier(row.text(1)))
      if row[2].boolean == true { owned.append(name) } else { along.append(name) }
    }
  }

  /// The same in a SQLite file.
  init(_ plan: CopyPlan, on connection: borrowing SQLiteConnection) throws {
    let query = """
      SELECT name FROM sqlite_master WHERE type = 'table' AND lower(name) GLOB ?
        AND name NOT LIKE 'sqlite^_%' ESCAPE '^' ORDER BY name
      """
    func found(_ texts: [String], _ flag: String) throws -> [TableName] {
      var names: [TableName] = []
      for text in texts {
        let pattern = try TablePattern(text)
        let rows = try connection.rows(query, [.text(pattern.glob)])
        guard !rows.isEmpty else {
          let all = try connection.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
          throw Self.unmatched(text, flag, all.map { $0.text(0) })
        }
        for row in rows {
          let name = TableName(Identifier(row.text(0)))
          if !names.contains(name) { names.append(name) }
        }
      }
      return names
    }
    excluded = try found(plan.excludedTables, "--exclude-table")
    schemaOnly = try found(plan.schemaOnlyTables, "--schema-only-tables")
      .filter { !excluded.contains($0) }
  }

  private static func all(_ connection: borrowing PostgresConnection) throws -> [String] {
    try connection.rows(
      """
      SELECT DISTINCT relname FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      """
    ).map { $0.text(0) }
  }

  private static func unmatched(_ text: String, _ flag: String, _ names: [String]) -> CopyError {
    let nearest = Spelling.nearest(to: text, among: names)
    return CopyError(
      .badSelection,
      "\(flag) \(text): no table is called so" + (nearest.map { "; did you mean '\($0)'?" } ?? ""),
      fix: "the tables there: \(CopyError.list(names.sorted(), limit: 20))")
  }

  /// Tables that a pattern means, with all that inherits from them.
  private static let query = """
    WITH RECURSIVE meant(oid) AS (
      SELECT c.oid FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'f', 'm') AND c.relname OPERATOR(pg_catalog.~) $1::text
        AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND CASE WHEN $2::text IS NULL THEN pg_catalog.pg_table_is_visible(c.oid)
          ELSE n.nspname OPERATOR(pg_catalog.~) $2::text END
      UNION SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN meant m ON i.inhparent = m.oid)
    SELECT n.nspname, c.relname FROM meant m JOIN pg_catalog.pg_class c ON c.oid = m.oid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace ORDER BY 1, 2
    """

  /// Views that read relations with these names, or views of such; and sequences of theirs, or that a
  /// pattern means, from which no other table has its values.
  private static let dependents = """
    WITH RECURSIVE given(oid) AS (
      SELECT c.oid FROM ROWS FROM (
        pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::text[])) g(space, name)
      JOIN pg_catalog.pg_namespace n ON n.nspname = g.space
      JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = g.name),
    gone(oid) AS (
      SELECT g.oid FROM given g
      UNION SELECT v.oid FROM gone g
      JOIN pg_catalog.pg_depend d ON d.refobjid = g.oid
        AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
        AND d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
      JOIN pg_catalog.pg_rewrite w ON w.oid = d.objid
      JOIN pg_catalog.pg_class v ON v.oid = w.ev_class AND v.relkind IN ('v', 'm')),
    used AS (
      SELECT d.objid AS oid, d.refobjid AS holder FROM pg_catalog.pg_depend d
      WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
        AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype IN ('a', 'i')
      UNION SELECT d.refobjid, a.adrelid FROM pg_catalog.pg_depend d
      JOIN pg_catalog.pg_attrdef a ON a.oid = d.objid
      WHERE d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass
        AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass),
    found AS (
      SELECT c.oid, c.relkind, n.nspname, c.relname,
        c.relkind = 'S' AND c.oid IN (SELECT u.oid FROM used u JOIN gone g ON g.oid = u.holder)
          AS is_owned
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('v', 'm', 'S'))
    SELECT f.nspname, f.relname, f.is_owned FROM found f
    WHERE f.relkind <> 'S' AND f.oid IN (SELECT g.oid FROM gone g)
        AND f.oid NOT IN (SELECT g.oid FROM given g)
      OR f.relkind = 'S'
        AND (f.is_owned OR EXISTS (SELECT FROM ROWS FROM (
            pg_catalog.unnest($3::text[]), pg_catalog.unnest($4::text[])) p(name, space)
          WHERE f.relname OPERATOR(pg_catalog.~) p.name
            AND CASE p.space WHEN '' THEN pg_catalog.pg_table_is_visible(f.oid)
              ELSE f.nspname OPERATOR(pg_catalog.~) p.space END))
        AND NOT EXISTS (SELECT FROM used u
          WHERE u.oid = f.oid AND u.holder NOT IN (SELECT g.oid FROM gone g))
    ORDER BY 1, 2
    """
}
