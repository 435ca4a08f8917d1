package import History

/// Which revisions are to be verified, as `--revisions A..B` says it: everything that B needs (nil:
/// every head) and A does not (nil: from the base).
package struct RevisionRange: Sendable, Hashable {
  package let after: RevisionID?
  package let upTo: RevisionID?

  package init(after: RevisionID? = nil, upTo: RevisionID? = nil) {
    self.after = after
    self.upTo = upTo
  }
}

/// What of a history a walk is about.
package enum WalkScope: Sendable, Hashable {
  /// The part of it that lies between two revisions; what lies below is only taken up.
  case range(RevisionRange)
  /// These revisions, which have changed since a commit. Everything else is only taken up, so that the
  /// walk ends at the heads all the same; there may be none.
  case changed(Set<RevisionID>, since: String)

  package static let whole = WalkScope.range(RevisionRange())
}
