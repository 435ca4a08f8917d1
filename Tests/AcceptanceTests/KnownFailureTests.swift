import Platform
import Testing

/// An upgrade that fails without failing the run: what lies behind it was not seen, and the gate is not green.
@Suite struct KnownFailureTests {
  private let project: SampleProject

  init() throws {
    project = try SampleProject()
    try project.addRevision("3c", after: "2b", up: "op.execute('DROP TABLE nowhere')", down: "pass")
  }

  private func run(_ arguments: String...) throws -> Stairway.Answer {
    try project.stairway().run(
      arguments + ["--engine", "sqlite", "--python", Stairway.python().text, "--quiet"])
  }

  private func report(_ name: String) throws -> String {
    try Files.text(of: project.path / "reports" / name)
  }

  private static let cause = "SQLite 3c could not be judged: its upgrade fails, "
  private static let missing =
    "its way back and models, application and printed SQL at the heads were not verified"

  @Test func `a head in the baseline ends with 3, which every report says with what to do`() throws
  {
    #expect(try run("verify").status == 1)
    let recorded = try run("baseline")
    #expect(recorded.status == 3, "\(recorded.output)\(recorded.errors)")
    let answer = try run("verify")
    #expect(answer.status == 3, "\(answer.output)\(answer.errors)")
    let sentence = "\(Self.cause)which is in the baseline; for that, \(Self.missing)"
    let fix = "mend the upgrade: `stairway verify --baseline none` shows why it fails"
    for words in [
      "unknown[known-failure]: \(sentence)", "--> migrations/versions/3c.py:9", "= fix: \(fix)",
      "3 revisions on SQLite", "1 could not be judged, 1 in the baseline",
    ] { #expect(answer.output.contains(words), "\(words)\n\(answer.output)") }
    #expect(!answer.output.contains(": verified"))
    let page = try report("summary.md")
    #expect(page.hasPrefix("## Stairway: could not be verified\n"), "\(page)")
    #expect(page.contains("<b>unknown</b> known-failure: \(sentence)"), "\(page)")
    #expect(page.contains("fix:\n\n```text\n\(fix); "), "\(page)")
    let junit = try report("junit.xml")
    #expect(junit.contains("<skipped message=\"upgrade-fails is in the baseline\"/>"))
    // Its way back, the whole way up, and the four groups beside the walk.
    #expect(junit.split(separator: "<error type=\"known-failure\"").count == 1 + 6, "\(junit)")
    #expect(junit.contains(fix))
    // Nothing was seen of its rows and its schema either.
    let notReached = "<skipped message=\"not reached: the upgrade failed\"/>"
    #expect(junit.split(separator: notReached).count == 1 + 2, "\(junit)")
    let json = try report("report.json")
    for words in [
      "\"reason\":\"heads-not-reached\"", "\"verdict\":\"unknown\"", "\"code\":\"known-failure\"",
      sentence, "\"unjudged\":1",
    ] { #expect(json.contains(words), "\(words)") }
    #expect(try report("report.sarif").contains("\"id\":\"known-failure\""))
    #expect(try report("gl-code-quality-report.json").contains("stairway/known-failure"))
    let github = try run("verify", "--output-format", "github")
    #expect(github.status == 3)
    #expect(
      github.output.hasPrefix(
        "::error file=migrations/versions/3c.py,line=9,title=could not be judged"),
      "\(github.output)")
    let concise = try run("verify", "--output-format", "concise")
    #expect(
      concise.output.hasPrefix(
        "migrations/versions/3c.py:9: unknown[known-failure] sqlite 3c: its"),
      "\(concise.output)")
  }

