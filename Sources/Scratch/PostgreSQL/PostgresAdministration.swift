import Databases

/// Makes, copies and drops databases on one server, over a connection that it opens when it is first
/// needed and again when it was lost.
///
/// Used by one thread. Every name that is given to it is one that this run made.
final class PostgresAdministration {
  /// The server, and the database that its commands are given in.
  let address: PostgresAddress
  private let copiesFiles: Bool
  private var connection: PostgresConnection?

  /// - Parameter copiesFiles: whether a database is made by copying its files, which on a private
  ///   server takes a third of the time (15 ms instead of 45, PostgreSQL 15). It forces a checkpoint
  ///   of the whole server, so on a given one the pages go through the log, as the server prefers.
  init(_ address: PostgresAddress, copiesFiles: Bool) {
    self.address = address
    self.copiesFiles = copiesFiles
  }

  /// Makes a database as a copy of the template; nobody is left connected to the template, where it
  /// is one of this run's.
  func create(_ name: String, template: String = "template0") throws {
    if template != "template0" { try disconnectAll(from: template) }
    let strategy = try version >= 150_000 && copiesFiles ? " STRATEGY file_copy" : ""
    let encoding = template == "template0" ? try encodingClause() : ""
    try run(
      "CREATE DATABASE \(Identifier(name).quoted) TEMPLATE \(Identifier(template).quoted)"
        + encoding + strategy)
    if template != "template0" { try copySettings(of: template, to: name) }
  }

  /// Makes a database as a copy of one that is somebody's, whose sessions are left alone: the server
  /// refuses where there are any.
  func copy(_ source: String, as name: String) throws {
    try run(
      "CREATE DATABASE \(Identifier(name).quoted) TEMPLATE \(Identifier(source).quoted)")
    try copySettings(of: source, to: name)
  }

  /// A template's rows are copied, but not what `ALTER DATABASE … SET` gave it. Its own session tells
  /// each value, so that nothing has to be quoted again.
  private func copySettings(of source: String, to target: String) throws {
    let names = try rows(
      """
      SELECT split_part(setting, '=', 1)
      FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase, unnest(s.setconfig) setting
      WHERE s.setrole = 0 AND d.datname = $1
      """, [source]
    ).map { Identifier($0.text(0)).quoted }
    guard !names.isEmpty else { return }
    let session = try PostgresConnection(address.database(source))
    for name in names {
      try session.execute(
        "RESET \(name); ALTER DATABASE \(Identifier(target).quoted) SET \(name) FROM CURRENT")
    }
  }

  /// Drops a database with whoever is connected to it; one that is not there is as good.
  func drop(_ name: String) throws {
    do {
      try dropWithSessions(name)
    } catch let error as DatabaseError where error.state == "55006" {
      // object_in_use: a migration has subscribed it to another server's publication.
      try dropSubscriptions(of: name)
      try dropWithSessions(name)
    }
  }

  /// What they read elsewhere is left as it is: nobody asks the other server.
  private func dropSubscriptions(of name: String) throws {
    let session = try PostgresConnection(address.database(name))
    let names = try session.rows(
      """
      SELECT s.subname FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid
      WHERE d.datname = current_database()
      """)
    for row in names {
      let name = Identifier(row.text(0)).quoted
      try session.execute("ALTER SUBSCRIPTION \(name) DISABLE")
      try session.execute("ALTER SUBSCRIPTION \(name) SET (slot_name = NONE)")
      try session.execute("DROP SUBSCRIPTION \(name)")
    }
  }

  private func dropWithSessions(_ name: String) throws {
    let quoted = Identifier(name).quoted
    if try version >= 130_000 {
      try run("DROP DATABASE IF EXISTS \(quoted) WITH (FORCE)")
    } else {
      try disconnectAll(from: name)
      try run("DROP DATABASE IF EXISTS \(quoted)")
    }
  }

  /// The names of the server's roles, but for those that each server has.
  func roles() throws -> Set<String> {
    Set(try rows("SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_'").map { $0.text(0) })
  }

  /// Drops the roles that are none of these. One that another database still names stays.
  func dropRoles(except known: Set<String>) throws {
    for role in try roles().subtracting(known).sorted() {
      try? run("DROP ROLE \(Identifier(role).quoted)")
    }
  }

  /// The rows of one query.
  func rows(_ sql: String, _ parameters: [String?] = []) throws -> [Row] {
    try connected { try $0.rows(sql, parameters) }
  }

  /// Closes the connection; the next command opens another.
  func close() { connection = nil }

  /// The server's version as libpq numbers it: 150018 for 15.18.
  var version: Int {
    get throws { try connected { $0.serverVersion } }
  }

  private func run(_ sql: String) throws { try connected { try $0.execute(sql) } }

  private func disconnectAll(from name: String) throws {
    _ = try rows(
      """
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = $1 AND pid <> pg_backend_pid()
      """, [name])
  }

  /// Applications expect UTF-8; a server whose template has another encoding can give it with the
  /// one locale that goes with all of them.
  private func encodingClause() throws -> String {
    let sql = "SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = 'template0'"
    let isUTF8 = try rows(sql).first?.text(0) == "UTF8"
    return isUTF8 ? "" : " ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
  }

  /// Connects where that is needed, and once more where the connection turns out to be lost: servers
  /// and proxies end idle ones.
  private func connected<Result>(
    _ body: (borrowing PostgresConnection) throws -> Result
  ) throws -> Result {
    do {
      return try attempt(body)
    } catch {
      guard connection?.isAlive == false else { throw error }
      connection = nil
      return try attempt(body)
    }
  }

  private func attempt<Result>(
    _ body: (borrowing PostgresConnection) throws -> Result
  ) throws -> Result {
    let open =
      if let connection = connection.take() { connection } else {
        try PostgresConnection(address)
      }
    do {
      let result = try body(open)
      connection = consume open
      return result
    } catch {
      connection = consume open
      throw error
    }
  }
}
