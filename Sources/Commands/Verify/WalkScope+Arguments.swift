import History
import Walks

extension WalkScope {
  /// What `--revisions` was given, else what has changed, else everything.
  ///
  /// - Throws: `Complaint` for a revision that the history does not have.
  init(_ range: String?, since: SinceRecord?, in graph: RevisionGraph) throws {
    if let since {
      self = .changed(Set(since.touched), since: since.reference)
    } else {
      self = .range(try RevisionRange(range, in: graph))
    }
  }

  /// Whether it is what has changed since a commit: no revision at all is no mistake then.
  var isOfChanges: Bool { if case .changed = self { true } else { false } }
}
