@testable import Platform

/// A folder for one test, removed when it is let go.
final class Folder {
  let path: Path

  init() throws { path = try Files.makeTemporaryFolder(in: "/tmp", prefix: "platform-test") }

  deinit { try? Files.removeTree(path) }
}

let surroundings = ["PATH": "/usr/bin:/bin:/usr/sbin:/sbin"]
