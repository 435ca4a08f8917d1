package import Databases
import Platform

/// A server that was given: databases are made on it under names that only this run uses, and only
/// those are ever dropped.
///
/// The names are `stairway_<pid>_<run>_<n>`, `<run>` being 64 random bits. As long as the run lives
/// it holds the advisory lock of that number, so that a later run can tell what a killed one left.
package final class PostgresServer: ScratchServer {
  package let engine = Engine.postgresql
  package let version: String
  package let origin: String
  package let checkpointsAreCheap = false
  private let run: PostgresRun
  private let maintenance: PostgresAdministration
  private let isPrivate: Bool
  private var lent = 0
  private var isOver = false

  /// Connects, sees whether databases may be made there, and drops those of killed runs.
  /// - Throws: `ScratchError` `bad-address`, `server-refused` or `cannot-create-database`.
  package convenience init(url: String) throws {
    let address: PostgresAddress
    do {
      address = try PostgresAddress(url: url)
    } catch let error as DatabaseError {
      throw ScratchError(
        .badAddress, error.message,
        fix:
          "write it as postgresql://user@host:5432/postgres, with a colon and the password after "
          + "the user where one is needed")
    }
    try self.init(address, origin: "given server \(address.redacted)", isPrivate: false)
  }

  /// The server, and the database on it in which databases are made and dropped.
  package var address: PostgresAddress { maintenance.address }

  /// - Parameter isPrivate: whether nobody else uses the server and it goes away as a whole.
  init(_ given: PostgresAddress, origin: String, isPrivate: Bool) throws {
    self.origin = origin
    self.isPrivate = isPrivate
    maintenance = try Self.connect(to: given, isPrivate: isPrivate)
    do {
      version = try Self.check(maintenance)
      run = try PostgresRun(on: maintenance.address)
    } catch {
      throw ScratchError(
        error, .serverRefused, "cannot use the server \(given.redacted)",
        fix: "name another with STAIRWAY_POSTGRES_URL, or none, for a private one")
    }
    if !isPrivate { PostgresRun.sweep(maintenance) }
  }

  deinit { shutDown() }

  package func lend() throws -> any ScratchDatabase {
    lent += 1
    let own = PostgresAdministration(maintenance.address, copiesFiles: isPrivate)
    return try PostgresScratchDatabase(
      "\(run.prefix)\(lent)", on: own, ownsRoles: isPrivate)
  }

  /// A new database that is a copy of another one on this server, to which nobody may be connected.
  /// Nobody is disconnected for it.
  /// - Throws: `ScratchError` where the server refuses, e.g. because somebody is connected.
  package func lend(copyOf name: String) throws -> any ScratchDatabase {
    lent += 1
    let own = PostgresAdministration(maintenance.address, copiesFiles: isPrivate)
    return try PostgresScratchDatabase("\(run.prefix)\(lent)", on: own, copyOf: name)
  }

  /// Whether a session that holds the advisory lock of this number is connected to this server, which
  /// only one that is the same server can say.
  package func sees(lock number: Int64) throws -> Bool {
    let bits = UInt64(bitPattern: number)
    let sql = """
      SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
        AND classid::bigint = $1::bigint AND objid::bigint = $2::bigint)
      """
    let rows = try maintenance.rows(sql, [String(bits >> 32), String(bits & 0xffff_ffff)])
    return rows.first?[0].boolean == true
  }

  package func shutDown() {
    guard !isOver else { return }
    isOver = true
    if !isPrivate { run.dropAll(maintenance) }
    maintenance.close()
    run.end()
  }

  /// Sees whether the server is one that Stairway knows and the role may create databases.
  /// - Returns: the server's version.
  private static func check(_ server: PostgresAdministration) throws -> String {
    let row = try server.rows(
      """
      SELECT split_part(current_setting('server_version'), ' ', 1), r.rolcreatedb OR r.rolsuper,
        r.rolname
      FROM pg_roles r WHERE r.rolname = current_user
      """
    ).first
    let version = row?.text(0) ?? ""
    let place = server.address.redacted
    guard try server.version >= 120_000 else {
      throw ScratchError(
        .serverRefused, "\(place) is PostgreSQL \(version); 12 is the oldest that is supported",
        fix: "name a newer server")
    }
    guard row?[1].boolean == true else {
      let role = row?.text(2) ?? server.address.user
      throw ScratchError(
        .cannotCreateDatabase, "the role \(role) may not create databases on \(place)",
        fix: "as an administrator there: ALTER ROLE \(Identifier(role).quoted) CREATEDB")
    }
    return version
  }

  /// Connects to `postgres` where there is one, so that nobody is kept from dropping the database
  /// that the address names, else to that.
  private static func connect(
    to given: PostgresAddress, isPrivate: Bool
  ) throws -> PostgresAdministration {
    var address = given
    address.parameters["connect_timeout"] = given.parameters["connect_timeout"] ?? "10"
    let usual = PostgresAdministration(address.database("postgres"), copiesFiles: isPrivate)
    if (try? usual.rows("SELECT 1")) != nil { return usual }
    let named = PostgresAdministration(address, copiesFiles: isPrivate)
    do {
      _ = try named.rows("SELECT 1")
      return named
    } catch {
      throw ScratchError(
        error, .serverRefused, "cannot connect to \(given.redacted)",
        fix: "see that the server runs and that the address is right, e.g. with psql")
    }
  }
}
