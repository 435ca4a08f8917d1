/// A revision's name as the project's tool writes it: a hash for Alembic, a number for SQL files.
package struct RevisionID: Hashable, Sendable, Comparable, Codable, CustomStringConvertible,
  ExpressibleByStringLiteral
{
  package let text: String

  package init(_ text: String) { self.text = text }
  package init(stringLiteral value: String) { self.init(value) }
  package init(from decoder: any Decoder) throws {
    self.init(try decoder.singleValueContainer().decode(String.self))
  }
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }

  package var description: String { text }
  package static func < (left: RevisionID, right: RevisionID) -> Bool { left.text < right.text }
}

/// One migration: its place in the history and in the project's files.
package struct Revision: Hashable, Sendable, Codable {
  package let id: RevisionID
  /// What it follows (`down_revision`): none for a base, several for a merge.
  package var parents: [RevisionID]
  /// What must be applied before it without being its parent (Alembic's `depends_on`), resolved
  /// to ids.
  package let dependencies: [RevisionID]
  /// Alembic's `branch_labels`.
  package let labels: [String]
  /// The first line of its docstring or file name.
  package let message: String
  /// Its file, relative to the project's folder where it lies inside, else absolute.
  package let file: String
  /// Where `upgrade` and `downgrade` begin, 1-based; nil where there is none.
  package let upgradeLine: Int?
  package let downgradeLine: Int?
  /// Where the file says its id, what it follows and what else it needs; nil where it does not, or
  /// where that is not known.
  package var idLine: Int?
  package var parentLine: Int?
  package var dependencyLine: Int?
  /// Whether its file computes what it says of itself, so that only running it tells; nil where it
  /// does not.
  package var isComputed: Bool?

  package init(
    id: RevisionID, parents: [RevisionID] = [], dependencies: [RevisionID] = [],
    labels: [String] = [], message: String = "", file: String = "", upgradeLine: Int? = nil,
    downgradeLine: Int? = nil
  ) {
    self.id = id
    self.parents = parents
    self.dependencies = dependencies
    self.labels = labels
    self.message = message
    self.file = file
    self.upgradeLine = upgradeLine
    self.downgradeLine = downgradeLine
  }

  /// Everything that must be applied before it: parents first, then dependencies.
  package var requirements: [RevisionID] { parents + dependencies }
}
