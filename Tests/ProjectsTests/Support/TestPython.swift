import FoundationEssentials
import Platform
import Testing

/// The Python that the tests' projects run with.
enum TestPython {
  struct Missing: Error, CustomStringConvertible {
    let path: Path
    var description: String { "there is no Python at \(path): run ci/setup" }
  }

  static let variables = ProcessInfo.processInfo.environment

  /// `$STAIRWAY_TEST_PYTHON`, else the one that ci/setup makes in the package's folder.
  static func path() throws -> Path {
    let root = Path(#filePath).parent.parent.parent.parent
    let path = variables["STAIRWAY_TEST_PYTHON"].map { Path($0) } ?? root / ".python/bin/python"
    guard Files.isFile(path) else { throw Missing(path: path) }
    return path
  }

  /// The variables of this process without those that would lead a project elsewhere.
  static var environment: [String: String] {
    variables.filter {
      !$0.key.hasPrefix("PG") && !$0.key.hasPrefix("STAIRWAY_") && $0.key != "VIRTUAL_ENV"
    }
  }
}
