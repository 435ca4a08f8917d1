import Databases
import Schemas

/// The tables that the patterns of a plan mean in one database.
struct TableSelection: Sendable, Hashable {
  /// Made, and left empty.
  var schemaOnly: [TableName] = []
  /// Not there at all.
  var excluded: [TableName] = []

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
}
