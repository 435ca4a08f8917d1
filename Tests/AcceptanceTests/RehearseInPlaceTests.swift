import Databases
import Platform
import Testing

/// A copy that is used as it is, which only who says so gets.
@Suite struct `stairway rehearse in place` {
  @Test func `uses a copy in place where its name is confirmed, and leaves it migrated`() throws {
    let project = try SampleProject.beingRehearsed()
    let file = try project.production()
    let answer = try project.rehearse(
      "--source", file.text, "--in-place", "--confirm", "production.db", "--to", "2b")
    #expect(answer.status == 0, "\(answer.errors)")
    #expect(answer.output.contains("used in place"))
    let rows = try SQLiteConnection(path: file.text, access: .readOnly)
      .rows("SELECT version_num FROM alembic_version")
    #expect(rows.map { $0.text(0) } == ["2b"])
  }

  @Test func `never uses in place what the project's code opens`() throws {
    let server = try ShopServer()
    defer { server.shutDown() }
    let shop = server.shop
    let project = try SampleProject.beingRehearsed()
    let file = try project.production()
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
      let answer = try project.rehearse(
        "--source", source, "--in-place", "--confirm", name, "--to", "2b")
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
    let project = try SampleProject.beingRehearsed()
    let file = try project.production()
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
    let project = try SampleProject.beingRehearsed()
    try Files.copy(try project.production(), to: project.path / "app.db")
    let python = try Stairway.python().text
    let answer = try project.stairway().start(
      ["rehearse", "-q", "--python", python, "--source", "app.db", "--in-place"],
      through: [python, "-c", Self.typist, "b'app.db\\n'"]
    ).finish()
    #expect(answer.status == 4)
    #expect(!answer.output.contains("to go on: "))
    #expect(answer.output.contains("error[own-database]"))
  }

  @Test func `uses nothing in place that env.py names in its code`() throws {
    let project = try SampleProject.beingRehearsed()
    let file = try project.production()
    let environment = project.path / "migrations/env.py"
    try Files.write(
      "URL = 'sqlite:////\(file.text.dropFirst())'\n" + Files.text(of: environment), to: environment
    )
    let answer = try project.rehearse(
      "--source", file.text, "--in-place", "--confirm", "production.db")
    #expect(answer.status == 4, "\(answer.errors)")
    #expect(answer.says("the project's own settings or code lead to"), "\(answer.errors)")
  }
}