  @Test(arguments: ["allow", "severity"])
  func `one that is allowed, or only warned of, is no other`(way: String) throws {
    try project.folder.write(
      way == "allow"
        ? "allow:\n  - {rule: upgrade-fails, revision: 3c, because: later}\n"
        : "severity: {upgrade-fails: warning}\n", to: "stairway.yml")
    let answer = try run("verify")
    #expect(answer.status == 3, "\(answer.output)\(answer.errors)")
    let why = way == "allow" ? "which is allowed" : "which does not fail the run"
    #expect(
      answer.output.contains("\(Self.cause)\(why); for that, \(Self.missing)"), "\(answer.output)")
    #expect(
      answer.output.contains("= fix: mend the upgrade; where it cannot be run here, name it in"))
  }

  @Test func `a branch that changes models alone does not get a green gate past it`() throws {
    _ = try run("baseline")
    try project.folder.write("reports/\n", to: ".gitignore")
    let git = try GitFolder(project.path)
    try git.go(to: "mine")
    try project.folder.write("class Post: pass\n", to: "models.py")
    try git.commit()
    let answer = try run("verify", "--since", "main")
    #expect(answer.status == 3, "\(answer.output)\(answer.errors)")
    #expect(
      answer.output.contains(
        "\(Self.cause)which is in the baseline; for that, models, application and printed SQL at the "
          + "heads were not verified"), "\(answer.output)")
    #expect(try report("junit.xml").contains("<error type=\"known-failure\""))
    try project.folder.write("parity: false\n", to: "stairway.yml")
    #expect(try run("verify", "--since", "main").status == 5)
  }

  @Test func `what needs it is counted, and nothing is said twice where it fails the run`() throws {
    try project.addRevision("4d", after: "3c", up: "pass", down: "pass")
    let failing = try run("verify")
    #expect(failing.status == 1)
    #expect(!failing.says("known-failure"), "\(failing.output)")
    let note =
      "note: SQLite: models, application and printed SQL are not compared: not every revision can be "
      + "taken up and recorded: 3c"
    #expect(failing.output.contains(note), "\(failing.output)")
    #expect(try report("summary.md").contains("- \(note)"))
    _ = try run("baseline")
    let known = try run("verify")
    #expect(known.status == 3)
    #expect(
      known.output.contains(
        "for that, its way back, 1 revision that needs it and models, application"),
      "\(known.output)")
    #expect(!known.output.contains(note))
  }

  /// Past these the walk finds a way, so that all else is seen.
  @Test func `an old revision that cannot go down, or up again, leaves the gate green`() throws {
    try project.addRevision(
      "3c", after: "2b", up: "op.execute('CREATE TABLE three (id INTEGER)')", down: "pass")
    try project.addRevision(
      "4d", after: "3c", up: "pass", down: "op.execute('DROP TABLE nowhere')")
    try project.addRevision("5e", after: "4d", up: "op.execute('CREATE TABLE five (id INTEGER)')")
    #expect(try run("verify").status == 1)
    let recorded = try run("baseline")
    #expect(recorded.status == 0, "\(recorded.output)\(recorded.errors)")
    let answer = try run("verify")
    #expect(answer.status == 0, "\(answer.output)\(answer.errors)")
    #expect(try !report("report.json").contains("heads-not-reached"))
  }

  @Test func `where it can be run nowhere, skipping it with a reason is what the sentence says`()
    throws
  {
    try project.folder.write("skip: {3c: only production has that table}\n", to: "stairway.yml")
    let answer = try run("verify")
    #expect(answer.status == 0, "\(answer.output)\(answer.errors)")
  }

  @Test func `a graph that cannot be run is not verified where that is allowed`() throws {
    let broken = try SampleProject()
    try Files.remove(broken.path / "migrations/versions/1a.py")
    try Files.write(
      "allow: [{rule: missing-parent, because: it is elsewhere}]\n",
      to: broken.path / "stairway.yml")
    let answer = try broken.stairway().run([
      "verify", "--python", Stairway.python().text, "--quiet",
    ])
    #expect(answer.status == 3, "\(answer.output)\(answer.errors)")
    let sentence = "the project could not be judged: revision 2b needs 1a, which no file defines"
    #expect(answer.output.contains(sentence), "\(answer.output)")
    #expect(!answer.output.contains("nothing wrong with the history"), "\(answer.output)")
    func report(_ name: String) throws -> String {
      try Files.text(of: broken.path / "reports" / name)
    }
    #expect(try report("summary.md").hasPrefix("## Stairway: could not be verified\n"))
    #expect(try report("junit.xml").contains("<error type=\"known-failure\""))
    #expect(try report("report.json").contains("\"verdict\":\"unknown\""))
    #expect(try report("report.sarif").contains("\"id\":\"known-failure\""))
    #expect(try report("gl-code-quality-report.json").contains("stairway/known-failure"))
  }
}
