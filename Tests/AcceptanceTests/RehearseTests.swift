import Databases
import Formats
import FoundationEssentials
import Platform
import Scratch
import Testing

@Suite struct `stairway rehearse` {
  /// A project of four revisions, of which production has the first.
  private func project() throws -> SampleProject {
    let project = try SampleProject()
    try project.addRevision("2b", after: "1a", up: "op.execute('CREATE TABLE two (id INTEGER)')")
    try project.addRevision(
      "3c", after: "2b", up: "op.execute('ALTER TABLE users ADD COLUMN age INTEGER')",
      down: "op.execute('ALTER TABLE users DROP COLUMN age')")
    return project
  }

  /// A SQLite file as production has it.
  private func production(
    of project: SampleProject,
    _ script: String = """
    CREATE TABLE alembic_version(version_num TEXT); INSERT INTO alembic_version VALUES ('1a');
    """
  ) throws -> Path {
    let file = project.path / "production.db"
    try SQLiteConnection(path: file.text, access: .createIfMissing).execute(
      "CREATE TABLE one(id INTEGER); CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT);"
        + "INSERT INTO users(name) VALUES ('a');" + script)
    return file
  }

  private func rehearse(_ project: SampleProject, _ arguments: String...) throws -> Stairway.Answer
  {
    try project.stairway().run(
      ["rehearse", "-q", "--python", Stairway.python().text] + arguments)
  }

  private static let production = """
    CREATE TABLE one(id INTEGER);
    CREATE TABLE users(id integer PRIMARY KEY, name text);
    INSERT INTO users SELECT i, 'n' FROM generate_series(1, 3000) i;
    CREATE TABLE alembic_version(version_num varchar(32) PRIMARY KEY);
    INSERT INTO alembic_version VALUES ('1a');
    """

  @Test func `tells what is pending on a copy of a server's database, and leaves that as it is`()
    throws
  {
    let cluster = try PostgresCluster(
      ScratchSettings(environment: ProcessInfo.processInfo.environment))
    defer { cluster.shutDown() }
    try PostgresConnection(cluster.address).execute("CREATE DATABASE shop")
    let shop = cluster.address.database("shop")
    try PostgresConnection(shop).execute("SET search_path = public;" + Self.production)
    let project = try SampleProject()
    try project.addRevision(
      "2b", after: "1a", up: "op.execute('ALTER TABLE users ALTER COLUMN id TYPE bigint')",
      down: "op.execute('ALTER TABLE users ALTER COLUMN id TYPE integer')")
    try project.addRevision(
      "3c", after: "2b", up: "op.execute('CREATE INDEX ix_users_name ON users (name)')",
      down: "op.execute('DROP INDEX ix_users_name')")
    let answer = try rehearse(project, "--source", shop.url)
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
    let strict = try rehearse(project, "--source", shop.url, "--fail-on", "warning", "--to", "2b")
    #expect(strict.status == 1)
    #expect(!strict.output.contains("3c"))
  }

