import Databases

/// What the first 100 bytes of a SQLite file say of the rest
/// (<https://www.sqlite.org/fileformat2.html#the_database_header>).
struct FileForm {
  let pageSize: Int
  /// Without the bytes that an extension keeps at each page's end.
  let usableSize: Int
  /// Whether the database is in WAL mode, so that a log beside the file may hold newer pages.
  let hasLog: Bool

  /// nil for what is no SQLite file, or does not keep its texts in UTF-8.
  init?(header: [UInt8]) {
    guard header.count == 100, header.starts(with: "SQLite format 3\0".utf8) else { return nil }
    let size = Int(header[16]) << 8 | Int(header[17])
    pageSize = size == 1 ? 65_536 : size
    usableSize = pageSize - Int(header[20])
    hasLog = header[18] == 2 || header[19] == 2
    let encoding = header[56..<60].reduce(0) { $0 << 8 | UInt32($1) }
    guard pageSize >= 512, usableSize >= 480, encoding == 1 else { return nil }
  }

  /// Reads it; nil where it cannot be.
  init?(of connection: borrowing SQLiteConnection) throws {
    guard let header = try connection.fileBytes(at: 0, count: 100) else { return nil }
    self.init(header: header)
  }

  func offset(of page: UInt32) -> Int64 { Int64(page - 1) * Int64(pageSize) }
}
