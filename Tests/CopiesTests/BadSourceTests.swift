import Databases
import Glibc
import Platform
import Scratch
import Synchronization
import TestSupport
import Testing

@testable import Copies

/// Sources on a server that do not give what is asked of them.
struct BadSourceTests {
  /// Runs while a copy is made: waits until the server sees a session, then does something to it.
  private func meanwhile(
    _ address: PostgresAddress, _ query: String,
    _ act: @escaping @Sendable (PostgresAddress) -> Void
  ) -> BackgroundJob {
    BackgroundJob {
      let clock = Clock.system
      let deadline = clock.monotonic() + 30
      while clock.monotonic() < deadline {
        let rows = try? PostgresConnection(address).rows(query)
        if rows?.isEmpty == false { return act(address) }
      }
    }
  }

  /// The sessions of `pg_dump` that wait for a lock in this database.
  private static func waiting(_ address: PostgresAddress) -> String {
    """
    SELECT pid FROM pg_stat_activity WHERE datname = '\(address.database)'
    AND application_name = 'pg_dump' AND wait_event_type = 'Lock'
    """
  }

  @Test func `all that a role may not read is named, and nothing is started`() throws {
    let production = try Production.database(
      "CREATE TABLE a (i serial); CREATE TABLE b (i int); CREATE TABLE c (i int)")
    let role = RandomName.make(prefix: "reader", separator: "_")
    try production.execute(
      "CREATE ROLE \(role) LOGIN; GRANT SELECT ON b TO \(role); CREATE SCHEMA s; CREATE TABLE s.d (i int)"
    )
    defer { try? production.execute("DROP OWNED BY \(role); DROP ROLE \(role)") }
    var address = try production.postgres
    address.user = role
    let place = try TestFolder()
    let error = #expect(throws: CopyError.self) {
      try makeCopy(
        CopyPlan(source: .postgresql(address)), onShared: false, settings: place.settings)
    }
    #expect(error?.code == .sourceNotPermitted)
    #expect(error?.isUsage == false)
    #expect(
      error?.message.hasSuffix("the role \(role) may not read: a, a_i_seq, c, s.d") == true)
    #expect(
      error?.fix?.hasPrefix(
        "GRANT USAGE ON SCHEMA s TO \(role); GRANT SELECT ON a, a_i_seq, c, s.d TO \(role) (")
        == true)
    #expect(place.names == [])
    try production.execute("GRANT SELECT ON s.d TO \(role)")
    let again = #expect(throws: CopyError.self) {
      try makeCopy(CopyPlan(source: .postgresql(address)), onShared: false)
    }
    #expect(
      again?.fix?.hasPrefix(
        "GRANT USAGE ON SCHEMA s TO \(role); GRANT SELECT ON a, a_i_seq, c TO \(role) (") == true)
    // What is left out need not be read.
    try production.execute("GRANT SELECT ON a, a_i_seq, c TO \(role)")
    let copy = try makeCopy(
      CopyPlan(source: .postgresql(address), excludedTables: ["s.*"]), onShared: false)
    #expect(copy.record.tables == 3)
  }

  @Test func `tables whose rows a policy hides are named`() throws {
    let production = try Production.database(
      "CREATE TABLE a (i int); ALTER TABLE a ENABLE ROW LEVEL SECURITY; CREATE TABLE b (i int)")
    let role = RandomName.make(prefix: "reader", separator: "_")
    try production.execute(
      "CREATE ROLE \(role) LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO \(role)")
    defer { try? production.execute("DROP OWNED BY \(role); DROP ROLE \(role)") }
    var address = try production.postgres
    address.user = role
    let error = #expect(throws: CopyError.self) {
      try makeCopy(CopyPlan(source: .postgresql(address)))
    }
    #expect(error?.code == .sourceNotPermitted)
    #expect(
      error?.message.hasSuffix("row level security hides rows from the role \(role): a") == true)
  }

  @Test func `a server that is newer than pg_dump is told with both versions`() throws {
    let production = try Production.database("CREATE TABLE a (i int)")
    let folder = try TestFolder()
    // Programs that say that they are older.
    for name in ["pg_dump", "pg_restore", "psql"] {
      let path = folder.path / name
      try Files.write("#!/bin/sh\necho \"\(name) (PostgreSQL) 13.9 (Debian 13.9-1)\"\n", to: path)
      try Files.setMode(0o755, of: path)
    }
    var settings = surroundings
    settings.postgresBinaries = folder.path
    let error = #expect(throws: CopyError.self) {
      try makeCopy(CopyPlan(source: .postgresql(production.postgres)), settings: settings)
    }
    #expect(error?.code == .sourceTooNew)
    #expect(error?.message.contains("is PostgreSQL 15.") == true)
    #expect(error?.message.contains("pg_dump here is 13.9") == true)
    #expect(error?.fix == "apt-get install postgresql-client-15 postgresql-15")
  }

  @Test func `no room is said before a server is started`() throws {
    let production = try Production.database()
    let place = try TestFolder()
    let plan = CopyPlan(source: .postgresql(try production.postgres), checkpoints: 1 << 28)
    let error = #expect(throws: CopyError.self) {
      try makeCopy(plan, onShared: false, settings: place.settings)
    }
    #expect(error?.code == .noRoom)
    #expect(error?.message.contains(" free") == true)
    #expect(place.names == [])
    let told = Mutex<[String]>([])
    // Of a given server's disk nothing is known.
    _ = try makeCopy(plan) { sentence in told.withLock { $0.append(sentence) } }
    #expect(told.withLock { $0.contains { $0.contains("cannot be seen from here") } })
  }

  @Test func `a connection that is lost in the middle is said to be`() throws {
    let production = try Production.database()
    let address = try production.postgres
    let holder = try PostgresConnection(address)
    try holder.execute("BEGIN; LOCK TABLE public.orders IN ACCESS EXCLUSIVE MODE")
    let place = try TestFolder()
    let job = meanwhile(address, Self.waiting(address)) { address in
      _ = try? PostgresConnection(address).rows(
        "SELECT pg_terminate_backend(pid) FROM (\(Self.waiting(address))) w")
    }
    let error = #expect(throws: CopyError.self) {
      try makeCopy(
        CopyPlan(source: .postgresql(address)), onShared: false, settings: place.settings)
    }
    job.wait()
    #expect(error?.code == .sourceLost)
    #expect(error?.isUsage == false)
    #expect(error?.message.contains("was lost in the middle") == true)
    #expect(place.names == [])
  }

  @Test func `a table that somebody keeps locked is told while it is waited for, and given up`()
    throws
  {
    let production = try Production.database()
    let address = try production.postgres
    let holder = try PostgresConnection(address)
    try holder.execute(
      "SET application_name = 'nightly'; BEGIN; LOCK TABLE public.orders IN ACCESS EXCLUSIVE MODE")
    let session = try holder.rows("SELECT pg_backend_pid()").first?.text(0) ?? ""
    let told = Mutex<[String]>([])
    var plan = CopyPlan(source: .postgresql(address))
    (plan.quietWait, plan.longestWait) = (0.3, 3)
    let error = #expect(throws: CopyError.self) {
      try makeCopy(plan) { sentence in told.withLock { $0.append(sentence) } }
    }
    #expect(error?.code == .sourceLocked)
    #expect(error?.isUsage == false)
    let who = "session \(session) (nightly) keeps the table public.orders"
    #expect(
      error?.message.hasPrefix("\(who) of \(address.redacted) locked for longer than 3 s") == true)
    #expect(
      told.withLock {
        $0.contains {
          $0.hasPrefix("waiting for the table public.orders of")
            && $0.contains("which session \(session) (nightly) keeps locked; gives up after 3 s")
        }
      })
    try holder.execute("ROLLBACK")
    #expect(try makeCopy(plan).record.tables > 0)
  }

  @Test func `a view of a table that is locked ends the look at the source in time`() throws {
    let production = try Production.database(
      "CREATE TABLE a (i int PRIMARY KEY); CREATE VIEW v AS SELECT * FROM a")
    let address = try production.postgres
    let holder = try PostgresConnection(address)
    try holder.execute("BEGIN; LOCK TABLE public.a IN ACCESS EXCLUSIVE MODE")
    var plan = CopyPlan(source: .postgresql(address), samplePercent: 50)
    (plan.quietWait, plan.longestWait) = (0.2, 1)
    let error = #expect(throws: CopyError.self) { try makeCopy(plan) }
    #expect(error?.code == .sourceLocked)
    #expect(error?.message.contains("locked for longer than 1 s") == true)
  }

  @Test
  func `a table that is locked in a database that is used in place is no reason to wait for ever`()
    throws
  {
    let production = try Production.database()
    let address = try production.postgres
    let holder = try PostgresConnection(address)
    try holder.execute("BEGIN; LOCK TABLE public.orders IN ACCESS EXCLUSIVE MODE")
    var plan = CopyPlan(
      source: .inPlace(.postgresql(address)), confirmedName: address.database)
    (plan.quietWait, plan.longestWait) = (0.2, 1)
    let error = #expect(throws: CopyError.self) { try makeCopy(plan) }
    #expect(error?.code == .sourceLocked)
  }

  @Test
  func `an interruption ends the wait for a locked table of a database that is used in place`()
    throws
  {
    let production = try Production.database()
    let address = try production.postgres
    let holder = try PostgresConnection(address)
    try holder.execute("BEGIN; LOCK TABLE public.orders IN ACCESS EXCLUSIVE MODE")
    let counting = """
      SELECT pid FROM pg_stat_activity WHERE datname = '\(address.database)'
      AND query LIKE 'SELECT count%' AND wait_event_type = 'Lock'
      """
    let interruption = Interruption()
    let job = meanwhile(address, counting) { _ in interruption.raise() }
    let error = #expect(throws: PlatformError.self) {
      try makeCopy(
        CopyPlan(source: .inPlace(.postgresql(address)), confirmedName: address.database),
        interruption: interruption)
    }
    job.wait()
    #expect(error?.code == .interrupted)
    // Seen while the lock still holds: the server was told to stop, and did not count on.
    #expect(try PostgresConnection(address).rows(counting) == [])
  }

  @Test(arguments: [1, 2])
  func `an interruption ends the programs and leaves nothing`(_ jobs: Int) throws {
    let production = try Production.database()
    let address = try production.postgres
    let holder = try PostgresConnection(address)
    try holder.execute("BEGIN; LOCK TABLE public.orders IN ACCESS EXCLUSIVE MODE")
    let interruption = Interruption()
    let place = try TestFolder()
    let job = meanwhile(address, Self.waiting(address)) { _ in interruption.raise() }
    let error = #expect(throws: PlatformError.self) {
      try makeCopy(
        CopyPlan(source: .postgresql(address), jobs: jobs), onShared: false,
        interruption: interruption, settings: place.settings)
    }
    job.wait()
    #expect(error?.code == .interrupted)
    #expect(place.names == [])
    try holder.execute("ROLLBACK")
    // A backend whose client has gone ends when it looks up.
    let rest = meanwhile(
      address,
      "SELECT 1 WHERE NOT EXISTS (\(Self.waiting(address)))"
    ) { _ in }
    rest.wait()
    #expect(try PostgresConnection(address).rows(Self.waiting(address)) == [])
  }

  @Test(arguments: 0..<7)
  func `an interruption at any stage leaves nothing`(_ stage: Int) throws {
    let production = try Production.database()
    let place = try TestFolder()
    let interruption = Interruption()
    let stages = Mutex(0)
    let plan = CopyPlan(
      source: .postgresql(try production.postgres), samplePercent: 50, sampleFloor: 10,
      anonymization: try Anonymization(yaml: "users.email: fake", name: "hide.yml"), jobs: 2)
    let error = #expect(throws: PlatformError.self) {
      try makeCopy(
        plan, onShared: false, interruption: interruption, settings: place.settings
      ) { _ in
        let number = stages.withLock { count in
          count += 1
          return count
        }
        if number == stage + 1 { interruption.raise() }
      }
    }
    #expect(error?.code == .interrupted)
    #expect(stages.withLock { $0 } >= stage + 1)
    #expect(place.names == [])
    #expect(try production.rows("SELECT count(*) FROM users") == [["200"]])
  }

  @Test func `an interruption while rows are taken out ends the statement`() throws {
    let production = try Production.database("CREATE TABLE a (i int); INSERT INTO a VALUES (1)")
    let address = try production.postgres
    let interruption = Interruption()
    let job = meanwhile(
      address,
      "SELECT pid FROM pg_stat_activity WHERE datname = '\(address.database)' AND query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()"
    ) { _ in interruption.raise() }
    let connection = try PostgresConnection(address)
    let start = Clock.system.monotonic()
    let error = #expect(throws: DatabaseError.self) {
      try connection.run("SELECT pg_sleep(60)", stoppedBy: interruption.descriptor)
    }
    job.wait()
    #expect(error?.state == "57014")
    #expect(Clock.system.monotonic() - start < 30)
  }

  // MARK: In place

  @Test func `a database is used in place only where its name was confirmed`() throws {
    let production = try Production.database("CREATE TABLE a AS SELECT generate_series(1, 3) i")
    let address = try production.postgres
    var plan = CopyPlan(source: .inPlace(.postgresql(address)))
    var error = #expect(throws: CopyError.self) { try makeCopy(plan) }
    #expect(error?.code == .notConfirmed)
    #expect(error?.isUsage == true)
    #expect(error?.fix?.contains("--confirm \(address.database)") == true)
    plan.confirmedName = "shop"
    error = #expect(throws: CopyError.self) { try makeCopy(plan) }
    #expect(error?.message.contains("'shop' was confirmed") == true)
    plan.confirmedName = address.database
    let copy = try makeCopy(plan)
    #expect(copy.address == .postgresql(address))
    #expect(copy.record.method == .inPlace)
    #expect(copy.record.tables == 1)
    #expect(copy.record.rows == 3)
    #expect(!copy.record.rowsAreEstimated)
    #expect(!copy.canRestore)
    #expect(throws: ScratchError.self) { try copy.database.checkpoint() }
    copy.drop()
    #expect(try production.rows("SELECT count(*) FROM a") == [["3"]])
  }

  @Test func `the rows of a file that is used in place are counted too`() throws {
    let folder = try TestFolder()
    let path = "\(folder.path)/shop.db"
    try SQLiteConnection(path: path, access: .createIfMissing).execute(
      "CREATE TABLE a (i int); INSERT INTO a VALUES (1), (2); CREATE VIRTUAL TABLE f USING fts5(t)")
    let plan = CopyPlan(source: .inPlace(.sqlite(path: path)), confirmedName: "shop.db")
    let record = try makeCopy(plan).record
    #expect(record.tables == 1)
    #expect(record.rows == 2)
    #expect(!record.rowsAreEstimated)
  }

  @Test func `the project's own database is never used in place`() throws {
    let address = PostgresAddress(host: "localhost", user: "app", database: "shop")
    var other = address
    other.host = "127.0.0.1"
    other.user = "admin"
    var plan = CopyPlan(source: .inPlace(.postgresql(other)), confirmedName: "shop")
    plan.projectAddresses = [.sqlite(path: "/tmp/x.db"), .postgresql(address)]
    let error = #expect(throws: CopyError.self) { try makeCopy(plan) }
    #expect(error?.code == .ownDatabase)
    #expect(error?.isUsage == true)
    #expect(error?.message.contains("project's own settings") == true)
    let folder = try TestFolder()
    try Files.write("x", to: folder.path / "shop.db")
    plan = CopyPlan(
      source: .inPlace(.sqlite(path: "\(folder.path)/../\(folder.path.name)/shop.db")),
      confirmedName: "shop.db", projectAddresses: [.sqlite(path: "\(folder.path)/shop.db")])
    let file = #expect(throws: CopyError.self) { try makeCopy(plan) }
    #expect(file?.code == .ownDatabase)
  }

  @Test func `the project's own database is known by whatever name`() throws {
    let folder = try TestFolder()
    let (own, other) = (folder.path / "shop.db", folder.path / "live.db")
    try SQLiteConnection(path: own.text, access: .createIfMissing).execute("CREATE TABLE a (i int)")
    #expect(link(own.text, other.text) == 0)
    let plan = CopyPlan(
      source: .inPlace(.sqlite(path: other.text)), confirmedName: "live.db",
      projectAddresses: [.sqlite(path: own.text)])
    #expect(#expect(throws: CopyError.self) { try makeCopy(plan) }?.code == .ownDatabase)

    let production = try Production.database("CREATE TABLE a (i int)")
    let address = try production.postgres
    var elsewhere = address
    elsewhere.host = (folder.path / "sockets").text
    #expect(symlink(address.host, elsewhere.host) == 0)
    let served = CopyPlan(
      source: .inPlace(.postgresql(elsewhere)), confirmedName: address.database,
      projectAddresses: [.postgresql(address)])
    #expect(#expect(throws: CopyError.self) { try makeCopy(served) }?.code == .ownDatabase)
  }

  @Test func `a database of the same name on another server is not the project's own`() throws {
    let cluster = try PostgresCluster(surroundings)
    defer { cluster.shutDown() }
    let production = try Production.database("CREATE TABLE a (i int)")
    let address = try production.postgres
    try PostgresConnection(cluster.address).execute("CREATE DATABASE \(address.database)")
    let plan = CopyPlan(
      source: .inPlace(.postgresql(address)), confirmedName: address.database,
      projectAddresses: [.postgresql(cluster.address.database(address.database))])
    #expect(try makeCopy(plan).record.tables == 1)
  }

  @Test func `what would change a copy has no place where there is none`() throws {
    let plan = CopyPlan(
      source: .inPlace(.sqlite(path: "/tmp/x.db")), samplePercent: 10, confirmedName: "x.db")
    let error = #expect(throws: CopyError.self) { try makeCopy(plan) }
    #expect(error?.code == .badSelection)
    #expect(error?.isUsage == true)
  }
}