  @Test func `tells how long nobody could write to a SQLite file`() throws {
    let project = try project()
    let file = try production(of: project)
    let before = try Files.bytes(of: file, upTo: 1 << 20)
    let answer = try rehearse(project, "--source", file.text)
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
      let project = try project()
      let file = try production(of: project, script)
      let answer = try rehearse(project, "--source", file.text)
      #expect(answer.status == status, "\(answer.errors)")
      #expect(answer.says(words), "\(answer.errors)")
    }
  }

  @Test func `says where a job is read what keeps it from rehearsing`() throws {
    let project = try project()
    let file = try production(
      of: project,
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
    let project = try project()
    try project.addRevision("3d", after: "2b", up: "pass", down: "pass")
    let file = try production(of: project)
    let answer = try rehearse(project, "--source", file.text)
    #expect(answer.status == 4)
    #expect(answer.says("error[several-heads]"))
    #expect(try rehearse(project, "--source", file.text, "--to", "heads").status == 0)
  }

  @Test func `finds what fails on the rows of production`() throws {
    let project = try project()
    try project.addRevision(
      "4d", after: "3c", up: "op.execute('CREATE UNIQUE INDEX u ON users (name)')")
    let file = try production(
      of: project,
      """
      INSERT INTO users(name) VALUES ('a');
      CREATE TABLE alembic_version(version_num TEXT); INSERT INTO alembic_version VALUES ('1a');
      """)
    let answer = try rehearse(project, "--source", file.text)
    #expect(answer.status == 1)
    #expect(answer.output.contains("error[upgrade-fails]"))
    #expect(answer.output.contains("UNIQUE constraint failed"))
  }

  @Test func `shows no value that the server or the migration quotes of a row`() throws {
    let cluster = try PostgresCluster(
      ScratchSettings(environment: ProcessInfo.processInfo.environment))
    defer { cluster.shutDown() }
    try PostgresConnection(cluster.address).execute("CREATE DATABASE shop")
    let shop = cluster.address.database("shop")
    try PostgresConnection(shop).execute(
      "SET search_path = public;" + Self.production
        + "UPDATE users SET name = 'ann@example.org' WHERE id IN (1, 2)")
    let project = try SampleProject()
    let revisions = [
      (
        "op.execute('CREATE UNIQUE INDEX uq ON users (name)')",
        "could not create unique index \"uq\""
      ),
      (
        "raise ValueError(op.get_bind().execute("
          + "sa.text('SELECT name FROM users WHERE id = 1')).scalar())",
        "its message is hidden (it may hold values of production)"
      ),
      (
        "[op.execute(f\"UPDATE users SET name = '{row[0]}' || id, id = -id\") for row in "
          + "op.get_bind().execute(sa.text('SELECT name FROM users WHERE id = 1')).fetchall()]",
        "UPDATE users SET name = '…' || id, id = -id"
      ),
    ]
    for (up, words) in revisions {
      try project.addRevision("2b", after: "1a", up: "import sqlalchemy as sa; " + up)
      let page = project.path / "page.md"
      let answer = try project.stairway(["GITHUB_STEP_SUMMARY": page.text]).run(
        "rehearse", "--python", try Stairway.python().text, "--source", shop.url, "--max-lock",
        "0.001ms", "--output-format", "github")
      #expect(answer.status == 1, "\(answer.errors)\(answer.output)")
      let full = try rehearse(project, "--source", shop.url, "--max-lock", "0.001ms")
      #expect(full.says(words) || full.output.contains(words), "\(full.output)")
      let reports = try ["report.json", "junit.xml", "summary.md"].map {
        try Files.text(of: project.path / "reports/rehearsal" / $0)
      }
      for text in [
        answer.output, answer.errors, full.output, full.errors, try Files.text(of: page),
      ] + reports {
        #expect(!text.contains("ann@example"))
      }
    }
  }

  @Test func `takes no row that the sample lacks for one that production lacks`() throws {
    let cluster = try PostgresCluster(
      ScratchSettings(environment: ProcessInfo.processInfo.environment))
    defer { cluster.shutDown() }
    try PostgresConnection(cluster.address).execute("CREATE DATABASE shop")
    let shop = cluster.address.database("shop")
    try PostgresConnection(shop).execute(
      "SET search_path = public;" + Self.production
        + "CREATE TABLE posts(id int PRIMARY KEY, user_id int);"
        + "INSERT INTO posts SELECT i, 3001 - i FROM generate_series(1, 3000) i")
    let project = try SampleProject()
    try project.addRevision(
      "2b", after: "1a", up: "op.create_foreign_key('fk', 'posts', 'users', ['user_id'], ['id'])",
      down: "op.drop_constraint('fk', 'posts')")
    let sampled = try rehearse(project, "--source", shop.url, "--sample", "10")
    #expect(sampled.status == 3, "\(sampled.errors)\(sampled.output)")
    #expect(!sampled.output.contains("upgrade-fails"))
    #expect(!sampled.output.contains("DELETE"))
    #expect(sampled.output.contains("the copy has not all rows (--sample)"), "\(sampled.output)")
    #expect(try rehearse(project, "--source", shop.url).status == 0)
  }

  @Test func `keeps the journal mode of a SQLite file, by which readers wait or not`() throws {
    let project = try project()
    let file = try production(of: project)
    _ = try SQLiteConnection(path: file.text, access: .readWrite).rows("PRAGMA journal_mode = WAL")
    let answer = try rehearse(project, "--source", file.text, "--keep")
    #expect(answer.status == 0, "\(answer.errors)\(answer.output)")
    let report = try Files.text(of: project.path / "reports/rehearsal/report.json")
    #expect(report.contains("\"journalMode\":\"wal\""))
    #expect(!report.contains("FileExclusive"))
    let kept = project.path / "stairway-copy-production.db"
    #expect(
      try SQLiteConnection(path: kept.text, access: .readWrite)
        .rows("SELECT version_num FROM alembic_version").map { $0.text(0) } == ["3c"])
  }

  @Test func `uses a copy in place where its name is confirmed, and leaves it migrated`() throws {
    let project = try project()
    let file = try production(of: project)
    let answer = try rehearse(
      project, "--source", file.text, "--in-place", "--confirm", "production.db", "--to", "2b")
    #expect(answer.status == 0, "\(answer.errors)")
    #expect(answer.output.contains("used in place"))
    let rows = try SQLiteConnection(path: file.text, access: .readOnly)
      .rows("SELECT version_num FROM alembic_version")
    #expect(rows.map { $0.text(0) } == ["2b"])
  }

  @Test func `never uses in place what the project's code opens`() throws {
    let cluster = try PostgresCluster(
      ScratchSettings(environment: ProcessInfo.processInfo.environment))
    defer { cluster.shutDown() }
    try PostgresConnection(cluster.address).execute("CREATE DATABASE shop")
    let shop = cluster.address.database("shop")
    try PostgresConnection(shop).execute("SET search_path = public;" + Self.production)
    let project = try project()
    let file = try production(of: project)
    for (made, source, name) in [
      (
        "URL.create('postgresql+psycopg', username='\(shop.user)', port=\(shop.port), "
          + "database='sh' + 'op', query={'host': '\(shop.host)'})",
        "postgresql:///shop?host=\(shop.host)&port=\(shop.port)&user=\(shop.user)", "shop"
      ),
      ("URL.create('sqlite', database='pro' + 'duction.db')", file.text, "production.db"),
    ] {
      try project.folder.write(
        """
        from alembic import context
        from sqlalchemy import URL, create_engine

        with create_engine(\(made)).connect() as connection:
            context.configure(connection=connection)
            with context.begin_transaction():
                context.run_migrations()
        """, to: "migrations/env.py")
      let answer = try rehearse(
        project, "--source", source, "--in-place", "--confirm", name, "--to", "2b")
      #expect(answer.status == 4, "\(answer.errors)\(answer.output)")
      #expect(answer.says("error[own-database]"), "\(answer.errors)")
      #expect(answer.says("without --in-place"), "\(answer.errors)")
    }
    #expect(
      try PostgresConnection(shop).rows("SELECT version_num FROM public.alembic_version")
        .map { $0.text(0) } == ["1a"])
    #expect(
      try SQLiteConnection(path: file.text, access: .readOnly)
        .rows("SELECT version_num FROM alembic_version").map { $0.text(0) } == ["1a"])
  }

  /// Types an answer at a terminal when it is asked, and writes down what was shown there.
  private static let typist = """
    import os, pty, sys
    process, terminal = pty.fork()
    if process == 0:
        os.execv(sys.argv[2], sys.argv[2:])
    shown, asked = b"", False
    while True:
        try:
            piece = os.read(terminal, 4096)
        except OSError:
            break
        shown += piece
        os.write(1, piece)
        if not asked and b"to go on: " in shown:
            asked = True
            os.write(terminal, eval(sys.argv[1]))
    sys.exit(os.WEXITSTATUS(os.waitpid(process, 0)[1]))
    """

  @Test(
    arguments: [
      ("b'production.db\\n'", 0, "used in place"),
      ("b'shop\\n'", 4, "'shop' was confirmed, and the database is called 'production.db'"),
      ("b'\\n'", 4, "--confirm production.db"), ("b'\\x04'", 4, "--confirm production.db"),
      ("b'\\x03'", 2, ""),
    ] as [(String, Int32, String)])
  func `asks at a terminal for the name of what is used in place`(
    _ typed: String, _ status: Int32, _ words: String
  ) throws {
    let project = try project()
    let file = try production(of: project)
    let python = try Stairway.python().text
    let answer = try project.stairway().start(
      [
        "rehearse", "-q", "--python", python, "--source", file.text, "--in-place", "--to", "2b",
        "--color", "never",
      ], through: [python, "-c", Self.typist, typed]
    ).finish()
    #expect(answer.status == status, "\(answer.output)\(answer.errors)")
    let shown = answer.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(shown.contains("Type the database's name to go on: "))
    #expect(shown.contains(words), "\(shown)")
    let version = try SQLiteConnection(path: file.text, access: .readOnly)
      .rows("SELECT version_num FROM alembic_version").map { $0.text(0) }
    #expect(version == [status == 0 ? "2b" : "1a"])
  }

  @Test func `asks for nothing that is refused anyway`() throws {
    let project = try project()
    try Files.copy(try production(of: project), to: project.path / "app.db")
    let python = try Stairway.python().text
    let answer = try project.stairway().start(
      ["rehearse", "-q", "--python", python, "--source", "app.db", "--in-place"],
      through: [python, "-c", Self.typist, "b'app.db\\n'"]
    ).finish()
    #expect(answer.status == 4)
    #expect(!answer.output.contains("to go on: "))
    #expect(answer.output.contains("error[own-database]"))
  }

  @Test func `accounts for every row up and back, and shows what is declared as declared`() throws {
    let project = try SampleProject()
    try project.addRevision(
      "2b", after: "1a", up: "op.execute('ALTER TABLE users DROP COLUMN nickname')",
      down: "op.execute('ALTER TABLE users ADD COLUMN nickname TEXT')")
    try project.addRevision(
      "3c", after: "2b", up: "op.execute('DELETE FROM one WHERE id > 3')", down: "pass")
    let file = try production(
      of: project,
      """
      ALTER TABLE users ADD COLUMN nickname TEXT;
      UPDATE users SET nickname = 'very secret';
      INSERT INTO one(id) VALUES (1), (2), (3), (4), (5);
      CREATE TABLE alembic_version(version_num TEXT); INSERT INTO alembic_version VALUES ('1a');
      """)
    let answer = try rehearse(project, "--source", file.text)
    #expect(answer.status == 1, "\(answer.errors)")
    #expect(answer.output.contains("Rows: 6 in 2 tables before, 4 after"))
    #expect(answer.output.contains("column users.nickname is gone with 1 value"))
    #expect(answer.output.contains("2 of 5 rows of table one are gone"))
    #expect(answer.output.contains("Back to 1a: "))
    #expect(answer.output.contains("this rollback loses values of users.nickname in 1 row"))
    #expect(answer.output.contains("this rollback loses 2 rows of one"))
    #expect(answer.output.contains("up again: "))
    #expect(answer.output.contains("error[data-dropped]"))
    #expect(answer.output.contains("migrations/versions/3c.py:10"))
    #expect(!answer.output.contains("very secret"))
    let reports = project.path / "reports/rehearsal"
    #expect(try !Files.text(of: reports / "report.json").contains("very secret"))
    let junit = try Files.text(of: reports / "junit.xml")
    #expect(junit.contains("classname=\"stairway.sqlite.downgrade\""))
    #expect(junit.contains("type=\"rows-lost\""))
    try project.folder.write(
      """
      allow:
        - {rule: data-dropped, revision: 2b, object: users.nickname, because: nobody reads it}
        - {rule: rows-lost, revision: 3c, object: one, because: they expired}
      """, to: "stairway.yml")
    let declared = try rehearse(project, "--source", file.text)
    #expect(declared.status == 0, "\(declared.output)\(declared.errors)")
    #expect(declared.output.contains("is gone with 1 value (declared: nobody reads it)"))
    #expect(declared.output.contains("this rollback loses 2 rows of one (declared: they expired)"))
  }

  @Test func `says which revision keeps a deploy from being taken back`() throws {
    let project = try SampleProject()
    try project.addRevision(
      "2b", after: "1a", up: "op.execute('CREATE TABLE two (id INTEGER)')",
      down: "raise NotImplementedError('too late')")
    try project.addRevision("3c", after: "2b", up: "op.execute('CREATE TABLE three (id INTEGER)')")
    let file = try production(of: project)
    let answer = try rehearse(project, "--source", file.text)
    #expect(answer.status == 1, "\(answer.errors)")
    #expect(answer.output.contains("Back to 1a: this deploy cannot be taken back"))
    #expect(answer.output.contains("2b change 2b has no downgrade"))
    #expect(answer.output.contains("error[missing-downgrade]"))
    #expect(!answer.output.contains("up again"))
  }

  @Test(arguments: [
    ("downgrade-floor: 3c", "it ends before 2b change 2b: older than the downgrade-floor 3c"),
    ("skip: {2b: loads a dump}", "it ends before 2b change 2b: it is not run: loads a dump"),
  ])
  func `goes back no further than the settings let it`(_ setting: String, _ words: String) throws {
    let project = try SampleProject()
    try project.addRevision(
      "2b", after: "1a", up: "op.execute('CREATE TABLE two (id INTEGER)')",
      down: "raise NotImplementedError('too late')")
    try project.addRevision("3c", after: "2b", up: "op.execute('CREATE TABLE three (id INTEGER)')")
    try project.folder.write(setting + "\n", to: "stairway.yml")
    let answer = try rehearse(project, "--source", try production(of: project).text)
    #expect(answer.status == 0, "\(answer.errors)\(answer.output)")
    #expect(answer.output.contains("[ ] way back: \(words)"), "\(answer.output)")
    #expect(answer.output.contains("Back to 1a: \(words)"), "\(answer.output)")
    #expect(
      answer.output.contains("[ ] backup: needed, because the settings end the way back early"))
    #expect(answer.output.contains("up again: "))
    try project.folder.write("downgrade-floor: 9z\n", to: "stairway.yml")
    let unknown = try rehearse(project, "--source", (project.path / "production.db").text)
    #expect(unknown.status == 4)
    #expect(unknown.says("the history has no revision '9z'"))
  }

  @Test func `names no revision where the process died in one of several`() throws {
    let project = try project()
    try project.addRevision("4d", after: "3c", up: "os._exit(3)", down: "pass")
    let answer = try rehearse(project, "--source", try production(of: project).text)
    #expect(answer.status == 3, "\(answer.errors)\(answer.output)")
    #expect(answer.output.contains("[?] time: it could not be found out: "))
    let told = answer.output.split(separator: "\n").filter { $0.contains("unknown[worker-exited]") }
    #expect(told.count == 1)
    #expect(told.first?.contains("SQLite could not be judged") == true, "\(told)")
  }

  @Test func `says that an empty database tells nothing`() throws {
    let project = try project()
    let file = project.path / "production.db"
    try SQLiteConnection(path: file.text, access: .createIfMissing).execute(
      "CREATE TABLE alembic_version(version_num TEXT)")
    let answer = try rehearse(project, "--source", file.text)
    #expect(answer.says("nothing of production was rehearsed on"), "\(answer.output)")
  }

  @Test func `uses nothing in place that env.py names in its code`() throws {
    let project = try project()
    let file = try production(of: project)
    let environment = project.path / "migrations/env.py"
    try Files.write(
      "URL = 'sqlite:////\(file.text.dropFirst())'\n" + Files.text(of: environment), to: environment
    )
    let answer = try rehearse(
      project, "--source", file.text, "--in-place", "--confirm", "production.db")
    #expect(answer.status == 4, "\(answer.errors)")
    #expect(answer.says("the project's own settings or code lead to"), "\(answer.errors)")
  }

  @Test func `finds a source by its name in the file of services`() throws {
    let project = try project()
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
    let project = try project()
    let file = try production(of: project)
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
