import Databases
import Schemas
import Scratch
import Testing

@testable import Projects

@Suite struct MendTests {
  @Test(arguments: MendCase.sqlite + MendCase.unnamed)
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

  /// Only a type differs between the two; the batch that mends it copies the table.
  @Test func `what a copied table would lose is kept`() throws {
    let server = try ScratchServers.find(engine: .sqlite, settings: MendScript.settings)
    defer { server.shutDown() }
    func made(_ length: Int) throws -> any ScratchDatabase {
      let database = try server.lend()
      try MendScript.execute(
        [
          """
          CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, a VARCHAR(\(length)) NOT NULL,
            e TEXT COLLATE NOCASE, x INT, CHECK (x > 5), CONSTRAINT named CHECK (x < 9))
          """, "CREATE TABLE untouched(x INT CHECK (x > 5))",
          "CREATE UNIQUE INDEX t_lower ON t(lower(a))", "CREATE INDEX t_e ON t(e DESC, x)",
          "CREATE INDEX t_x ON t(x) WHERE x > 6",
          "CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT ':x'; END",
        ], at: database.address)
      return database
    }
    let (wanted, present) = (try made(60), try made(50))
    defer { for database in [wanted, present] { database.drop() } }
    let before = try snapshot(wanted.address)
    let after = try snapshot(present.address)
    let lines = AlembicOperations().undoing(
      SchemaDifference(from: before, to: after), on: .sqlite,
      keeping: after.units(of: .table).flatMap(\.objects))
    try MendScript.run(lines, at: present.address)
    let rest = SchemaDifference(from: before, to: try snapshot(present.address))
    #expect(!rest.isStructural, Comment(rawValue: (rest.lines + lines).joined(separator: "\n")))
    #expect(!lines.contains { $0.contains("untouched") })
  }

  private func check(_ c: MendCase, on database: any ScratchDatabase) throws {
    defer { database.drop() }
    try MendScript.execute(c.before, at: database.address)
    let before = try snapshot(database.address)
    try MendScript.execute(c.change, at: database.address)
    let after = try snapshot(database.address)
    let difference = SchemaDifference(from: before, to: after)
    try #require(difference.isStructural)
    let lines = AlembicOperations().undoing(
      difference, on: c.engine, keeping: after.units(of: .table).flatMap(\.objects))
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
