package import History

/// Why the pending revisions cannot be found out, or cannot be rehearsed.
package enum RehearsalError: Error, Sendable, Hashable {
  /// The copy's version table holds revisions that no file defines.
  case unknownVersions([RevisionID], table: String)
  /// The copy's version table holds two of which one leads to the other, so that the tool goes nowhere.
  case overlappingVersions(RevisionID, RevisionID, table: String)
  /// There are so many tables, and no version table.
  case noVersionTable(named: String, tables: Int)
  /// There are so many tables, and a version table without a row.
  case emptyVersionTable(named: String, tables: Int)
  /// One command cannot go to all of them.
  case severalHeads([RevisionID])
  /// Everything that was asked for is applied already.
  case nothingPending(at: [RevisionID])
}
