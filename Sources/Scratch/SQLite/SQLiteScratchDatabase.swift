import Databases
import Platform

/// One SQLite file; its checkpoints are copies beside it, and a restored file is at the same path.
final class SQLiteScratchDatabase: ScratchDatabase {
  private let path: Path
  private var checkpoints: Set<Checkpoint> = []
  private var made = 0

  init(_ path: Path) throws {
    self.path = path
    try reset()
  }

  var address: DatabaseAddress { .sqlite(path: path.text) }

  func checkpoint() throws -> Checkpoint {
    try settle()
    made += 1
    let checkpoint = Checkpoint(name: "\(path.text).checkpoint-\(made)")
    try reporting("cannot copy the scratch database \(path)") {
      try Files.copy(path, to: Path(checkpoint.name))
    }
    checkpoints.insert(checkpoint)
    return checkpoint
  }

  func restore(_ checkpoint: Checkpoint) throws {
    try reporting("cannot restore the scratch database \(path)") {
      // Before the copy: a journal beside the restored file would be rolled back into it.
      try removeCompanions()
      try Files.copy(Path(checkpoint.name), to: path)
    }
  }

  func discard(_ checkpoint: Checkpoint) {
    checkpoints.remove(checkpoint)
    try? Files.remove(Path(checkpoint.name))
  }

  func reset() throws {
    try reporting("cannot empty the scratch database \(path)") {
      try removeCompanions()
      try Files.write([], to: path, mode: 0o600)
    }
  }

  func drop() {
    for checkpoint in checkpoints { discard(checkpoint) }
    try? removeCompanions()
    try? Files.remove(path)
  }

  /// Brings everything into the one file. A process that was killed may have left a journal, which
  /// the next reader rolls back, or a write-ahead log, which the last connection to close folds in
  /// (<https://www.sqlite.org/tempfiles.html>).
  private func settle() throws {
    guard companions.contains(where: Files.exists) else { return }
    try reporting("cannot read the scratch database \(path)") {
      let connection = try SQLiteConnection(path: path.text, access: .readWrite)
      _ = try connection.rows("SELECT count(*) FROM sqlite_master")
      _ = try connection.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    }
    // What is left is empty or was rolled back; were it not, the copy would lose something.
    for companion in companions where (Files.size(of: companion) ?? 0) > 0 {
      if companion.text.hasSuffix("-shm") { continue }
      throw ScratchError(
        .cannotWrite, "cannot copy the scratch database \(path): a connection to it is still open")
    }
  }

  private var companions: [Path] {
    ["-journal", "-wal", "-shm"].map { Path(path.text + $0) }
  }

  private func removeCompanions() throws {
    for companion in companions { try Files.remove(companion) }
  }

  private func reporting(_ what: String, _ body: () throws -> Void) throws {
    do { try body() } catch { throw ScratchError(error, .cannotWrite, what) }
  }
}
