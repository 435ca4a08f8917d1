import FoundationEssentials
import Platform
import Testing

@testable import Commands

@Suite struct ManPageTests {
  @Test func `docs-stairway-1 is what the tables say, and well-formed`() throws {
    let path = Path(#filePath).parent.parent.parent.parent / "docs/stairway.1"
    let text = ManPage.text(
      of: CommandLineTool.commands.map { $0.syntax }, version: CommandLineTool.version)
    if ProcessInfo.processInfo.environment["STAIRWAY_WRITE_DOCS"] != nil {
      try Files.write(text, to: path)
    }
    #expect(
      try Files.text(of: path) == text,
      "write it again: STAIRWAY_WRITE_DOCS=1 swift test --filter CommandsTests")
    let run = try ChildProcess.run(
      Launch(
        "groff", ["-man", "-Tascii", "-ww", "-P-cbou", path.text],
        environment: ["PATH": "/usr/bin:/bin"]))
    #expect(run.isSuccess && run.errors.isEmpty, "\(run.errors)")
    for word in ["--from-pytest-alembic", "stairway verify [OPTION]...", "EXIT STATUS"] {
      #expect(run.output.contains(word), "\(word)")
    }
  }
}
