import History
import Runner
import Walks

extension RehearsalTarget {
  /// Reads what `--to` was given: `head`, `heads`, or a revision, whose id may be shortened.
  ///
  /// - Throws: `Complaint` for a revision that the history does not have, and for a history that cannot
  ///   be run at all.
  init(_ argument: String?, in graph: RevisionGraph) throws {
    guard graph.canBeWalked else {
      throw Complaint(
        "broken-history", "the history's files do not fit together, so that nothing can be run",
        fix: "`stairway verify` says what is wrong")
    }
    switch argument {
    case nil, "head": self = .head
    case "heads": self = .heads
    case let text?:
      guard let revision = try RevisionRange.revision(text, in: graph) else {
        throw Complaint(
          "unknown-revision", "a rehearsal goes up: '\(text)' is where it begins",
          fix: "name a revision, head or heads", outcome: .usage)
      }
      self = .revision(revision)
    }
  }
}
