import Databases
import Platform
import Scratch
import TestSupport
import Testing

@testable import Copies

struct DumpCopyTests {
  private let folder: TestFolder

  init() throws { folder = try TestFolder() }

  /// How a dump is written and packed.
  struct Packing: Sendable, CustomTestStringConvertible {
    let options: [String]
    let packer: String?
    var testDescription: String { (options + [packer ?? "as it is"]).joined(separator: " ") }

    static let all =
      ["custom", "tar", "plain", "directory"].map {
        Packing(options: ["--format=\($0)"], packer: nil)
      }
      + ["custom", "tar", "plain"].flatMap { form in
        ["gzip", "zstd"].map { Packing(options: ["--format=\(form)"], packer: $0) }
      } + [
        Packing(options: ["--format=plain", "--create"], packer: nil),
        Packing(options: ["--format=plain", "--inserts"], packer: nil),
        Packing(options: ["--format=custom", "--compress=0"], packer: nil),
      ]
  }

  /// Dumps the database into the folder.
  private func dump(_ database: TestDatabase, _ packing: Packing) throws -> Path {
    let path = folder.path / "shop"
    let address = try database.postgres
    let run = try ChildProcess.run(
      Launch(
        PostgresClients(surroundings).path("pg_dump"),
        packing.options + ["--file=\(path)", "--dbname=\(address.argument)"],
        environment: surroundings.programEnvironment))
    #expect(run.errors == "")
    guard let packer = packing.packer else { return path }
    let packed = try ChildProcess.run(
      Launch(packer, ["-q", path.text], environment: surroundings.programEnvironment))
    #expect(packed.isSuccess)
    return Path(path.text + (packer == "gzip" ? ".gz" : ".zst"))
  }

  private func copy(
    _ path: Path, _ plan: (inout CopyPlan) -> Void = { _ in }, onShared: Bool = true
  ) throws -> ProductionCopy {
    var made = CopyPlan(source: try CopySource(path.text, relativeTo: "/"))
    plan(&made)
    return try makeCopy(made, onShared: onShared)
  }

  private func write(_ text: String) throws -> Path {
    let path = folder.path / "dump.sql"
    try Files.write(text, to: path)
    return path
  }

  @Test(arguments: Packing.all)
  func `a dump is restored whole, however it is packed`(_ packing: Packing) throws {
    let production = try Production.database(
      Production.shop + """
        CREATE FUNCTION total() RETURNS text LANGUAGE plpgsql AS $x$
        BEGIN RETURN 'a; \\connect "b"'; END $x$;
        CREATE FUNCTION atomic() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END;
        INSERT INTO audit_log (what) VALUES (E'a\\nb\\\\.\\t\\\\'), (''), ('\\.'), ('it''s "; --');
        COMMENT ON TABLE users IS E'it''s \\\\ a; /* comment';
        """)
    let path = try dump(production, packing)
    let mark = FileMark(path)
    let copy = try copy(path)
    #expect(copy.record.method == .file)
    // An archive has the hours of its own clock.
    let age = Clock.system.utc() - (try #require(copy.record.takenAt))
    #expect(abs(age) < 86_400)
    for table in ["users", "orders", "lines", "audit_log", "emails"] {
      let query = "SELECT md5(string_agg(t::text, '|' ORDER BY t::text)), count(*) FROM \(table) t"
      #expect(try copy.rows(query) == production.rows(query))
    }
    #expect(try copy.rows("SELECT total(), atomic()") == [["a; \\connect \"b\"", "2"]])
    #expect(
      try copy.rows("SELECT obj_description('users'::regclass)") == [["it's \\ a; /* comment"]])
    #expect(FileMark(path) == mark)
  }

  @Test func `tables of a dump are left out or left empty`() throws {
    let path = try dump(Production.database(), Packing(options: ["--format=custom"], packer: nil))
    let copy = try copy(path) {
      $0.schemaOnlyTables = ["users"]
      $0.excludedTables = ["public.audit*"]
    }
    #expect(try copy.number("SELECT count(*) FROM users") == 0)
    #expect(try copy.number("SELECT count(*) FROM lines") == 0)
    #expect(try copy.number("SELECT count(*) FROM emails") == 0)
    #expect(try copy.rows("SELECT to_regclass('audit_log')") == [["NULL"]])
  }

