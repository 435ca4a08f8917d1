import Databases
import Platform
import Scratch
import TestSupport

@testable import Copies

/// What copies are made with in tests: this machine's programs and a server of the test's own.
let surroundings = ScratchSettings(
  environment: ["PATH": "/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/bin"], roomForFiles: 1 << 20,
  roomForCluster: 256 << 20)

/// A folder that is gone with the test.
final class TestFolder {
  let path: Path

  init() throws {
    path = try Files.makeTemporaryFolder(in: "/tmp", prefix: "copies")
    // Where this is root, the server runs as another account.
    try Files.setMode(0o755, of: path)
  }

  /// Settings by which everything is put into this folder.
  var settings: ScratchSettings {
    ScratchSettings(
      environment: surroundings.environment, memory: path, temporary: path, roomForFiles: 0,
      roomForCluster: 0)
  }

  var names: [String] { (try? Files.names(in: path)) ?? [] }

  deinit { try? Files.removeTree(path) }
}

/// A database that plays production, on the server that the tests of this process share.
enum Production {
  /// Users with a parent of their own, orders of theirs, a table that nobody refers to, an owner that
  /// is no superuser, and a view that keeps rows.
  static let shop = """
    CREATE TABLE users (id serial PRIMARY KEY, email varchar(60) NOT NULL UNIQUE, name text,
      boss integer REFERENCES users (id));
    CREATE TABLE orders (id serial PRIMARY KEY, user_id integer NOT NULL REFERENCES users (id),
      total numeric(8, 2) NOT NULL CHECK (total >= 0));
    CREATE TABLE lines (id serial PRIMARY KEY, order_id integer NOT NULL REFERENCES orders (id)
      ON DELETE CASCADE);
    CREATE TABLE audit_log (id serial PRIMARY KEY, what text);
    CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY);
    INSERT INTO alembic_version VALUES ('a1');
    INSERT INTO users (email, name, boss)
      SELECT 'user' || n || '@example.com', 'Name ' || n, CASE WHEN n > 10 THEN n % 10 + 1 END
      FROM generate_series(1, 200) n;
    INSERT INTO orders (user_id, total) SELECT n % 200 + 1, n FROM generate_series(1, 400) n;
    INSERT INTO lines (order_id) SELECT n % 400 + 1 FROM generate_series(1, 800) n;
    INSERT INTO audit_log (what) SELECT repeat('x', 100) FROM generate_series(1, 500);
    CREATE MATERIALIZED VIEW emails AS SELECT email FROM users;
    """

  static func database(_ script: String = shop) throws -> TestDatabase {
    try TestDatabase(.postgresql, script)
  }
}

extension TestDatabase {
  var postgres: PostgresAddress {
    get throws {
      guard case .postgresql(let address) = address else {
        throw DatabaseError(.cannotConnect, message: "no PostgreSQL")
      }
      return address
    }
  }
}

extension ProductionCopy {
  /// Every row's values as text, `NULL` for NULL.
  func rows(_ query: String) throws -> [[String]] {
    let rows: [Row]
    switch address {
    case .sqlite(let path): rows = try SQLiteConnection(path: path, access: .readWrite).rows(query)
    case .postgresql(let address):
      let connection = try PostgresConnection(address)
      try connection.execute("SET search_path = public")
      rows = try connection.rows(query)
    }
    return rows.map { $0.values.map { $0.text ?? "NULL" } }
  }

  func number(_ query: String) throws -> Int {
    try rows(query).first?.first.flatMap { Int($0) } ?? -1
  }
}

/// Copies on the server that the tests share, as on one that was given; without `given`, on one of
/// the copy's own.
func makeCopy(
  _ plan: CopyPlan, onShared: Bool = true, interruption: Interruption? = nil,
  settings: ScratchSettings = surroundings, tell: @escaping @Sendable (String) -> Void = { _ in }
) throws -> ProductionCopy {
  var settings = settings
  if onShared {
    let server = try SharedCluster.server()
    settings.postgresURL = server.address.url
  }
  return try ProductionCopy.make(plan, settings: settings, interruption: interruption, tell: tell)
}
