import Databases
import Platform
import Scratch
import Synchronization

/// An empty scratch database for one test.
final class TestDatabase {
  let address: DatabaseAddress
  private let drop: () -> Void

  /// One cluster for all tests of this process; its guard stops it when the process ends.
  private static let cluster = Mutex<PostgresCluster?>(nil)

  init(_ engine: Engine) throws {
    switch engine {
    case .sqlite:
      let folder = try Files.makeTemporaryFolder(in: "/tmp", prefix: "stairway-scratch")
      address = .sqlite(path: (folder / "scratch.db").text)
      drop = { try? Files.removeTree(folder) }
    case .postgresql:
      let server = try Self.server()
      let name = RandomName.make(prefix: "test", separator: "_")
      try PostgresConnection(server).execute("CREATE DATABASE \(name)")
      address = .postgresql(server.database(name))
      drop = {
        try? PostgresConnection(server).execute("DROP DATABASE \(name) WITH (FORCE)")
      }
    }
  }

  deinit { drop() }

  private static func server() throws -> PostgresAddress {
    try cluster.withLock { shared in
      if let shared { return shared.address }
      let made = try PostgresCluster(
        ScratchSettings(
          environment: ["PATH": "/usr/bin:/bin:/usr/sbin:/sbin"], roomForCluster: 256 << 20))
      let address = made.address
      shared = made
      return address
    }
  }

  /// The first column of a query's rows.
  func column(_ sql: String) throws -> [String] {
    switch address {
    case .sqlite(let path):
      try SQLiteConnection(path: path, access: .createIfMissing).rows(sql).map { $0.text(0) }
    case .postgresql(let server):
      try PostgresConnection(server).rows(sql).map { $0.text(0) }
    }
  }

  /// The tables, sorted, but for Alembic's.
  func tables() throws -> [String] {
    try column(
      address.engine == .sqlite
        ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1"
        : """
        SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace
          AND relkind = 'r' ORDER BY 1
        """
    ).filter { $0 != "alembic_version" }
  }

  /// The table of each foreign key; on PostgreSQL alone.
  func foreignKeys() throws -> [String] {
    try column(
      """
      SELECT c.relname::text FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
        WHERE k.contype = 'f' ORDER BY 1
      """)
  }

  /// The revisions in the version table.
  func versions() throws -> [String] {
    try column(
      address.engine == .sqlite
        ? "SELECT version_num FROM alembic_version ORDER BY 1"
        : "SELECT version_num FROM public.alembic_version ORDER BY 1")
  }
}
