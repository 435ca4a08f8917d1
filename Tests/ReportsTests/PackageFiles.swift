import FoundationEssentials
import Platform
import Testing

/// The repository's own files and its Python, for tests.
enum PackageFiles {
  static let root = Path(#filePath).parent.parent.parent

  static func text(_ path: String) throws -> String { try Files.text(of: root / path) }

  /// Runs a Python script with the packages of the test environment.
  static func python(_ script: String, _ arguments: [String]) throws -> String {
    let environment = ProcessInfo.processInfo.environment
    let python = environment["STAIRWAY_TEST_PYTHON"] ?? (root / ".python/bin/python").text
    try #require(Files.exists(Path(python)), "there is no \(python): run ci/setup")
    let run = try ChildProcess.run(
      Launch(python, ["-c", script] + arguments, environment: environment))
    try #require(run.isSuccess, "\(run.errors)")
    return run.output
  }
}

/// A folder for one test, removed at its end.
final class TemporaryFolder {
  let path: Path

  init() throws {
    let parent = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
    path = try Files.makeTemporaryFolder(in: Path(parent), prefix: "stairway-reports")
  }

  deinit { try? Files.removeTree(path) }
}
