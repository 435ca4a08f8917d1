import Formats
import Platform
import Testing

/// The sample projects as a team has them: a branch with the last revision, on top of all the others.
@Suite struct ProjectSinceTests {
  private struct History: Decodable {
    struct Revision: Decodable {
      let id: String
      let file: String
      let parents: [String]
    }
    let revisions: [Revision]
  }

  private let folder: TestFolder

  init() throws { folder = try TestFolder() }

  private func copy(_ name: String) throws -> Path {
    let source = Stairway.root / "fixtures/projects/\(name)"
    let copied = try ChildProcess.run(
      Launch("/bin/cp", ["-R", source.text, folder.path.text], environment: [:]))
    try #require(copied.isSuccess, "\(copied.errors)")
    return folder.path / name
  }

  @Test(arguments: ["clara", "elara", "habitz", "psmachine", "render-service"])
  func `the branch's revision is verified, an edit and a rival are found`(name: String) throws {
    let project = try copy(name)
    let stairway = Stairway(folder: project)
    let python = try Stairway.python().text
    let told = try stairway.run("history", "--output-format", "json", "--python", python)
    let revisions = try JSONText.decode(History.self, from: told.output, name: "history").revisions
    let last = try #require(revisions.last)
    let first = try #require(revisions.first)
    let text = try Files.text(of: project / last.file)
    try Files.remove(project / last.file)
    let git = try GitFolder(project)
    try git.go(to: "mine")
    try Files.write(text, to: project / last.file)
    try git.commit()

    let whole = try stairway.run(
      "verify", "--engine", "sqlite", "--since", "main", "--python", python, "-q")
    #expect(whole.status == 0, "\(whole.output)\(whole.errors)")
    #expect(whole.output.contains("1 revision on SQLite"), "\(whole.output)")

    let old = try Files.text(of: project / first.file)
    let begin = try #require(
      ["def upgrade():\n", "def upgrade() -> None:\n"].first(where: { old.contains($0) }))
    try git.replace(begin, with: begin + "    op.execute('SELECT 1')\n", in: first.file)
    let edited = try stairway.verifySince("main", "--output-format", "concise")
    #expect(edited.status == 1)
    #expect(
      edited.output.contains(
        "revision \(first.id) is merged in main, and upgrade() does something else now"),
      "\(edited.output)\(edited.errors)")
    try expectEverywhere(of: first, in: project, base: git)

    try git.git("checkout", "main", "--", ".")
    try git.git("switch", "--quiet", "main")
    let rival = text.replacing("\"\(last.id)\"", with: "\"77aa77aa77aa\"")
      .replacing("'\(last.id)'", with: "'77aa77aa77aa'")
    try Files.write(
      rival, to: (project / last.file).parent / "77aa77aa77aa_meanwhile.py")
    try git.commit()
    try git.git("switch", "--quiet", "mine")
    let merged = try stairway.verifySince("main", "--output-format", "concise")
    #expect(merged.status == 1)
    #expect(
      merged.output.contains("[multiple-heads]: merged into main, the history will have 2 heads: "),
      "\(merged.output)\(merged.errors)")
    #expect(merged.output.contains("77aa77aa77aa_meanwhile.py, from main)"))
  }

  /// The same words in every report that the run wrote, and in what GitHub shows.
  private func expectEverywhere(
    of edited: History.Revision, in project: Path, base git: GitFolder
  ) throws {
    let page = project / "step-summary.md"
    let answer = try Stairway(
      folder: project, environment: ["GITHUB_STEP_SUMMARY": page.text, "STAIRWAY_PARITY": "false"]
    ).verifySince("main", "--output-format", "github")
    try Files.remove(page)
    let lines = try Files.text(of: project / edited.file).split(
      separator: "\n", omittingEmptySubsequences: false)
    let line = try #require(lines.firstIndex { $0.hasPrefix("def upgrade()") }) + 1
    let base = try git.git("rev-parse", "--short=10", "main").prefix { !$0.isNewline }
    let message =
      "revision \(edited.id) is merged in main, and upgrade() does something else now"
    let annotation = try #require(
      answer.output.split(separator: "\n").first { $0.contains("edited-revision") }, "\(answer)")
    #expect(
      annotation.hasPrefix(
        "::error file=\(edited.file),line=\(line),title=edited-revision (\(edited.id))::"
          + "\(message)%0Afile:%0A   def upgrade()"), "\(annotation)")
    #expect(annotation.contains("%0A  +    op.execute('SELECT 1')"), "\(annotation)")
    #expect(
      annotation.hasSuffix(
        "%0Afix:%0A  git checkout \(base) -- :/\(edited.file), and make the change in a new revision: "
          + "databases that have \(edited.id) never run it again"), "\(annotation)")
    let reports = project / "reports"
    let summary = try Files.text(of: reports / "summary.md")
    #expect(summary.contains("<b>error</b> edited-revision · \(edited.id): \(message)"))
    #expect(
      summary.contains("+    op.execute(&#39;SELECT 1&#39;)")
        || summary.contains("+    op.execute('SELECT 1')"))
    let junit = try Files.text(of: reports / "junit.xml")
    #expect(
      junit.contains(
        "<failure type=\"edited-revision\" message=\"\(message)\">\(edited.file):\(line): \(message)"
      ))
    let sarif = try Files.text(of: reports / "report.sarif")
    #expect(sarif.contains("\"ruleId\":\"edited-revision\""))
    #expect(sarif.contains(message))
  }

  /// What a pull request wants that touches models alone.
  @Test func `where only the models changed they are held against the heads`() throws {
    let project = try copy("elara")
    let git = try GitFolder(project)
    try git.replace(
      "    display_name = db.Column(db.String(80))",
      with: "    display_name = db.Column(db.String(80))\n    nickname = db.Column(db.String(40))",
      in: "models/__init__.py")
    let answer = try Stairway(folder: project).run(
      "verify", "--engine", "sqlite", "--since", "main", "--python", Stairway.python().text, "-q")
    #expect(answer.status == 1, "\(answer.output)\(answer.errors)")
    #expect(answer.output.contains("model-drift"), "\(answer.output)")
    #expect(answer.output.contains("no revision changed since main on SQLite"), "\(answer.output)")
  }
}
