internal import Databases

/// Keeps a statement from ending that waits for all who work with a table, as those do that PostgreSQL
/// runs in several transactions (`CREATE INDEX CONCURRENTLY`): by then it has committed its first part.
final class Standstill {
  private let connection: PostgresConnection

  private init(_ connection: consuming PostgresConnection) { self.connection = connection }

  /// Works with every table that the statement names, or an index of which it does.
  /// - Returns: nil where it names none.
  static func begun(before statement: String, on server: PostgresAddress) throws -> Standstill? {
    let names = Set(
      statement.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "$") }
        .flatMap { [String($0), $0.lowercased()] })
    let connection = try PostgresConnection(server)
    try connection.execute(
      "SET application_name = '\(PostgresConnection.readerName)'; SET statement_timeout = 0;"
        + "SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0")
    let tables = try connection.rows(
      tablesNamed, ["{" + names.map { "\"\($0)\"" }.joined(separator: ",") + "}"]
    ).map { $0.text(0) }
    guard !tables.isEmpty else { return nil }
    try connection.execute("BEGIN")
    try connection.execute("LOCK TABLE \(tables.joined(separator: ", ")) IN ROW EXCLUSIVE MODE")
    return Standstill(connection)
  }

  private static let tablesNamed = """
    SELECT DISTINCT t.oid::regclass::text
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_index i ON i.indexrelid = c.oid
      JOIN pg_class t ON t.oid = coalesce(i.indrelid, c.oid)
    WHERE t.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      AND c.relname = ANY ($1::text[])
    """

  /// Lets it go on, or whatever is left of it.
  func release() throws { try connection.execute("ROLLBACK") }

  /// Whether PostgreSQL runs the statement in several transactions.
  static func isPossible(in statement: String) -> Bool {
    let words = statement.split { !$0.isLetter }.prefix(24).map { $0.uppercased() }
    return words.contains("CONCURRENTLY") && words.first != "REFRESH"
  }
}
