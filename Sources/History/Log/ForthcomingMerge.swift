/// What a history will be once a branch is merged into another one that has gone on meanwhile.
package struct ForthcomingMerge: Hashable, Sendable, Codable {
  /// The revisions that come from the other branch: new ones, and those that it changed.
  package let arriving: [Revision]
  /// Of these, the ones that take the place of our own of the same id.
  package let replacing: [RevisionID]
  /// Those that it deleted.
  package let leaving: [RevisionID]
  /// Those whose files both sides gave other names; nil where there are none.
  package let renamed: [Renaming]?

  /// A revision whose file has a third and a fourth name, so that git cannot tell which one it is to have.
  package struct Renaming: Hashable, Sendable, Codable {
    package let revision: RevisionID
    package let ours: String
    package let theirs: String

    package init(revision: RevisionID, ours: String, theirs: String) {
      self.revision = revision
      self.ours = ours
      self.theirs = theirs
    }
  }

  package init(
    arriving: [Revision] = [], replacing: [RevisionID] = [], leaving: [RevisionID] = [],
    renamed: [Renaming]? = nil
  ) {
    self.arriving = arriving
    self.replacing = replacing
    self.leaving = leaving
    self.renamed = renamed
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
    let renamings = theirs.compactMap { revision -> Renaming? in
      guard let before = former[revision.id]?.file, let ours = own[revision.id]?.first?.file,
        Set([before, ours, revision.file]).count == 3
      else { return nil }
      return Renaming(revision: revision.id, ours: ours, theirs: revision.file)
    }
    renamed = renamings.isEmpty ? nil : renamings
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
