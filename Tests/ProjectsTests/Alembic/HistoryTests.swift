import Databases
import History
import Platform
import Projects
import Testing
import Walks

@Suite struct HistoryTests {
  private func revision(_ id: RevisionID, of project: TemporaryProject) throws -> Revision {
    try #require(try project.project().history()[id])
  }

  @Test func `a revision is told with its message, file and lines`() throws {
    let project = try TemporaryProject(.table("a1"), Sample("b2", after: "'a1'", down: nil))
    let graph = try project.project().history()
    #expect(graph.revisions.map(\.id) == ["a1", "b2"])
    var first = Revision(
      id: "a1", message: "make a1", file: "migrations/versions/a1_sample.py", upgradeLine: 14,
      downgradeLine: 18)
    (first.idLine, first.parentLine, first.dependencyLine) = (8, 9, 11)
    #expect(graph["a1"] == first)
    #expect(graph["b2"]?.parents == ["a1"])
    #expect(graph["b2"]?.downgradeLine == nil)
  }

  @Test func `no code of the project is run for it`() throws {
    let project = try TemporaryProject(
      environment: "raise SystemExit(1)\n", Sample("a1", top: "raise SystemExit(2)"))
    #expect(try project.project().history().revisions.count == 1)
  }

  @Test func `merges, labels and dependencies are resolved`() throws {
    let project = try TemporaryProject(
      .table("aaaa11", labels: "('shop',)"), .table("bbbb22", after: "'aaaa11'"),
      .table("cccc33", after: "'aaaa11'"), .table("dddd44", after: "('bbbb22', 'cccc33')"),
      .table("eeee55", labels: "('mail',)", dependsOn: "'dddd44'"),
      .table("ffff66", after: "'eeee55'", dependsOn: "['shop', 'dddd']"),
      .table("gggg77", after: "'ffff66'", dependsOn: "'shop@head'"))
    let graph = try project.project().history()
    #expect(graph["dddd44"]?.parents == ["bbbb22", "cccc33"])
    #expect(graph["aaaa11"]?.labels == ["shop"])
    #expect(graph["eeee55"]?.dependencies == ["dddd44"])
    #expect(graph["ffff66"]?.dependencies == ["aaaa11", "dddd44"])
    #expect(graph["gggg77"]?.dependencies == ["dddd44"])
    #expect(Set(graph.heads) == ["dddd44", "gggg77"])
  }

  /// Alembic takes an empty text for no dependency, and nobody can say an empty label.
  @Test func `an empty name is neither a dependency nor a label`() throws {
    let project = try TemporaryProject(
      .table("a1"), .table("b2", after: "'a1'", labels: "''", dependsOn: "''"))
    let revision = try revision("b2", of: project)
    #expect(revision.dependencies == [] && revision.labels == [])
    #expect(revision.parents == ["a1"])
  }

