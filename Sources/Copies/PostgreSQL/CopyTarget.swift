import Databases
import Platform
import Scratch

/// A new database on the scratch server, which a source is restored into.
final class CopyTarget {
  let server: any ScratchServer
  let database: any ScratchDatabase
  let address: PostgresAddress
  /// Whether nobody else uses the server, so that roles may be made on it.
  let isPrivate: Bool
  private let work: CopyWork
  private var isHandedOver = false

  /// - Parameter server: taken over; shut down where no database can be had.
  init(on server: any ScratchServer, isPrivate: Bool, _ work: CopyWork) throws {
    self.server = server
    self.isPrivate = isPrivate
    self.work = work
    do {
      database = try server.lend()
      guard case .postgresql(let address) = database.address else {
        throw CopyError(.restoreFailed, "\(server.origin) gave no PostgreSQL database")
      }
      self.address = address
    } catch {
      server.shutDown()
      throw error
    }
  }

  /// A database of a given server that is full already; both are taken over.
  init(_ database: any ScratchDatabase, on server: PostgresServer, _ work: CopyWork) throws {
    self.server = server
    self.database = database
    self.work = work
    isPrivate = false
    guard case .postgresql(let address) = database.address else {
      throw CopyError(.restoreFailed, "\(server.origin) gave no PostgreSQL database")
    }
    self.address = address
  }

  /// The server that a copy of this size is put on.
  /// - Throws: `CopyError` `no-room`, or `ScratchError`.
  static func server(
    _ room: Room, of source: String, _ work: CopyWork
  ) throws -> (any ScratchServer, isPrivate: Bool) {
    let settings = room.settings(work.settings)
    if settings.postgresURL == nil {
      let places = settings.places(
        room: settings.roomForCluster, openToAll: UserAccount.effectiveUID == 0)
      try room.check(places, of: source)
    } else {
      work.tell(
        "the copy needs \(CopyError.size(room.needed)) on the given server, whose free space cannot be "
          + "seen from here")
    }
    let server = try ScratchServers.find(
      engine: .postgresql, settings: settings, interruption: work.interruption)
    return (server, settings.postgresURL == nil)
  }

  /// Makes the roles, where the server is Stairway's own. One that cannot be made shows in what is
  /// restored.
  func make(roles: [String]) throws {
    guard isPrivate else { return }
    let connection = try PostgresConnection(address)
    for role in roles { try? connection.execute(role) }
  }

  /// Why the copy is made without owners and privileges: on a given server always, since they name roles
  /// that are somebody's and that not everybody may give things to; on Stairway's own where a role could
  /// not be made. nil where they come along.
  /// - Parameter names: the roles that the source names, where they are known.
  func reasonForNoOwners(naming names: Set<String> = []) throws -> String? {
    let missing = names.isEmpty ? [] : names.subtracting(try roles()).sorted()
    guard !isPrivate || !missing.isEmpty else { return nil }
    let roles = missing.isEmpty ? "" : "the server has no role \(CopyError.list(missing, limit: 5))"
    guard !isPrivate else { return "owners and privileges: \(roles)" }
    return Self.withoutOwners + (roles.isEmpty ? "" : "; \(roles)")
  }

  /// As it is said that they were left out.
  static let withoutOwners = "owners and privileges: roles are not made on a given server"

  /// The names of the server's roles.
  func roles() throws -> Set<String> {
    Set(
      try PostgresConnection(address).rows("SELECT rolname FROM pg_roles").map { $0.text(0) })
  }

  /// Gives the database the settings that the source has with `ALTER DATABASE … SET`.
  /// - Returns: those that this server does not take.
  func set(_ settings: [(name: String, value: String)]) throws -> [String] {
    let connection = try PostgresConnection(address)
    let database = Identifier(address.database).quoted
    return settings.compactMap { name, value in
      // What a list is made of was quoted by the server that kept it.
      let isList =
        ["search_path", "temp_tablespaces"].contains(name) || name.hasSuffix("_libraries")
      let text = isList ? value : RoleMaking.literal(value)
      let statement = "ALTER DATABASE \(database) SET \(Identifier(name).quoted) TO \(text)"
      do {
        try connection.execute(statement)
        return nil
      } catch {
        return "the database's setting \(name)"
      }
    }
  }

  /// Cuts the ways to other servers that came with the source: a migration must not reach through
  /// them, and the passwords are production's.
  /// - Returns: what was cut.
  func disconnectForeignServers() throws -> [String] {
    let connection = try PostgresConnection(address)
    let mappings = try connection.rows(
      "SELECT srvname, CASE WHEN umuser = 0 THEN 'PUBLIC' ELSE quote_ident(usename) END "
        + "FROM pg_user_mappings ORDER BY 1, 2")
    for row in mappings {
      try connection.execute(
        "DROP USER MAPPING FOR \(row.text(1)) SERVER \(Identifier(row.text(0)).quoted)")
    }
    return Set(mappings.map { $0.text(0) }).sorted().map { "logins at the foreign server \($0)" }
  }

  /// From here on somebody else drops it.
  func handOver() { isHandedOver = true }

  deinit {
    guard !isHandedOver else { return }
    database.drop()
    server.shutDown()
  }
}
