import Platform
import Testing

/// Runs a sample project with all that is held against the migrations.
protocol ParitySuite {}

extension ParitySuite {
  func verify(
    _ project: SampleProject, on engine: String = "sqlite", _ more: [String] = []
  ) throws -> Stairway.Answer {
    let answer = try project.stairway().run(
      ["verify", "--engine", engine, "--python", Stairway.python().text] + more)
    #expect(answer.leftovers.isEmpty)
    return answer
  }

  func text(of project: SampleProject, _ file: String) throws -> String {
    try Files.text(of: project.path / file)
  }
}
