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
        do {
          self = .postgresql(try PostgresAddress(url: argument))
        } catch let error as DatabaseError {
          throw Complaint(refusal: error, fix: "write it as postgresql://user@host:5432/database")
        }
      case "sqlite":
        // SQLAlchemy's `sqlite:///relative` and `sqlite:////absolute`.
        let path = argument.dropFirst(scheme.count + 3)
        try self.init(file: invocation.path(String(path.hasPrefix("/") ? path.dropFirst() : path)))
      default:
        throw Complaint(
          "unknown-engine",
          "a database of the kind '\(scheme)' cannot be read; PostgreSQL and SQLite can",
          fix: Self.fix, outcome: .usage)
      }
    } else {
      try self.init(file: invocation.path(argument))
    }
  }

  private init(file: Path) throws {
    guard Files.isFile(file) else {
      throw Complaint(
        "no-such-file", at: file.text,
        Files.isFolder(file)
          ? "this is a folder, no database"
          : Files.exists(file) ? "this is no regular file" : "there is no such file",
        fix: Self.fix, outcome: .usage)
    }
    // Every SQLite file begins so (https://www.sqlite.org/fileformat.html#magic_header_string), or is
    // empty.
    let beginning = String(decoding: try Files.bytes(of: file, upTo: 64), as: UTF8.self)
    if beginning.isEmpty || beginning.hasPrefix("SQLite format 3") {
      self = .sqlite(file)
    } else if beginning.trimmed.hasPrefix("{") {
      self = .document(file)
    } else {
      throw Self.unreadable(file)
    }
  }

  private static let fix =
    "name a SQLite file, a snapshot, or a URL like postgresql://user@host/database"

  private static func unreadable(_ file: Path) -> Complaint {
    Complaint(
      "unknown-file", at: file.text,
      "this is neither a SQLite database nor a snapshot that Stairway wrote", fix: fix,
      outcome: .usage)
  }

  /// Reads it.
  ///
  /// - Throws: `Complaint`, `PlatformError`.
  func snapshot() throws -> Snapshot {
    switch self {
    case .postgresql(let address):
      do {
        return try PostgresSchemaReader(address).fullSnapshot()
      } catch let error as DatabaseError {
        throw Complaint(
          refusal: error, at: address.redacted,
          fix: "see that the server runs and that the address is right, e.g. with psql")
      }
    case .sqlite(let path):
      do {
        return try SQLiteSchemaReader(path: path.text).fullSnapshot()
      } catch let error as DatabaseError {
        throw Complaint(
          refusal: error, at: path.text, fix: "see with `sqlite3` whether it can be read")
      }
    case .document(let path):
      do {
        return try SnapshotFile.snapshot(in: path)
      } catch is FormatError {
        throw Self.unreadable(path)
      }
    }
  }
}
