import Platform
import Testing

/// What files, tables and arguments are called cannot steer the terminal that shows it.
@Suite struct HostileTextTests {
  private static let evil = "\u{1B}[2J\u{202E}"

  /// That nothing of it arrives as it is, and that it is shown.
  private func expectShown(_ answer: Stairway.Answer) {
    let said = answer.output + answer.errors
    #expect(said.unicodeScalars.allSatisfy { $0 != "\u{1B}" && $0 != "\u{202E}" }, "\(said)")
    #expect(said.contains("\\x1B[2J\\u{202E}"), "\(said)")
  }

  @Test func `a message in the history`() throws {
    let project = try SampleProject()
    let file = project.path / "migrations/versions/2b.py"
    let text = try Files.text(of: file)
    try Files.write(text.replacing("change 2b", with: "change \(Self.evil)"), to: file)
    expectShown(try project.stairway().run("history", "--python", Stairway.python().text))
  }

  @Test(arguments: ["verify", "doctor"])
  func `the name of a file that cannot be read, and what it prints`(_ command: String) throws {
    let project = try SampleProject()
    try project.folder.write(
      "print('\(Self.evil)')\nraise RuntimeError('\(Self.evil)')\n",
      to: "migrations/versions/3c\(Self.evil).py")
    expectShown(try project.stairway().run(command, "--python", Stairway.python().text))
  }

  @Test(arguments: [["explain", evil], ["verify", "--\(evil)"], ["verify", evil]])
  func `what was typed wrongly`(_ arguments: [String]) throws {
    let project = try SampleProject()
    expectShown(try project.stairway().run(arguments))
  }
}
