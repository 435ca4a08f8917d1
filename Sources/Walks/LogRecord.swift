package import History

/// What is known of the history as a log: what was merged when, and what has changed since.
package struct LogRecord: Sendable, Hashable, Codable {
  /// Through git; nil where no commit was named.
  package var since: SinceRecord?
  /// Through `stairway.lock`; nil where there is none.
  package var lock: LockRecord?

  package init(since: SinceRecord? = nil, lock: LockRecord? = nil) {
    self.since = since
    self.lock = lock
  }

  /// Whether there were revisions that are not what they were.
  package var tellsOfRevisions: Bool {
    since.map { !$0.changes.isEmpty || !$0.vanished.isEmpty } == true
      || lock?.changes.isEmpty == false
  }
}

/// The history held against the branch that it is to be merged into.
package struct SinceRecord: Sendable, Hashable, Codable {
  /// As it was given: `origin/main`.
  package let reference: String
  /// The commit that it means, and the one at which the two branches parted, as git abbreviates them.
  package let tip: String
  package let base: String
  /// The project's folder as the repository names it; empty for its top.
  package let folder: String
  /// The revisions that were not there at the base.
  package let added: [RevisionID]
  /// Those that were, and are not what they were.
  package let changes: [RevisionChange]
  /// Those whose files read otherwise than then and do the same: whether they can be loaded is open.
  package let reworded: [RevisionID]
  /// Those whose files could not be read as they were at the base, so that nobody can say what they
  /// were.
  package let rewritten: [RevisionID]
  /// Files that could not be read at the base either, and that are gone: whatever revisions they defined
  /// are gone with them.
  package let vanished: [UnreadFile]
  /// What the merge into the tip will make of the history.
  package let merge: ForthcomingMerge
  /// Files of revisions that are not committed as they are here.
  package let uncommitted: [String]
  /// Files that could not be read as they were at the base or at the tip.
  package let unread: [UnreadFile]
  /// The project's own record of its revisions, which the other branch has and this one has not; nil
  /// where it has it too.
  package let lostLock: String?
  /// What the branch adds to the known findings; nil where that is nothing.
  package let baseline: BaselineGrowth?
  /// Revisions that are here and not on the branch itself, since what is checked out is a merge of both that
  /// only CI has; nil where there are none.
  package let lacking: [RevisionID]?
  /// Revisions that the run before had, which a watched one goes on from, and that are gone; nil where there
  /// are none.
  package let departed: [RevisionID]?

  package init(
    reference: String, tip: String = "", base: String = "", folder: String = "",
    added: [RevisionID] = [], changes: [RevisionChange] = [], reworded: [RevisionID] = [],
    rewritten: [RevisionID] = [], vanished: [UnreadFile] = [], merge: ForthcomingMerge = .init(),
    uncommitted: [String] = [], unread: [UnreadFile] = [], lostLock: String? = nil,
    baseline: BaselineGrowth? = nil, lacking: [RevisionID]? = nil,
    departed: [RevisionID]? = nil
  ) {
    self.lostLock = lostLock
    self.lacking = lacking
    self.departed = departed
    self.baseline = baseline
    self.reworded = reworded
    self.reference = reference
    self.tip = tip
    self.base = base
    self.folder = folder
    self.rewritten = rewritten
    self.vanished = vanished
    self.added = added
    self.changes = changes
    self.merge = merge
    self.uncommitted = uncommitted
    self.unread = unread
  }

  /// The revisions that a run since then is about: what is new, and what is not what it was.
  package var touched: [RevisionID] {
    added + changes.filter { !$0.isGone }.map(\.revision) + rewritten
  }
}

/// Findings that a branch adds to those that are known.
package struct BaselineGrowth: Sendable, Hashable, Codable {
  /// The baseline's file, relative to the project's folder where it lies inside.
  package let file: String
  /// How many findings are in it that were not; one line may count for several.
  package let added: Int

  package init(file: String, added: Int) {
    self.file = file
    self.added = added
  }
}

/// The history held against the project's own record of it.
package struct LockRecord: Sendable, Hashable, Codable {
  /// Relative to the project's folder.
  package let file: String
  /// Revisions that it does not know.
  package let missing: [RevisionID]
  /// Those that it knows, and that are not what it says.
  package let changes: [RevisionChange]
  /// Those that it knows and that are gone, though the branch that this one is to be merged into has
  /// never had them: they may go. nil where there are none, or where no branch was named.
  package let unmerged: [RevisionID]?

  package init(
    file: String, missing: [RevisionID] = [], changes: [RevisionChange] = [],
    unmerged: [RevisionID]? = nil
  ) {
    self.file = file
    self.missing = missing
    self.changes = changes
    self.unmerged = unmerged
  }
}
