import Databases
import Glibc
import TestSupport
import Testing

@testable import Schemas
@testable import Scratch

struct PostgresSchemaReaderTests {
  private let server: PostgresServer
  private let address: PostgresAddress

  init() throws {
    server = try SharedCluster.server()
    address = try server.lend().postgresAddress()
  }

  private func run(_ script: String) throws {
    try PostgresConnection(address).execute("SET search_path = public; \(script)")
  }

  @Test func `an excluded table is left out with all that hangs on it`() throws {
    defer { server.shutDown() }
    let reader = try PostgresSchemaReader(address, excluding: [TableName("alembic_version")])
    let empty = try reader.snapshot()
    try run(
      """
      CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY, id serial);
      CREATE INDEX ON alembic_version (id);
      CREATE STATISTICS counted ON id, version_num FROM alembic_version;
      """)
    #expect(try reader.snapshot() == empty)
    #expect(try reader.fullSnapshot() == empty)
    try run("CREATE TABLE users (id integer)")
    #expect(try reader.snapshot() != empty)
    try run("ALTER TABLE alembic_version ADD COLUMN more text; DROP TABLE users")
    #expect(try reader.snapshot() == empty)
    try run("DROP TABLE alembic_version")
    #expect(try reader.snapshot() == empty)
  }

  @Test func `columns count from one, whatever was dropped before them`() throws {
    defer { server.shutDown() }
    try run("CREATE TABLE t (a integer, b integer); ALTER TABLE t DROP a, ADD a integer")
    let unit = try PostgresSchemaReader(address).snapshot()[
      ObjectID(.table, schema: "public", ["t"])]
    #expect(
      unit?.objects.filter { $0.id.kind == .column }.map {
        "\($0.id.name) \($0["position"] ?? .number(0))"
      } == [
        "a 2", "b 1",
      ])
  }

  @Test func `a view that cannot be planned any more is broken, and only that`() throws {
    defer { server.shutDown() }
    try run(
      """
      CREATE TABLE t (id integer);
      CREATE FUNCTION ids() RETURNS SETOF integer STABLE LANGUAGE sql AS 'SELECT id FROM public.t';
      CREATE VIEW sound AS SELECT 1 AS one;
      CREATE VIEW hurt AS SELECT * FROM ids();
      CREATE MATERIALIZED VIEW kept AS SELECT * FROM ids() WITH NO DATA;
      """)
    let reader = try PostgresSchemaReader(address)
    #expect(try reader.brokenViews(in: reader.snapshot()) == [])
    try run("DROP TABLE t")
    let broken = try reader.brokenViews(in: reader.snapshot())
    #expect(broken.map(\.id.description) == ["view hurt", "materialized view kept"])
    #expect(broken.first?.message == "relation \"public.t\" does not exist")
  }

  @Test func `nothing is written, and no transaction stays open`() throws {
    defer { server.shutDown() }
    let reader = try PostgresSchemaReader(address)
    _ = try reader.snapshot()
    #expect(throws: DatabaseError.self) {
      try reader.connection.execute("CREATE TABLE public.t (id integer)")
    }
    #expect(
      try reader.connection.rows("SELECT now() = statement_timestamp()").first?[0].boolean == true)
    let states = try PostgresConnection(address).rows(
      "SELECT state FROM pg_stat_activity WHERE datname = current_database()")
    #expect(!states.contains { $0.text(0).hasPrefix("idle in transaction") })
  }

  @Test func `after the first, only what a step has changed is read`() throws {
    defer { server.shutDown() }
    try run("CREATE TABLE parents (id serial PRIMARY KEY); CREATE VIEW v AS SELECT 1 AS one")
    let reader = try PostgresSchemaReader(address)
    _ = try reader.snapshot()
    let steps = [
      """
      CREATE TABLE children (id integer PRIMARY KEY, parent_id integer REFERENCES parents);
      CREATE INDEX ON children (parent_id); CREATE TYPE mood AS ENUM ('fine');
      """,
      "ALTER TABLE children ADD COLUMN feels mood NOT NULL DEFAULT 'fine'",
      "ALTER TABLE children ALTER COLUMN feels DROP DEFAULT; COMMENT ON TABLE parents IS 'old'",
      "CREATE OR REPLACE VIEW v AS SELECT 1 AS one, id FROM parents; ANALYZE parents",
      "CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
      "ALTER TABLE children DROP COLUMN feels; DROP TYPE mood; DROP FUNCTION f()",
      "DROP TABLE children; COMMENT ON TABLE parents IS NULL",
    ]
    for step in steps {
      try run(step)
      let readings = reader.fullReadings
      let snapshot = try reader.snapshot()
      #expect(reader.fullReadings == readings, "\(step)")
      #expect(try reader.fullSnapshot() == snapshot, "\(step)")
    }
  }

  @Test func `roles that others make on the server are none of this database's changes`() throws {
    defer { server.shutDown() }
    let (owner, other) = ("owner_\(getpid())", "other_\(getpid())")
    try run("CREATE ROLE \(owner); CREATE TABLE t (id integer); ALTER TABLE t OWNER TO \(owner)")
    defer { try? run("DROP OWNED BY \(owner); DROP ROLE \(owner), \(other)") }
    let reader = try PostgresSchemaReader(address)
    let snapshot = try reader.snapshot()
    try run("CREATE ROLE \(other)")
    #expect(try reader.snapshot() == snapshot)
    #expect(reader.fullReadings == 1)
    for step in [
      "GRANT SELECT ON t TO \(other)", "ALTER ROLE \(owner) RENAME TO renamed_\(getpid())",
      "ALTER ROLE renamed_\(getpid()) RENAME TO \(owner)",
    ] {
      let before = try reader.snapshot()
      try run(step)
      #expect(try reader.snapshot() != before, "\(step)")
      #expect(try reader.snapshot() == reader.fullSnapshot(), "\(step)")
    }
  }

  @Test func `a lost connection is an error, and no half of a snapshot is kept`() throws {
    defer { server.shutDown() }
    let reader = try PostgresSchemaReader(address)
    let before = try reader.snapshot()
    let broken = try PostgresSchemaReader(address)
    _ = try broken.snapshot()
    try run(
      """
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE pid = \(try broken.connection.rows("SELECT pg_backend_pid()").first?.text(0) ?? "")
      """)
    #expect(throws: DatabaseError.self) { try broken.snapshot() }
    #expect(throws: DatabaseError.self) { try broken.snapshot() }
    #expect(try reader.snapshot() == before)
  }
}
