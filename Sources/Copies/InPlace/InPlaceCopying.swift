import Databases
import Platform
import Scratch

/// No copying: the user's own disposable database is what the rehearsal runs on. The plan has been
/// checked by then: its name was confirmed, and it is none of the project's.
struct InPlaceCopying {
  let work: CopyWork
  let address: DatabaseAddress

  init(_ work: CopyWork, at address: DatabaseAddress) {
    self.work = work
    self.address = address
  }

  func copy() throws -> ProductionCopy {
    var record = CopyRecord(source: work.plan.source.title, method: .inPlace)
    let version: String
    do {
      switch address {
      case .sqlite(let path): version = try read(path, &record)
      case .postgresql(let address): version = try read(address, &record)
      }
    } catch let error as DatabaseError {
      try work.interruption?.check()
      if address.engine == .sqlite, error.isBusy {
        throw CopyError(
          .sourceLocked, "\(record.source) is locked by another process",
          fix: "end what writes to it (fuser \(record.source)), or run it again")
      }
      throw CopyError(
        .sourceUnreachable, "\(record.source) cannot be used", error,
        fix: "see that it is there and that the address is right")
    }
    record.seconds = work.seconds
    let server = GivenDatabaseServer(address, version: version, origin: record.source)
    return ProductionCopy(
      database: try server.lend(), server: server, record: record, canRestore: false,
      settings: work.settings)
  }

  private func read(_ path: String, _ record: inout CopyRecord) throws -> String {
    let connection = try SQLiteConnection(path: path, access: .readOnly)
    record.take(
      try CopySize(of: connection, at: Path(path), unlessInterrupted: work.interruption))
    return SQLiteConnection.libraryVersion
  }

  private func read(_ address: PostgresAddress, _ record: inout CopyRecord) throws -> String {
    let connection = try PostgresConnection(address, readOnly: true)
    try connection.execute("SET lock_timeout = '\(Int(work.plan.longestWait * 1_000))'")
    let watch = SourceWatch(work, on: address, doing: "counting the rows of \(address.redacted)")
    do {
      record.take(try CopySize(of: connection, unlessInterrupted: work.interruption))
    } catch let error as DatabaseError where error.isLockTimeout {
      throw CopyError.locked(
        address.redacted, by: watch.end(), after: work.plan.longestWaitWords, error.message)
    }
    let version = try connection.rows(
      "SELECT split_part(current_setting('server_version'), ' ', 1)")
    return version.first?.text(0) ?? ""
  }
}

/// A server of which one database is ours to change, and nothing else.
private final class GivenDatabaseServer: ScratchServer {
  let engine: Engine
  let version: String
  let origin: String
  let checkpointsAreCheap = false
  private let address: DatabaseAddress

  init(_ address: DatabaseAddress, version: String, origin: String) {
    self.address = address
    engine = address.engine
    self.version = version
    self.origin = origin
  }

  func lend() throws -> any ScratchDatabase { GivenDatabase(address) }

  func shutDown() {}
}

/// A database of the user's: it is migrated, and neither put back nor dropped, which would take more
/// away than its rows: its owner, its privileges, whoever is connected to it.
private final class GivenDatabase: ScratchDatabase {
  let address: DatabaseAddress

  init(_ address: DatabaseAddress) { self.address = address }

  func checkpoint() throws -> Checkpoint { throw Self.refusal }
  func restore(_ checkpoint: Checkpoint) throws { throw Self.refusal }
  func discard(_ checkpoint: Checkpoint) {}
  func reset() throws { throw Self.refusal }
  func drop() {}

  private static let refusal = ScratchError(
    .serverRefused, "a database that is used in place is not put back to an earlier state",
    fix: "leave --in-place out: Stairway then works on a copy of its own")
}
