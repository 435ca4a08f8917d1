package import Databases
package import Platform
package import Scratch

/// The copy that a rehearsal runs on, with the server that it lies on; both are gone when `drop` was
/// called, or when it is let go.
///
/// Used by one thread.
package final class ProductionCopy {
  package let database: any ScratchDatabase
  package let server: any ScratchServer
  package let record: CopyRecord
  /// Whether its states can be kept and put back; false for a database that is used in place.
  package let canRestore: Bool
  let settings: ScratchSettings
  private var isOver = false

  init(
    database: any ScratchDatabase, server: any ScratchServer, record: CopyRecord,
    canRestore: Bool = true, settings: ScratchSettings
  ) {
    self.database = database
    self.server = server
    self.record = record
    self.canRestore = canRestore
    self.settings = settings
  }

  deinit { drop() }

  /// Where it is.
  package var address: DatabaseAddress { database.address }

  /// Drops the copy and stops what was started for it. A database that was used in place stays.
  package func drop() {
    guard !isOver else { return }
    isOver = true
    database.drop()
    server.shutDown()
  }

  /// Makes the copy.
  ///
  /// - Parameters:
  ///   - settings: where a copy may lie; a private server is put where there is room for it.
  ///   - interruption: ends the work, and what was started for it.
  ///   - tell: takes a sentence for each stage, and for each wait, for the progress line; may be called from
  ///     another thread.
  /// - Throws: `CopyError`, `ScratchError`, or `PlatformError` `interrupted`; the source is as it
  ///   was, and nothing of ours is left.
  package static func make(
    _ plan: CopyPlan, settings: ScratchSettings, interruption: Interruption? = nil,
    tell: @escaping @Sendable (String) -> Void = { _ in }
  ) throws -> ProductionCopy {
    try plan.check()
    let start = settings.clock.monotonic()
    let work = CopyWork(
      plan: plan, settings: settings, interruption: interruption, start: start, tell: tell)
    do {
      switch plan.source {
      case .postgresql(let address): return try PostgresCopying(work, from: address).copy()
      case .dump(let path): return try DumpCopying(work, from: path).copy()
      case .sqlite(let path): return try SQLiteCopying(work, from: path).copy()
      case .inPlace(let address): return try InPlaceCopying(work, at: address).copy()
      }
    } catch {
      throw work.understood(error)
    }
  }
}

/// What every way of copying works with.
struct CopyWork {
  let plan: CopyPlan
  let settings: ScratchSettings
  let interruption: Interruption?
  /// When it was begun, on the monotonic clock.
  let start: Double
  let tell: @Sendable (String) -> Void

  var seconds: Double { settings.clock.monotonic() - start }

  /// The descriptor that wakes whoever waits; -1 where nobody interrupts.
  var stop: Int32 { interruption?.descriptor ?? -1 }

  /// An interruption goes before what it brought about; a full disk is no room, whoever met it.
  func understood(_ error: any Error) -> any Error {
    if interruption?.isRaised == true {
      return PlatformError(.interrupted, "interrupted by a signal")
    }
    switch error {
    case let error as PlatformError where error.code == .diskFull: return Self.full(error.message)
    case let error as DatabaseError where error.state == "53100" || error.state == "13":
      return Self.full(error.message)
    default: return error
    }
  }

  static func full(_ words: String) -> CopyError {
    CopyError(
      .noRoom, "the disk was full before the copy was whole: \(words)",
      fix: "set TMPDIR to a folder on a larger disk, or copy less: --schema-only-tables, --sample")
  }
}
