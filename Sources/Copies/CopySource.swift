package import Databases
package import Platform

/// What is copied.
package enum CopySource: Sendable, Hashable {
  /// A database on a server, which is only read.
  case postgresql(PostgresAddress)
  /// A file or folder that `pg_dump` wrote, perhaps compressed.
  case dump(Path)
  /// A SQLite file, which is only read.
  case sqlite(Path)
  /// No copying: a database that its owner can do without.
  case inPlace(DatabaseAddress)

  /// Reads the text of `--source`: a PostgreSQL URL, or the path of a file or folder, whose content
  /// says what it is.
  ///
  /// - Parameters:
  ///   - folder: what relative paths begin at.
  ///   - inPlace: whether it is to be used itself.
  /// - Throws: `CopyError` `bad-source`, `encrypted-dump`, `unreadable-dump` or `several-databases`.
  package init(
    _ text: String, relativeTo folder: Path, inPlace: Bool = false,
    environment: [String: String] = ["PATH": "/usr/bin:/bin"]
  ) throws {
    if let scheme = Self.scheme(of: text) {
      self = try Self.ofURL(text, scheme: scheme, folder, inPlace: inPlace, environment)
      return
    }
    let path = folder / text
    if !Files.exists(path), let address = Self.keywordAddress(text) {
      self = inPlace ? .inPlace(.postgresql(address)) : .postgresql(address)
      return
    }
    guard Files.exists(path) else {
      throw CopyError(
        .badSource, "\(Credentials.removed(from: path.text)): nothing is there",
        fix:
          "give the address of a database as postgresql://…, or the path of a dump or SQLite file")
    }
    guard Files.isFile(path) || Files.isFolder(path) else {
      throw CopyError(
        .badSource, "\(path) is a pipe or a device, and a source is read more than once",
        fix: "write the dump to a file first: pg_dump --format=custom --file=production.dump …")
    }
    switch try DumpFile.Content(of: path, environment: environment) {
    case .sqlite: self = inPlace ? .inPlace(.sqlite(path: path.text)) : .sqlite(path)
    case .dump:
      if inPlace {
        throw CopyError(
          .badSource, "\(path) is a dump, which is no database that could be used in place",
          fix: "leave --in-place out: it is restored into a database that is dropped afterwards")
      }
      self = .dump(path)
    }
  }

  private static func scheme(of text: String) -> String? {
    text.firstRange(of: "://").map { String(text[..<$0.lowerBound]).lowercased() }
      ?? (text.hasPrefix("sqlite:") ? "sqlite" : nil)
  }

  /// libpq's other spelling, `host=db dbname=shop`
  /// (<https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-KEYWORD-VALUE>).
  private static func keywordAddress(_ text: String) -> PostgresAddress? {
    let keyword = text.drop(while: \.isWhitespace).prefix { $0.isLetter || $0 == "_" }
    guard !keyword.isEmpty,
      text[keyword.endIndex...].drop(while: \.isWhitespace).first == "="
    else { return nil }
    return try? PostgresAddress(url: text)
  }

  private static func ofURL(
    _ text: String, scheme: String, _ folder: Path, inPlace: Bool, _ environment: [String: String]
  ) throws -> CopySource {
    switch scheme.prefix(while: { $0 != "+" }) {
    case "postgresql", "postgres":
      do {
        let address = try PostgresAddress(url: text)
        return inPlace ? .inPlace(.postgresql(address)) : .postgresql(address)
      } catch let error as DatabaseError {
        throw CopyError(
          .badSource, error.message,
          fix:
            "write it as postgresql://user@host:5432/database, the password after the user and a "
            + "colon, or in ~/.pgpass")
      }
    case "sqlite":
      // As SQLAlchemy writes it: three slashes before a relative path, four before one from the root.
      let rest = text.drop { $0 != ":" }.dropFirst()
      let path = rest.hasPrefix("///") ? rest.dropFirst(3) : rest
      return try CopySource(
        String(path), relativeTo: folder, inPlace: inPlace, environment: environment)
    default:
      throw CopyError(
        .badSource, "a source that begins with \(scheme):// cannot be read",
        fix: "give postgresql://…, or the path of a dump or SQLite file")
    }
  }

  /// The source for people, without credentials.
  package var title: String {
    switch self {
    case .postgresql(let address), .inPlace(.postgresql(let address)): address.redacted
    case .dump(let path), .sqlite(let path): path.text
    case .inPlace(.sqlite(let path)): path
    }
  }

  /// The engine of the copy.
  package var engine: Engine {
    switch self {
    case .postgresql, .dump: .postgresql
    case .sqlite: .sqlite
    case .inPlace(let address): address.engine
    }
  }

  /// What is to be typed, or given with `--confirm`, before it is used in place: the database's name,
  /// or the file's. nil where nothing has to be confirmed.
  package var nameToConfirm: String? {
    switch self {
    case .inPlace(.postgresql(let address)): address.database
    case .inPlace(.sqlite(let path)): Path(path).name
    default: nil
    }
  }
}
