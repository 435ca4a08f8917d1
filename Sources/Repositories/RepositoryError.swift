import Platform

/// Why the version control could not be asked: the cause, and the next command.
package struct RepositoryError: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Code: String, Sendable {
    /// There is no `git` on PATH.
    case noGit = "no-git"
    case noRepository = "no-repository"
    /// Git refuses to read a repository that belongs to somebody else.
    case foreignRepository = "foreign-repository"
    case noCommits = "no-commits"
    case unknownReference = "unknown-reference"
    /// The clone does not hold enough of the past.
    case shallowClone = "shallow-clone"
    /// The two histories have no commit in common.
    case noCommonCommit = "no-common-commit"
    /// The work tree leaves out what is asked about.
    case sparseCheckout = "sparse-checkout"
    case gitFailed = "git-failed"
    /// What the repository names is not in it.
    case damaged = "damaged-repository"
  }

  package let code: Code
  /// One sentence: what failed, with which object, why.
  package let message: String
  /// The next command or edit, where there is one.
  package let fix: String?

  init(_ code: Code, _ message: String, fix: String? = nil) {
    self.code = code
    self.message = message
    self.fix = fix
  }

  package var description: String { message }
}

extension RepositoryError {
  static var noGit: RepositoryError {
    RepositoryError(
      .noGit, "there is no git on PATH, and what changed is found through it",
      fix: "install git, or leave --since out to verify the whole history")
  }

  static func noRepository(_ folder: Path) -> RepositoryError {
    RepositoryError(
      .noRepository, "\(folder) lies in no git repository, so what changed cannot be told",
      fix: "leave --since out to verify the whole history; "
        + "where a build copies the project, copy its .git too")
  }

  /// <https://git-scm.com/docs/git-config#Documentation/git-config.txt-safedirectory>
  /// - Parameter said: git's own sentence and the command that it proposes, which names the top folder.
  static func foreignRepository(_ folder: Path, _ said: String) -> RepositoryError {
    let command = said.split(whereSeparator: \.isNewline)
      .map { $0.drop { $0 == "\t" || $0 == " " } }.first { $0.hasPrefix("git config --global") }
    return RepositoryError(
      .foreignRepository,
      "git does not read the repository of \(folder), since it belongs to another user",
      fix: "if you trust it: "
        + (command.map(String.init) ?? "git config --global --add safe.directory FOLDER"))
  }

  /// - Parameter what: what is missing, with its verb.
  static func damaged(_ root: Path, _ what: String) -> RepositoryError {
    RepositoryError(
      .damaged, "the repository \(root) is not whole: \(what) not in it",
      fix: "`git fsck` tells what is missing; a fresh clone has it")
  }

  static func sparse(_ file: String) -> RepositoryError {
    let folder = file.split(separator: "/").dropLast().joined(separator: "/")
    return RepositoryError(
      .sparseCheckout,
      "this work tree leaves files out, \(file) among them, so whether it is gone cannot be told",
      fix: folder.isEmpty ? "git sparse-checkout disable" : "git sparse-checkout add \(folder)")
  }

  static func noCommits(_ root: Path) -> RepositoryError {
    RepositoryError(
      .noCommits,
      "the repository \(root) has no commit yet, so there is nothing that changed since",
      fix: "leave --since out to verify the whole history")
  }

  /// What a command of git's said that nobody expected.
  static func gitFailed(_ command: String, _ run: CapturedRun) -> RepositoryError {
    let lines = run.errors.split(whereSeparator: \.isNewline)
    let how = run.status.map(\.description) ?? "gave no answer within a minute"
    return RepositoryError(
      .gitFailed, "git \(command) \(how)" + (lines.last.map { ": \($0)" } ?? ""),
      fix: "run it in the project's folder to see more")
  }
}
