import Formats
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
    /// A submodule is not there, or not as a commit names it.
    case missingSubmodule = "missing-submodule"
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

  /// - Parameter store: where its `.git` leads.
  static func lostRepository(_ folder: Path, store: String) -> RepositoryError {
    RepositoryError(
      .noRepository,
      "\(folder) lies in a worktree or submodule whose repository, \(store), is not there, so what "
        + "changed cannot be told",
      fix:
        "mount or copy that folder, too, to the same place; or leave --since out to verify the whole "
        + "history")
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
      fix: folder.isEmpty
        ? "git sparse-checkout disable" : "git sparse-checkout add \(folder.quotedForShell)")
  }

  static func moduleNotCheckedOut(_ path: String) -> RepositoryError {
    RepositoryError(
      .missingSubmodule,
      "the revisions lie in the submodule \(path), which is not checked out",
      fix:
        "git submodule update --init \(":/\(path)".quotedForShell); give actions/checkout `submodules: true`"
    )
  }

  /// - Parameter place: its top folder.
  static func missingModuleCommit(
    _ module: CommittedModule, in place: Path, isShallow: Bool
  ) -> RepositoryError {
    RepositoryError(
      .missingSubmodule,
      "the revisions were those of the submodule \(module.path) at \(module.commit.short), which its "
        + "clone does not have",
      fix: "git -C \(place.text.quotedForShell) fetch "
        + (isShallow ? "--unshallow" : "origin \(module.commit)"))
  }

  static func formerModule(_ module: CommittedModule) -> RepositoryError {
    RepositoryError(
      .missingSubmodule,
      "the revisions were those of \(module.path) at \(module.commit.short), which is a submodule no "
        + "longer: what became of them cannot be told",
      fix: "leave --since out to verify the whole history")
  }

  /// - Parameter branch: the one that is checked out.
  static func noCommits(_ root: Path, on branch: String) -> RepositoryError {
    RepositoryError(
      .noCommits,
      "the branch \(branch) of the repository \(root) has no commit yet, so there is nothing that "
        + "changed since",
      fix: "leave --since out to verify the whole history")
  }

  /// What a command of git's said that nobody expected.
  static func gitFailed(_ command: String, _ run: CapturedRun) -> RepositoryError {
    let lines = run.errors.split(whereSeparator: \.isNewline)
    // <https://git-scm.com/docs/partial-clone>
    if let line = lines.last(where: { $0.contains("promisor remote") }) {
      return RepositoryError(
        .gitFailed,
        "this clone was made without all contents (`git clone --filter`), and git cannot fetch what is "
          + "missing: \(line)",
        fix:
          "give actions/checkout no `filter`; by hand: git fetch --refetch --no-filter, with access to "
          + "the remote")
    }
    let how = run.status.map(\.description) ?? "gave no answer within a minute"
    return RepositoryError(
      .gitFailed, "git \(command) \(how)" + (lines.last.map { ": \($0)" } ?? ""),
      fix: "run it in the project's folder to see more")
  }
}
