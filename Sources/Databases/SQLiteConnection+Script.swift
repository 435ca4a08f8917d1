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
        var count = 0
        while start < text.count {
          start += Self.space(in: text[start...])
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
              place: .init(
                line: text[..<start].count { $0 == 10 } + 1, statementsBefore: count))
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
            throw failure(of: statement).placed(.init(line: line, statementsBefore: count))
          }
          if prepared != nil { count += 1 }
          let read = tail.map { $0 - begin } ?? 0
          start += read > 0 ? read : text.count
        }
      }
    }
  }

  /// How many bytes of blanks, comments and stray semicolons come first, so that a statement's line is its own.
  private static func space(in text: Slice<UnsafeBufferPointer<CChar>>) -> Int {
    var rest = text
    while let first = rest.first {
      if first == 32 || first == 59 || (9...13).contains(first) {
        rest = rest.dropFirst()
      } else if rest.starts(with: [45, 45]) {
        rest = rest.drop { $0 != 10 }
      } else if rest.starts(with: [47, 42]) {
        rest = rest.dropFirst(2)
        while !rest.isEmpty, !rest.starts(with: [42, 47]) { rest = rest.dropFirst() }
        rest = rest.dropFirst(2)
      } else {
        break
      }
    }
    return rest.startIndex - text.startIndex
  }
}
