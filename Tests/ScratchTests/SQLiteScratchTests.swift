import Databases
import Platform
import Testing

@testable import Scratch

struct SQLiteScratchTests {
  private func path(_ database: any ScratchDatabase) throws -> Path {
    guard case .sqlite(let text) = database.address else {
      throw ScratchError(.cannotWrite, "not a file")
    }
    return Path(text)
  }

  @Test func `a write-ahead log that a killed process left is part of the checkpoint`() throws {
    let server = try SQLiteScratch(surroundings)
    let database = try server.lend()
    let other = try server.lend()
    let (from, to) = (try path(other), try path(database))
    let writer = try SQLiteConnection(path: from.text, access: .readWrite)
    try writer.execute(
      "PRAGMA journal_mode=WAL; CREATE TABLE t (id); INSERT INTO t VALUES (1)")
    // What lies on disk while a writer is still there is what its killing would leave.
    for ending in ["", "-wal"] {
      try Files.copy(Path(from.text + ending), to: Path(to.text + ending))
    }
    #expect((Files.size(of: Path(to.text + "-wal")) ?? 0) > 0)
    let checkpoint = try database.checkpoint()
    #expect(!Files.exists(Path(to.text + "-wal")))
    try ask(database.address, "DROP TABLE t")
    try database.restore(checkpoint)
    #expect(try ask(database.address, "SELECT id FROM t").map { $0[0].integer } == [1])
    _ = try writer.rows("SELECT 1")
  }

  @Test func `a transaction that a killed process left unfinished is rolled back`() throws {
    let server = try SQLiteScratch(surroundings)
    let database = try server.lend()
    let other = try server.lend()
    let (from, to) = (try path(other), try path(database))
    let writer = try SQLiteConnection(path: from.text, access: .readWrite)
    try writer.execute("CREATE TABLE t (id, filling); INSERT INTO t VALUES (1, '')")
    // So little cache that changed pages reach the file before the commit.
    try writer.execute(
      """
      PRAGMA cache_size=2; BEGIN;
      INSERT INTO t SELECT 2, randomblob(3000) FROM pragma_function_list LIMIT 50
      """)
    for ending in ["", "-journal"] {
      try Files.copy(Path(from.text + ending), to: Path(to.text + ending))
    }
    #expect((Files.size(of: Path(to.text + "-journal")) ?? 0) > 0)
    let checkpoint = try database.checkpoint()
    try database.reset()
    try database.restore(checkpoint)
    #expect(try ask(database.address, "SELECT id FROM t").map { $0[0].integer } == [1])
    #expect(try ask(database.address, "PRAGMA integrity_check").first?.text(0) == "ok")
    try writer.execute("ROLLBACK")
  }

  @Test func `a journal beside the file is not rolled back into what was restored`() throws {
    let server = try SQLiteScratch(surroundings)
    let database = try server.lend()
    try ask(database.address, "CREATE TABLE t (id)")
    let checkpoint = try database.checkpoint()
    try Files.write("rubbish", to: Path(try path(database).text + "-journal"))
    try Files.write("rubbish", to: Path(try path(database).text + "-wal"))
    try database.restore(checkpoint)
    #expect(try tables(database.address) == ["t"])
  }

  @Test func `without room in memory files go to the temporary folder`() throws {
    var settings = surroundings
    settings.roomForFiles = .max
    #expect(try SQLiteScratch(settings).origin == "files in \(settings.temporary)")
    settings.roomForFiles = 0
    settings.memory = "/no/such/folder"
    #expect(try SQLiteScratch(settings).origin == "files in \(settings.temporary)")
  }

  @Test func `a memory folder that cannot be written to is passed over`() throws {
    var settings = surroundings
    settings.roomForFiles = 0
    settings.memory = "/proc/self"
    #expect(try SQLiteScratch(settings).origin == "files in \(settings.temporary)")
  }

  @Test func `the folder is its owner's alone and goes with the server`() throws {
    var server: SQLiteScratch? = try SQLiteScratch(surroundings)
    let folder = try path(#require(try server?.lend())).parent
    #expect(ScratchFolder.isOurs(folder.name))
    #expect(Files.isFolder(folder))
    server = nil
    #expect(!Files.exists(folder))
  }
}
