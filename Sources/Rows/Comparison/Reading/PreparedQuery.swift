import Databases
import FoundationEssentials
import Schemas

/// A query of PostgreSQL's catalogs about some tables, which is planned once in a session.
struct PreparedQuery: Sendable {
  let name: String
  /// Begins with `wanted`.
  let text: String

  /// The tables in question, as `w` with the `oid` of each.
  static let wanted = """
    FROM (SELECT c.oid FROM jsonb_array_elements($1) j
      JOIN pg_namespace n ON n.nspname = j->>0
      JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = j->>1
      WHERE c.oid::int8 >= 16384) w
    """

  func executing(_ names: some Collection<TableName>) throws -> String {
    let pairs = names.map { [($0.schema ?? "public").raw, $0.name.raw] }
    let list = String(decoding: try JSONEncoder().encode(pairs), as: UTF8.self)
    return "EXECUTE \(name)('\(list.replacing("'", with: "''"))')"
  }
}
