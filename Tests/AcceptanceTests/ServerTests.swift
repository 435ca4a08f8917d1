import Databases
import FoundationEssentials
import Platform
import Scratch
import Testing

/// PostgreSQL servers that are there, are not, or do not let us in.
@Suite struct ServerTests {
  private func verify(
    _ arguments: String..., environment: [String: String?]
  ) throws -> Stairway.Answer {
    let project = try SampleProject()
    return try project.stairway(environment).run(
      ["verify", "--python", Stairway.python().text] + arguments)
  }

  private static func cluster() throws -> PostgresCluster {
    try PostgresCluster(ScratchSettings(environment: ProcessInfo.processInfo.environment))
  }

  @Test func `without PostgreSQL, and none asked for, it is left out by name`() throws {
    let answer = try verify(environment: ["STAIRWAY_POSTGRES_BINARIES": "/nowhere"])
    #expect(answer.status == 0, "\(answer.output)\(answer.errors)")
    #expect(answer.says("PostgreSQL is left out: no PostgreSQL programs in /nowhere"))
  }

  @Test func `without PostgreSQL, but asked for, nothing can be said`() throws {
    let answer = try verify(
      "--engine", "postgresql", environment: ["STAIRWAY_POSTGRES_BINARIES": "/nowhere"])
    #expect(answer.status == 3, "\(answer.output)\(answer.errors)")
    #expect(answer.says("no-server"))
    #expect(answer.says("fix:"))
    #expect(answer.says("/nowhere"))
    #expect(answer.leftovers.isEmpty)
  }

  @Test func `a server that refuses is named without its password`() throws {
    let answer = try verify(
      "--engine", "postgresql", "--postgresql-server",
      "postgresql://stairs:geheim@127.0.0.1:1/postgres", environment: [:])
    #expect(answer.status == 3, "\(answer.output)\(answer.errors)")
    #expect(answer.says("server-refused"))
    #expect(answer.says("fix:"))
    #expect(answer.says("127.0.0.1:1"))
    #expect(!answer.says("geheim"))
  }

  @Test func `an address that is none is named without its password`() throws {
    let answer = try verify(
      "--engine", "postgresql", "--postgresql-server", "postgresql://a:geheim@h:port/x",
      environment: [:])
    #expect(answer.status == 3, "\(answer.output)\(answer.errors)")
    #expect(answer.says("fix: write it as postgresql://user@host:5432/postgres"))
    #expect(!answer.says("geheim"))
  }

  @Test func `a role that may not create databases is told so`() throws {
    let cluster = try Self.cluster()
    defer { cluster.shutDown() }
    let server = try PostgresConnection(cluster.address.connectionString)
    try server.execute("CREATE ROLE visitor LOGIN PASSWORD 'geheim'")
    var address = cluster.address
    address.user = "visitor"
    address.password = "geheim"
    let answer = try verify(
      "--engine", "postgresql", "--postgresql-server", address.url, environment: [:])
    #expect(answer.status == 3, "\(answer.output)\(answer.errors)")
    #expect(answer.says("cannot-create-database"))
    #expect(answer.says("CREATEDB"))
    #expect(answer.says("visitor"))
    #expect(!answer.says("geheim"))
  }

  @Test func `a given server keeps its databases and gets no new ones`() throws {
    let cluster = try Self.cluster()
    defer { cluster.shutDown() }
    let server = try PostgresConnection(cluster.address.connectionString)
    try server.execute("CREATE DATABASE stairway_of_the_house")
    func databases() throws -> [String] {
      try server.rows("SELECT datname FROM pg_database ORDER BY 1").map { $0.text(0) }
    }
    let before = try databases()
    var address = cluster.address
    address.password = "geheim"
    let project = try SampleProject()
    let answer = try project.stairway(["STAIRWAY_POSTGRES_URL": address.url]).run(
      "verify", "--engine", "postgresql", "--python", Stairway.python().text)
    #expect(answer.status == 0, "\(answer.output)\(answer.errors)")
    #expect(try databases() == before)
    #expect(!answer.says("geheim"))
    for report in ["report.json", "junit.xml"] {
      #expect(try !Files.text(of: project.path / "reports" / report).contains("geheim"))
    }
  }

