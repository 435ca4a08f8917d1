import Databases
import Platform
import Scratch

/// Copies a SQLite file with SQLite's online backup, also while it is written to; the file and what
/// lies beside it are as they were afterwards.
struct SQLiteCopying {
  let work: CopyWork
  let source: Path

  init(_ work: CopyWork, from source: Path) throws {
    self.work = work
    self.source = Files.resolved(source) ?? source
  }

  func copy() throws -> ProductionCopy {
    let bytes = (Files.size(of: source) ?? 0) + (Files.size(of: beside("-wal")) ?? 0)
    let room = Room(bytes: bytes, isExact: true, passing: 0, checkpoints: work.plan.checkpoints)
    let settings = room.settings(work.settings)
    try room.check(settings.places(room: settings.roomForFiles), of: source.text)
    let server = try ScratchServers.find(engine: .sqlite, settings: settings)
    do {
      let database = try server.lend()
      guard case .sqlite(let path) = database.address else {
        throw CopyError(.restoreFailed, "\(server.origin) gave no SQLite file")
      }
      work.tell("copying \(source), \(CopyError.size(bytes))")
      try fill(path)
      try check(path)
      var record = CopyRecord(source: source.text, method: .backup)
      record.takenAt =
        [source, beside("-wal")].compactMap { Files.changeTime(of: $0) }.max()
      record = try SQLiteCopyChanges(work, path: path).apply(to: record)
      // Who waits for whom depends on it.
      if try isWAL() {
        _ = try SQLiteConnection(path: path, access: .readWrite).rows("PRAGMA journal_mode = WAL")
      }
      return ProductionCopy(database: database, server: server, record: record, settings: settings)
    } catch {
      server.shutDown()
      throw error
    }
  }

  // MARK: Copying

  /// How the file can be read without leaving a trace beside it. A reader of a file in WAL mode makes
  /// `-wal` and `-shm` where they are not there, and one that may only read cannot remove them
  /// (<https://www.sqlite.org/wal.html#read_only_databases>).
  private enum Reading {
    /// Others have it open, or it has no WAL mode: SQLite's locks do.
    case shared
    /// In WAL mode, and nobody has it open: it stands still, and the file holds everything.
    case still
    /// Nobody has it open and a journal lies beside it, which whoever opens it works in: only a copy
    /// of both may be opened.
    case left
  }

  private func fill(_ path: String) throws {
    for attempt in 1...3 {
      let reading = try reading()
      let before = marks
      do {
        switch reading {
        case .shared:
          try patiently {
            try backUp(
              SQLiteConnection(path: source.text, access: .readOnly, busyTimeout: 1_000), to: path)
          }
        case .still: try backUp(SQLiteConnection(immutable: source.text), to: path)
        case .left: try copyFiles(to: path)
        }
      } catch let error as DatabaseError where error.isUnfinished && attempt < 3 {
        try copyFiles(to: path)
      } catch let error as DatabaseError {
        throw failure(error)
      }
      // Somebody may have begun to write while nothing held them back: then once more.
      if reading == .shared || marks == before { return }
    }
    throw CopyError(
      .sourceLocked, "\(source) is written to by another process all the time",
      fix: "run it again, or copy the file when nobody writes to it")
  }

  /// Tries again as long as another process has the file locked, and says so when that takes a while.
  private func patiently(_ body: () throws -> Void) throws {
    let clock = work.settings.clock
    let begun = clock.monotonic()
    var isTold = false
    while true {
      do {
        return try body()
      } catch let error as DatabaseError where error.isBusy {
        try work.interruption?.check()
        let waited = clock.monotonic() - begun
        if waited >= work.plan.longestWait { throw error }
        guard waited >= work.plan.quietWait, !isTold else { continue }
        isTold = true
        work.tell(
          "waiting for \(source), which another process keeps locked (fuser \(source) names it); "
            + "gives up after \(work.plan.longestWaitWords)")
      }
    }
  }

