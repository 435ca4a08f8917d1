import Platform
import Testing

@Suite(.timeLimit(.minutes(1))) struct FolderWatchTests {
  /// Waits for what has been done already.
  private func wakening(
    of watch: FolderWatch, after change: () throws -> Void
  ) throws -> FolderWatch.Wakening {
    try change()
    return try watch.wait(quiet: 0.01, until: Interruption(), outputIsWatched: false)
  }

  @Test func `a burst of changes is one, and what came with new folders is seen`() throws {
    let folder = try Folder()
    try Files.makeFolder(folder.path / "versions")
    let watch = try FolderWatch([folder.path, folder.path / "none"]) { !$0.name.hasPrefix(".") }
    #expect(
      try wakening(of: watch) {
        // As editors save: beside the file, then in its place.
        try Files.write("one", to: folder.path / "versions/a.py~")
        try Files.move(folder.path / "versions/a.py~", to: folder.path / "versions/a.py")
        try Files.makeFolder(folder.path / "new/below")
      } == .change)
    #expect(
      try wakening(of: watch) {
        try Files.write("two", to: folder.path / "new/below/b.py")
      } == .change)
  }

  @Test func `an interruption ends the waiting`() throws {
    let folder = try Folder()
    let watch = try FolderWatch([folder.path]) { _ in true }
    let interruption = Interruption()
    interruption.raise()
    #expect(
      try watch.wait(quiet: 0.01, until: interruption, outputIsWatched: false) == .interruption)
  }
}
