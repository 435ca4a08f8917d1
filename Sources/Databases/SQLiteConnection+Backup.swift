private import CSQLite
import Formats

extension SQLiteConnection {
  /// Opens a file that nobody writes to, without its locks and without making any file beside it
  /// (<https://www.sqlite.org/uri.html#uriimmutable>).
  /// - Throws: `DatabaseError` `cannot-connect`.
  package init(immutable path: String) throws {
    // SQLite takes bytes beyond ASCII as they are; only these three mean something to it.
    let text = PercentEncoding.encoded(path, only: "%?#")
    var opened: OpaquePointer?
    let flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
    let status = sqlite3_open_v2("file:\(text)?immutable=1", &opened, flags, nil)
    guard status == SQLITE_OK, let opened else {
      let message = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
      sqlite3_close_v2(opened)
      throw DatabaseError(.cannotConnect, message: "\(path): \(message)", state: String(status))
    }
    sqlite3_extended_result_codes(opened, 1)
    self.init(owning: opened)
  }

  /// Copies this database into the other one with SQLite's online backup, which takes a state that
  /// was committed while others write (<https://www.sqlite.org/backup.html>).
  ///
  /// - Parameters:
  ///   - pages: copied between two looks at `shouldStop`; another process's write in between makes
  ///     it begin again.
  ///   - restarts: after so many beginnings the rest is copied in one go, under a lock.
  /// - Returns: false where it was stopped.
  /// - Throws: `DatabaseError` with SQLite's result code; 5, `SQLITE_BUSY`, where another process keeps
  ///   the file locked for longer than the busy timeout.
  package borrowing func backUp(
    to target: borrowing SQLiteConnection, pages: Int32 = 4_096, restarts: Int = 10,
    shouldStop: () -> Bool = { false }
  ) throws -> Bool {
    guard let backup = sqlite3_backup_init(target.handle, "main", handle, "main") else {
      throw target.failure(of: "sqlite3_backup_init")
    }
    var status = SQLITE_OK
    var began = 0
    var last = Int32.max
    var waits = 0
    while status == SQLITE_OK || status == SQLITE_BUSY || status == SQLITE_LOCKED {
      if shouldStop() {
        sqlite3_backup_finish(backup)
        return false
      }
      status = sqlite3_backup_step(backup, began > restarts ? -1 : pages)
      // Each step waits for the busy timeout of its own.
      if status == SQLITE_BUSY || status == SQLITE_LOCKED {
        waits += 1
        if waits > 1 { break }
      } else {
        waits = 0
      }
      let remaining = sqlite3_backup_remaining(backup)
      if remaining >= last { began += 1 }
      last = remaining
    }
    let end = sqlite3_backup_finish(backup)
    guard status == SQLITE_DONE, end == SQLITE_OK else {
      let code = status == SQLITE_DONE ? end : status
      throw DatabaseError(
        .statementFailed, message: String(cString: sqlite3_errstr(code)), state: String(code),
        statement: "sqlite3_backup_step")
    }
    return true
  }

  /// From here on no trigger runs on this connection.
  package borrowing func disableTriggers() { _ = stairway_disable_triggers(handle) }
}
