package import History
package import Schemas

/// What was seen on one engine, once the walk was over, of all else that is to describe the schema at
/// the heads: the application, the printed SQL, the tool's own commands.
package struct ParityRecord: Sendable, Hashable, Codable {
  /// Why nothing of it was looked into.
  package enum Reason: String, Sendable, Codable {
    /// Only a part of the history was to be verified, which does not lead to the heads.
    case partOfHistory = "part-of-history"
    /// Not every revision could be taken up and recorded.
    case headsNotReached = "heads-not-reached"
  }

  /// nil where something was looked into.
  package var reason: Reason?
  /// In the order in which they were taken.
  package var steps: [ParityStep]
  /// What the application is called in sentences; nil where none was started.
  package var application: String?
  /// nil where the models were not looked at.
  package var models: ModelsRecord?
  /// nil where models that nobody imports were not looked for.
  package var unregistered: UnregisteredRecord?

  package init(reason: Reason? = nil, steps: [ParityStep] = [], application: String? = nil) {
    self.reason = reason
    self.steps = steps
    self.application = application
  }

  package func step(_ name: StepName) -> ParityStep? { steps.first { $0.record.name == name } }
}

/// A step beside the walk, and how what it led to compares.
package struct ParityStep: Sendable, Hashable, Codable {
  package var record: StepRecord
  /// From the schema that the revisions themselves led to, at the step's end, to the one that was
  /// found; nil where the step leads to no schema of its own or did not get there.
  package var difference: SchemaDifference?
  /// Of printed SQL: the revisions that cannot be printed.
  package var unprintable: [Unprintable]

  package init(
    _ record: StepRecord, difference: SchemaDifference? = nil, unprintable: [Unprintable] = []
  ) {
    self.record = record
    self.difference = difference
    self.unprintable = unprintable
  }
}

/// A revision of which the tool cannot print the SQL.
package struct Unprintable: Sendable, Hashable, Codable {
  package let revision: RevisionID
  package let failure: StepFailure
  /// Whether it is an operation of the tool's own that cannot be printed on this engine, as SQLite's
  /// batch operations, and no code of the project's.
  package let isTools: Bool

  package init(revision: RevisionID, failure: StepFailure, isTools: Bool = false) {
    self.revision = revision
    self.failure = failure
    self.isTools = isTools
  }
}
