import Databases
import Platform
import Rows
import Schemas
import TestSupport
import Testing

@Suite struct RestoreTests {
  /// A table with a key and one without for each case of the engine.
  private static func setup(_ engine: Engine) -> String {
    ValueChangeCase.types(engine)
      + ValueChangeCase.of(engine).enumerated().map { index, c in
        """
        CREATE TABLE t\(index) (id integer PRIMARY KEY, v \(c.type) DEFAULT (\(c.old)));
        INSERT INTO t\(index) VALUES (1, \(c.old)), (2, \(c.new)), (3, NULL);
        CREATE TABLE k\(index) AS SELECT v FROM t\(index);
        """
      }.joined()
  }

  @Test(arguments: RowLimits.both)
  func `a database is as its own dump restores it`(_ limits: RowLimits) throws {
    let database = try TestDatabase(.postgresql, Self.setup(.postgresql))
    guard case .postgresql(let address) = database.address else { return }
    let packaged = Path("/usr/lib/postgresql/\(try version(address))/bin/pg_dump")
    let run = try ChildProcess.run(
      Launch(
        Files.isFile(packaged) ? packaged.text : "pg_dump",
        ["--inserts", "--dbname", address.connectionString], environment: ["PATH": "/usr/bin:/bin"]),
      limit: 8 << 20)
    try #require(run.isSuccess, "\(run.errors)")
    // What is for psql alone, in newer versions.
    let script = run.output.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.hasPrefix("\\") }.joined(separator: "\n")
    let restored = try TestDatabase(.postgresql)
    try restored.execute(script)
    let before = try database.image(limits)
    #expect(before.ordered.count == 2 * ValueChangeCase.of(.postgresql).count)
    #expect(RowsDifference(from: before, to: try restored.image(limits)).told == [])
  }

  private func version(_ address: PostgresAddress) throws -> Int {
    try PostgresConnection(address).serverVersion / 10_000
  }

  @Test(arguments: Engine.allCases, RowLimits.both)
  func `a database whose every page was written anew is as it was`(
    _ engine: Engine, _ limits: RowLimits
  ) throws {
    let database = try TestDatabase(engine, Self.setup(engine))
    let before = try database.image(limits)
    switch database.address {
    case .sqlite: try database.execute("VACUUM")
    case .postgresql(let address): try PostgresConnection(address).execute("VACUUM FULL")
    }
    #expect(RowsDifference(from: before, to: try database.image(limits)).told == [])
  }
}
