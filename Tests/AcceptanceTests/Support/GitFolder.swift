import Platform
import Testing

/// The git repository that a test makes of a project's folder.
struct GitFolder {
  let path: Path

  /// What git is run with: no settings of the machine's, an author.
  static let environment = [
    "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.org",
  ]

  /// Makes the repository, with all that lies there as the first commit of `main`.
  init(_ path: Path) throws {
    self.path = path
    try git("init", "--quiet", "--initial-branch", "main")
    try commit("base")
  }

  @discardableResult
  func git(_ arguments: String...) throws -> String {
    let answer = try ChildProcess.run(
      Launch("git", arguments, environment: Self.environment, workingDirectory: path))
    try #require(answer.isSuccess, "git \(arguments): \(answer.errors)")
    return answer.output
  }

  func commit(_ message: String = "change") throws {
    try git("add", "--all")
    try git("commit", "--quiet", "--allow-empty", "--message", message)
  }

  /// Goes on from `main` on a branch of this name, or on `main` itself.
  func go(to branch: String) throws {
    if branch == "main" {
      try git("switch", "--quiet", "main")
    } else {
      try git("switch", "--quiet", "--create", branch)
    }
  }

  func move(_ file: String, to other: String) throws {
    try Files.makeFolder((path / other).parent)
    try Files.move(path / file, to: path / other)
  }

  func replace(_ old: String, with new: String, in file: String) throws {
    let text = try Files.text(of: path / file)
    try #require(text.contains(old), "\(file) does not hold \(old)")
    try Files.write(text.replacing(old, with: new), to: path / file)
  }
}

extension Stairway {
  /// A run on SQLite that looks at the walk and the log alone.
  func verifySince(_ reference: String, _ arguments: String...) throws -> Answer {
    var quick = self
    quick.environment["STAIRWAY_PARITY"] = quick.environment["STAIRWAY_PARITY"] ?? "false"
    return try quick.run(
      ["verify", "--engine", "sqlite", "--rows", "none", "-q", "--since", reference, "--python"]
        + [Stairway.python().text] + arguments)
  }
}
