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
    let restored = try Self.restored(fromDumpOf: database)
    let before = try database.image(limits)
    #expect(before.ordered.count == 2 * ValueChangeCase.of(.postgresql).count)
    #expect(RowsDifference(from: before, to: try restored.image(limits)).told == [])
  }

  private static func restored(fromDumpOf database: TestDatabase) throws -> TestDatabase {
    let dump = try Self.dump(of: database.address)
    try #require(dump.isSuccess, "\(dump.errors)")
    // What is for psql alone, in newer versions.
    let script = dump.output.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.hasPrefix("\\") }.joined(separator: "\n")
    let restored = try TestDatabase(database.address.engine)
    try restored.execute(script)
    return restored
  }

  private static func dump(of address: DatabaseAddress) throws -> CapturedRun {
    let launch: Launch
    switch address {
    case .sqlite(let path):
      let script = """
        import sqlite3, sys
        for line in sqlite3.connect(sys.argv[1]).iterdump(): print(line)
        """
      launch = Launch(
        "python3", ["-c", script, path],
        environment: ["PATH": "/usr/bin:/bin", "PYTHONUTF8": "1"])
    case .postgresql(let address):
      let version = try PostgresConnection(address).serverVersion / 10_000
      let packaged = Path("/usr/lib/postgresql/\(version)/bin/pg_dump")
      launch = Launch(
        Files.isFile(packaged) ? packaged.text : "pg_dump",
        ["--inserts", "--dbname", address.connectionString], environment: ["PATH": "/usr/bin:/bin"])
    }
    return try ChildProcess.run(launch, limit: 8 << 20)
  }

  /// Rows made up for schemas at random; PostgreSQL's lie in one database, each in a schema of its own.
  private static func random(_ engine: Engine, _ seeds: [UInt64]) throws -> TestDatabase {
    let database = try TestDatabase(engine)
    for seed in seeds {
      var schema = RandomSchema(seed: seed, engine: engine)
      let own = engine == .sqlite ? "" : "CREATE SCHEMA s\(seed); SET search_path = s\(seed);"
      try database.execute("\(own) \(schema.script(tables: 5))")
    }
    _ = try RowGenerator(seed: seeds[0]).fill(
      RowWriter(database.address), tables: try database.snapshot().tables)
    return database
  }

  @Test(arguments: RowLimits.both)
  func `databases at random are as their own dump restores them`(_ limits: RowLimits) throws {
    let seeds = Array(0..<20) as [UInt64]
    let databases =
      try [Self.random(.postgresql, seeds)] + seeds.map { try Self.random(.sqlite, [$0]) }
    for (number, database) in databases.enumerated() {
      let before = try database.image(limits)
      #expect(before.rowCount > 3)
      let restored = try Self.restored(fromDumpOf: database).image(limits)
      #expect(RowsDifference(from: before, to: restored).told == [], "\(number)")
    }
  }

  @Test(arguments: RowLimits.both)
  func `a SQLite file at random is as its backup`(_ limits: RowLimits) throws {
    for seed in 20..<40 as Range<UInt64> {
      let (database, copy) = (try Self.random(.sqlite, [seed]), try TestDatabase(.sqlite))
      guard case .sqlite(let from) = database.address, case .sqlite(let to) = copy.address else {
        return
      }
      let source = try SQLiteConnection(path: from, access: .readOnly)
      #expect(try source.backUp(to: SQLiteConnection(path: to, access: .createIfMissing)))
      let (before, after) = (try database.image(limits), try copy.image(limits))
      #expect(RowsDifference(from: before, to: after).told == [], "\(seed)")
    }
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