  @Test func `a broken graph is a value`() throws {
    let project = try TemporaryProject(
      .table("a1", after: "'gone'"), .table("b2", after: "'c3'"), .table("c3", after: "'b2'"),
      files: ["migrations/versions/copy.py": Sample.table("a1").text])
    let graph = try project.project().history()
    #expect(!graph.canBeWalked)
    #expect(graph.problems.contains(.missingParent("gone", of: "a1")))
    #expect(
      graph.problems.contains(
        .duplicateRevision(
          "a1", files: ["migrations/versions/a1_sample.py", "migrations/versions/copy.py"])))
  }

  @Test func `several folders of revisions, and folders inside them, are read`() throws {
    let ini = Sample.ini(
      "version_locations = %(here)s/migrations/versions %(here)s/more\npath_separator = space\n"
        + "recursive_version_locations = true")
    let project = try TemporaryProject(
      ini: ini, .table("a1"),
      files: [
        "more/b2.py": Sample.table("b2", after: "'a1'").text,
        "more/2024/c3.py": Sample.table("c3", after: "'b2'").text,
      ])
    let history = try project.project().history()
    #expect(
      history.revisions.map(\.file) == [
        "migrations/versions/a1_sample.py", "more/b2.py", "more/2024/c3.py",
      ])
    #expect(try project.session().run(["a1", "b2", "c3"], .up).isSuccess)
  }

  @Test func `annotated and computed variables are read too`() throws {
    let annotated = """
      from typing import Sequence, Union
      revision: str = "a1"
      down_revision: Union[str, None] = None
      upgrade = downgrade = lambda: None

      """
    let computed = "revision = 'b' + '2'\ndown_revision = 'a1'\ndef upgrade(): pass\n"
    let project = try TemporaryProject(
      files: [
        "migrations/versions/a1_first_table.py": annotated, "migrations/versions/b2.py": computed,
      ])
    let graph = try project.project().history()
    #expect(graph.revisions.map(\.id) == ["a1", "b2"])
    #expect(graph["a1"]?.message == "first table")
    #expect(graph["a1"]?.upgradeLine == 4)
    #expect(graph["b2"]?.upgradeLine == 3)
    #expect(graph.revisions.map(\.isComputed) == [nil, true])
    // Where a file computes what it follows, that counts as what it does: nobody can tell it apart.
    let read = { (revision: Revision?) in
      try project.project().read([
        RevisionFile(file: "b2.py", bytes: Array(computed.utf8), known: revision)
      ]).readings.first?.digest
    }
    let literal = graph["b2"].map { Revision(id: $0.id, parents: $0.parents) }
    #expect(try read(graph["b2"]) != read(literal))
  }

  /// As its template writes it where nobody gave one.
  @Test(arguments: [
    ("b2.py", ""), ("b2_.py", ""), ("b2_add_a_column.py", "add a column"),
  ])
  func `a docstring without a message is none`(file: String, message: String) throws {
    let text =
      "\"\"\"\n\nRevision ID: b2\nRevises: \n\"\"\"\nrevision = 'b2'\ndown_revision = None\n"
    let project = try TemporaryProject(files: ["migrations/versions/\(file)": text])
    #expect(try project.project().history()["b2"]?.message == message)
  }

  /// Alembic takes what a file's variables hold when it has run.
  @Test(arguments: [
    "revision, down_revision = 'b2', 'a1'", "[revision, down_revision] = ['b2', 'a1']",
    "revision, *rest = 'b2',\ndown_revision, depends_on = ('a1', None)",
    "revision = 'b2'\ndown_revision = 'x'\nif True:\n    down_revision = 'a1'\n"
      + "else:\n    down_revision = 'y'",
    "revision = 'b'\nrevision += '2'\ndown_revision = 'a1'",
    "globals().update(revision='b2', down_revision='a1')",
    "for down_revision in ['a1']:\n    revision = 'b2'",
  ])
  func `however a file names its revision, it is read as Alembic reads it`(header: String) throws {
    let project = try TemporaryProject(
      files: [
        "migrations/versions/a1.py": "revision = 'a1'\ndown_revision = None\n",
        "migrations/versions/b2_next.py": header + "\ndef upgrade():\n    revision = 3\n",
      ])
    let graph = try project.project().history()
    #expect(graph.problems.isEmpty, "\(graph.problems)")
    #expect(graph["b2"]?.parents == ["a1"])
  }

  @Test(
    arguments: [
      (
        ["migrations/versions/a.py": "def f(:\n"], ProjectError.Code.unreadableRevision,
        "migrations/versions/a.py:1"
      ),
      (
        ["migrations/versions/a-b.py": "x = 1\n"], .unreadableRevision,
        "migrations/versions/a-b.py:1"
      ),
      (["migrations/versions/README": ""], .noRevisions, nil),
    ] as [([String: String], ProjectError.Code, String?)])
  func `what cannot be read is an error with its place`(
    _ files: [String: String], _ code: ProjectError.Code, _ place: String?
  ) throws {
    let project = try TemporaryProject(files: files)
    let error = #expect(throws: ProjectError.self) { try project.project().history() }
    #expect(error?.code == code)
    #expect(error?.place == place)
  }

  @Test(arguments: [
    "import nothing_like_this", "1 / 0",
  ]) func `a revision that cannot be imported is an error of the session`(_ line: String) throws {
    let project = try TemporaryProject(Sample("a1", top: line))
    let error = #expect(throws: ProjectError.self) { try project.session() }
    #expect(error?.code == .unreadableRevision)
    #expect(error?.place == "migrations/versions/a1_sample.py:12")
  }

  @Test func `a function of the project makes the Config where there is no ini`() throws {
    let project = try TemporaryProject([
      "shop/__init__.py": "",
      "shop/database.py": """
      import os
      from alembic.config import Config
      def config():
          made = Config()
          made.set_main_option('script_location', os.path.dirname(__file__) + '/history')
          return made

      """,
      "shop/history/env.py": Sample.environment(engine: "create_engine('sqlite:///shop.db')"),
      "shop/history/versions/a1.py": Sample.table("a1").text,
    ])
    let change: (inout AlembicSettings) -> Void = { $0.configure = "shop.database:config" }
    #expect(
      try project.project(change).history().revisions.map(\.file) == ["shop/history/versions/a1.py"]
    )
    #expect(try project.session(change).step("a1", .up).isSuccess)
    #expect(try Files.names(in: project.folder) == ["shop"])
  }
}
