import Databases
import Schemas
import Scratch
import Testing

@testable import Projects

@Suite struct MendTests {
  @Test(arguments: MendCase.sqlite)
  func `operations restore SQLite's schema when they are run`(_ c: MendCase) throws {
    let server = try ScratchServers.find(engine: .sqlite, settings: MendScript.settings)
    defer { server.shutDown() }
    try check(c, on: try server.lend())
  }

  /// One cluster for all of them: to start one costs a second.
  @Test func `operations restore PostgreSQL's schema when they are run`() throws {
    let server = try ScratchServers.find(engine: .postgresql, settings: MendScript.settings)
    defer { server.shutDown() }
    for c in MendCase.postgresql { try check(c, on: try server.lend()) }
  }

  private func check(_ c: MendCase, on database: any ScratchDatabase) throws {
    defer { database.drop() }
    try MendScript.execute(c.before, at: database.address)
    let before = try snapshot(database.address)
    try MendScript.execute(c.change, at: database.address)
    let difference = SchemaDifference(from: before, to: try snapshot(database.address))
    try #require(difference.isStructural)
    let lines = AlembicOperations().undoing(difference, on: c.engine)
    let said = Comment(rawValue: lines.joined(separator: "\n"))
    #expect(!lines.contains { $0.contains("# no operation") }, said)
    try MendScript.run(lines, at: database.address)
    let rest = SchemaDifference(from: before, to: try snapshot(database.address))
    let left = rest.changes.filter { $0.weight == .structural }
    #expect(left.isEmpty, Comment(rawValue: (rest.lines + lines).joined(separator: "\n")))
  }

  private func snapshot(_ address: DatabaseAddress) throws -> Snapshot {
    switch address {
    case .sqlite(let path): try SQLiteSchemaReader(path: path).snapshot()
    case .postgresql(let address): try PostgresSchemaReader(address).snapshot()
    }
  }
}
