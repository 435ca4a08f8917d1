package import History

/// A statement of an upgrade, by where it comes from.
package struct StatementPlace: Sendable, Hashable, Codable {
  package let revision: RevisionID
  /// As it was sent; the beginning of a long one.
  package let sql: String
  /// The line of the revision's file that sent it; nil where none did, as for the tool's own.
  package let line: Int?

  package init(revision: RevisionID, sql: String, line: Int? = nil) {
    self.revision = revision
    self.sql = sql
    self.line = line
  }
}
