private import CPostgres
import Formats
private import Glibc

extension PostgresAddress {
  /// Reads an address as users write it: a libpq URI or keyword string, `postgres://` as hosting
  /// services write it, or SQLAlchemy's `postgresql+driver://`. What it leaves out comes from where
  /// libpq takes it: `PGHOST` and the like, else the local socket, the present user and their
  /// database.
  ///
  /// - Throws: `DatabaseError` `bad-address` with libpq's reason, without credentials.
  package init(url: String) throws {
    var given = try Self.parse(try Self.libpqSpelling(of: url))
    let defaults = Self.options(PQconndefaults())
    if let service = given.removeValue(forKey: "service") {
      // What is given beside it goes before what the file says.
      let named = try Self.options(ofService: service).filter { $0.value != defaults[$0.key] }
      given.merge(named) { given, _ in given }
    }
    func value(_ key: String) -> String? { given[key] ?? defaults[key] }
    let portText = value("port") ?? "5432"
    // Either may be part of a password that is not written as URLs want it.
    guard let port = Int(portText) else {
      throw DatabaseError(
        .badAddress, message: "the port of the server's address is no number\(Self.escaping)")
    }
    if given["host"]?.contains("@") == true || given["dbname"]?.contains("@") == true {
      throw DatabaseError(
        .badAddress,
        message: "the host or database of the server's address holds an @\(Self.escaping)")
    }
    let user = value("user") ?? "postgres"
    var parameters = given
    for key in ["host", "port", "user", "password", "dbname"] { parameters[key] = nil }
    self.init(
      host: value("host") ?? Self.localHost(port: port), port: port, user: user,
      password: value("password"), database: value("dbname") ?? user, parameters: parameters)
  }

  /// Takes libpq's keywords with their values as they are; what they leave out comes from where libpq
  /// takes it.
  /// - Throws: `DatabaseError` `bad-address`.
  package init(keywords: [String: String]) throws {
    try self.init(url: Self.keywordString(keywords.sorted { $0.key < $1.key }))
  }

  private static let escaping =
    "; within a password @ is written %40, / is written %2F, and : is written %3A"

  /// The same text as libpq reads it: without a driver's name, and with asyncpg's `ssl` under
  /// libpq's name.
  private static func libpqSpelling(of url: String) throws -> String {
    guard let separator = url.firstRange(of: "://") else { return url }
    let scheme = url[..<separator.lowerBound].prefix { $0 != "+" }
    guard ["postgresql", "postgres"].contains(scheme) else {
      throw DatabaseError(
        .badAddress,
        message: "the server's address begins with \(scheme)://, which is not PostgreSQL's")
    }
    let parts = url[separator.upperBound...].split(
      separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return "\(scheme)://\(parts[0])" }
    let query = parts[1].split(separator: "&").map {
      $0.hasPrefix("ssl=") && $0 != "ssl=true" ? "sslmode=\($0.dropFirst(4))" : String($0)
    }
    return "\(scheme)://\(parts[0])?\(query.joined(separator: "&"))"
  }

  private static func parse(_ text: String) throws -> [String: String] {
    var message: UnsafeMutablePointer<CChar>?
    guard let parsed = PQconninfoParse(text, &message) else {
      defer { PQfreemem(message) }
      let reason = message.map { String(cString: $0) } ?? "out of memory"
      let line = reason.split(whereSeparator: \.isNewline).first.map(String.init) ?? reason
      throw DatabaseError(
        .badAddress, message: "cannot read the server's address: \(reasonWithoutWords(line, text))")
    }
    return options(parsed)
  }

  /// What libpq says of an address, without the part that it quotes since it does not understand it: that
  /// can be one of a password. The name of a parameter is shown where no password can stand before it.
  private static func reasonWithoutWords(_ reason: String, _ text: String) -> String {
    guard text.contains("://") else { return "it is not a libpq string" }
    guard let quoted = reason.firstRange(of: ": \"") else {
      return Credentials.removed(from: reason)
    }
    let name = reason[quoted.upperBound...].prefix { $0 != "\"" }
    let isName =
      reason.hasPrefix("invalid URI query parameter") && !text.contains("password=")
      && text.split(separator: "@").last?.contains("\(name)=") == true
    return isName ? reason : reason[..<quoted.lowerBound] + escaping
  }