  @Test(arguments: [false, true])
  func `a role that the walk has made is no fault of what is printed`(isGiven: Bool) throws {
    let cluster = isGiven ? try Self.cluster() : nil
    defer { cluster?.shutDown() }
    let project = try SampleProject()
    try project.addRevision(
      "3c", after: "2b",
      up: "op.execute('CREATE ROLE reader')\n    op.execute('GRANT SELECT ON one TO reader')",
      down: "op.execute('REVOKE SELECT ON one FROM reader')\n    op.execute('DROP ROLE reader')")
    let answer = try project.stairway(["STAIRWAY_POSTGRES_URL": cluster?.address.url]).run(
      "verify", "--engine", "postgresql", "--python", Stairway.python().text)
    #expect(answer.status == 0, "\(answer.output)\(answer.errors)")
    #expect(!answer.says("offline-sql"), "\(answer.output)")
    // On a server that others use roles are let alone, so that what is printed meets them.
    let isLeftOut = try Files.text(of: project.path / "reports/junit.xml")
      .contains("it makes or drops a role")
    #expect(isLeftOut == isGiven)
  }

  @Test func `a snapshot reads a database and writes nothing to it`() throws {
    let cluster = try Self.cluster()
    defer { cluster.shutDown() }
    try PostgresConnection(cluster.address.connectionString).execute(
      "CREATE TABLE public.stairs (n int)")
    let folder = try TestFolder()
    let stairway = Stairway(folder: folder.path)
    let first = try stairway.run("snapshot", cluster.address.url, "-o", "a.json")
    #expect(first.status == 0, "\(first.errors)")
    #expect(try stairway.run("diff", "a.json", cluster.address.url).status == 0)
    try PostgresConnection(cluster.address.connectionString).execute(
      "CREATE TABLE public.steps (n int)")
    let second = try stairway.run("diff", "a.json", cluster.address.url)
    #expect(second.status == 1)
    #expect(second.output.contains("+ table steps"), "\(second.output)")
  }

  /// A virtual environment with Alembic and SQLAlchemy, and without any driver but Python's own.
  private func driverless(in folder: TestFolder) throws -> Path {
    let python = try Stairway.python()
    let made = try ChildProcess.run(
      Launch(
        python.text, ["-m", "venv", "--without-pip", (folder.path / "venv").text],
        environment: ["PATH": "/usr/bin:/bin"]))
    try #require(made.isSuccess, "\(made.errors)")
    let script = """
      import os, sys, sysconfig, alembic, sqlalchemy, mako, markupsafe, typing_extensions
      target = sys.argv[1]
      for module in (alembic, sqlalchemy, mako, markupsafe, typing_extensions):
          source = module.__file__
          source = os.path.dirname(source) if source.endswith("__init__.py") else source
          os.symlink(source, os.path.join(target, os.path.basename(source)))
      """
    let library = try #require(
      Files.names(in: folder.path / "venv/lib").first { $0.hasPrefix("python") })
    let linked = try ChildProcess.run(
      Launch(
        python.text, ["-c", script, (folder.path / "venv/lib/\(library)/site-packages").text],
        environment: [:]))
    try #require(linked.isSuccess, "\(linked.errors)")
    return folder.path / "venv"
  }

  @Test func `a project that names PostgreSQL is told which driver to install`() throws {
    let project = try SampleProject()
    let folder = try TestFolder()
    let python = try driverless(in: folder)
    try project.folder.write(
      "[alembic]\nscript_location = migrations\nsqlalchemy.url = postgresql+psycopg2://h/d\n",
      to: "alembic.ini")
    let answer = try project.stairway().run("verify", "--python", python.text)
    #expect(answer.status == 3, "\(answer.output)\(answer.errors)")
    #expect(answer.says("missing-driver"))
    #expect(answer.says("pip install psycopg"))
    #expect(answer.leftovers.isEmpty)
  }

  @Test func `a project on SQLite alone is not asked for a driver that it never needs`() throws {
    let project = try SampleProject()
    let folder = try TestFolder()
    let python = try driverless(in: folder)
    let answer = try project.stairway().run("verify", "--python", python.text)
    #expect(answer.status == 0, "\(answer.output)\(answer.errors)")
    #expect(answer.says("note: PostgreSQL is left out: no driver for PostgreSQL is installed"))
    #expect(answer.says("to verify on it too: "))
    #expect(answer.leftovers.isEmpty)
    let asked = try project.stairway().run(
      "verify", "--engine", "postgresql", "--python", python.text)
    #expect(asked.status == 3, "\(asked.output)\(asked.errors)")
    #expect(asked.says("other-engine"))
    #expect(asked.says("pip install psycopg"))
  }
}
