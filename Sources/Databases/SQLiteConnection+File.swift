private import CSQLite

#if canImport(Glibc)
  private import Glibc
#endif

extension SQLiteConnection {
  /// Reads the main database file as it lies on disk, through SQLite's own handle of it: opening it
  /// a second time and closing that again would drop this process's locks
  /// (<https://www.sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_>).
  ///
  /// What the bytes mean is certain only inside a transaction that has read.
  /// - Returns: `count` bytes, zeros beyond the end of the file; nil where they are those of `known`.
  package borrowing func fileBytes(
    at offset: Int64, count: Int, unless known: [UInt8] = []
  ) throws -> [UInt8]? {
    let file = try file(SQLITE_FCNTL_FILE_POINTER)
    guard let file, let read = file.pointee.pMethods?.pointee.xRead else {
      throw DatabaseError(.statementFailed, message: "the database has no file")
    }
    return try withUnsafeTemporaryAllocation(byteCount: count, alignment: 8) { buffer in
      let status = read(file, buffer.baseAddress, Int32(count), offset)
      guard status == SQLITE_OK || status == Self.shortRead else {
        throw DatabaseError(
          .statementFailed, message: String(cString: sqlite3_errstr(status)), state: String(status))
      }
      let same = known.withUnsafeBytes { known in
        guard known.count == count, let old = known.baseAddress, let new = buffer.baseAddress else {
          return false
        }
        return memcmp(old, new, count) == 0
      }
      return same ? nil : [UInt8](buffer)
    }
  }

  /// `SQLITE_IOERR_SHORT_READ`, a macro that Swift does not see.
  private static let shortRead = SQLITE_IOERR | 2 << 8

  /// In bytes.
  package borrowing func fileSize() throws -> Int64 {
    try size(of: file(SQLITE_FCNTL_FILE_POINTER))
  }

  /// How large the write-ahead log of a database in WAL mode is: 0 where the file itself holds
  /// everything. Asked after the first read of a transaction.
  package borrowing func walSize() throws -> Int64 {
    try size(of: file(SQLITE_FCNTL_JOURNAL_POINTER))
  }

  private borrowing func file(_ which: Int32) throws -> UnsafeMutablePointer<sqlite3_file>? {
    var file: UnsafeMutablePointer<sqlite3_file>?
    let status = sqlite3_file_control(handle, "main", which, &file)
    guard status == SQLITE_OK else {
      throw DatabaseError(
        .statementFailed, message: String(cString: sqlite3_errstr(status)), state: String(status))
    }
    return file
  }

  private borrowing func size(of file: UnsafeMutablePointer<sqlite3_file>?) throws -> Int64 {
    guard let file, let size = file.pointee.pMethods?.pointee.xFileSize else { return 0 }
    var bytes: Int64 = 0
    let status = size(file, &bytes)
    guard status == SQLITE_OK else {
      throw DatabaseError(
        .statementFailed, message: String(cString: sqlite3_errstr(status)), state: String(status))
    }
    return bytes
  }
}
