import Databases
import Platform
import Rows

/// A folder of fixtures for one test, removed with it.
final class FixtureFiles {
  let project: Path
  var folder: Path { project / "fixtures" }

  init(_ files: [String: String] = [:]) throws {
    project = try Files.makeTemporaryFolder(in: "/tmp", prefix: "stairway-fixtures")
    try Files.makeFolder(folder)
    for (name, text) in files { try write(Array(text.utf8), to: name) }
  }

  deinit { try? Files.removeTree(project) }

  func write(_ bytes: [UInt8], to name: String) throws {
    try Files.makeFolder((folder / name).parent)
    try Files.write(bytes, to: folder / name)
  }

  func listed(_ revisions: [String] = ["0001", "0002"]) -> FixtureFolder {
    FixtureFolder(folder, shownRelativeTo: project, revisions: revisions)
  }

  /// What the files say of revision 0001.
  func fixture(on engine: Engine = .sqlite) -> Fixture {
    listed().fixture(of: "0001", on: engine) ?? Fixture(revision: "none")
  }

  /// What a single file says.
  static func fixture(_ name: String, _ text: String) throws -> Fixture {
    try FixtureFiles([name: text]).fixture()
  }
}
