package import History
package import Schemas

/// A way that a rehearsal took after the first upgrade: back to where production is, or up again.
package struct RehearsedWay: Sendable, Hashable, Codable {
  /// One for each revision in the order in which they were run, also those that were not reached.
  package var steps: [StepMeasurement]
  /// Seconds from the first statement to the last commit.
  package var duration: Double
  /// In how many transactions all of it was committed; 0 where nothing was.
  package var transactions: Int
  /// The revisions that the version table held at its end.
  package var versionsAfter: [RevisionID]
  /// Of the way back: from the schema of the copy as it was; of the way up again: from the one after the
  /// first upgrade. nil where the way was not gone to its end; likewise below.
  package var schema: SchemaDifference?
  package var rows: RowComparison?

  package init(
    steps: [StepMeasurement], duration: Double, transactions: Int = 0,
    versionsAfter: [RevisionID] = [], schema: SchemaDifference? = nil, rows: RowComparison? = nil
  ) {
    self.steps = steps
    self.duration = duration
    self.transactions = transactions
    self.versionsAfter = versionsAfter
    self.schema = schema
    self.rows = rows
  }

  /// Whether every revision succeeded that was to be run.
  package var isComplete: Bool {
    steps.allSatisfy { $0.outcome == .succeeded || $0.outcome.isSkipped }
  }

  /// The first revision that was not to be run, and why; nil where all were.
  package var end: (revision: RevisionID, reason: String)? {
    for step in steps {
      if case .skipped(let reason) = step.outcome { return (step.revision, reason) }
    }
    return nil
  }

  /// The revision at which it ended early, with what is known of it; nil where it did not.
  package var culprit: StepMeasurement? {
    steps.first {
      switch $0.outcome {
      case .failed, .unjudged: true
      case .succeeded, .blocked, .skipped: false
      }
    }
  }
}
