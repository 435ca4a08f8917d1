import Formats
import Glibc
import Platform
import Testing

/// `stairway init`: what it writes is accepted by `verify`, and what is there is not overwritten.
@Suite struct InitTests {
  /// users, a data migration over it, a revision that cannot be run here, and posts.
  private func project() throws -> SampleProject {
    let project = try SampleProject()
    try Files.removeTree(project.path / "migrations/versions")
    try project.addRevision(
      "a1", after: nil,
      up: "op.execute('CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(40), born DATE)')",
      down: "raise NotImplementedError()")
    try project.addRevision(
      "b2", after: "a1", up: "op.execute(\"UPDATE users SET name = 'Bob' WHERE name = 'Ann'\")",
      down: "pass")
    try project.addRevision(
      "c3", after: "b2", up: "raise RuntimeError('not here')", down: "raise RuntimeError('no')")
    try project.addRevision(
      "d4", after: "c3",
      up:
        "op.execute('CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users (id))')",
      down: "op.execute('DROP TABLE posts')")
    return project
  }

  private static let conftest = """
    import datetime
    import pytest
    from pytest_alembic import Config

    @pytest.fixture
    def alembic_config():
        return Config(
            before_revision_data={"b2": [
                {"__tablename__": "users", "id": 1, "name": "Ann", "born": datetime.date(2001, 2, 3)},
                {"__tablename__": "users", "id": 2, "name": None}]},
            at_revision_data={"d4": {"__tablename__": "posts", "id": 1, "user_id": 2}},
            minimum_downgrade_revision="a1", skip_revisions=["c3"])

    """

  private func run(
    _ project: SampleProject, _ arguments: String...
  ) throws -> Stairway.Answer {
    try project.stairway().run(arguments + ["--python", Stairway.python().text])
  }

  private func expect(
    _ answer: Stairway.Answer, status: Int32, says words: String...,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let all = answer.output + answer.errors
    #expect(answer.status == status, "\(all)", sourceLocation: sourceLocation)
    for word in words {
      #expect(all.contains(word), "\(word) is missing in: \(all)", sourceLocation: sourceLocation)
    }
  }

  @Test func `what pytest-alembic was given is what verify goes by`() throws {
    let project = try project()
    try project.folder.write(Self.conftest, to: "tests/conftest.py")
    expect(
      try run(project, "init", "--from-pytest-alembic"), status: 0,
      says: "wrote stairway/fixtures/b2.yml: 2 rows before it\n",
      "wrote stairway/fixtures/d4.yml: 1 row after it\n",
      "wrote stairway.yml: downgrade-floor, skip\n")
    let verified = try run(project, "verify")
    // The one thing that is wrong with this project, on both engines: b2 does not bring Ann back.
    expect(
      verified, status: 1, says: "users 1: name 'Ann' is now 'Bob'", "c3 is not run",
      "older than the downgrade-floor b2", "2 errors, 2 warnings")
    #expect(!verified.says("fixture-rejected"))
    let report = try JSONText.decode(
      ReportedRows.self, from: Files.text(of: project.path / "reports/report.json"), name: "report")
    #expect(report.record.engines.count == 2)
    for engine in report.record.engines {
      let provided = engine.roundTrips.map { $0.filling?.provided ?? 0 }
      #expect(provided == [0, 2, 0, 1])
      #expect(engine.roundTrips.allSatisfy { $0.filling?.rejected.isEmpty ?? true })
    }
  }

  private struct ReportedRows: Decodable {
    struct Record: Decodable { let engines: [Engine] }
    struct Engine: Decodable { let roundTrips: [Trip] }
    struct Trip: Decodable { let filling: Filling? }
    struct Filling: Decodable {
      struct Fault: Decodable { let message: String }
      let provided: Int
      let rejected: [Fault]
    }
    let record: Record
  }

  @Test func `the files to begin with stand where they belong, and GitHub would take the workflow`()
    throws
  {
    let project = try project()
    try Files.makeFolder(project.path / ".git")
    expect(
      try run(project, "init"), status: 0, says: "wrote stairway.yml\n",
      "wrote stairway/fixtures/README.md\n",
      "wrote .github/workflows/migrations.yml: put the repository and the commit")
    let workflow = project.path / ".github/workflows/migrations.yml"
    let check = try ChildProcess.run(
      Launch(
        (try Stairway.python().parent / "check-jsonschema").text,
        ["--builtin-schema", "vendor.github-workflows", workflow.text],
        environment: ["PATH": "/usr/bin:/bin"]))
    #expect(check.isSuccess, "\(check.output)\(check.errors)")
    // Once more, nothing is written over; another workflow that names Stairway is enough.
    expect(try run(project, "init"), status: 0, says: "stairway.yml is as it should be")
    try Files.write(
      "      - uses: us/stairway@abc\n", to: project.path / ".github/workflows/ci.yml")
    try Files.remove(workflow)
    #expect(!(try run(project, "init")).says("migrations.yml"))
  }