  @Test func `the roles that a dump names are made on a private server`() throws {
    let role = RandomName.make(prefix: "clerk", separator: "_")
    let production = try Production.database(
      "CREATE ROLE \(role); CREATE TABLE notes (id int); ALTER TABLE notes OWNER TO \(role);")
    defer { try? production.execute("DROP OWNED BY \(role); DROP ROLE \(role)") }
    for form in ["custom", "plain"] {
      let path = try dump(production, Packing(options: ["--format=\(form)"], packer: nil))
      let copy = try copy(path, onShared: false)
      #expect(
        try copy.rows("SELECT tableowner FROM pg_tables WHERE tablename = 'notes'") == [[role]])
      try Files.remove(path)
    }
  }

  @Test func `roles that a given server does not have are said`() throws {
    let role = RandomName.make(prefix: "clerk", separator: "_")
    let production = try Production.database(
      "CREATE ROLE \(role); CREATE TABLE notes (id int); ALTER TABLE notes OWNER TO \(role);")
    let paths = try ["custom", "plain"].map { form in
      let path = try dump(production, Packing(options: ["--format=\(form)"], packer: nil))
      try Files.move(path, to: folder.path / form)
      return folder.path / form
    }
    try production.execute("DROP OWNED BY \(role); DROP ROLE \(role)")
    for path in paths {
      let copy = try copy(path)
      #expect(copy.record.leftOut.contains { $0.contains(role) })
    }
  }

  @Test(arguments: ["custom", "plain"])
  func `whoever may make databases on a given server can restore a dump there`(_ form: String)
    throws
  {
    let production = try Production.database(
      """
      CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TABLE notes (id int, how mood);
      CREATE VIEW owners AS SELECT id AS owner FROM notes; GRANT SELECT ON notes TO PUBLIC;
      """)
    let path = try dump(production, Packing(options: ["--format=\(form)"], packer: nil))
    let role = RandomName.make(prefix: "maker", separator: "_")
    try production.execute("CREATE ROLE \(role) LOGIN CREATEDB")
    defer { try? production.execute("DROP ROLE \(role)") }
    var (address, settings) = (try production.postgres, surroundings)
    address.user = role
    settings.postgresURL = address.url
    let copy = try makeCopy(
      CopyPlan(source: try CopySource(path.text, relativeTo: "/")), onShared: false,
      settings: settings)
    defer { copy.drop() }
    #expect(
      try copy.rows("SELECT tableowner FROM pg_tables WHERE tablename = 'notes'") == [[role]])
    #expect(
      copy.record.leftOut == ["owners and privileges: roles are not made on a given server"])
  }

  @Test(arguments: [
    ["--format=custom", "--data-only"], ["--format=tar", "--data-only"],
    ["--format=directory", "--data-only"], ["--format=plain", "--data-only"],
    ["--format=plain", "--data-only", "--inserts"], ["--format=custom", "--section=post-data"],
  ])
  func `a dump of rows without their tables is told as that`(_ options: [String]) throws {
    let production = try Production.database(
      "CREATE TABLE users (id int PRIMARY KEY); INSERT INTO users VALUES (1)")
    let path = try dump(production, Packing(options: options, packer: nil))
    let error = #expect(throws: CopyError.self) { try copy(path) }
    #expect(error?.code == .noSchema, "\(error as Any)")
    #expect(error?.message.hasPrefix("\(path) needs public.") == true)
    #expect(error?.fix?.hasPrefix("dump both: pg_dump") == true)
  }

  @Test(arguments: ["custom", "plain"])
  func `a dump of a table without its schema is told as that`(_ form: String) throws {
    let production = try Production.database(
      "CREATE SCHEMA shop; CREATE TABLE shop.users (id int); INSERT INTO shop.users VALUES (1)")
    let path = try dump(
      production, Packing(options: ["--format=\(form)", "--table=shop.users"], packer: nil))
    let error = #expect(throws: CopyError.self) { try copy(path) }
    #expect(error?.code == .noSchema)
    #expect(error?.message.contains("the schema shop, which it does not make") == true)
    #expect(error?.fix?.contains("--schema=shop") == true)
  }

  @Test func `an archive says itself when it was written`() throws {
    let path = try dump(Production.database(), Packing(options: ["--format=custom"], packer: nil))
    let fields = [59, 58, 23, 31, 11, 99]
    let head = Array(try Files.bytes(of: path, upTo: 12))
    let begin = head[6] >= 15 ? 12 : 11 + 1 + Int(head[8])
    var bytes = try Files.bytes(of: path)
    for (place, field) in fields.enumerated() {
      bytes[begin + place * (1 + Int(head[8])) + 1] = UInt8(field)
    }
    try Files.write(bytes, to: path)
    // 1999-12-31 23:58:59
    #expect(DumpFile(path: path, form: .custom, compression: nil).writtenAt == 946_684_739)
  }

  // MARK: What would leave the database

  /// A script, and the code and words that it is refused with.
  struct Hostile: Sendable, CustomTestStringConvertible {
    let script: String
    let code: CopyError.Code
    let words: String
    var testDescription: String { words }

    static let all = [
      Hostile(
        script: "CREATE TABLE a (i int);\n\\connect postgres\nCREATE TABLE stray (i int);\n",
        code: .severalDatabases, words: "\\connect postgres"),
      Hostile(
        script: "CREATE DATABASE a;\n\\c a\nSELECT 1;\nCREATE DATABASE b;\n\\c b\n",
        code: .severalDatabases, words: "it makes 2"),
      Hostile(
        script: "SELECT 1;\n\n\\! touch /tmp/stairway-was-here\n", code: .foreignCommand,
        words: "line 3, has the psql command \\!"),
      Hostile(
        script: "SELECT 'x' \\gexec\n", code: .foreignCommand, words: "\\gexec"),
      Hostile(
        script: "COPY pg_class TO PROGRAM 'cat';\n", code: .foreignCommand,
        words: "line 1, copies from or to a file or program"),
    ]
  }

  @Test(arguments: Hostile.all)
  func `a script that leaves its database is refused`(_ hostile: Hostile) throws {
    let path = try write(hostile.script)
    let error = #expect(throws: CopyError.self) { try copy(path) }
    #expect(error?.code == hostile.code)
    #expect(error?.message.contains(hostile.words) == true)
    let server = try SharedCluster.server()
    #expect(
      try PostgresConnection(server.address).rows("SELECT to_regclass('public.stray')")
        == [Row([.null])])
    #expect(!Files.exists("/tmp/stairway-was-here"))
  }

  @Test func `what a script says of the whole server is not run, and said`() throws {
    let name = RandomName.make(prefix: "customer", separator: "_")
    let server = try SharedCluster.server()
    try PostgresConnection(server.address).execute("CREATE DATABASE \(name)")
    let path = try write(
      """
      DROP DATABASE IF EXISTS \(name);
      /* a comment; */ DROP ROLE \(name);
      ALTER SYSTEM SET work_mem = '1GB';
      CREATE TABLE a (i int);
      INSERT INTO a VALUES (1);
      """)
    let copy = try copy(path)
    #expect(try copy.rows("SELECT i FROM a") == [["1"]])
    #expect(copy.record.leftOut.count == 3)
    #expect(copy.record.leftOut.contains("DROP DATABASE \(name), which was not run"))
    let there = try PostgresConnection(server.address).rows(
      "SELECT count(*) FROM pg_database WHERE datname = $1", [name])
    #expect(there.first?.text(0) == "1")
    try PostgresConnection(server.address).execute("DROP DATABASE \(name)")
  }

  // MARK: What is damaged

  @Test(arguments: Packing.all.filter { !$0.options.contains("--format=directory") })
  func `a dump that ends in the middle is said to`(_ packing: Packing) throws {
    let path = try dump(Production.database(), packing)
    let bytes = try Files.bytes(of: path)
    try Files.write(Array(bytes.prefix(bytes.count * 3 / 5)), to: path)
    let place = try TestFolder()
    let error = #expect(throws: CopyError.self) {
      try makeCopy(
        CopyPlan(source: try CopySource(path.text, relativeTo: "/")), onShared: false,
        settings: place.settings)
    }
    #expect([.truncatedDump, .unreadableDump].contains(error?.code))
    #expect(error?.isUsage == false)
    #expect(place.names == [])
  }

  @Test func `a statement that the server refuses is told with its words`() throws {
    let path = try write("CREATE TABLE a (i int);\nINSERT INTO a VALUES ('ann@x.org');\n")
    let error = #expect(throws: CopyError.self) { try copy(path) }
    #expect(error?.code == .restoreFailed)
    #expect(error?.message.contains("invalid input syntax for type integer: \"…\"") == true)
  }

  @Test func `an extension that is not installed is named`() throws {
    let path = try write("CREATE EXTENSION no_such_extension;\n")
    let error = #expect(throws: CopyError.self) { try copy(path) }
    #expect(error?.code == .missingExtension)
    #expect(error?.message.contains("no_such_extension") == true)
  }

  @Test func `an archive of a newer pg_dump is said to be one`() throws {
    let path = try dump(Production.database(), Packing(options: ["--format=custom"], packer: nil))
    var bytes = try Files.bytes(of: path)
    // After the magic: the format's version, 1.14 for PostgreSQL 15.
    bytes[6] = 99
    try Files.write(bytes, to: path)
    let error = #expect(throws: CopyError.self) { try copy(path) }
    #expect(error?.code == .sourceTooNew)
    #expect(error?.message.contains("newer pg_dump (format 1.99)") == true)
    #expect(error?.message.contains("than pg_restore here, which is 15") == true)
  }
}
