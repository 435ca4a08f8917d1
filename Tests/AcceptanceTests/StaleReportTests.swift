import Platform
import Testing

/// Who reads the reports after a run must not read those of the run before.
@Suite struct StaleReportTests {
  /// A project with the reports of a run that verified it.
  private func verified() throws -> SampleProject {
    let project = try SampleProject()
    let answer = try verify(project)
    try #require(answer.status == 0, "\(answer.output)\(answer.errors)")
    return project
  }

  private func verify(_ project: SampleProject, _ arguments: String...) throws -> Stairway.Answer {
    try project.stairway().run(
      ["verify", "--engine", "sqlite", "--python", Stairway.python().text] + arguments)
  }

  private func names(_ project: SampleProject) throws -> [String] {
    try Files.names(in: project.path / "reports").filter { $0 != "snapshots" }
  }

  private func text(_ project: SampleProject, _ name: String) throws -> String {
    try Files.text(of: project.path / "reports" / name)
  }

  @Test func `a history that cannot be read is an error in both reports, at its line`() throws {
    let project = try verified()
    try project.folder.write("def upgrade(:\n", to: "migrations/versions/3c.py")
    #expect(try verify(project).status == 3)
    let junit = try text(project, "junit.xml")
    #expect(junit.contains("errors=\"1\""))
    #expect(junit.contains("<error type=\"unreadable-revision\""))
    #expect(junit.contains(">migrations/versions/3c.py:1: syntax error"))
    let report = try text(project, "report.json")
    #expect(report.contains("\"verdict\":\"unknown\""))
    #expect(report.contains("\"code\":\"unreadable-revision\""))
    let json = try verify(project, "--output-format", "json")
    #expect(json.output == (try text(project, "report.json")))
    let github = try verify(project, "--output-format", "github")
    #expect(github.output.hasPrefix("::error file=migrations/versions/3c.py,line=1,"))
  }

  @Test func `a Python that is not there, and a range without revisions`() throws {
    let project = try verified()
    #expect(try verify(project, "--python", "/nowhere/python").status == 3)
    #expect(try text(project, "junit.xml").contains("<error type=\"no-python\""))
    #expect(try verify(project, "--revisions", "2b..2b").status == 5)
    #expect(try text(project, "report.json").contains("\"verdict\":\"nothing\""))
    #expect(try text(project, "junit.xml").contains("<skipped message=\"--revisions 2b..2b"))
    #expect(try verify(project, "--revisions", "9z").status == 4)
    #expect(try text(project, "junit.xml").contains("<error type=\"unknown-revision\""))
    #expect(try verify(project).status == 0)
    #expect(try text(project, "junit.xml").contains("errors=\"0\""))
  }

  @Test(arguments: ["engins: [sqlite]", "engines: [sqlite"])
  func `settings that cannot be followed leave no verdict`(yaml: String) throws {
    let project = try verified()
    #expect(try names(project) == Stairway.reportFiles)
    try project.folder.write(yaml, to: "stairway.yml")
    #expect(try verify(project).status == 4)
    #expect(try names(project) == [])
  }

  @Test func `settings that cannot be followed still say where the reports are`() throws {
    let project = try SampleProject()
    try project.folder.write("report-dir: out\n", to: "stairway.yml")
    #expect(try verify(project).status == 0)
    try project.folder.write("report-dir: out\nfail-on: never\n", to: "stairway.yml")
    #expect(try verify(project).status == 4)
    #expect(try Files.names(in: project.path / "out") == ["snapshots"])
  }

  @Test func `an interrupted run leaves no verdict`() throws {
    let project = try verified()
    try project.addRevision(
      "3c", after: "2b", up: "open('waiting', 'w').close(); time.sleep(3600)", down: "pass")
    let running = try project.stairway().start(
      ["verify", "--engine", "sqlite", "--python", Stairway.python().text])
    let marker = project.path / "waiting"
    let deadline = Clock.system.monotonic() + 60
    while !Files.exists(marker), Clock.system.monotonic() < deadline {
      if running.child.wait(seconds: 0.02) != nil { break }
    }
    running.child.signal(15)
    #expect(try running.finish().status == 2)
    #expect(try names(project) == [])
  }
}