  @Test func `what is there already is named and left as it is, unless that is forced`() throws {
    let project = try project()
    try project.folder.write(Self.conftest, to: "tests/conftest.py")
    try project.folder.write("rows: {}\n", to: "stairway/fixtures/b2.yml")
    expect(
      try run(project, "init", "--from-pytest-alembic"), status: 4,
      says: "error[files-exist]", "stairway/fixtures/b2.yml is there already", "--force")
    #expect(try Files.text(of: project.path / "stairway/fixtures/b2.yml") == "rows: {}\n")
    #expect(try Files.names(in: project.path / "stairway/fixtures") == ["b2.yml"])
    #expect(!Files.exists(project.path / "stairway.yml"))
    expect(
      try run(project, "init", "--from-pytest-alembic", "--force"), status: 0,
      says: "wrote stairway/fixtures/b2.yml", "wrote stairway.yml")
    // Nothing is to be done any more, so nothing is in the way.
    let again = try run(project, "init", "--from-pytest-alembic")
    expect(again, status: 0, says: "stairway/fixtures/b2.yml is as it should be")
    #expect(!again.says("wrote"))
  }

  @Test func `settings that are there are added to, not replaced`() throws {
    let project = try project()
    try project.folder.write(Self.conftest, to: "tests/conftest.py")
    try project.folder.write("engines: [sqlite]", to: "stairway.yml")
    expect(
      try run(project, "init", "--from-pytest-alembic"), status: 4,
      says: "error[files-exist]: stairway.yml: the file is there already, without "
        + "downgrade-floor and skip", "--force")
    #expect(!Files.exists(project.path / "stairway"))
    expect(
      try run(project, "init", "--from-pytest-alembic", "--force"), status: 0,
      says: "wrote stairway.yml: downgrade-floor, skip")
    let text = try Files.text(of: project.path / "stairway.yml")
    #expect(text.hasPrefix("engines: [sqlite]\n\n# "))
    expect(try run(project, "verify"), status: 1, says: "4 revisions on SQLite", "1 error")
    expect(try run(project, "init", "--from-pytest-alembic"), status: 0)
    #expect(try Files.text(of: project.path / "stairway.yml") == text)
  }

  @Test(arguments: [
    (
      "stairway.yml", "downgrade-floor: d4\n",
      "stairway.yml:1 says something else of downgrade-floor"
    ),
    ("stairway.yml", "{engines: [sqlite]}\n", "skip has to be added to stairway.yml"),
    (
      "pyproject.toml", "[tool.stairway]\nengines = [\"sqlite\"]\n",
      "skip has to be added to pyproject.toml"
    ),
  ])
  func `settings that cannot be added to are told`(
    name: String, text: String, words: String
  ) throws {
    let project = try project()
    try project.folder.write(Self.conftest, to: "tests/conftest.py")
    try project.folder.write(text, to: name)
    let answer = try run(project, "init", "--from-pytest-alembic")
    expect(answer, status: 1, says: "wrote stairway/fixtures/b2.yml", words, "downgrade-floor: b2")
    #expect(try Files.text(of: project.path / name) == text)
  }

  @Test func `what no fixture can say is left out, told, and the rest is written`() throws {
    let project = try project()
    try project.folder.write(
      """
      import pytest, sqlalchemy

      @pytest.fixture
      def alembic_config():
          return {"at_revision_data": {"d4": [
              {"__tablename__": "posts", "id": sqlalchemy.func.max(1)},
              {"__tablename__": "posts", "id": 5}, {"id": 6}],
              "d5": {"__tablename__": "posts", "id": 7}}}

      """, to: "conftest.py")
    expect(
      try run(project, "init", "--from-pytest-alembic"), status: 1,
      says: "wrote stairway/fixtures/d4.yml: 1 row after it",
      "warning[left-out]: at_revision_data of d4, row 1 (posts): its id is an expression",
      "fix: write an INSERT into stairway/fixtures/d4.sql", "row 3: it names no table",
      "names the revision d5, which the history does not have")
  }

