import Databases
import Platform
import Schemas
import Scratch
import Testing

@testable import Projects

@Suite struct MendTests {
  @Test(arguments: MendCase.sqlite)
  func `operations restore SQLite's schema when they are run`(_ c: MendCase) throws {
    let server = try ScratchServers.find(engine: .sqlite, settings: Self.settings)
    defer { server.shutDown() }
    try check(c, on: try server.lend())
  }

  /// One cluster for all of them: to start one costs a second.
  @Test func `operations restore PostgreSQL's schema when they are run`() throws {
    let server = try ScratchServers.find(engine: .postgresql, settings: Self.settings)
    defer { server.shutDown() }
    for c in MendCase.postgresql { try check(c, on: try server.lend()) }
  }

  private func check(_ c: MendCase, on database: any ScratchDatabase) throws {
    defer { database.drop() }
    try execute(c.before, at: database.address)
    let before = try snapshot(database.address)
    try execute(c.change, at: database.address)
    let difference = SchemaDifference(from: before, to: try snapshot(database.address))
    try #require(difference.isStructural)
    let lines = AlembicOperations().undoing(difference, on: c.engine)
    let said = Comment(rawValue: lines.joined(separator: "\n"))
    #expect(!lines.contains { $0.contains("# no operation") }, said)
    let run = try ChildProcess.run(
      Launch(
        try TestPython.path().text,
        ["-c", Self.program, url(database.address), lines.joined(separator: "\n")],
        environment: ["PATH": "/usr/bin:/bin"]))
    #expect(run.isSuccess, Comment(rawValue: "\(lines.joined(separator: "\n"))\n\(run.errors)"))
    let rest = SchemaDifference(from: before, to: try snapshot(database.address))
    let left = rest.changes.filter { $0.weight == .structural }
    #expect(left.isEmpty, Comment(rawValue: (rest.lines + lines).joined(separator: "\n")))
  }

  private static let program = """
    import sys
    import sqlalchemy as sa
    from alembic.migration import MigrationContext
    from alembic.operations import Operations
    engine = sa.create_engine(sys.argv[1])
    with engine.begin() as connection:
        op = Operations(MigrationContext.configure(connection))
        exec(sys.argv[2], {"op": op, "sa": sa})
    """

  private static var settings: ScratchSettings {
    ScratchSettings(
      environment: ["PATH": "/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/bin"],
      roomForFiles: 1 << 20, roomForCluster: 256 << 20)
  }

  private func execute(_ statements: [String], at address: DatabaseAddress) throws {
    switch address {
    case .sqlite(let path):
      let connection = try SQLiteConnection(path: path, access: .readWrite)
      for statement in statements { try connection.execute(statement) }
    case .postgresql(let address):
      let connection = try PostgresConnection(address)
      try connection.execute("SET search_path = public")
      for statement in statements { try connection.execute(statement) }
    }
  }

  private func snapshot(_ address: DatabaseAddress) throws -> Snapshot {
    switch address {
    case .sqlite(let path): try SQLiteSchemaReader(path: path).snapshot()
    case .postgresql(let address): try PostgresSchemaReader(address).snapshot()
    }
  }

  private func url(_ address: DatabaseAddress) -> String {
    switch address {
    case .sqlite(let path): "sqlite:///\(path)"
    case .postgresql(let address):
      "postgresql+psycopg2://\(address.user):\(address.password ?? "")@/\(address.database)"
        + "?host=\(address.host)&port=\(address.port)"
    }
  }
}
