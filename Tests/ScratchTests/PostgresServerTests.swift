import Databases
import Platform
import Testing

@testable import Scratch

struct PostgresServerTests {
  private func databases(_ address: PostgresAddress, _ prefix: String) throws -> [String] {
    let sql = "SELECT datname FROM pg_database WHERE starts_with(datname, $1) ORDER BY datname"
    return try PostgresConnection(address).rows(sql, [prefix]).map { $0.text(0) }
  }

  private func name(_ database: any ScratchDatabase) throws -> String {
    guard case .postgresql(let address) = database.address else { return "" }
    return address.database
  }

  @Test func `only what this run made is dropped at the end`() throws {
    let address = try SharedCluster.address()
    let other = RandomName.make(prefix: "customer", separator: "_")
    try PostgresConnection(address).execute("CREATE DATABASE \(other)")
    let server = try PostgresServer(url: address.url)
    let database = try server.lend()
    _ = try database.checkpoint()
    let made = try name(database)
    #expect(try databases(address, made) == [made, "\(made)_c1"])
    server.shutDown()
    #expect(try databases(address, made) == [])
    #expect(try databases(address, other) == [other])
  }

  @Test func `a connection that an application left open does not stand in the way`() throws {
    let server = try PostgresServer(url: SharedCluster.address().url)
    let database = try server.lend()
    guard case .postgresql(let address) = database.address else { return }
    let application = try PostgresConnection(address)
    let checkpoint = try database.checkpoint()
    #expect(throws: DatabaseError.self) { _ = try application.rows("SELECT 1") }
    let another = try PostgresConnection(address)
    try database.restore(checkpoint)
    #expect(throws: DatabaseError.self) { _ = try another.rows("SELECT 1") }
    let third = try PostgresConnection(address)
    server.shutDown()
    #expect(throws: DatabaseError.self) { _ = try third.rows("SELECT 1") }
  }

  @Test func `a database that subscribes to another server's publication is dropped, too`() throws {
    let address = try SharedCluster.address()
    let server = try PostgresServer(url: address.url)
    let database = try server.lend()
    let made = try name(database)
    let subscribe = """
      CREATE SUBSCRIPTION \(made) CONNECTION 'host=nowhere' PUBLICATION p WITH (connect = false)
      """
    try ask(database.address, subscribe)
    try database.reset()
    let sql = "SELECT subname FROM pg_subscription WHERE subname = '\(made)'"
    #expect(try ask(database.address, sql).isEmpty)
    try ask(database.address, subscribe)
    server.shutDown()
    #expect(try databases(address, made) == [])
  }

  @Test func `what ALTER DATABASE set comes back with the checkpoint`() throws {
    let server = try PostgresServer(url: SharedCluster.address().url)
    let database = try server.lend()
    let name = try name(database)
    try ask(database.address, "ALTER DATABASE \(name) SET search_path = 'a b', public")
    try ask(database.address, "ALTER DATABASE \(name) SET work_mem = '5MB'")
    let checkpoint = try database.checkpoint()
    try ask(database.address, "ALTER DATABASE \(name) RESET ALL")
    try database.restore(checkpoint)
    let sql = """
      SELECT unnest(setconfig) FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
      WHERE d.datname = current_database() ORDER BY 1
      """
    let settings = try ask(database.address, sql).map { $0.text(0) }
    #expect(settings == ["search_path=\"a b\", public", "work_mem=5MB"])
    try database.reset()
    #expect(try ask(database.address, sql) == [])
    server.shutDown()
  }

  @Test func `a connection of our own that the server ended is opened again`() throws {
    let address = try SharedCluster.address()
    let administration = PostgresAdministration(address, copiesFiles: false)
    let id = try administration.rows("SELECT pg_backend_pid()").first?.text(0) ?? ""
    _ = try PostgresConnection(address).rows("SELECT pg_terminate_backend($1, 10000)", [id])
    let next = try administration.rows("SELECT pg_backend_pid()").first?.text(0)
    #expect(next != nil)
    #expect(next != id)
  }

  @Test func `a role that may not create databases is told how it could`() throws {
    var address = try SharedCluster.address()
    let role = RandomName.make(prefix: "poor", separator: "_")
    try PostgresConnection(address).execute("CREATE ROLE \(role) LOGIN PASSWORD 's3cret'")
    address.user = role
    address.password = "s3cret"
    let error = #expect(throws: ScratchError.self) { try PostgresServer(url: address.url) }
    #expect(error?.code == .cannotCreateDatabase)
    #expect(error?.message.contains(role) == true)
    #expect(error?.fix == "as an administrator there: ALTER ROLE \"\(role)\" CREATEDB")
    #expect(error.map { "\($0)" }?.contains("s3cret") == false)
  }

  @Test func `a role that is no superuser can do all of it`() throws {
    var address = try SharedCluster.address()
    let role = RandomName.make(prefix: "maker", separator: "_")
    try PostgresConnection(address).execute("CREATE ROLE \(role) LOGIN CREATEDB")
    address.user = role
    let server = try PostgresServer(url: address.url)
    let database = try server.lend()
    let checkpoint = try database.checkpoint()
    try database.restore(checkpoint)
    try database.reset()
    let made = try name(database)
    server.shutDown()
    #expect(try databases(address, made) == [])
  }

  @Test func `a server that is not there is told without the password`() {
    let error = #expect(throws: ScratchError.self) {
      try PostgresServer(url: "postgresql://ann:s3cret@/shop?host=/no/such/folder")
    }
    #expect(error?.code == .serverRefused)
    #expect(error?.message.contains("postgresql://ann@/no/such/folder:5432/shop") == true)
    #expect(error.map { "\($0.message) \($0.fix ?? "")" }?.contains("s3cret") == false)
  }

  @Test func `an address that cannot be read is told without the password`() throws {
    let error = #expect(throws: ScratchError.self) {
      try PostgresServer(url: "postgresql://ann:s3cret@host/shop?nonsense=1")
    }
    #expect(error?.code == .badAddress)
    #expect(error?.message.contains("nonsense") == true)
    #expect(error?.message.contains("s3cret") == false)
  }

  @Test func `how a given server was come by is told without the password`() throws {
    var address = try SharedCluster.address()
    address.password = "s3cret"
    let server = try PostgresServer(url: address.url)
    #expect(server.origin == "given server postgresql://postgres@\(address.host):5432/postgres")
    server.shutDown()
  }

  @Test func `what a killed run left is dropped, what a living one has is not`() throws {
    let address = try SharedCluster.address()
    let dead = "stairway_1_\(RandomName.hexadecimal(.random(in: .min ... .max)))_1"
    let number = UInt64.random(in: .min ... .max)
    let living = "stairway_1_\(RandomName.hexadecimal(number))_1"
    let connection = try PostgresConnection(address)
    _ = try connection.rows(
      "SELECT pg_advisory_lock($1::bigint)", [String(Int64(bitPattern: number))])
    let lookalike = "stairway_prod_\(RandomName.hexadecimal(number))"
    try connection.execute("CREATE DATABASE \(living)")
    try connection.execute("CREATE DATABASE \(lookalike)")
    // Another test's run may sweep these before this one does.
    for name in [dead, "\(dead)_c7"] { try connection.execute("CREATE DATABASE \(name)") }
    let server = try PostgresServer(url: address.url)
    #expect(try databases(address, dead) == [])
    #expect(try databases(address, living) == [living])
    #expect(try databases(address, lookalike) == [lookalike])
    server.shutDown()
  }
}
