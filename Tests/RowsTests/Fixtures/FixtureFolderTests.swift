import Databases
import Platform
import Rows
import Schemas
import Testing

@Suite struct FixtureFolderTests {
  @Test func `sections, schemas and lines are read from YAML`() throws {
    let fixture = try FixtureFiles.fixture(
      "0001.yml",
      """
      before:
        users:
          - {id: 1, email: a@b.c}
      rows:
        auth.users:
          - id: 2
            name: null
        '"odd.name"':
          - {}
      expect:
        users:
          - {id: 1, full_name: "Ann"}
      """)
    #expect(fixture.problems == [])
    #expect(fixture.before.map(\.table) == [TableName("users")])
    #expect(
      fixture.rows.map(\.table) == [TableName(schema: "auth", "users"), TableName("odd.name")])
    #expect(fixture.rows[0].cells == [.init("id", .integer(2)), .init("name", .null)])
    #expect(fixture.rows[1].cells == [])
    #expect(fixture.expect.map { $0["full_name"] } == [.text("Ann")])
    #expect(
      (fixture.before + fixture.rows + fixture.expect).map(\.place)
        == [3, 6, 9, 12].map { SourcePlace(file: "fixtures/0001.yml", line: $0) })
  }

  @Test func `several files for one revision are read together`() throws {
    let fixture = try FixtureFiles([
      "0001.yml": "expect: {users: [{id: 1}]}", "0001_users.sql": "INSERT INTO users VALUES (1);",
      "0001.before.sql": "SELECT 1;", "0001/users.csv": "id\n1\n",
      "0001/users.before.csv": "id\n2\n",
      "0001/auth.users.expect.csv": "id\n3\n", "0001.json": #"{"rows": {"t": [{"a": 1}]}}"#,
      "0002.yml": "rows: {other: [{id: 1}]}",
    ]).fixture()
    #expect(fixture.problems == [])
    #expect(fixture.files.count == 7)
    #expect(fixture.scripts.map(\.text) == ["INSERT INTO users VALUES (1);"])
    #expect(fixture.scripts.map(\.file) == ["fixtures/0001_users.sql"])
    #expect(fixture.beforeScripts.map(\.text) == ["SELECT 1;"])
    #expect(fixture.before.map { $0["id"] } == [.text("2")])
    #expect(
      Set(fixture.rows.map(\.table))
        == ["users", "t"].map { TableName($0) }.reduce(into: []) { $0.insert($1) })
    #expect(fixture.expect.contains { $0.table == TableName(schema: "auth", "users") })
  }

  @Test(arguments: Engine.allCases)
  func `a file that names an engine is that engine's alone`(engine: Engine) throws {
    let files = try FixtureFiles([
      "0001.yml": "rows: {users: [{id: 1}]}", "0001.sqlite.yml": "rows: {notes_fts: [{id: 2}]}",
      "0001.postgresql.sql": "SELECT 1;", "0001_more.postgresql/auth.users.csv": "id\n3\n",
    ])
    #expect(files.listed().problems == [])
    let fixture = files.fixture(on: engine)
    let isLite = engine == .sqlite
    #expect(fixture.problems == [])
    #expect(fixture.scripts.count == (isLite ? 0 : 1))
    #expect(
      Set(fixture.rows.map(\.table.name)) == (isLite ? ["users", "notes_fts"] : ["users"])
        && fixture.rows.contains { $0.table.schema == "auth" } != isLite)
    let other = try FixtureFiles(["0001.sqlite.yml": "rows: {}"]).listed()
    #expect(other.fixture(of: "0001", on: .postgresql) == nil)
  }

  struct NameCase: Sendable, CustomTestStringConvertible {
    let name: String
    let revision: String?
    var problem: FixtureProblem.Kind?
    var fix = ""
    var testDescription: String { name }

    static let all: [NameCase] = [
      .init(name: "0001.yml", revision: "0001"), .init(name: "0001_users.yaml", revision: "0001"),
      .init(name: "4cd99ccb2794.json", revision: "4cd99ccb2794"),
      .init(name: "4cd9.sql", revision: "4cd99ccb2794"),
      .init(name: "4cd9_add_users.sql", revision: "4cd99ccb2794"),
      .init(name: "a_b_c.yml", revision: "a_b"), .init(name: "v1.2.yml", revision: "v1.2"),
      .init(name: "77aa.yml", revision: nil, problem: .ambiguousRevision, fix: "the whole"),
      .init(
        name: "4cd99ccb2749.yml", revision: nil, problem: .unknownRevision,
        fix: "did you mean 4cd99ccb2794?"),
      .init(name: "4cd.yml", revision: nil, problem: .unknownRevision, fix: "4cd99ccb2794"),
      .init(
        name: "nothing_like_it.sql", revision: nil, problem: .unknownRevision,
        fix: "name the fixture"),
      .init(name: "0001.expect.sql", revision: nil, problem: .form, fix: "with expect: in it"),
      .init(name: "0001.sqlite.yml", revision: "0001"),
      .init(name: "0001_users.postgresql.before.sql", revision: "0001"),
      .init(
        name: "0001.before.sqlite.sql", revision: nil, problem: .form, fix: ".sqlite.before.sql"),
      .init(name: "0001.csv", revision: nil, problem: .form, fix: "0001/<table>.csv"),
      .init(name: "0001.txt", revision: nil, problem: .form, fix: "rename"),
      .init(name: "notes.txt", revision: nil), .init(name: "README.md", revision: nil),
      .init(name: "README.yml", revision: nil), .init(name: ".gitkeep", revision: nil),
      .init(name: "__pycache__/x", revision: nil), .init(name: "0001.yml~", revision: nil),
    ]
  }

  @Test(arguments: NameCase.all)
  func `a file's name says its revision, or why it does not`(_ c: NameCase) throws {
    let files = try FixtureFiles([c.name: "rows: {}"])
    let folder = files.listed([
      "0001", "0010", "4cd99ccb2794", "77aa01", "77aa02", "a", "a_b", "v1.2",
    ])
    #expect(folder.revisions == (c.revision.map { [$0] } ?? []))
    #expect(folder.problems.map(\.kind) == (c.problem.map { [$0] } ?? []))
    #expect(folder.problems.allSatisfy { $0.fix.contains(c.fix) }, "\(folder.problems)")
    #expect(folder.problems.allSatisfy { $0.place.file == "fixtures/\(c.name)" })
  }

  @Test func `a folder that is not there holds no fixtures`() {
    let folder = FixtureFolder("/nowhere/fixtures", shownRelativeTo: "/nowhere", revisions: ["1"])
    #expect(folder.problems == [])
    #expect(folder.revisions == [])
    #expect(folder.fixture(of: "1", on: .sqlite) == nil)
  }

  @Test func `a folder that is a file is said so`() throws {
    let files = try FixtureFiles(["0001.yml": "rows: {}"])
    let folder = FixtureFolder(
      files.folder / "0001.yml", shownRelativeTo: files.project, revisions: ["0001"])
    #expect(folder.problems.map(\.kind) == [.unreadableFile])
    #expect(folder.problems.first?.message.contains("Not a directory") == true)
  }

  /// The catalogue's fixtures are the first that there were.
  @Test func `the catalogue's scripts are read`() throws {
    let catalogue = Path(String(#filePath.split(separator: "/Tests/")[0])) / "fixtures/catalogue"
    var count = 0
    for name in try Files.names(in: catalogue) {
      let folder = FixtureFolder(
        catalogue / name / "fixtures", shownRelativeTo: catalogue, revisions: ["0001", "0002"])
      #expect(folder.problems == [])
      guard let fixture = folder.fixture(of: "0001", on: .postgresql) else { continue }
      #expect(fixture.problems == [])
      #expect(fixture.scripts.first?.text.contains("INSERT") == true)
      count += 1
    }
    #expect(count >= 40)
  }

  @Test func `the documentation's example is read as it says`() throws {
    let page = Path(String(#filePath.split(separator: "/Tests/")[0])) / "docs/fixtures.md"
    let example = try Files.text(of: page).split(separator: "```")[1].dropFirst("yaml".count)
    let fixture = try FixtureFiles.fixture("0001.yml", String(example))
    #expect(fixture.problems == [])
    #expect(fixture.before.map(\.table) == [TableName("users")])
    #expect(fixture.rows.map(\.table) == [TableName(schema: "auth", "tokens"), TableName("users")])
    #expect(fixture.rows[1]["active"] == .boolean(true))
    #expect(fixture.expect.map { $0["full_name"] } == [.text("Ann Lee")])
  }
}
