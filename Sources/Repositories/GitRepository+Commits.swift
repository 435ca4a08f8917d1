/// A commit, by its whole name.
package struct Commit: Hashable, Sendable, CustomStringConvertible {
  package let id: String
  package var description: String { id }

  /// As commands and sentences name it.
  package var short: String { String(id.prefix(10)) }
}

extension GitRepository {
  /// The commit that the work tree was checked out from; a detached one as well.
  ///
  /// - Throws: `RepositoryError` `no-commits`.
  package func head() throws -> Commit {
    if let head = try commit("HEAD") { return head }
    if let named = try answer(["rev-parse", "--verify", "--quiet", "HEAD"]) {
      throw RepositoryError.damaged(root, "its HEAD, \(named.prefix(10)), is")
    }
    let branch = try answer(["symbolic-ref", "--quiet", "--short", "HEAD"])?.split(separator: "\n")
    throw RepositoryError.noCommits(root, on: branch?.first.map(String.init) ?? "HEAD")
  }

  /// The commit that a branch, tag or abbreviated name means.
  ///
  /// - Throws: `RepositoryError` `unknown-reference`, or `shallow-clone` where it may only not have
  ///   been fetched.
  package func resolve(_ reference: String) throws -> Commit {
    if let commit = try commit(reference) { return commit }
    let remotes = try remotes()
    let meant = BranchName(reference, among: remotes)
    if !meant.isRemote {
      for remote in remotes {
        let other = "\(remote)/\(reference)"
        guard try commit(other) != nil else { continue }
        throw RepositoryError(
          .unknownReference, "git knows no commit '\(reference)' here",
          fix: "did you mean \(other)?")
      }
    }
    if isShallow {
      throw RepositoryError(
        .shallowClone,
        "git knows no commit '\(reference)' here: this clone was made without its past",
        fix: meant.deepening)
    }
    throw RepositoryError(
      .unknownReference, "git knows no commit '\(reference)' here", fix: meant.correction)
  }

  /// Where the branch that is checked out left `other`: several commits where each was merged into the
  /// other meanwhile (<https://git-scm.com/docs/git-merge-base#_discussion>), and what any of them has
  /// is merged on both sides.
  ///
  /// - Throws: `RepositoryError` `shallow-clone` or `no-common-commit` where there is none.
  package func mergeBases(of head: Commit, and other: Commit, named reference: String) throws
    -> [Commit]
  {
    let found = try answer(["merge-base", "--all", head.id, other.id])?.split(separator: "\n")
    if let found, !found.isEmpty { return found.map { Commit(id: String($0)) } }
    if isShallow {
      throw RepositoryError(
        .shallowClone,
        "this clone does not reach back to where the branch left \(reference)",
        fix: BranchName(reference, among: try remotes()).deepening)
    }
    throw RepositoryError(
      .noCommonCommit, "HEAD and \(reference) have no commit in common",
      fix: "name the branch that this one is to be merged into")
  }

  /// The branch that a merge brought in which CI made to test it, and which is checked out: its second parent,
  /// where the first is of the branch that it is to be merged into (GitHub's `refs/pull/N/merge`, GitLab's
  /// `refs/merge-requests/N/merge`). nil where a branch is checked out, or another commit.
  ///
  /// - Parameter partings: where what is checked out left the other branch.
  package func branchOfTrialMerge(_ head: Commit, partings: [Commit]) throws -> Commit? {
    guard try answer(["symbolic-ref", "--quiet", "HEAD"]) == nil,
      let parents = try answer(["rev-parse", "\(head.id)^@"])?.split(separator: "\n"),
      parents.count == 2, partings.contains(Commit(id: String(parents[0])))
    else { return nil }
    return Commit(id: String(parents[1]))
  }

  private func commit(_ name: String) throws -> Commit? {
    // `^main` means all that is not in main.
    guard !name.hasPrefix("-"), !name.hasPrefix("^"), !name.contains("\n") else { return nil }
    // What begins so is the text of a message to its end.
    let peeled = name.hasPrefix(":/") ? name : name + "^{commit}"
    let found = try answer(["rev-parse", "--verify", "--quiet", peeled])
    return found?.split(separator: "\n").first.map { Commit(id: String($0)) }
  }

  private func remotes() throws -> [String] {
    (try answer(["remote"]) ?? "").split(separator: "\n").map(String.init)
  }
}

/// A branch that a name which git does not know may mean.
private struct BranchName {
  let isRemote: Bool
  private let remote: String
  /// nil for what is no branch's name, like `HEAD~1`
  /// (<https://git-scm.com/docs/git-check-ref-format>).
  private let branch: String?

  init(_ reference: String, among remotes: [String]) {
    let parts = reference.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    isRemote = parts.count == 2 && remotes.contains(String(parts[0]))
    remote = isRemote ? String(parts[0]) : remotes.first ?? "origin"
    let name = isRemote ? String(parts[1]) : reference
    let isName =
      !name.isEmpty && name != "HEAD" && !name.hasPrefix("-") && !name.hasSuffix("/")
      && !name.contains("@{") && !name.contains { " ~^:?*[\\".contains($0) }
    branch = isName ? name : nil
  }

  /// What brings it where the clone does not reach that far back.
  var deepening: String {
    "give actions/checkout `fetch-depth: 0`; by hand: git fetch --unshallow \(remote)"
      + (branch.map { " && git fetch \(remote) \($0):refs/remotes/\(remote)/\($0)" } ?? "")
  }

  /// What brings it, or lists the names that there are.
  var correction: String {
    guard isRemote else {
      return "name a branch, tag or commit: `git branch --all` lists the branches"
    }
    return branch.map { "git fetch \(remote) \($0), or correct the name" }
      ?? "name a branch of \(remote): `git branch --remotes` lists them"
  }
}
