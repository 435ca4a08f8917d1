import Platform
import Testing

/// What a run leaves for others to read, and where it says its files are. The sample projects' reports
/// are held against each other, and word for word against fixtures/reports, by ci/projects.
@Suite struct ReportFileTests {
  private func project() throws -> SampleProject {
    let project = try SampleProject()
    try project.addRevision(
      "3c", after: "2b", up: "op.execute('CREATE TABLE three (id INTEGER)')", down: "pass")
    return project
  }

  private func verify(
    _ project: SampleProject, _ environment: [String: String?], _ arguments: String...
  ) throws -> Stairway.Answer {
    var environment = environment
    environment["STAIRWAY_PARITY"] = "false"
    return try project.stairway(environment).run(
      ["verify", "--engine", "sqlite", "--python", Stairway.python().text, "--quiet"] + arguments)
  }

  @Test func `annotations and reports begin at the workspace, wherever the run was started`() throws
  {
    let project = try project()
    // The workspace is the folder above the project's.
    let answer = try verify(
      project, ["GITHUB_WORKSPACE": project.path.parent.text], "--output-format", "github")
    let file = "\(project.path.name)/migrations/versions/3c.py"
    #expect(answer.output.hasPrefix("::error file=\(file),line=13,title=downgrade-leaves-trace"))
    for name in ["report.sarif", "gl-code-quality-report.json", "junit.xml", "summary.md"] {
      #expect(try Files.text(of: project.path / "reports" / name).contains(file), "\(name)")
    }
    let plain = try verify(project, [:], "--output-format", "concise")
    #expect(plain.output.hasPrefix("migrations/versions/3c.py:13: error["))
  }

  @Test func `without a workspace they begin where the repository does`() throws {
    let project = try project()
    let folder = try TestFolder()
    try Files.makeFolder(folder.path / ".git")
    try Files.makeFolder(folder.path / "services")
    let moved = folder.path / "services/backend"
    try Files.move(project.path, to: moved)
    let answer = try Stairway(folder: moved, environment: ["GITHUB_WORKSPACE": nil]).run(
      "verify", "--engine", "sqlite", "--python", Stairway.python().text, "--output-format",
      "github")
    #expect(
      answer.output.hasPrefix("::error file=services/backend/migrations/versions/3c.py,line=13,"))
  }

  @Test func `the page of the job is added to, once, and only where annotations are asked for`()
    throws
  {
    let project = try project()
    let page = project.path / "page.md"
    try Files.write("# Before\n", to: page)
    let environment = ["GITHUB_STEP_SUMMARY": page.text]
    _ = try verify(project, environment)
    #expect(try Files.text(of: page) == "# Before\n")
    _ = try verify(project, environment, "--output-format", "github")
    let summary = try Files.text(of: project.path / "reports/summary.md")
    #expect(summary.hasPrefix("## Stairway: 2 findings to mend\n\n3 revisions on SQLite"))
    #expect(try Files.text(of: page) == "# Before\n" + summary)
  }

  @Test func `a page that is full or cannot be written changes nothing of the verdict`() throws {
    let project = try project()
    let page = project.path / "page.md"
    try Files.write(String(repeating: "x", count: 1_048_576), to: page)
    let full = try verify(
      project, ["GITHUB_STEP_SUMMARY": page.text], "--output-format", "github")
    #expect(full.status == 1)
    #expect(Files.size(of: page) == 1_048_576)
    let nowhere = try verify(
      project, ["GITHUB_STEP_SUMMARY": "/nowhere/page.md"], "--output-format", "github")
    #expect(nowhere.status == 1)
    #expect(nowhere.errors.contains("warning[no-step-summary]: cannot write /nowhere/page.md"))
  }

  @Test func `a run that cannot begin says why in every report`() throws {
    let project = try project()
    let page = project.path / "page.md"
    try project.folder.write("def upgrade(:\n", to: "migrations/versions/4d.py")
    let answer = try verify(
      project, ["GITHUB_STEP_SUMMARY": page.text, "GITHUB_WORKSPACE": project.path.text],
      "--output-format", "github")
    #expect(answer.status == 3)
    #expect(
      answer.output.hasPrefix("::error file=migrations/versions/4d.py,line=1,title=could not"))
    for (name, words) in [
      ("summary.md", "## Stairway: could not be verified"), ("report.sarif", "\"exitCode\":3"),
      ("gl-code-quality-report.json", "\"severity\":\"blocker\""),
    ] {
      #expect(try Files.text(of: project.path / "reports" / name).contains(words), "\(name)")
    }
    #expect(try Files.text(of: page).contains("syntax error"))
  }

  @Test(arguments: ["flag", "variable", "setting"])
  func `the JUnit dialect is chosen like every setting`(way: String) throws {
    let project = try project()
    if way == "setting" { try project.folder.write("junit-dialect: strict\n", to: "stairway.yml") }
    _ = try verify(
      project, way == "variable" ? ["STAIRWAY_JUNIT_DIALECT": "strict"] : [:],
      way == "flag" ? "--junit-dialect=strict" : "--fail-on=error")
    let junit = try Files.text(of: project.path / "reports/junit.xml")
    #expect(junit.contains("<failure "))
    #expect(!junit.contains(" file=\"") && !junit.contains(" line=\""))
  }

  @Test(.enabled(if: FullDiskTests.isPossible, "this account may not mount file systems"))
  func `a report folder that is read-only is said before the run, with status 3`() throws {
    let project = try project()
    let folder = try TestFolder()
    let mount = "mount -t tmpfs -o ro stairway '\(folder.path)' && exec \"$@\""
    let answer = try project.stairway().start(
      [
        "verify", "--engine", "sqlite", "--python", Stairway.python().text, "--report-dir",
        folder.path.text,
      ],
      through: ["unshare", UserAccount.effectiveUID == 0 ? "-m" : "-rm", "sh", "-c", mount, "sh"]
    ).finish()
    #expect(answer.status == 3, "\(answer.output)\(answer.errors)")
    #expect(answer.errors.contains("error[cannot-write-reports]: the reports cannot be written:"))
    #expect(answer.errors.contains("Read-only file system"))
    #expect(answer.errors.contains("name a folder that you may write to with `--report-dir DIR`"))
  }
}
