import Databases
import Platform
import Schemas
import Scratch
import TestSupport
import Testing

@testable import Copies

struct PostgresCopyTests {
  private func counts(_ copy: ProductionCopy) throws -> [Int] {
    try ["users", "orders", "lines", "audit_log", "emails"].map {
      try copy.number("SELECT count(*) FROM \($0)")
    }
  }

  @Test func `a source that cannot be written to is copied whole`() throws {
    let production = try Production.database()
    let before = try production.rows(
      "SELECT xact_commit >= 0, tup_inserted, tup_updated, tup_deleted FROM pg_stat_database "
        + "WHERE datname = current_database()")
    // Somebody is connected, so that it cannot be copied within the server.
    let application = try PostgresConnection(production.postgres)
    for jobs in [1, 2] {
      let copy = try makeCopy(CopyPlan(source: .postgresql(production.postgres), jobs: jobs))
      #expect(try counts(copy) == [200, 400, 800, 500, 200])
      #expect(copy.record.method == .dump)
      #expect(copy.record.tables == 5)
      #expect(copy.record.rows == 1_901)
      #expect(copy.record.bytes > 1 << 20)
      #expect(copy.record.source == (try production.postgres.redacted))
      #expect(
        try copy.rows("SELECT conname FROM pg_constraint WHERE contype = 'f' ORDER BY 1")
          == [["lines_order_id_fkey"], ["orders_user_id_fkey"], ["users_boss_fkey"]])
      #expect(try copy.database.checkpoint().name.isEmpty == false)
    }
    _ = try application.rows("SELECT 1")
    try application.countWrites()
    let after = try production.rows(
      "SELECT xact_commit >= 0, tup_inserted, tup_updated, tup_deleted FROM pg_stat_database "
        + "WHERE datname = current_database()")
    #expect(after == before)
  }

  @Test func `what reads a source cannot write to it`() throws {
    let production = try Production.database()
    let reading = try production.postgres.readOnly(waiting: 60)
    let connection = try PostgresConnection(reading)
    let error = #expect(throws: DatabaseError.self) {
      try connection.execute("INSERT INTO public.audit_log (what) VALUES ('x')")
    }
    #expect(error?.state == "25006")
    // Programs are given the same options.
    #expect(reading.argument.contains("default_transaction_read_only=on"))
    let work = CopyWork(
      plan: CopyPlan(source: .postgresql(reading)), settings: surroundings, interruption: nil,
      start: 0, tell: { _ in })
    let psql = try ProgramRun(
      PostgresClients(surroundings).path("psql"),
      ["--dbname=\(reading.argument)", "--command=DELETE FROM public.audit_log"], work)
    #expect(try psql.wait() == .exited(1))
    #expect(psql.words.contains("read-only transaction"))
    #expect(try production.rows("SELECT count(*) FROM audit_log") == [["500"]])
  }

  @Test func `a password is on no command line and in no message`() throws {
    var address = PostgresAddress(
      host: "/no/such/folder", user: "ann", password: "s3cret'x", database: "shop")
    address.parameters["sslpassword"] = "s3cret"
    #expect(!address.readOnly(waiting: 60).argument.contains("s3cret"))
    #expect(address.variables([:]) == ["PGPASSWORD": "s3cret'x"])
    let error = #expect(throws: CopyError.self) {
      try makeCopy(CopyPlan(source: .postgresql(address)), onShared: false)
    }
    #expect(error?.code == .sourceUnreachable)
    #expect(error?.message.contains("postgresql://ann@/no/such/folder:5432/shop") == true)
    #expect(error.map { "\($0.message) \($0.fix ?? "")" }?.contains("s3cret") == false)
  }

  @Test func `a database to which nobody is connected is copied within its server`() throws {
    let production = try Production.database()
    let name = try production.postgres.database
    try production.execute("ALTER DATABASE \(name) SET work_mem = '5MB'")
    let copy = try makeCopy(CopyPlan(source: .postgresql(production.postgres)))
    #expect(copy.record.method == .template)
    #expect(try counts(copy) == [200, 400, 800, 500, 200])
    #expect(try copy.rows("SHOW work_mem") == [["5MB"]])
    copy.drop()
    #expect(try production.rows("SELECT count(*) FROM users") == [["200"]])
  }

  @Test func `on a private server owners, privileges, policies and settings come along`() throws {
    let role = RandomName.make(prefix: "clerk", separator: "_")
    let production = try Production.database(
      """
      CREATE ROLE \(role) LOGIN PASSWORD 's3cret';
      CREATE TABLE notes (id int, owner name); INSERT INTO notes VALUES (1, 'x');
      ALTER TABLE notes OWNER TO \(role); GRANT SELECT ON notes TO PUBLIC;
      ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
      CREATE POLICY own ON notes TO \(role) USING (owner = current_user);
      """)
    defer { try? production.execute("DROP OWNED BY \(role); DROP ROLE \(role)") }
    let name = try production.postgres.database
    try production.execute("ALTER DATABASE \(name) SET search_path = public, 'a b'")
    let place = try TestFolder()
    let copy = try makeCopy(
      CopyPlan(source: .postgresql(production.postgres)), onShared: false, settings: place.settings)
    #expect(
      try copy.rows(
        "SELECT tableowner, rowsecurity FROM pg_tables WHERE tablename = 'notes'")
        == [[role, "t"]])
    #expect(try copy.rows("SELECT roles::text FROM pg_policies") == [["{\(role)}"]])
    #expect(
      try copy.rows("SELECT rolcanlogin FROM pg_roles WHERE rolname = '\(role)'") == [["f"]])
    #expect(
      try copy.rows("SELECT unnest(setconfig) FROM pg_db_role_setting") == [
        ["search_path=public, 'a b'"]
      ]
        || copy.rows("SELECT unnest(setconfig) FROM pg_db_role_setting")
          == [["search_path=public, \"a b\""]]
    )
    #expect(copy.record.leftOut == [])
    copy.drop()
    #expect(place.names == [])
  }

  @Test func `tables are left out or left empty, and no row refers to one that is not there`()
    throws
  {
    let production = try Production.database()
    let application = try PostgresConnection(production.postgres)
    let copy = try makeCopy(
      CopyPlan(
        source: .postgresql(production.postgres), schemaOnlyTables: ["ord*"],
        excludedTables: ["audit_log"]))
    _ = try application.rows("SELECT 1")
    #expect(try copy.number("SELECT count(*) FROM users") == 200)
    #expect(try copy.number("SELECT count(*) FROM orders") == 0)
    #expect(try copy.number("SELECT count(*) FROM lines") == 0)
    #expect(try copy.rows("SELECT to_regclass('audit_log')") == [["NULL"]])
    #expect(
      try copy.number("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated")
        == 3)
    #expect(copy.record.schemaOnlyTables.map(\.name.raw) == ["orders"])
    #expect(copy.record.excludedTables.map(\.name.raw) == ["audit_log"])
  }

  @Test func `with a table go the views that need it, and the sequences that nothing else needs`()
    throws
  {
    let production = try Production.database(
      Production.shop + """
        CREATE SCHEMA reports;
        CREATE VIEW recent AS SELECT * FROM audit_log WHERE id > 490;
        CREATE MATERIALIZED VIEW reports."Counted" AS SELECT count(*) AS n FROM recent;
        CREATE INDEX ON reports."Counted" (n);
        CREATE SEQUENCE audit_log_numbers;
        CREATE SEQUENCE audit_log_shared;
        CREATE TABLE notes (id integer DEFAULT nextval('audit_log_shared'));
        CREATE FUNCTION logged() RETURNS SETOF audit_log LANGUAGE sql AS 'SELECT * FROM audit_log';
        CREATE VIEW whats AS SELECT what FROM logged();
        CREATE RULE noted AS ON INSERT TO notes DO ALSO INSERT INTO audit_log (what) VALUES ('x');
        """)
    let application = try PostgresConnection(production.postgres)
    let copy = try makeCopy(
      CopyPlan(source: .postgresql(production.postgres), excludedTables: ["audit_log*"]))
    _ = try application.rows("SELECT 1")
    #expect(
      copy.record.excludedTables.map(\.name.raw) == [
        "audit_log", "audit_log_numbers", "recent", "whats", "Counted",
      ])
    // Owners are, too, on a given server.
    #expect(
      copy.record.leftOut.dropFirst().map { $0.prefix { $0 != ":" } } == [
        "what refers to audit_log", "what refers to audit_log",
      ])
    #expect(
      try copy.rows(
        "SELECT relname FROM pg_class WHERE relkind IN ('v', 'm', 'S') AND relname !~ '^pg_' "
          + "AND relnamespace IN ('public'::regnamespace, 'reports'::regnamespace) ORDER BY 1")
        == [
          ["audit_log_shared"], ["emails"], ["lines_id_seq"], ["orders_id_seq"], ["users_id_seq"],
        ])
  }

  @Test func `a pattern that means no table names the nearest one`() throws {
    let production = try Production.database()
    let error = #expect(throws: CopyError.self) {
      try makeCopy(
        CopyPlan(source: .postgresql(production.postgres), excludedTables: ["audit_logs"]))
    }
    #expect(error?.code == .badSelection)
    #expect(error?.isUsage == true)
    #expect(error?.message.contains("did you mean 'audit_log'?") == true)
  }

  @Test func `a copy that is kept is a dump, or a database that no run sweeps`() throws {
    let production = try Production.database()
    let place = try TestFolder()
    let own = try makeCopy(
      CopyPlan(source: .postgresql(production.postgres)), onShared: false, settings: place.settings)
    let path = try own.keep(in: place.path)
    own.drop()
    #expect(place.names == [Path(path).name])
    let rights = try ChildProcess.run(
      Launch("/usr/bin/stat", ["--format", "%a", path], environment: [:]))
    #expect(rights.output == "600\n")
    let again = try makeCopy(CopyPlan(source: try CopySource(path, relativeTo: "/")))
    #expect(try again.number("SELECT count(*) FROM lines") == 800)
    let name = try again.keep(in: place.path)
    again.drop()
    let kept = name.split(separator: "/").last.map(String.init) ?? ""
    #expect(kept.hasPrefix("stairway_kept_"))
    let server = try SharedCluster.server()
    _ = try SharedCluster.server()
    #expect(
      try PostgresConnection(server.address.database(kept))
        .rows("SELECT count(*) FROM public.lines").first?.text(0) == "800")
    try PostgresConnection(server.address).execute("DROP DATABASE \(kept)")
  }
}
