import Formats
import History
import Platform
import Projects
import Testing
import Walks

/// What pytest makes of a project's conftest.py, and what is told where it makes nothing of it.
@Suite struct ConftestTests {
  private func data(
    _ conftest: String, at name: String = "tests/conftest.py", _ files: [String: String] = [:],
    variables: [String: String] = [:]
  ) throws -> ConftestData {
    let project = try TemporaryProject(
      Sample.table("a1"), files: files.merging([name: conftest]) { $1 })
    let before = try Self.names(in: project.folder)
    defer {
      #expect((try? Self.names(in: project.folder)) == before, "something was left in the project")
    }
    return try project.project(variables: variables).conftestData()
  }

  private static func names(in folder: Path) throws -> [String] {
    try Files.names(in: folder).flatMap { name -> [String] in
      let path = folder / name
      return [path.text] + (Files.isFolder(path) ? try names(in: path) : [])
    }
  }

  private func error(
    _ conftest: String, at name: String = "tests/conftest.py", _ files: [String: String] = [:]
  ) throws -> ProjectError {
    try #require(
      throws: ProjectError.self, performing: { _ = try data(conftest, at: name, files) })
  }

  private static func fixture(_ body: String, name: String = "alembic_config") -> String {
    """
    import pytest

    @pytest.fixture
    def \(name)():
        \(body)

    """
  }

  private static let row = #"{"before_revision_data": {"a1": {"__tablename__": "t", "id": 1}}}"#

  @Test func `a dictionary, a Config and a RevisionSpec mean the same`() throws {
    let imports =
      "from pytest_alembic import Config\nfrom pytest_alembic.revision_data import RevisionSpec\n"
    let rows = #"{"a1": [{"__tablename__": "t", "id": 1}]}"#
    let texts = [
      Self.fixture(
        "return {'before_revision_data': \(rows), 'minimum_downgrade_revision': 'a1', 'skip_revisions': ['b']}"
      ),
      imports
        + Self.fixture(
          "return Config(before_revision_data=\(rows), minimum_downgrade_revision='a1', skip_revisions=['b'])"
        ),
      imports
        + Self.fixture(
          "return Config(before_revision_data=RevisionSpec(\(rows)), minimum_downgrade_revision='a1', skip_revisions=('b',))"
        ),
    ]
    let all = try texts.map { try data($0) }
    #expect(Set(all).count == 1)
    let first = try #require(all.first)
    #expect(first.before.map(\.revision) == ["a1"])
    #expect(first.before.first?.rows.map(\.table) == ["t"])
    #expect(first.minimumDowngradeRevision == "a1" && first.skippedRevisions == ["b"])
    #expect(first.at.isEmpty)
  }

  @Test func `nothing, Alembic's own Config and a single row are understood`() throws {
    for value in ["{}", "None", "alembic.config.Config('alembic.ini')"] {
      let nothing = try data("import alembic.config\n" + Self.fixture("return \(value)"))
      #expect(nothing.before.isEmpty && nothing.at.isEmpty && nothing.skippedRevisions.isEmpty)
      #expect(nothing.minimumDowngradeRevision == nil)
    }
    #expect(try data(Self.fixture("return \(Self.row)")).before.first?.rows.count == 1)
  }

  @Test func `Python's values become what a database is given for them`() throws {
    let data = try data(
      """
      import datetime, decimal, enum, ipaddress, uuid
      import pytest
      from sqlalchemy import func, column

      class Mood(enum.Enum):
          HAPPY = 1

      class Level(enum.IntEnum):
          HIGH = 7

      class Kind(str, enum.Enum):
          ONE = "one"

      utc = datetime.timezone.utc
      values = [
          None, True, 5, 2 ** 70, 1.5, float("inf"), decimal.Decimal("1.50"), "é\\n", b"\\x00\\xff",
          memoryview(b"a"), datetime.datetime(2020, 1, 2, 3, 4, 5, 6, utc),
          datetime.date(2020, 1, 2), datetime.time(3, 4), datetime.timedelta(days=-1, seconds=5),
          uuid.UUID(int=1), ipaddress.ip_address("::1"), Mood.HAPPY, Level.HIGH, Kind.ONE,
          [1, [None, "a"]], (), {"a": [1.0, None, Kind.ONE], 2: datetime.date(2020, 1, 2)},
          [{"a": decimal.Decimal("0.10")}],
      ]
      refused = [
          func.now(), object(), {1, 2}, {"a": b"x"}, {"a": float("nan")}, "a\\0b", "\\ud800", print,
          {"a": {(1, 2): 3}},
      ]
      loop = []
      loop.append(loop)

      @pytest.fixture
      def alembic_config():
          row = {"__tablename__": "t"}
          row.update(("c%d" % i, v) for i, v in enumerate(values))
          bad = [{"__tablename__": "t", column("id"): 1, "v": v} for v in refused + [loop]]
          return {"at_revision_data": {"a1": [row] + bad + [{"id": 1}, 5]}}
      """)
    let rows = try #require(data.at.first?.rows)
    #expect(
      rows.first?.cells?.map(\.value) == [
        .null, .boolean(true), .number("5"), .number("1180591620717411303424"), .number("1.5"),
        .number("Infinity"), .number("1.50"), .text("é\n"), .binary([0, 255]), .binary([97]),
        .text("2020-01-02 03:04:05.000006+00:00"), .text("2020-01-02"), .text("03:04:00"),
        .text("-1 days 5 seconds"), .text("00000000-0000-0000-0000-000000000001"), .text("::1"),
        .text("HAPPY"), .number("7"), .text("one"),
        .list([.number("1"), .list([.null, .text("a")])]), .list([]),
        .json(#"{"a": [1.0, null, "one"], "2": "2020-01-02"}"#),
        .list([.json(#"{"a": "0.10"}"#)]),
      ])
    #expect(
      rows.dropFirst().map(\.problem) == [
        "its v is an expression of SQLAlchemy's (now)", "its v is an object", "its v is a set",
        "its v is a document with binary data, which JSON does not have",
        "its v is a document with infinity or NaN, which JSON does not have",
        "its v is a text with the character U+0000, which no column of text holds",
        "its v is a text with half a character (a lone surrogate), which is no Unicode",
        "its v is a function", "its v is a document with a key that is a tuple",
        "its v holds itself", "it names no table as __tablename__",
        "it is a int and should be a dictionary",
      ])
  }

  @Test func `the fixture may need others, and those for every test are not set up`() throws {
    let data = try data(
      """
      import pytest

      @pytest.fixture(autouse=True, scope="session")
      def database():
          raise RuntimeError("no test is run")

      @pytest.fixture
      def rows(tmp_path, request):
          return {"a1": {"__tablename__": request.fixturename, "path": str(tmp_path.exists())}}

      @pytest.fixture
      def alembic_config(rows, alembic_config):
          return dict(alembic_config, before_revision_data=rows)
      """)
    #expect(data.before.first?.rows.first?.table == "rows")
  }

  @Test(arguments: [
    "conftest.py", "backend/tests/migrations/conftest.py", "tests/test_migrations.py",
  ])
  func `it is found wherever it is defined`(name: String) throws {
    let files = [
      "tests/test_other.py": "raise RuntimeError('not imported')",
      "pytest.ini": "[pytest]\naddopts = -k nothing --strict-markers -x\n",
    ]
    #expect(try data(Self.fixture("return \(Self.row)"), at: name, files).before.count == 1)
  }

  @Test func `it may come from a module of fixtures that the conftest names`() throws {
    let files = [
      "conftest.py": "pytest_plugins = ['shop.fixtures']\n", "shop/__init__.py": "",
      "shop/fixtures.py": Self.fixture("return \(Self.row)"),
    ]
    #expect(try data("", files).before.count == 1)
  }

  @Test func `of several the one counts that pytest-alembic's own tests would see`() throws {
    let other = Self.fixture("return {}")
    let both = ["other/conftest.py": other]
    #expect(try data(Self.fixture("return \(Self.row)"), both).before.count == 1)
    let files = [
      "pytest.ini": "[pytest]\npytest_alembic_tests_path = third/conftest.py\n",
      "third/conftest.py": Self.fixture("return \(Self.row)"),
    ]
    #expect(try data(other, files).before.count == 1)
    let error = try error(other, at: "one/conftest.py", ["two/conftest.py": other])
    #expect(error.code == .severalAlembicConfigs)
    #expect(error.message.contains("one/conftest.py:3, two/conftest.py:3"), "\(error)")
    #expect(error.fix?.contains("pytest_alembic_tests_path") == true)
  }

  @Test func `no conftest, and none with the fixture, is said so`() throws {
    for name in ["README.md", "tests/conftest.py", "conftest.py"] {
      let error = try error("x = 1\n", at: name)
      #expect(error.code == .noAlembicConfig, "\(error)")
      #expect(error.message.contains("defines the fixture alembic_config"))
      #expect(error.fix?.contains("`stairway init`") == true)
    }
  }

  @Test(arguments: [
    ("import os\nx = os.environ['ORDERS_KEY']\n", "tests/conftest.py:2", "ORDERS_KEY"),
    ("import nowhere_to_be_found\n", "tests/conftest.py:1", "nowhere_to_be_found"),
    ("def broken(:\n", "tests/conftest.py:1", "SyntaxError"),
    ("raise RuntimeError('no stairs')\n", "tests/conftest.py:1", "no stairs"),
  ])
  func `a conftest that raises is told with its line and cause`(
    text: String, place: String, words: String
  ) throws {
    let error = try error(text + Self.fixture("return {}"))
    #expect(error.code == .conftestFails)
    #expect(error.place == place)
    #expect(error.message.contains(words), "\(error)")
    #expect(error.fix?.isEmpty == false)
  }

  @Test(arguments: [
    ("raise RuntimeError('no stairs')", "raised RuntimeError: no stairs", 5),
    ("import pytest; pytest.skip('not here')", "gave up: not here", 5),
    ("return {'at_revision_data': [1]}", "is a list and should be a dictionary", 0),
  ])
  func `a fixture that cannot be had is told with its cause`(
    body: String, words: String, line: Int
  ) throws {
    let error = try error(Self.fixture(body))
    #expect(error.message.contains(words), "\(error)")
    if line > 0 { #expect(error.place == "tests/conftest.py:\(line)") }
  }

  @Test func `a fixture that is missing is named`() throws {
    let error = try error(
      "import pytest\n@pytest.fixture\ndef alembic_config(nothing_like_it):\n    return {}\n")
    #expect(error.message.contains("needs the fixture nothing_like_it"), "\(error)")
  }

  @Test func `a test module that cannot be imported is told like a conftest`() throws {
    let error = try error(
      "raise RuntimeError('no stairs')\n" + Self.fixture("return {}"), at: "tests/test_up.py")
    #expect(error.code == .conftestFails)
    #expect(error.place == "tests/test_up.py:1")
    #expect(error.message.contains("no stairs"))
  }

  @Test func `what conftest.py does to a database is led elsewhere`() throws {
    let project = try TemporaryProject(
      Sample.table("a1"),
      files: [
        "conftest.py": """
        import pytest, sqlalchemy
        engine = sqlalchemy.create_engine("sqlite:///precious.db")
        with engine.begin() as connection:
            connection.execute(sqlalchemy.text("CREATE TABLE mine (id INTEGER)"))

        @pytest.fixture
        def alembic_config():
            server = sqlalchemy.create_engine("postgresql://me@db.example.org/precious")
            with server.begin() as connection:
                connection.execute(sqlalchemy.text("INSERT INTO mine VALUES (1)"))
            return {"skip_revisions": ["a1"]}

        """
      ])
    #expect(try project.project().conftestData().skippedRevisions == ["a1"])
    #expect(!Files.exists(project.folder / "precious.db"))
  }

  @Test func `a password in a value is the project's own and stays`() throws {
    let data = try data(
      Self.fixture(
        "return {'at_revision_data': {'a1': {'__tablename__': 't', 'url': 'http://me:secret@x/'}}}")
    )
    #expect(data.at.first?.rows.first?.cells?.map(\.value) == [.text("http://me:secret@x/")])
  }

  @Test func `a Python without pytest, or without pytest-alembic, is told what to install`() throws
  {
    let project = try TemporaryProject(
      Sample.table("a1"), files: ["conftest.py": Self.fixture("return {}")])
    let python = project.folder / "bare"
    let made = try ChildProcess.run(
      Launch(
        try TestPython.path().text, ["-m", "venv", "--without-pip", python.text],
        environment: TestPython.environment))
    try #require(made.isSuccess, "\(made.errors)")
    let site = try ChildProcess.run(
      Launch(
        try TestPython.path().text,
        ["-c", "import alembic, os; print(os.path.dirname(os.path.dirname(alembic.__file__)))"],
        environment: TestPython.environment))
    let packages = Path(String(site.output.split(separator: "\n").first ?? ""))
    let lib = try #require(try Files.names(in: python / "lib").first)
    let own = python / "lib/\(lib)/site-packages"
    // Alembic and what it needs, and neither pytest; then pytest, and not its plugin.
    var wanted = ["alembic", "sqlalchemy", "mako", "markupsafe", "typing_extensions.py"]
    for package in ["pytest", "pytest-alembic"] {
      for name in wanted { try link(packages / name, to: own / name) }
      let error = try #require(
        throws: ProjectError.self,
        performing: { _ = try project.project { $0.python = python }.conftestData() })
      #expect(error.code == .missingPackage)
      #expect(error.message.hasPrefix("\(package) is not installed in "), "\(error)")
      #expect(error.fix?.contains("-m pip install \(package)") == true)
      wanted = ["pytest", "_pytest", "pluggy", "iniconfig", "packaging"]
    }
  }

  private func link(_ source: Path, to target: Path) throws {
    let made = try ChildProcess.run(
      Launch("/bin/ln", ["-s", source.text, target.text], environment: [:]))
    try #require(made.isSuccess, "\(made.errors)")
  }

  @Test func `a revision that is skipped is recorded, and its functions are not run`() throws {
    let project = try TemporaryProject(
      Sample.table("a1"),
      Sample(
        "b2", after: "'a1'", up: "raise RuntimeError('up')", down: "raise RuntimeError('down')"),
      Sample.table("c3", after: "'b2'"))
    let session = try project.session { $0.skipped = ["b2"] }
    #expect(session.run(["a1", "b2"], .up).isSuccess)
    #expect(try project.database.versions() == ["b2"])
    #expect(session.step("b2", .down).isSuccess)
    #expect(try project.database.versions() == ["a1"])
    #expect(session.step("b2", .up).isSuccess)
    #expect(session.step("c3", .up).isSuccess)
    #expect(try project.database.tables() == ["t_a1", "t_c3"])
    #expect(session.run(["c3", "b2", "a1"], .down).isSuccess)
    #expect(try project.database.tables() == [])
  }
}
