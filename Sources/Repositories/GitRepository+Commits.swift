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
    throw RepositoryError.noCommits(root)
  }

  /// The commit that a branch, tag or abbreviated name means.
  ///
  /// - Throws: `RepositoryError` `unknown-reference`, or `shallow-clone` where it may only not have
  ///   been fetched.
  package func resolve(_ reference: String) throws -> Commit {
    if let commit = try commit(reference) { return commit }
    let parts = reference.split(separator: "/", maxSplits: 1)
    let remotes = (try answer(["remote"]) ?? "").split(separator: "\n")
    let isRemote = parts.count == 2 && remotes.contains(parts[0])
    if !isRemote {
      for remote in remotes {
        let other = "\(remote)/\(reference)"
        guard try commit(other) != nil else { continue }
        throw RepositoryError(
          .unknownReference, "git knows no commit '\(reference)' here",
          fix: "did you mean \(other)?")
      }
    }
    let remote = isRemote ? String(parts[0]) : remotes.first.map(String.init) ?? "origin"
    let branch = isRemote ? String(parts[1]) : reference
    if isShallow {
      throw RepositoryError(
        .shallowClone,
        "git knows no commit '\(reference)' here: this clone was made without its past",
        fix: Self.deepening(remote, branch))
    }
    throw RepositoryError(
      .unknownReference, "git knows no commit '\(reference)' here",
      fix: isRemote
        ? "git fetch \(remote) \(branch), or correct the name"
        : "name a branch, tag or commit: `git branch --all` lists the branches")
  }

  /// Where the branch that is checked out left `other`.
  ///
  /// - Throws: `RepositoryError` `shallow-clone` or `no-common-commit` where there is none.
  package func mergeBase(of head: Commit, and other: Commit, named reference: String) throws
    -> Commit
  {
    // Of several (a criss-cross merge) any serves: what one of them has is merged on both sides.
    if let found = try answer(["merge-base", head.id, other.id])?.split(separator: "\n").first {
      return Commit(id: String(found))
    }
    if isShallow {
      let parts = reference.split(separator: "/", maxSplits: 1)
      throw RepositoryError(
        .shallowClone,
        "this clone does not reach back to where the branch left \(reference)",
        fix: Self.deepening(
          parts.count == 2 ? String(parts[0]) : "origin", parts.last.map(String.init) ?? reference))
    }
    throw RepositoryError(
      .noCommonCommit, "HEAD and \(reference) have no commit in common",
      fix: "name the branch that this one is to be merged into")
  }

  private func commit(_ name: String) throws -> Commit? {
    // `^main` means all that is not in main.
    guard !name.hasPrefix("-"), !name.hasPrefix("^"), !name.contains("\n") else { return nil }
    let found = try answer(["rev-parse", "--verify", "--quiet", name + "^{commit}"])
    return found?.split(separator: "\n").first.map { Commit(id: String($0)) }
  }

  private static func deepening(_ remote: String, _ branch: String) -> String {
    "give actions/checkout `fetch-depth: 0`; by hand: git fetch --unshallow \(remote) && "
      + "git fetch \(remote) \(branch):refs/remotes/\(remote)/\(branch)"
  }
}