  /// An address as somebody wrote it, as it may be shown: as it is where it has no password, else with
  /// `***` in the password's place, and nothing else of one that nobody can read.
  package static func shown(_ text: String) -> String {
    guard var address = try? PostgresAddress(url: text),
      let given = try? parse(libpqSpelling(of: text))
    else { return "***" }
    let secrets = given.keys.filter { ["password", "sslpassword"].contains($0) }
    if secrets.isEmpty { return text }
    address.password = secrets.contains("password") ? "***" : nil
    if secrets.contains("sslpassword") { address.parameters["sslpassword"] = "***" }
    return address.url.replacing("%2A%2A%2A", with: "***")
  }

  /// What the file of services says of one
  /// (<https://www.postgresql.org/docs/current/libpq-pgservice.html>). libpq reads it only where it begins
  /// to connect, which is ended at once.
  /// - Throws: `DatabaseError` `bad-address` where the file has no such service.
  private static func options(ofService name: String) throws -> [String: String] {
    let connection = PQconnectStart(keywordString([("service", name)]))
    defer { PQfinish(connection) }
    let words = connection.map { String(cString: PQerrorMessage($0)) } ?? "out of memory"
    let line = words.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    if line.contains("definition of service") || line.contains("service file") {
      throw DatabaseError(.badAddress, message: "cannot read the server's address: \(line)")
    }
    return options(PQconninfo(connection))
  }

  private static func options(_ start: UnsafeMutablePointer<PQconninfoOption>?) -> [String: String]
  {
    var found: [String: String] = [:]
    var next = start
    while let option = next, let keyword = option.pointee.keyword {
      if let value = option.pointee.val, value.pointee != 0 {
        found[String(cString: keyword)] = String(cString: value)
      }
      next = option + 1
    }
    PQconninfoFree(start)
    return found
  }

  /// Where a server on this machine listens: Debian's socket folder, PostgreSQL's own, else TCP.
  private static func localHost(port: Int) -> String {
    ["/var/run/postgresql", "/tmp"].first { access("\($0)/.s.PGSQL.\(port)", F_OK) == 0 }
      ?? "localhost"
  }

  /// A URL for libpq and psycopg; holds the password, so never print it.
  package var url: String { url(scheme: "postgresql") }

  /// SQLAlchemy's URL with the driver's name, e.g. `psycopg2`; holds the password.
  package func sqlalchemyURL(driver: String) -> String { url(scheme: "postgresql+\(driver)") }

  /// The address for people: without password and parameters.
  package var redacted: String { "postgresql://\(user)@\(host):\(port)/\(database)" }

  /// The text with every occurrence of the password, plain or as in a URL, replaced by `***`; one of
  /// less than three characters only where its place tells it from other text.
  package func withoutPassword(_ text: String) -> String {
    guard let password, password.count > 2 else { return Credentials.removed(from: text) }
    return Credentials.removed(from: text)
      .split(separator: password, omittingEmptySubsequences: false).joined(separator: "***")
      .split(separator: Self.escaped(password), omittingEmptySubsequences: false)
      .joined(separator: "***")
  }

  private func url(scheme: String) -> String {
    let isSocket = host.hasPrefix("/")
    let secret = password.map { ":\(Self.escaped($0))" } ?? ""
    let name = host.contains(":") ? "[\(host)]" : Self.escaped(host)
    let place = isSocket ? "" : "\(name):\(port)"
    var query = parameters.sorted { $0.key < $1.key }
      .map { "\(Self.escaped($0.key))=\(Self.escaped($0.value))" }
    if isSocket { query = ["host=\(Self.escaped(host))", "port=\(port)"] + query }
    let text = "\(scheme)://\(Self.escaped(user))\(secret)@\(place)/\(Self.escaped(database))"
    return query.isEmpty ? text : "\(text)?\(query.joined(separator: "&"))"
  }

  /// Everything but RFC 3986's unreserved characters as `%XX`.
  private static func escaped(_ text: String) -> String {
    PercentEncoding.encoded(text.utf8, keeping: "-._~")
  }
}
