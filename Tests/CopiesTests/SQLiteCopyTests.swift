import Databases
import Glibc
import Platform
import Synchronization
import Testing

@testable import Copies

struct SQLiteCopyTests {
  private let folder: TestFolder
  private let place: TestFolder
  private var path: Path { folder.path / "shop.db" }

  init() throws {
    folder = try TestFolder()
    place = try TestFolder()
    let connection = try SQLiteConnection(path: path.text, access: .createIfMissing)
    try connection.execute(
      """
      CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT UNIQUE);
      INSERT INTO users (email) VALUES ('a@b.c'), ('d@e.f');
      """)
  }

  private func copy(_ interruption: Interruption? = nil) throws -> ProductionCopy {
    try ProductionCopy.make(
      CopyPlan(source: .sqlite(path)), settings: place.settings, interruption: interruption)
  }

  private func state() throws -> [String: [UInt8]] {
    var state: [String: [UInt8]] = [:]
    for name in try Files.names(in: folder.path) {
      state[name] = try Files.bytes(of: folder.path / name)
    }
    return state
  }

  @Test func `a file is copied and stays as it was`() throws {
    let (before, mark) = (try state(), FileMark(path))
    let copy = try copy()
    #expect(try copy.rows("SELECT email FROM users") == [["a@b.c"], ["d@e.f"]])
    #expect(copy.record.method == .backup)
    #expect(copy.record.rows == 2)
    #expect(copy.record.tables == 1)
    _ = try copy.rows("DELETE FROM users")
    copy.drop()
    #expect(try state() == before)
    #expect(FileMark(path) == mark)
  }

  @Test func `a file in WAL mode that nobody has open gets no companions`() throws {
    do {
      let connection = try SQLiteConnection(path: path.text, access: .readWrite)
      _ = try connection.rows("PRAGMA journal_mode = WAL")
      try connection.execute("INSERT INTO users (email) VALUES ('g@h.i')")
    }
    let (before, mark) = (try state(), FileMark(path))
    #expect(before.keys.sorted() == ["shop.db"])
    let copy = try copy()
    #expect(try copy.number("SELECT count(*) FROM users") == 3)
    #expect(try state() == before)
    #expect(FileMark(path) == mark)
  }

  @Test func `what is only in the log of a writer that still runs is copied`() throws {
    let writer = try SQLiteConnection(path: path.text, access: .readWrite)
    _ = try writer.rows("PRAGMA journal_mode = WAL")
    try writer.execute("PRAGMA wal_autocheckpoint = 0; INSERT INTO users (email) VALUES ('g@h.i')")
    try writer.execute("BEGIN; INSERT INTO users (email) VALUES ('uncommitted')")
    let (before, mark) = (try state()["shop.db"], FileMark(path))
    let names = try Files.names(in: folder.path)
    let copy = try copy()
    #expect(try copy.number("SELECT count(*) FROM users") == 3)
    try writer.execute("COMMIT")
    #expect(try state()["shop.db"] == before)
    #expect(FileMark(path) == mark)
    #expect(try Files.names(in: folder.path) == names)
  }

  @Test func `a log that a killed writer left is copied without being worked in`() throws {
    let other = try TestFolder()
    do {
      let writer = try SQLiteConnection(path: path.text, access: .readWrite)
      _ = try writer.rows("PRAGMA journal_mode = WAL")
      try writer.execute(
        "PRAGMA wal_autocheckpoint = 0; INSERT INTO users (email) VALUES ('g@h.i')")
      // What lies there while it runs is what a kill would leave.
      for end in ["", "-wal"] {
        try Files.copy(Path(path.text + end), to: other.path / "left.db\(end)")
      }
    }
    let before = try Files.bytes(of: other.path / "left.db")
    let copy = try ProductionCopy.make(
      CopyPlan(source: .sqlite(other.path / "left.db")), settings: place.settings)
    #expect(try copy.number("SELECT count(*) FROM users") == 3)
    #expect(try Files.bytes(of: other.path / "left.db") == before)
    #expect(try Files.names(in: other.path) == ["left.db", "left.db-wal"])
  }

