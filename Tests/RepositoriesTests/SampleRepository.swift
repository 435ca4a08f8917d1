import Platform
import Testing

/// A git repository in a folder of its own, made by git's own commands; removed with the test.
final class SampleRepository {
  let path: Path
  /// What git is run with: no settings of the machine's, an author, a fixed clock.
  static let environment = [
    "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.org",
  ]

  init() throws {
    path = try Files.makeTemporaryFolder(in: "/tmp", prefix: "stairway-test")
    try git("init", "--quiet", "--initial-branch", "main")
  }

  deinit { try? Files.removeTree(path) }

  @discardableResult
  func git(_ arguments: String..., in folder: Path? = nil) throws -> String {
    let answer = try ChildProcess.run(
      Launch(
        "git", arguments, environment: Self.environment, workingDirectory: folder ?? path))
    try #require(answer.isSuccess, "git \(arguments): \(answer.errors)")
    return answer.output
  }

  func write(_ text: String, to name: String) throws {
    try Files.makeFolder((path / name).parent)
    try Files.write(text, to: path / name)
  }

  /// Commits everything that is there.
  func commit(_ message: String = "change") throws {
    try git("add", "--all")
    try git("commit", "--quiet", "--allow-empty", "--message", message)
  }
}
