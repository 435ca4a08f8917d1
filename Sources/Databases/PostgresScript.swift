private import CPgQuery

/// SQL for PostgreSQL, taken apart by its own parser as libpg_query carries it.
package struct PostgresScript: Sendable {
  /// In order, each without the blanks and comments that stand before it, and its semicolon.
  package let statements: [ScriptStatement]

  /// What the parser does not understand, perhaps because the server is newer, is a statement up to the
  /// semicolon that ends it: the server has the last word.
  package init(_ text: String) {
    statements = Self.parsed(text) ?? Self.pieces(of: text)
  }

  /// nil where the parser does not understand it.
  private static func parsed(_ text: String) -> [ScriptStatement]? {
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
      return ScriptStatement(
        sql: String(decoding: bytes[first..<end], as: UTF8.self), line: line)
    }
  }

  /// A script of which some statement is not understood: each ends at the first semicolon before which the
  /// parser understands it, else at the first that stands in no literal and no comment.
  private static func pieces(of text: String) -> [ScriptStatement] {
    let bytes = Array(text.utf8)
    let ends = bytes.indices.filter { bytes[$0] == UInt8(ascii: ";") } + [bytes.count]
    var found: [ScriptStatement] = []
    var start = 0
    while start < bytes.count {
      let blanks = ScriptBlanks.count(before: bytes[start...], commentsNest: true)
      let first = start + blanks
      guard first < bytes.count else { break }
      let end = Self.end(of: bytes[first...], among: ends)
      found.append(
        ScriptStatement(
          sql: String(decoding: bytes[first..<end], as: UTF8.self),
          line: bytes[..<first].count { $0 == UInt8(ascii: "\n") } + 1))
      start = end + 1
    }
    return found
  }

  private static func end(of rest: ArraySlice<UInt8>, among ends: [Int]) -> Int {
    var doubtful: Int?
    // Only a function's body and a rule have statements of their own.
    let mayHold = rest.prefix(6).map { $0 | 0x20 } == Array("create".utf8)
    for end in ends where end >= rest.startIndex && !isInComment(end, of: rest) {
      let text = String(decoding: rest[..<end], as: UTF8.self)
      if parsed(text) != nil { return end }
      guard isWhole(text) else { continue }
      doubtful = doubtful ?? end
      if !mayHold { break }
    }
    return doubtful ?? rest.endIndex
  }

  /// Whether two dashes before it on its line begin a comment: what stands before them is whole.
  private static func isInComment(_ place: Int, of rest: ArraySlice<UInt8>) -> Bool {
    let line = rest[..<place].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? rest.startIndex
    let dash = UInt8(ascii: "-")
    return (line..<max(line, place - 1)).contains { start in
      rest[start] == dash && rest[start + 1] == dash
        && isWhole(String(decoding: rest[..<start], as: UTF8.self))
    }
  }

  /// Whether no literal and no comment of several lines is open at its end.
  private static func isWhole(_ text: String) -> Bool {
    let result = pg_query_scan(text)
    defer { pg_query_free_scan_result(result) }
    return result.error == nil
  }
}
