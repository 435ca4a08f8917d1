/// A project's own record of its merged revisions: one line each, in `stairway.lock`.
///
/// New lines stand at the end, whatever a revision follows: so two branches that both add one change
/// the same place, and git itself refuses to merge them unseen.
package struct HistoryLock: Hashable, Sendable {
  /// A revision as it was when it was taken up.
  package struct Entry: Hashable, Sendable {
    package let revision: RevisionID
    package let parents: [RevisionID]
    package let dependencies: [RevisionID]
    /// Its branch labels; nil in a line of version 1, which tells of none.
    package let labels: [String]?
    /// Of what its file does, and of all that but the way down, as `RevisionReading` has them; the
    /// second is nil in a line of version 1.
    package let digest: String
    package let upwardDigest: String?

    package init(
      revision: RevisionID, parents: [RevisionID], dependencies: [RevisionID],
      labels: [String]? = nil, digest: String, upwardDigest: String? = nil
    ) {
      self.revision = revision
      self.parents = parents
      self.dependencies = dependencies
      self.labels = labels
      self.digest = digest
      self.upwardDigest = upwardDigest
    }
  }

  package static let fileName = "stairway.lock"
  /// Of the file's form; grows by one whenever an older Stairway would misread a newer file.
  package static let version = 2

  package let entries: [Entry]

  package init(_ entries: [Entry] = []) { self.entries = entries }

  /// The same with what the files say now: what it knows keeps its line, what is gone goes, and what
  /// is new comes at the end in the order given.
  package func updated(to now: [RevisionReading]) -> HistoryLock {
    let present = Dictionary(now.compactMap { Entry($0) }.map { ($0.revision, $0) }) { first, _ in
      first
    }
    let known = Set(entries.map(\.revision))
    var added: Set<RevisionID> = []
    let new = now.filter {
      !known.contains($0.revision.id) && added.insert($0.revision.id).inserted
    }
    return HistoryLock(
      entries.compactMap { present[$0.revision] } + new.compactMap { Entry($0) })
  }

  /// What has become of the history since it was taken up.
  package func changes(to now: [RevisionReading]) -> HistoryChanges {
    let present = Dictionary(now.map { ($0.revision.id, $0.revision) }) { first, _ in first }
    return HistoryChanges(
      from: entries.map { entry in
        RevisionReading(
          revision: Revision(
            id: entry.revision, parents: entry.parents, dependencies: entry.dependencies,
            // Of which nothing is told, they are as they were.
            labels: entry.labels ?? present[entry.revision]?.labels ?? []),
          digest: entry.digest, upwardDigest: entry.upwardDigest)
      }, to: now)
  }
}

extension HistoryLock.Entry {
  /// nil for a reading without digests.
  fileprivate init?(_ reading: RevisionReading) {
    guard let digest = reading.digest, let upward = reading.upwardDigest else { return nil }
    self.init(
      revision: reading.revision.id, parents: reading.revision.parents.sorted(),
      dependencies: reading.revision.dependencies.sorted(),
      labels: reading.revision.labels.sorted(),
      digest: digest, upwardDigest: upward)
  }
}