  /// Bytes 18 and 19 of the file are the versions that may write and read, 2 for WAL
  /// (<https://www.sqlite.org/fileformat.html#file_format_version_numbers>).
  private func isWAL() throws -> Bool {
    let head = try Files.bytes(of: source, upTo: 20)
    return head.count == 20 && head[18] == 2
  }

  private func reading() throws -> Reading {
    let hasShared = Files.exists(beside("-shm"))
    guard try isWAL() else { return .shared }
    if hasShared { return .shared }
    return (Files.size(of: beside("-wal")) ?? 0) > 0 ? .left : .still
  }

  private func backUp(
    _ connection: consuming SQLiteConnection, to path: String
  ) throws {
    let target = try SQLiteConnection(path: path, access: .createIfMissing)
    // In WAL mode a reader holds nobody up, and then sees one state for as long as it takes.
    if try connection.rows("PRAGMA journal_mode").first?.text(0) == "wal" {
      try connection.execute("BEGIN; SELECT count(*) FROM sqlite_master")
    }
    let interruption = work.interruption
    let isWhole = try connection.backUp(to: target) { interruption?.isRaised == true }
    if !isWhole { try interruption?.check() }
    // The copy is its owner's alone.
    _ = try target.rows("PRAGMA journal_mode = DELETE")
  }

  /// Copies the file and its journal as they are, for SQLite to mend in the copy.
  private func copyFiles(to path: String) throws {
    for end in ["-wal", "-journal"] where Files.exists(beside(end)) {
      try Files.copy(beside(end), to: Path(path + end))
    }
    try Files.copy(source, to: Path(path))
    let copy = try SQLiteConnection(path: path, access: .readWrite)
    _ = try copy.rows("SELECT count(*) FROM sqlite_master")
    _ = try copy.rows("PRAGMA journal_mode = DELETE")
  }

  private func beside(_ end: String) -> Path { Path(source.text + end) }

  private var marks: [FileMark?] {
    ["", "-wal", "-journal", "-shm"].map { FileMark(beside($0)) }
  }

  // MARK: What is wrong with it

  /// A copy of a damaged file is damaged as well, and migrations would fail on that.
  private func check(_ path: String) throws {
    let words: String
    do {
      let rows = try SQLiteConnection(path: path, access: .readWrite).rows("PRAGMA quick_check(1)")
      words = rows.first?.text(0) ?? "ok"
    } catch let error as DatabaseError {
      throw failure(error)
    }
    guard words != "ok" else { return }
    throw CopyError(
      .sourceCorrupt,
      "\(source) is damaged: \(words.split(whereSeparator: \.isNewline).joined(separator: " "))",
      fix: "restore it from a backup, or see what `sqlite3 \(source) .recover` saves")
  }

  private func failure(_ error: DatabaseError) -> any Error {
    switch error.plainCode {
    case 5, 6:
      CopyError(
        .sourceLocked,
        "\(source) is locked by another process, which was waited for "
          + work.plan.longestWaitWords,
        fix: "end what writes to it (fuser \(source)), or run it again")
    case 11:
      CopyError(
        .sourceCorrupt, "\(source) is damaged", error,
        fix: "restore it from a backup, or see what `sqlite3 \(source) .recover` saves")
    case 26:
      CopyError(
        .badSource, "\(source) is no SQLite file, or an encrypted one",
        fix: "give the file that the application has open")
    case 13: CopyWork.full(error.message)
    default: CopyError(.sourceUnreachable, "\(source) cannot be copied", error)
    }
  }
}

extension DatabaseError {
  /// A reader found a journal that it would have to work in: `SQLITE_READONLY` and its kin, or a
  /// shared memory file that it cannot make.
  fileprivate var isUnfinished: Bool { [8, 14].contains(plainCode) }

  /// Another process has the file locked: `SQLITE_BUSY`, `SQLITE_LOCKED`.
  var isBusy: Bool { [5, 6].contains(plainCode) }

  /// The low byte of an extended code is the code itself.
  var plainCode: Int { (Int(state ?? "") ?? 0) & 0xff }
}
