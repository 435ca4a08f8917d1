import Platform
import Testing

/// `stairway init` where a project has settings already, and what `doctor` says of two files of them.
@Suite struct InitSettingsTests {
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

  @Test(arguments: [
    ("pyproject.toml", "[tool.stairway]\nengines = [\"sqlite\"]\n"),
    ("stairway.yaml", "engines: [sqlite]\n"),
  ])
  func `settings that stand elsewhere go on to hold`(name: String, text: String) throws {
    let project = try SampleProject()
    try project.folder.write(text, to: name)
    let answer = try run(project, "init", "--force")
    expect(
      answer, status: 0, says: "\(name) is kept: the settings stand there\n",
      "wrote stairway/fixtures/README.md\n")
    #expect(!Files.exists(project.path / "stairway.yml"))
    #expect(try Files.text(of: project.path / name) == text)
    // One that somebody else wrote stands above it, and doctor says so.
    try project.folder.write("fail-on: error\n", to: "stairway.yml")
    expect(
      try run(project, "doctor", "--engine", "sqlite"), status: 0,
      says: "\(name) has settings too, which do not hold")
  }

  @Test func `a pyproject that speaks of Stairway in a comment alone has no settings`() throws {
    let project = try SampleProject()
    try project.folder.write("[project]\n# [tool.stairway] may come\n", to: "pyproject.toml")
    expect(try run(project, "init"), status: 0, says: "wrote stairway.yml\n")
    #expect(!(try run(project, "doctor", "--engine", "sqlite")).says("has settings too"))
  }
}
