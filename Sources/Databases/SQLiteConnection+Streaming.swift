private import CSQLite

extension SQLiteConnection {
  /// Runs one statement and hands its rows over one at a time, so that a table of any size takes no
  /// memory. Text that is no UTF-8, which SQLite keeps as it was given, comes as a blob.
  ///
  /// - Parameter body: called for each row; returns whether to go on.
  package borrowing func forEachRow(_ sql: String, _ body: (Row) throws -> Bool) throws {
    var prepared: OpaquePointer?
    guard sqlite3_prepare_v3(handle, sql, -1, 0, &prepared, nil) == SQLITE_OK else {
      throw refusal(of: sql)
    }
    defer { sqlite3_finalize(prepared) }
    let width = sqlite3_column_count(prepared)
    while true {
      switch sqlite3_step(prepared) {
      case SQLITE_ROW:
        let row = Row((0..<width).map { exactValue(of: prepared, column: $0) })
        guard try body(row) else { return }
      case SQLITE_DONE: return
      default: throw refusal(of: sql)
      }
    }
  }

  private borrowing func exactValue(of statement: OpaquePointer?, column: Int32) -> Value {
    switch sqlite3_column_type(statement, column) {
    case SQLITE_INTEGER: return .integer(sqlite3_column_int64(statement, column))
    case SQLITE_FLOAT: return .real(sqlite3_column_double(statement, column))
    case SQLITE_NULL: return .null
    case SQLITE_TEXT:
      let start = sqlite3_column_text(statement, column)
      let bytes = UnsafeBufferPointer(
        start: start, count: Int(sqlite3_column_bytes(statement, column)))
      return String(validating: bytes, as: UTF8.self).map { .text($0) } ?? .blob(Array(bytes))
    default:
      let count = Int(sqlite3_column_bytes(statement, column))
      guard count > 0, let start = sqlite3_column_blob(statement, column) else { return .blob([]) }
      return .blob(Array(UnsafeRawBufferPointer(start: start, count: count)))
    }
  }

  private borrowing func refusal(of sql: String) -> DatabaseError {
    DatabaseError(
      .statementFailed, message: String(cString: sqlite3_errmsg(handle)),
      state: String(sqlite3_extended_errcode(handle)), statement: sql)
  }
}
