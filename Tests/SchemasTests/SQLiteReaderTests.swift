import Databases
import FoundationEssentials
import Schemas
import Testing

@Suite struct SQLiteReaderTests {
  @Test func `an empty file has an empty schema`() throws {
    let database = SQLiteDatabase()
    try database.execute("PRAGMA user_version")
    #expect(try SQLiteSchemaReader(path: database.path).snapshot().isEmpty)
  }

  @Test func `a missing file is refused with its path`() {
    let reader = SQLiteSchemaReader(path: "/nowhere/at all.db")
    #expect(throws: DatabaseError.self) { try reader.snapshot() }
  }

  @Test func `only what is committed is seen, and no lock is kept`() throws {
    let database = SQLiteDatabase()
    try database.execute("CREATE TABLE a (x)")
    let reader = SQLiteSchemaReader(path: database.path)
    #expect(try reader.snapshot().count == 1)
    let writer = try SQLiteConnection(path: database.path, access: .readWrite, busyTimeout: 0)
    try writer.execute("BEGIN; CREATE TABLE b (x)")
    #expect(try reader.snapshot().count == 1)
    try writer.execute("COMMIT")
    #expect(try reader.snapshot().count == 2)
    try writer.execute("BEGIN EXCLUSIVE; DROP TABLE a; COMMIT")
    #expect(try reader.snapshot().count == 1)
  }

  @Test func `a file put in the place of another is seen`() throws {
    let (first, second) = (SQLiteDatabase(), SQLiteDatabase())
    try first.execute("CREATE TABLE a (x)")
    try second.execute("CREATE TABLE b (x)")
    let reader = SQLiteSchemaReader(path: first.path)
    _ = try reader.snapshot()
    try FileManager.default.removeItem(atPath: first.path)
    try FileManager.default.copyItem(atPath: second.path, toPath: first.path)
    #expect(try reader.snapshot().ordered.map(\.id.name.raw) == ["b"])
  }

  @Test func `excluded tables are left out in any case with all that hangs on them`() throws {
    let database = SQLiteDatabase()
    try database.execute("CREATE TABLE Alembic_Version (v); CREATE INDEX i ON alembic_version (v)")
    let reader = SQLiteSchemaReader(path: database.path, excluding: [TableName("alembic_version")])
    #expect(try reader.snapshot().isEmpty)
    #expect(try reader.fullSnapshot().isEmpty)
  }

  @Test(arguments: [512, 4096, 65_536], ["delete", "wal"])
  func `many tables and long statements are read from the file as SQLite reads them`(
    pageSize: Int, mode: String
  ) throws {
    let database = SQLiteDatabase()
    let writer = try SQLiteConnection(path: database.path, access: .createIfMissing)
    _ = try writer.rows("PRAGMA page_size = \(pageSize)")
    _ = try writer.rows("PRAGMA journal_mode = \(mode)")
    let reader = SQLiteSchemaReader(path: database.path)
    let long = (0..<300).map { "column_\($0) VARCHAR(\($0 + 1)) DEFAULT 'é'" }.joined(
      separator: ", ")
    try writer.execute("BEGIN; CREATE TABLE long (\(long)); COMMIT")
    #expect(try reader.snapshot() == reader.fullSnapshot())
    try writer.execute("BEGIN")
    for number in 0..<80 {
      try writer.execute("CREATE TABLE t\(number) (id INTEGER PRIMARY KEY, a TEXT)")
      try writer.execute("CREATE INDEX i\(number) ON t\(number) (a)")
    }
    try writer.execute("COMMIT")
    let before = try reader.snapshot()
    #expect(before == (try reader.fullSnapshot()))
    #expect(before.count == 81)
    for number in stride(from: 0, to: 80, by: 20) {
      try writer.execute("ALTER TABLE t\(number) ADD COLUMN b TEXT")
      try writer.execute("DROP INDEX i\(number + 1)")
      try writer.execute("DROP TABLE t\(number + 2)")
      try writer.execute("ALTER TABLE long RENAME COLUMN column_\(number + 50) TO other_\(number)")
      #expect(try reader.snapshot() == reader.fullSnapshot())
    }
    #expect(SchemaDifference(from: before, to: try reader.snapshot()).isStructural)
  }

  @Test func `UTF-16 files are read too`() throws {
    let database = SQLiteDatabase()
    try database.execute("PRAGMA encoding = 'UTF-16le'; CREATE TABLE t (ä TEXT DEFAULT 'ö')")
    let reader = SQLiteSchemaReader(path: database.path)
    #expect(try reader.snapshot() == reader.fullSnapshot())
    #expect(try reader.snapshot()[ObjectID(.table, ["t"])]?.objects[1].id.name == "ä")
  }

  @Test func `a view on a dropped table is broken, one that needs the application's function not`()
    throws
  {
    let database = SQLiteDatabase()
    try database.execute(
      """
      CREATE TABLE t (a TEXT); CREATE VIEW v AS SELECT a FROM t;
      CREATE VIEW f AS SELECT my_own(1); CREATE VIEW fine AS SELECT 1 AS one;
      """)
    let reader = SQLiteSchemaReader(path: database.path)
    #expect(try reader.brokenViews(in: reader.snapshot()).isEmpty)
    try database.execute("DROP TABLE t; CREATE TABLE t (b TEXT)")
    let broken = try reader.brokenViews(in: reader.snapshot())
    #expect(broken.map(\.id.description) == ["view v"])
    #expect(broken.first?.message == "no such column: a")
  }
}
