private import CSQLite

/// One connection to a SQLite file, closed when it goes out of scope.
package struct SQLiteConnection: ~Copyable {
  /// How the file is opened.
  package enum Access: Sendable {
    case readOnly
    case readWrite
    case createIfMissing
  }

  let handle: OpaquePointer

  /// Opens the file.
  /// - Parameters:
  ///   - path: the file; its text is used as it is, so a URI's characters have no meaning.
  ///   - busyTimeout: how long a locked database is waited for, in milliseconds.
  /// - Throws: `DatabaseError` `cannot-connect` with SQLite's own message.
  package init(path: String, access: Access, busyTimeout: Int32 = 5_000) throws {
    let flags =
      switch access {
      case .readOnly: SQLITE_OPEN_READONLY
      case .readWrite: SQLITE_OPEN_READWRITE
      case .createIfMissing: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
      }
    var opened: OpaquePointer?
    let status = sqlite3_open_v2(path, &opened, flags, nil)
    guard status == SQLITE_OK, let opened else {
      let message = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
      sqlite3_close_v2(opened)
      throw DatabaseError(.cannotConnect, message: "\(path): \(message)", state: String(status))
    }
    handle = opened
    sqlite3_busy_timeout(handle, busyTimeout)
    sqlite3_extended_result_codes(handle, 1)
  }

  /// Takes over a connection that nobody else closes.
  init(owning handle: OpaquePointer) { self.handle = handle }

  deinit { sqlite3_close_v2(handle) }

  /// The version of the SQLite that is linked in, e.g. `3.40.1`.
  package static var libraryVersion: String { String(cString: sqlite3_libversion()) }

  /// Runs every statement of the script in turn, ignoring the rows they give.
  package borrowing func execute(_ script: String) throws {
    guard sqlite3_exec(handle, script, nil, nil, nil) == SQLITE_OK else {
      throw failure(of: script)
    }
  }

  /// Runs one statement and returns all its rows.
  package borrowing func rows(_ sql: String, _ parameters: [Value] = []) throws -> [Row] {
    var rows: [Row] = []
    try step(sql, parameters) { row in
      rows.append(row)
      return true
    }
    return rows
  }

  /// Runs one statement and hands its rows over one at a time, so that a table of any size takes no
  /// memory.
  ///
  /// - Parameter body: called for each row; returns whether to go on.
  package borrowing func forEachRow(_ sql: String, _ body: (Row) throws -> Bool) throws {
    try step(sql, [], body)
  }

  /// - Parameter body: as in `forEachRow`.
  private borrowing func step(
    _ sql: String, _ parameters: [Value], _ body: (Row) throws -> Bool
  ) throws {
    var prepared: OpaquePointer?
    guard sqlite3_prepare_v3(handle, sql, -1, 0, &prepared, nil) == SQLITE_OK else {
      throw failure(of: sql)
    }
    defer { sqlite3_finalize(prepared) }
    for (index, parameter) in parameters.enumerated() {
      guard bind(parameter, to: prepared, at: Int32(index + 1)) == SQLITE_OK else {
        throw failure(of: sql)
      }
    }
    let width = sqlite3_column_count(prepared)
    while true {
      switch sqlite3_step(prepared) {
      case SQLITE_ROW:
        let row = Row((0..<width).map { value(of: prepared, column: $0) })
        guard try body(row) else { return }
      case SQLITE_DONE: return
      default: throw failure(of: sql)
      }
    }
  }

  /// Whether rows of the open transaction break foreign keys in a way that would make its commit fail.
  package borrowing func hasUnresolvedForeignKeys() throws -> Bool {
    var current: Int32 = 0
    var highest: Int32 = 0
    guard
      sqlite3_db_status(handle, SQLITE_DBSTATUS_DEFERRED_FKS, &current, &highest, 0) == SQLITE_OK
    else { throw failure(of: "SQLITE_DBSTATUS_DEFERRED_FKS") }
    return current != 0
  }

  /// Checks that the statement can be compiled against the present schema, without running it.
  package borrowing func prepare(_ sql: String) throws {
    var prepared: OpaquePointer?
    let status = sqlite3_prepare_v3(handle, sql, -1, 0, &prepared, nil)
    sqlite3_finalize(prepared)
    guard status == SQLITE_OK else { throw failure(of: sql) }
  }

  private borrowing func bind(_ value: Value, to statement: OpaquePointer?, at index: Int32)
    -> Int32
  {
    // SQLITE_TRANSIENT: SQLite copies the bytes before the call returns.
    let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    return switch value {
    case .null: sqlite3_bind_null(statement, index)
    case .integer(let number): sqlite3_bind_int64(statement, index, number)
    case .real(let number): sqlite3_bind_double(statement, index, number)
    // With its length: a text may hold a zero byte.
    case .text(let text):
      sqlite3_bind_text(statement, index, text, Int32(text.utf8.count), transient)
    case .undecodedText(let bytes):
      bytes.withUnsafeBytes {
        sqlite3_bind_text(
          statement, index, $0.assumingMemoryBound(to: CChar.self).baseAddress, Int32($0.count),
          transient)
      }
    // An empty array has no address, which SQLite would take for NULL.
    case .blob(let bytes):
      bytes.isEmpty
        ? sqlite3_bind_zeroblob(statement, index, 0)
        : sqlite3_bind_blob(statement, index, bytes, Int32(bytes.count), transient)
    }
  }

  private borrowing func value(
    of statement: OpaquePointer?, column: Int32
  ) -> Value {
    switch sqlite3_column_type(statement, column) {
    case SQLITE_INTEGER: return .integer(sqlite3_column_int64(statement, column))
    case SQLITE_FLOAT: return .real(sqlite3_column_double(statement, column))
    case SQLITE_NULL: return .null
    case SQLITE_TEXT:
      let start = sqlite3_column_text(statement, column)
      return Value(
        text: UnsafeBufferPointer(
          start: start, count: Int(sqlite3_column_bytes(statement, column))))
    default:
      let count = Int(sqlite3_column_bytes(statement, column))
      guard count > 0, let start = sqlite3_column_blob(statement, column) else { return .blob([]) }
      return .blob(Array(UnsafeRawBufferPointer(start: start, count: count)))
    }
  }

  borrowing func failure(of sql: String) -> DatabaseError {
    DatabaseError(
      .statementFailed, message: String(cString: sqlite3_errmsg(handle)),
      state: String(sqlite3_extended_errcode(handle)), statement: sql)
  }
}
