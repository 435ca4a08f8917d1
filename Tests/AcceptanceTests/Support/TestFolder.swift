import Platform

/// A folder that a test may fill as it likes; removed with the test.
final class TestFolder {
  let path: Path

  init() throws { path = try Files.makeTemporaryFolder(in: "/tmp", prefix: "stairway-test") }

  deinit { try? Files.removeTree(path) }

  /// Writes a file and the folders that it needs.
  @discardableResult
  func write(_ text: String, to name: String) throws -> Path {
    let file = path / name
    try Files.makeFolder(file.parent)
    try Files.write(text, to: file)
    return file
  }
}
