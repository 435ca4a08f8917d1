private import CSQLite

extension SQLiteConnection {
  /// Runs the statements of a script that somebody else wrote, ignoring the rows they give.
  ///
  /// - Throws: `DatabaseError` with the line at which the refused statement begins.
  package borrowing func run(script: String) throws {
    var script = script
    try script.withUTF8 { bytes in
      try bytes.withMemoryRebound(to: CChar.self) { text in
        var start = 0
        while start < text.count {
          start += ScriptBlanks.count(before: text[start...], commentsNest: false)
          guard start < text.count, let begin = text.baseAddress?.advanced(by: start) else {
            return
          }
          var prepared: OpaquePointer?
          var tail: UnsafePointer<CChar>?
          let status = sqlite3_prepare_v3(
            handle, begin, Int32(clamping: text.count - start), 0, &prepared, &tail)
          defer { sqlite3_finalize(prepared) }
          if prepared != nil, sqlite3_bind_parameter_count(prepared) > 0 {
            // SQLite itself would take NULL for each.
            throw DatabaseError(
              .statementFailed, message: "the statement has parameters and no values for them",
              statement: sqlite3_sql(prepared).map { String(cString: $0) },
              line: text[..<start].count { $0 == 10 } + 1)
          }
          var step = status
          while prepared != nil, step == SQLITE_OK || step == SQLITE_ROW {
            step = sqlite3_step(prepared)
          }
          guard step == SQLITE_DONE || status == SQLITE_OK && prepared == nil else {
            let line = text[..<start].count { $0 == 10 } + 1
            let statement = String(
              decoding: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(text)[start...]),
              as: UTF8.self)
            throw failure(of: statement).placed(at: line)
          }
          let read = tail.map { $0 - begin } ?? 0
          start += read > 0 ? read : text.count
        }
      }
    }
  }
}
