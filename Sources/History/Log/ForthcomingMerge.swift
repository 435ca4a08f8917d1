/// What a history will be once a branch is merged into another one that has gone on meanwhile.
package struct ForthcomingMerge: Hashable, Sendable, Codable {
  /// The revisions that come from the other branch: new ones, and those that it changed.
  package let arriving: [Revision]
  /// Of these, the ones that take the place of our own of the same id.
  package let replacing: [RevisionID]
  /// Those that it deleted.
  package let leaving: [RevisionID]

  package init(
    arriving: [Revision] = [], replacing: [RevisionID] = [], leaving: [RevisionID] = []
  ) {
    self.arriving = arriving
    self.replacing = replacing
    self.leaving = leaving
  }

  /// - Parameters:
  ///   - base: the revisions where both branches parted.
  ///   - theirs: those at the other branch's tip.
  ///   - ours: those of the project's files.
  package init(base: [Revision], theirs: [Revision], ours: [Revision]) {
    let former = Dictionary(base.map { ($0.id, $0) }) { first, _ in first }
    let own = Dictionary(grouping: ours, by: \.id)
    arriving = theirs.filter { revision in
      // What was cherry-picked is the same file on both sides, and one file after the merge.
      if own[revision.id]?.contains(where: { $0.isSameFile(as: revision) }) == true { return false }
      guard let before = former[revision.id] else { return true }
      // Deleted or changed on this side, the merge keeps it so, or is a conflict that git tells.
      return !before.isSamePlace(as: revision)
        && own[revision.id]?.contains { $0.isSamePlace(as: before) } == true
    }
    let there = Set(theirs.map(\.id))
    leaving = base.map(\.id).filter { !there.contains($0) }
    replacing = arriving.filter { revision in
      former[revision.id] != nil || own[revision.id]?.contains { $0.file == revision.file } == true
    }.map(\.id)
  }

  /// Whether the other branch has nothing that this one has not.
  package var isEmpty: Bool { arriving.isEmpty && leaving.isEmpty }

  /// The revisions after the merge.
  package func merged(into ours: [Revision]) -> [Revision] {
    let gone = Set(leaving + replacing)
    return ours.filter { !gone.contains($0.id) } + arriving
  }
}

extension Revision {
  fileprivate func isSamePlace(as other: Revision) -> Bool {
    Set(parents) == Set(other.parents) && Set(dependencies) == Set(other.dependencies)
      && Set(labels) == Set(other.labels)
  }

  fileprivate func isSameFile(as other: Revision) -> Bool {
    file == other.file && isSamePlace(as: other)
  }
}
