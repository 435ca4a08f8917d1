import FoundationEssentials
import Platform
import Testing

@Suite struct VerifyTests {
  @Test func `a sound history is verified, and nothing but the reports is left`() throws {
    let project = try SampleProject()
    let before = try Files.names(in: project.path)
    let answer = try project.stairway().run(
      "verify", "--engine", "sqlite", "--python", Stairway.python().text)
    #expect(answer.status == 0, "\(answer.output)\(answer.errors)")
    #expect(answer.output.contains("2 revisions on SQLite"))
    #expect(answer.output.contains("verified"))
    #expect(answer.leftovers.isEmpty)
    let after = try Files.names(in: project.path)
    #expect(Set(after).subtracting(before) == ["reports"])
    let reports = try Files.names(in: project.path / "reports")
    #expect(reports == (Stairway.reportFiles + ["snapshots"]).sorted())
  }

  @Test func `a downgrade that leaves something is a finding with status 1`() throws {
    let project = try SampleProject()
    try project.addRevision(
      "3c", after: "2b", up: "op.execute('CREATE TABLE three (id INTEGER)')", down: "pass")
    let answer = try project.stairway().run(
      "verify", "--engine", "sqlite", "--python", Stairway.python().text, "--output-format",
      "concise")
    #expect(answer.status == 1, "\(answer.output)\(answer.errors)")
    #expect(answer.output.contains("downgrade-leaves-trace"))
    #expect(answer.output.contains("migrations/versions/3c.py:"))
    #expect(answer.leftovers.isEmpty)
  }

  @Test func `a process that a migration starts in a session of its own does not outlive the run`()
    throws
  {
    let project = try SampleProject()
    try project.addRevision(
      "3c", after: "2b",
      up: "import subprocess\n"
        + "    subprocess.Popen(['sleep', '3600'], start_new_session=True)\n"
        + "    op.execute('CREATE TABLE three (id INTEGER)')",
      down: "op.execute('DROP TABLE three')")
    let answer = try project.stairway().run(
      "verify", "--engine", "sqlite", "--python", Stairway.python().text)
    #expect(answer.status == 0, "\(answer.output)")
    #expect(answer.leftovers.isEmpty)
  }

  @Test func `the snapshots of a run can be compared, each with its own revision's schema`() throws
  {
    let project = try SampleProject()
    let stairway = project.stairway()
    _ = try stairway.run("verify", "--engine", "sqlite", "--python", Stairway.python().text, "-q")
    let folder = "reports/snapshots/sqlite"
    let answer = try stairway.run("diff", "\(folder)/1a.json", "\(folder)/2b.json")
    #expect(answer.status == 1, "\(answer.errors)")
    #expect(answer.output.contains("+ table two"))
    #expect(!answer.output.contains("one"))
    #expect(try stairway.run("diff", "\(folder)/2b.json", "\(folder)/2b.json").status == 0)
  }

  @Test func `--fail-on warning and --revisions narrow and widen what counts`() throws {
    let project = try SampleProject()
    try project.addRevision("3c", after: "2b", up: "pass", down: "raise NotImplementedError()")
    let python = try Stairway.python().text
    let all = try project.stairway().run("verify", "--engine", "sqlite", "--python", python)
    #expect(all.status == 1)
    let older = try project.stairway().run(
      "verify", "--engine", "sqlite", "--python", python, "--revisions", "..2b")
    #expect(older.status == 0, "\(older.output)\(older.errors)")
    let unknown = try project.stairway().run(
      "verify", "--engine", "sqlite", "--python", python, "--revisions", "..2c")
    #expect(unknown.status == 4)
    #expect(unknown.errors.contains("the history has no revision '2c'"))
  }

  @Test func `branches with labels of their own are verified side by side`() throws {
    let project = try SampleProject()
    try project.addRevision(
      "3c", after: "1a", up: "op.execute('CREATE TABLE three (id INTEGER)')")
    let python = try Stairway.python().text
    let rivals = try project.stairway().run("verify", "--engine", "sqlite", "--python", python)
    #expect(rivals.status == 1)
    #expect(rivals.says("multiple-heads"))
    let file = project.path / "migrations/versions/3c.py"
    try Files.write(try Files.text(of: file) + "\n\nbranch_labels = ('billing',)\n", to: file)
    let labelled = try project.stairway().run("verify", "--engine", "sqlite", "--python", python)
    #expect(labelled.status == 0, "\(labelled.output)\(labelled.errors)")
    #expect(labelled.says("3 revisions on SQLite"))
  }

  @Test func `JSON on standard output is the report itself`() throws {
    let project = try SampleProject()
    let answer = try project.stairway().run(
      "verify", "--engine", "sqlite", "--python", Stairway.python().text, "--output-format", "json")
    #expect(answer.output == (try Files.text(of: project.path / "reports/report.json")))
    #expect(answer.errors.contains("verified"))
  }

  @Test func `the graph is drawn with heads and merges`() throws {
    let project = try SampleProject()
    let answer = try project.stairway().run("history", "--python", Stairway.python().text)
    #expect(answer.status == 0, "\(answer.errors)")
    #expect(answer.output == "* 2b (head) change 2b\n* 1a (base) change 1a\n")
  }

  @Test func `the history is JSON where another program reads it`() throws {
    let project = try SampleProject()
    let answer = try project.stairway().run(
      "history", "--python", Stairway.python().text, "--output-format", "json")
    #expect(answer.status == 0, "\(answer.errors)")
    #expect(answer.output.contains("\"heads\" : [\n    \"2b\"\n  ]"), "\(answer.output)")
  }

  @Test(
    arguments: ["clara", "elara", "habitz", "psmachine", "render-service"],
    [["sqlite"], ["sqlite", "postgresql"]])
  func `the sample projects are verified`(name: String, engines: [String]) throws {
    let copy = try TestFolder()
    let project = Stairway.root / "fixtures/projects/\(name)"
    let answer = try Stairway(folder: copy.path).run(
      ["verify", project.text, "--python", Stairway.python().text]
        + engines.flatMap { ["--engine", $0] })
    #expect(answer.status == 0, "\(answer.output)\(answer.errors)")
    #expect(answer.leftovers.isEmpty)
  }
}
