private import CSQLite

/// A script for SQLite, taken apart by SQLite's own rule for where a statement ends
/// (<https://www.sqlite.org/c3ref/complete.html>): a trigger's body is one with its trigger.
package struct SQLiteScript {
  /// In their order, each without the blanks and comments that stand before it, and its semicolon.
  package let statements: [ScriptStatement]

  package init(_ text: String) {
    var statements: [ScriptStatement] = []
    var begun = ""
    var line = 1
    let pieces = text.split(separator: ";", omittingEmptySubsequences: false)
    for (index, piece) in pieces.enumerated() {
      begun += piece
      let isLast = index == pieces.count - 1
      if !isLast, sqlite3_complete(begun + ";") == 0 {
        begun += ";"
        continue
      }
      let bytes = Array(begun.utf8)
      let blanks = ScriptBlanks.count(before: bytes[...], commentsNest: false)
      let statement = String(decoding: bytes[blanks...], as: UTF8.self)
      let newline = UInt8(ascii: "\n")
      let first = line + bytes[..<blanks].count { $0 == newline }
      if !statement.allSatisfy(\.isWhitespace) {
        statements.append(ScriptStatement(sql: statement, line: first))
      }
      line += bytes.count { $0 == newline }
      begun = ""
    }
    self.statements = statements
  }
}
