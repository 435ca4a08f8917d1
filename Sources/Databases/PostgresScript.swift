private import CPgQuery

/// SQL for PostgreSQL, taken apart by its own parser as libpg_query carries it.
package struct PostgresScript: Sendable {
  /// One statement of a script.
  package struct Statement: Sendable, Hashable {
    /// Without the semicolon that ends it, comments before it included.
    package let sql: String
    /// The line of the script on which it begins, behind those comments; from 1.
    package let line: Int
  }

  /// In order.
  package let statements: [Statement]

  /// A script that the parser does not understand, perhaps because the server is newer, is one
  /// statement: the server has the last word. (The library's scanner would take it apart, but leaves
  /// out what it cannot place.)
  package init(_ text: String) {
    statements = Self.split(text) ?? [Statement(sql: text, line: 1)]
  }

  private static func split(_ text: String) -> [Statement]? {
    // A NUL ends the text for C, and no statement holds one.
    let result = pg_query_split_with_parser(text)
    defer { pg_query_free_split_result(result) }
    guard result.error == nil else { return nil }
    let bytes = Array(text.utf8)
    var line = 1
    var counted = 0
    return (0..<Int(result.n_stmts)).compactMap { index in
      guard let statement = result.stmts[index]?.pointee else { return nil }
      let start = Int(statement.stmt_location)
      let end = start + Int(statement.stmt_len)
      guard counted <= start, start <= end, end <= bytes.count else { return nil }
      let first = start + ScriptBlanks.count(before: bytes[start..<end], commentsNest: true)
      line += bytes[counted..<first].count { $0 == UInt8(ascii: "\n") }
      counted = first
      return Statement(sql: String(decoding: bytes[start..<end], as: UTF8.self), line: line)
    }
  }
}