  @Test(arguments: ["DELETE", "WAL"])
  func `a copy of a file that is written to meanwhile is of one state`(_ mode: String) throws {
    let writer = try SQLiteConnection(path: path.text, access: .readWrite)
    _ = try writer.rows("PRAGMA journal_mode = \(mode)")
    try writer.execute(
      """
      CREATE TABLE pairs (n INTEGER); INSERT INTO users (email)
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
      SELECT i || 'long enough to fill some pages' FROM n
      """)
    let file = path.text
    let interruption = Interruption()
    let job = BackgroundJob {
      guard let other = try? SQLiteConnection(path: file, access: .readWrite) else { return }
      while !interruption.isRaised {
        try? other.execute(
          "BEGIN; INSERT INTO pairs VALUES (1); INSERT INTO pairs VALUES (2); COMMIT")
        // An application does something else as well, and others come in then.
        _ = try? other.rows("SELECT count(*) FROM users a, users b WHERE a.id < 50")
      }
    }
    defer {
      interruption.raise()
      job.wait()
    }
    for _ in 0..<3 {
      let copy = try copy()
      #expect(try copy.number("SELECT count(*) % 2 FROM pairs") == 0)
      #expect(try copy.rows("PRAGMA integrity_check") == [["ok"]])
    }
  }

  @Test func `a copy that is kept is a file that can be copied again`() throws {
    let copy = try copy()
    let kept = try copy.keep(in: folder.path)
    copy.drop()
    #expect(kept == "\(folder.path)/stairway-copy-shop.db")
    let again = try ProductionCopy.make(
      CopyPlan(source: try CopySource(kept, relativeTo: "/")), settings: place.settings)
    #expect(try again.number("SELECT count(*) FROM users") == 2)
  }

  // MARK: Bad input

  @Test func `a file that another process holds is said to be locked`() throws {
    let holder = try SQLiteConnection(path: path.text, access: .readWrite)
    try holder.execute("BEGIN EXCLUSIVE; INSERT INTO users (email) VALUES ('x')")
    let told = Mutex<[String]>([])
    var plan = CopyPlan(source: .sqlite(path))
    (plan.quietWait, plan.longestWait) = (0.5, 3)
    let error = #expect(throws: CopyError.self) {
      try makeCopy(plan, settings: place.settings) { sentence in
        told.withLock { $0.append(sentence) }
      }
    }
    #expect(error?.code == .sourceLocked)
    #expect(error?.isUsage == false)
    #expect(error?.message.contains("locked by another process, which was waited for 3 s") == true)
    #expect(
      told.withLock {
        $0.filter { $0.hasPrefix("waiting for \(path), which another process") }.count
      }
        == 1)
    #expect(place.names == [])
    try holder.execute("ROLLBACK")
    #expect(try makeCopy(plan, settings: place.settings).record.tables > 0)
  }

  @Test func `a damaged file is said to be damaged`() throws {
    let connection = try SQLiteConnection(path: path.text, access: .readWrite)
    try connection.execute(
      """
      INSERT INTO users (email) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
      WHERE i < 2000) SELECT i || 'a text that takes some room' FROM n
      """)
    var bytes = try Files.bytes(of: path)
    for place in 8_192..<12_288 { bytes[place] = 0x5a }
    try Files.write(bytes, to: path)
    let error = #expect(throws: CopyError.self) { try copy() }
    #expect(error?.code == .sourceCorrupt)
    #expect(try Files.bytes(of: path) == bytes)
    #expect(place.names == [])
  }

  @Test func `a truncated file is said to be damaged`() throws {
    let bytes = try Files.bytes(of: path)
    try Files.write(Array(bytes.prefix(6_000)), to: path)
    let error = #expect(throws: CopyError.self) { try copy() }
    #expect(error?.code == .sourceCorrupt)
  }

  @Test func `an interruption ends the copying and leaves nothing`() throws {
    let interruption = Interruption()
    interruption.raise()
    let error = #expect(throws: PlatformError.self) { try copy(interruption) }
    #expect(error?.code == .interrupted)
    #expect(place.names == [])
  }

  @Test func `no room is said with both sizes before anything is copied`() throws {
    // A sparse file, of which the system says what it would take.
    let bytes = try Files.bytes(of: path)
    let large = folder.path / "large.db"
    try Files.write(bytes, to: large)
    #expect(truncate(large.text, 1 << 43) == 0)
    let error = #expect(throws: CopyError.self) {
      try ProductionCopy.make(CopyPlan(source: .sqlite(large)), settings: place.settings)
    }
    #expect(error?.code == .noRoom)
    #expect(
      error?.message.contains("takes 8 TiB; the copy and 1 kept state of it needs 16 TiB") == true)
    #expect(error?.message.contains(" free") == true)
    #expect(place.names == [])
  }
}
