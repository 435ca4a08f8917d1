import Databases
import Platform
import Testing

@testable import Scratch

/// What holds for scratch databases of both engines.
struct ScratchDatabaseTests {
  private func server(_ engine: Engine) throws -> any ScratchServer {
    switch engine {
    case .sqlite: try SQLiteScratch(surroundings)
    case .postgresql: try PostgresServer(url: SharedCluster.address().url)
    }
  }

  private func make(_ table: String, in database: any ScratchDatabase) throws {
    try ask(database.address, "CREATE TABLE \(database.address.table(table)) (id integer)")
  }

  @Test(arguments: Engine.allCases)
  func `a new database is empty and each is its own`(_ engine: Engine) throws {
    let server = try server(engine)
    let first = try server.lend()
    let second = try server.lend()
    #expect(first.address != second.address)
    try make("t", in: first)
    #expect(try tables(first.address) == ["t"])
    #expect(try tables(second.address) == [])
    #expect(server.engine == engine)
    #expect(server.version.first?.isNumber == true)
    server.shutDown()
  }

  @Test(arguments: Engine.allCases)
  func `a checkpoint gives its state back as often as it is asked`(_ engine: Engine) throws {
    let server = try server(engine)
    let database = try server.lend()
    let address = database.address
    let table = address.table("kept")
    try make("kept", in: database)
    try ask(address, "INSERT INTO \(table) VALUES (1)")
    let checkpoint = try database.checkpoint()
    for round in 2...3 {
      try ask(database.address, "INSERT INTO \(table) VALUES (\(round))")
      try make("later", in: database)
      try database.restore(checkpoint)
      #expect(database.address == address)
      #expect(try tables(database.address) == ["kept"])
      #expect(try ask(database.address, "SELECT id FROM \(table)").map { $0[0].integer } == [1])
    }
    server.shutDown()
  }

  @Test(arguments: Engine.allCases)
  func `checkpoints are kept apart, and letting one go leaves the others`(_ engine: Engine) throws {
    let server = try server(engine)
    let database = try server.lend()
    let empty = try database.checkpoint()
    try make("a", in: database)
    let one = try database.checkpoint()
    try make("b", in: database)
    let two = try database.checkpoint()
    database.discard(one)
    try database.restore(empty)
    #expect(try tables(database.address) == [])
    try database.restore(two)
    #expect(try tables(database.address) == ["a", "b"])
    let error = #expect(throws: ScratchError.self) { try database.restore(one) }
    #expect(error?.message.contains("cannot restore the scratch database") == true)
    #expect(try tables(database.address) == ["a", "b"])
    server.shutDown()
  }

  @Test(arguments: Engine.allCases)
  func `a reset empties the database and keeps its checkpoints`(_ engine: Engine) throws {
    let server = try server(engine)
    let database = try server.lend()
    try make("t", in: database)
    let checkpoint = try database.checkpoint()
    try database.reset()
    #expect(try tables(database.address) == [])
    try database.restore(checkpoint)
    #expect(try tables(database.address) == ["t"])
    server.shutDown()
  }

  @Test(arguments: Engine.allCases)
  func `a dropped database is gone with its checkpoints, and the others stay`(_ engine: Engine)
    throws
  {
    let server = try server(engine)
    let gone = try server.lend()
    let kept = try server.lend()
    _ = try gone.checkpoint()
    let address = gone.address
    gone.drop()
    gone.drop()
    #expect(throws: DatabaseError.self) { try ask(address, "SELECT 1") }
    #expect(try tables(kept.address) == [])
    server.shutDown()
    server.shutDown()
  }
}
