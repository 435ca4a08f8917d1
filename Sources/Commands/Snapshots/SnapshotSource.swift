import Databases
import Formats
import Platform
import Schemas

/// What a snapshot can be had from: a PostgreSQL database, a SQLite file, or a file that `stairway
/// snapshot` wrote. Nothing is ever written to it.
enum SnapshotSource {
  case postgresql(PostgresAddress)
  case sqlite(Path)
  case document(Path)

  /// Understands what was given on the command line.
  ///
  /// - Throws: `Complaint`, `DatabaseError`.
  init(_ argument: String, in invocation: Invocation) throws {
    if let scheme = argument.firstRange(of: "://").map({ argument[..<$0.lowerBound] }) {
      switch scheme.prefix(while: { $0 != "+" }) {
      case "postgres", "postgresql":
        self = .postgresql(try PostgresAddress(url: argument))
      case "sqlite":
        // SQLAlchemy's `sqlite:///relative` and `sqlite:////absolute`.
        let path = argument.dropFirst(scheme.count + 3)
        try self.init(file: invocation.path(String(path.hasPrefix("/") ? path.dropFirst() : path)))
      default:
        throw Complaint(
          "unknown-engine",
          "a database of the kind '\(scheme)' cannot be read; PostgreSQL and SQLite can",
          outcome: .usage)
      }
    } else {
      try self.init(file: invocation.path(argument))
    }
  }

  private init(file: Path) throws {
    guard Files.isFile(file) else {
      throw Complaint(
        "no-such-file", at: file.text,
        Files.isFolder(file) ? "this is a folder, no database" : "there is no such file",
        fix: "name a SQLite file, a snapshot, or a URL like postgresql://user@host/database",
        outcome: .usage)
    }
    // Every SQLite file begins so (https://www.sqlite.org/fileformat.html#magic_header_string), or is
    // empty.
    let beginning = String(decoding: try Files.bytes(of: file, upTo: 15), as: UTF8.self)
    self = ["", "SQLite format 3"].contains(beginning) ? .sqlite(file) : .document(file)
  }

  /// Reads it.
  ///
  /// - Throws: `DatabaseError`, `FormatError`, `Complaint`.
  func snapshot() throws -> Snapshot {
    switch self {
    case .postgresql(let address):
      try PostgresSchemaReader(address).fullSnapshot()
    case .sqlite(let path):
      try SQLiteSchemaReader(path: path.text).fullSnapshot()
    case .document(let path):
      try SnapshotFile.snapshot(in: path)
    }
  }
}
