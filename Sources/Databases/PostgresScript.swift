private import CPgQuery

/// SQL for PostgreSQL, taken apart by its own parser as libpg_query carries it.
package struct PostgresScript: Sendable {
  /// Each without the semicolon that ends it, comments before it included; in order.
  package let statements: [String]

  /// A script that the parser does not understand, perhaps because the server is newer, is one
  /// statement: the server has the last word. (The library's scanner would take it apart, but leaves
  /// out what it cannot place.)
  package init(_ text: String) { statements = Self.split(text) ?? [text] }

  private static func split(_ text: String) -> [String]? {
    // A NUL ends the text for C, and no statement holds one.
    let result = pg_query_split_with_parser(text)
    defer { pg_query_free_split_result(result) }
    guard result.error == nil else { return nil }
    let bytes = Array(text.utf8)
    return (0..<Int(result.n_stmts)).compactMap { index in
      guard let statement = result.stmts[index]?.pointee else { return nil }
      let start = Int(statement.stmt_location)
      let end = start + Int(statement.stmt_len)
      guard start >= 0, start <= end, end <= bytes.count else { return nil }
      return String(decoding: bytes[start..<end], as: UTF8.self)
    }
  }
}
