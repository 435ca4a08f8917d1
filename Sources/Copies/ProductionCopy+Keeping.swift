import Databases
package import Platform
import Scratch

extension ProductionCopy {
  /// Keeps the copy as it is now beyond the end of the run.
  ///
  /// A SQLite file and what lies on a server of Stairway's own are put into a file, which can be the
  /// source of another rehearsal; on a given server the database gets a name that no run sweeps.
  /// - Parameter folder: where a file is put.
  /// - Returns: where it is: a path, or the database's name with its server.
  /// - Throws: `ScratchError`, `CopyError`, `PlatformError` or `DatabaseError` where it cannot be kept.
  package func keep(in folder: Path, interruption: Interruption? = nil) throws -> String {
    guard canRestore else { return record.source }
    switch address {
    case .sqlite(let path):
      let kept = freePath(in: folder, ending: "db")
      // What a write-ahead log holds is put into the file.
      _ = try SQLiteConnection(path: path, access: .readWrite)
        .rows("PRAGMA wal_checkpoint(TRUNCATE)")
      try Files.copy(Path(path), to: kept)
      return kept.text
    case .postgresql(let address):
      if let server = server as? PostgresServer { return try rename(address, on: server) }
      let kept = freePath(in: folder, ending: "dump")
      try dump(address, to: kept, interruption)
      return kept.text
    }
  }

  private func rename(_ address: PostgresAddress, on server: PostgresServer) throws -> String {
    let name = RandomName.make(prefix: "stairway_kept", separator: "_")
    let connection = try PostgresConnection(server.address)
    _ = try connection.rows(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1",
      [address.database])
    try connection.execute(
      "ALTER DATABASE \(Identifier(address.database).quoted) RENAME TO \(Identifier(name).quoted)")
    return address.database(name).redacted
  }

  private func dump(
    _ address: PostgresAddress, to path: Path, _ interruption: Interruption?
  ) throws {
    let clients = try PostgresClients(settings)
    let work = CopyWork(
      plan: CopyPlan(source: .postgresql(address)), settings: settings, interruption: interruption,
      start: settings.clock.monotonic(), tell: { _ in })
    // What production holds is its owner's alone; pg_dump keeps the rights of a file that is there.
    try Files.write("", to: path)
    try Files.setMode(0o600, of: path)
    let run = try ProgramRun(
      clients.path("pg_dump"),
      ["--format=custom", "--compress=1", "--file=\(path)", "--dbname=\(address.argument)"],
      variables: address.variables([:]), work)
    do {
      let status = try run.wait()
      guard status.isSuccess else { throw DumpFailure.error("the copy", run.words, status) }
    } catch {
      try? Files.remove(path)
      throw work.understood(error)
    }
  }

  /// `stairway-copy-<source>.<ending>`, with a number where that is taken.
  private func freePath(in folder: Path, ending: String) -> Path {
    let source = record.source.split(separator: "/").last.map(String.init) ?? "database"
    let name = String(source.prefix { $0 != "." && $0 != "?" })
    var path = folder / "stairway-copy-\(name).\(ending)"
    var number = 2
    while Files.exists(path) {
      path = folder / "stairway-copy-\(name)-\(number).\(ending)"
      number += 1
    }
    return path
  }
}
