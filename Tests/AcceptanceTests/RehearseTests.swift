import Databases
import Platform
import Testing

/// What is pending, measured on a copy.
@Suite struct `stairway rehearse` {
  @Test func `tells what is pending on a copy of a server's database, and leaves that as it is`()
    throws
  {
    let server = try ShopServer()
    defer { server.shutDown() }
    let shop = server.shop
    let project = try SampleProject()
    try project.addRevision(
      "2b", after: "1a", up: "op.execute('ALTER TABLE users ALTER COLUMN id TYPE bigint')",
      down: "op.execute('ALTER TABLE users ALTER COLUMN id TYPE integer')")
    try project.addRevision(
      "3c", after: "2b", up: "op.execute('CREATE INDEX ix_users_name ON users (name)')",
      down: "op.execute('DROP INDEX ix_users_name')")
    let answer = try project.rehearse("--source", shop.url)
    #expect(answer.status == 0, "\(answer.errors)\(answer.output)")
    #expect(answer.output.contains("from 1a: 2 revisions pending"))
    #expect(answer.output.contains("ACCESS EXCLUSIVE on table users for"))
    #expect(answer.output.contains("warning[table-rewrite]"))
    #expect(answer.output.contains("migrations/versions/2b.py:10"))
    #expect(answer.output.contains("warning[blocking-index-build]"))
    #expect(answer.output.contains("CREATE INDEX CONCURRENTLY ix_users_name ON users (name)"))
    #expect(answer.leftovers.isEmpty)
    #expect(
      try PostgresConnection(shop).rows("SELECT version_num FROM public.alembic_version")
        .map { $0.text(0) } == ["1a"])
    let strict = try project.rehearse("--source", shop.url, "--fail-on", "warning", "--to", "2b")
    #expect(strict.status == 1)
    #expect(!strict.output.contains("change 3c"))
  }

  @Test func `tells how long nobody could write to a SQLite file`() throws {
    let project = try SampleProject.beingRehearsed()
    let file = try project.production()
    let before = try Files.bytes(of: file, upTo: 1 << 20)
    let answer = try project.rehearse("--source", file.text)
    #expect(answer.status == 0, "\(answer.errors)\(answer.output)")
    #expect(answer.output.contains("RESERVED on the file for"))
    #expect(try Files.bytes(of: file, upTo: 1 << 20) == before)
    let report = try Files.text(of: project.path / "reports/rehearsal/report.json")
    #expect(report.contains("\"rehearsal\":{"))
    #expect(report.contains("\"pending\":[\"2b\",\"3c\"]"))
  }

  @Test func `says in plain words where the copy does not fit the project`() throws {
    for (script, status, words) in [
      (
        "CREATE TABLE alembic_version(version_num TEXT); INSERT INTO alembic_version VALUES ('f00')",
        3, "last migrated by a branch you do not have"
      ),
      ("", 3, "stamp REVISION"),
      ("CREATE TABLE alembic_version(version_num TEXT)", 3, "alembic_version is empty"),
      (
        "CREATE TABLE alembic_version(version_num TEXT); INSERT INTO alembic_version VALUES ('3c')",
        5, "nothing is pending: the copy is at 3c"
      ),
    ] as [(String, Int32, String)] {
      let project = try SampleProject.beingRehearsed()
      let file = try project.production(script)
      let answer = try project.rehearse("--source", file.text)
      #expect(answer.status == status, "\(answer.errors)")
      #expect(answer.says(words), "\(answer.errors)")
    }
  }

  @Test func `says where a job is read what keeps it from rehearsing`() throws {
    let project = try SampleProject.beingRehearsed()
    let file = try project.production(
      "CREATE TABLE alembic_version(version_num TEXT); INSERT INTO alembic_version VALUES ('f00')")
    let page = project.path / "page.md"
    let answer = try project.stairway(["GITHUB_STEP_SUMMARY": page.text]).run(
      "rehearse", "-q", "--python", try Stairway.python().text, "--source", file.text,
      "--output-format", "github")
    #expect(answer.status == 3, "\(answer.errors)")
    #expect(answer.output.hasPrefix("::error"), "\(answer.output)")
    #expect(answer.output.contains("last migrated by a branch you do not have"))
    #expect(try Files.text(of: page).contains("last migrated by a branch you do not have"))
  }

  @Test func `asks which head is meant where there are several`() throws {
    let project = try SampleProject.beingRehearsed()
    try project.addRevision("3d", after: "2b", up: "pass", down: "pass")
    let file = try project.production()
    let answer = try project.rehearse("--source", file.text)
    #expect(answer.status == 4)
    #expect(answer.says("error[several-heads]"))
    #expect(try project.rehearse("--source", file.text, "--to", "heads").status == 0)
  }

  @Test func `keeps the journal mode of a SQLite file, by which readers wait or not`() throws {
    let project = try SampleProject.beingRehearsed()
    let file = try project.production()
    _ = try SQLiteConnection(path: file.text, access: .readWrite).rows("PRAGMA journal_mode = WAL")
    let answer = try project.rehearse("--source", file.text, "--keep")
    #expect(answer.status == 0, "\(answer.errors)\(answer.output)")
    let report = try Files.text(of: project.path / "reports/rehearsal/report.json")
    #expect(report.contains("\"journalMode\":\"wal\""))
    #expect(!report.contains("FileExclusive"))
    let kept = project.path / "stairway-copy-production.db"
    #expect(
      try SQLiteConnection(path: kept.text, access: .readWrite)
        .rows("SELECT version_num FROM alembic_version").map { $0.text(0) } == ["3c"])
  }

  @Test func `names no revision where the process died in one of several`() throws {
    let project = try SampleProject.beingRehearsed()
    try project.addRevision("4d", after: "3c", up: "os._exit(3)", down: "pass")
    let answer = try project.rehearse("--source", try project.production().text)
    #expect(answer.status == 3, "\(answer.errors)\(answer.output)")
    #expect(answer.output.contains("[?] time: it could not be found out: "))
    let told = answer.output.split(separator: "\n").filter { $0.contains("unknown[worker-exited]") }
    #expect(told.count == 1)
    #expect(told.first?.contains("SQLite could not be judged") == true, "\(told)")
  }

  @Test func `says that an empty database tells nothing`() throws {
    let project = try SampleProject.beingRehearsed()
    let file = project.path / "production.db"
    try SQLiteConnection(path: file.text, access: .createIfMissing).execute(
      "CREATE TABLE alembic_version(version_num TEXT)")
    let answer = try project.rehearse("--source", file.text)
    #expect(answer.says("nothing of production was rehearsed on"), "\(answer.output)")
  }

  @Test func `finds a source by its name in the file of services`() throws {
    let project = try SampleProject.beingRehearsed()
    try project.folder.write(
      "[live]\nhost=127.0.0.1\nport=1\nuser=ann\npassword=s3cret\ndbname=shop\n",
      to: "services.conf")
    let services = (project.path / "services.conf").text
    for source in ["service=live", "postgresql:///?service=live"] {
      let answer = try project.stairway(["PGSERVICEFILE": services]).run(
        "rehearse", "-q", "--python", try Stairway.python().text, "--source", source)
      #expect(answer.status == 3, "\(answer.errors)")
      #expect(
        answer.says("cannot connect to postgresql://ann@127.0.0.1:1/shop"), "\(answer.errors)")
      #expect(!answer.errors.contains("s3cret"))
    }
  }

  @Test func `refuses what it cannot understand`() throws {
    let project = try SampleProject.beingRehearsed()
    let file = try project.production()
    // Where its alembic.ini leads.
    try Files.copy(file, to: project.path / "app.db")
    try Files.write("-- nothing;\n", to: project.path / "empty.sql")
    for (arguments, words) in [
      (
        ["--source", "app.db", "--in-place", "--confirm", "app.db"],
        "the project's own settings or code lead to"
      ),
      (["--source", file.text, "--traffic", "nowhere.sql"], "there is no such file"),
      (["--source", "nowhere.db", "--traffic", "empty.sql"], "there is no statement in it"),
      (["--source", file.text, "--anonymize", "nowhere.yml"], "there is no such file"),
      ([], "Missing expected option '--source URL|FILE'."),
      (["--source", "nowhere.db"], "nothing is there"),
      (["--source", file.text, "--to", "9z"], "the history has no revision '9z'"),
      (["--source", file.text, "--lock-timeout", "5"], "a number with its unit"),
      (["--source", file.text, "--in-place"], "--confirm production.db"),
      (
        ["--source", file.text, "--exclude-table", "alembic_*"],
        "--exclude-table left out what alembic_version holds"
      ),
      (
        ["--source", file.text, "--schema-only-tables", "*version*"],
        "--schema-only-tables left out what alembic_version holds"
      ),
      (["--source", file.text, "--confirm", "production.db"], "'--confirm' needs '--in-place'"),
      (["--source", file.text, "--source", "other.db"], "'--source' was given more than once"),
      (["--source", file.text, "--lock-timeout", "2s"], "SQLite has no such limit"),
    ] {
      let answer = try project.stairway().run(
        ["rehearse", "-q", "--python", Stairway.python().text] + arguments)
      #expect(answer.status == 4, "\(answer.errors)")
      #expect(answer.says(words), "\(answer.errors)")
    }
  }
}
