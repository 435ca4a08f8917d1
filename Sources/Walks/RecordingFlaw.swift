/// What was seen in a step that the tool's version table does not tell of, and that may be the reason.
package struct RecordingFlaw: Sendable, Hashable, Codable {
  package enum Kind: String, Sendable, Codable {
    /// A statement of the project's own writes to the version table.
    case written
    /// A transaction was open before the tool came, which then leaves its end to the environment.
    case outerTransaction = "outer-transaction"
    /// Nobody begins a transaction that is committed at its end.
    case noTransaction = "no-transaction"
    /// The migration ends the tool's transaction by itself.
    case committed
    case rolledBack = "rolled-back"
  }

  package let kind: Kind
  /// The statement that did it; nil where it was no statement.
  package let statement: String?
  /// The line of the project's own that did it, where it is known.
  package let frames: [Frame]

  package init(_ kind: Kind, statement: String? = nil, frames: [Frame] = []) {
    self.kind = kind
    self.statement = statement
    self.frames = frames
  }
}