  @Test func `a table that is not there is told by verify, at its line`() throws {
    let project = try SampleProject()
    try project.folder.write(
      Self.conftest.split(separator: "Config(")[0] + "Config(at_revision_data={\"1a\": "
        + "[{\"__tablename__\": \"ones\", \"id\": 1}, {\"__tablename__\": \"one\", \"id\": 1}]})\n",
      to: "tests/conftest.py")
    expect(try run(project, "init", "--from-pytest-alembic"), status: 0)
    expect(
      try run(project, "verify", "--engine", "sqlite"), status: 1,
      says: "error[fixture-rejected]: there is no table ones", "stairway/fixtures/1a.yml:5",
      "did you mean one?", "1 error")
  }

  @Test func `without a conftest, or with one that raises, nothing is written`() throws {
    let project = try project()
    expect(
      try run(project, "init", "--from-pytest-alembic"), status: 3,
      says: "error[no-alembic-config]", "alembic_config", "fix:")
    try project.folder.write("x = 1\n", to: "tests/conftest.py")
    expect(
      try run(project, "init", "--from-pytest-alembic"), status: 3,
      says: "error[no-alembic-config]", "fix:")
    try project.folder.write(
      "import os\nx = os.environ['ORDERS_KEY']\n" + Self.conftest, to: "tests/conftest.py")
    expect(
      try run(project, "init", "--from-pytest-alembic"), status: 3,
      says: "error[conftest-fails]: tests/conftest.py:2:", "ORDERS_KEY", "fix:")
    #expect(!Files.exists(project.path / "stairway"))
    #expect(!Files.exists(project.path / "stairway.yml"))
  }

  @Test func `where a file cannot be written, none is left behind`() throws {
    let project = try project()
    try project.folder.write(Self.conftest, to: "tests/conftest.py")
    try project.folder.write("in the way", to: "stairway")
    expect(
      try run(project, "init", "--from-pytest-alembic"), status: 3,
      says: "error[cannot-write]: stairway/fixtures/b2.yml: the file cannot be written: "
        + "stairway is a file, not a folder", "fix: move it away")
    try Files.remove(project.path / "stairway")
    #expect(symlink("nowhere", (project.path / "stairway").text) == 0)
    expect(
      try run(project, "init"), status: 3,
      says: "stairway is a link to nowhere, which is no folder",
      "fix: move it away")
    #expect(!Files.exists(project.path / "stairway.yml"))
    try Files.remove(project.path / "stairway")
    try Files.makeFolder(project.path / "stairway/fixtures/d4.yml")
    let answer = try run(project, "init", "--from-pytest-alembic", "--force")
    expect(answer, status: 3, says: "error[cannot-write]: stairway/fixtures/d4.yml: ")
    #expect(try Files.names(in: project.path / "stairway/fixtures") == ["d4.yml"])
    #expect(!Files.exists(project.path / "stairway.yml"))
  }

  @Test func `a start is accepted as it is, and made once`() throws {
    let project = try SampleProject()
    expect(
      try run(project, "init"), status: 0, says: "wrote stairway.yml\n",
      "wrote stairway/fixtures/README.md\n")
    expect(try run(project, "verify", "--engine", "sqlite"), status: 0, says: "verified")
    try project.folder.write("engines: [sqlite]\n", to: "stairway.yml")
    expect(try run(project, "init"), status: 4, says: "stairway.yml is there already")
    #expect(try Files.text(of: project.path / "stairway.yml") == "engines: [sqlite]\n")
    expect(try run(project, "init", "--force"), status: 0, says: "wrote stairway.yml")
  }

  @Test func `a folder without migrations is no project`() throws {
    let folder = try TestFolder()
    let answer = try Stairway(folder: folder.path).run("init")
    expect(answer, status: 3, says: "error[no-migrations]", "fix:")
    #expect(try Files.names(in: folder.path) == [])
  }

  @Test(arguments: [
    ("7f: why\n", "unknown-revision", "stairway.yml:2: the history has no revision '7f'"),
    ("1a:\n", "missing-reason", "stairway.yml:2: 'skip' needs a reason for 1a"),
    ("1a: [x]\n", "wrong-type", "'skip' expects a mapping of revisions to reasons, not a list"),
  ])
  func `a skip that cannot be followed is a mistake at its line`(
    entry: String, code: String, words: String
  ) throws {
    let project = try SampleProject()
    try project.folder.write("skip:\n  \(entry)", to: "stairway.yml")
    expect(
      try run(project, "verify", "--engine", "sqlite"), status: 4, says: "error[\(code)]", words)
  }
}
