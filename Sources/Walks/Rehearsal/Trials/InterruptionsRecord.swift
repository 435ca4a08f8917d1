package import History
package import Rows
package import Schemas

/// What came of killing the upgrade after each of its statements, each time on the copy as it was.
package struct InterruptionsRecord: Sendable, Hashable, Codable {
  /// At how many places it can be interrupted.
  package var places: Int
  /// Those at which it was, in their order.
  package var trials: [InterruptionTrial]
  /// How many of the chosen ones the upgrade did not come by again.
  package var missed: Int
  /// Why it could not be tried; nil where it was.
  package var fault: Fault?

  package init(
    places: Int = 0, trials: [InterruptionTrial] = [], missed: Int = 0, fault: Fault? = nil
  ) {
    self.places = places
    self.trials = trials
    self.missed = missed
    self.fault = fault
  }

  /// All that keeps it from being judged.
  package var faults: [Fault] {
    [fault].compactMap(\.self)
      + trials.compactMap { trial in
        if case .unjudged(let fault)? = trial.again?.outcome { fault } else { nil }
      }
  }
}

/// An upgrade that was killed, and what was left of it.
package struct InterruptionTrial: Sendable, Hashable, Codable {
  /// Of the statement among all of the upgrade's, 1 for the first.
  package let number: Int
  package var place: StatementPlace
  /// In the midst of the statement, with its session on the server; else once it was run, and before
  /// anything that follows, be it its commit.
  package let isDuring: Bool
  /// What the version table held when the process was gone.
  package var versions: [RevisionID]
  /// What it left: from the copy as it was to the copy as it then lay there. Likewise below, without any
  /// value.
  package var schema: SchemaDifference
  package var rows: RowsDifference
  /// What came of the next upgrade; nil where nothing was left, so that none was needed.
  package var again: SecondRun?

  /// An upgrade of what an interrupted one left.
  package struct SecondRun: Sendable, Hashable, Codable {
    package var outcome: StepOutcome
    /// The revision at which it stopped.
    package var stoppedAt: RevisionID?
    /// From what an upgrade makes that nobody disturbs to what this one made; nil where it did not
    /// succeed. Likewise below, without what differs between two undisturbed ones.
    package var schema: SchemaDifference?
    package var rows: RowsDifference?
    /// What the version table then held.
    package var versions: [RevisionID]
    /// Tables of the tool's own for one operation, and indexes that no query uses, which are there
    /// still.
    package var leftovers: [ObjectID]

    package init(
      _ outcome: StepOutcome, stoppedAt: RevisionID? = nil, schema: SchemaDifference? = nil,
      rows: RowsDifference? = nil, versions: [RevisionID] = [], leftovers: [ObjectID] = []
    ) {
      self.outcome = outcome
      self.stoppedAt = stoppedAt
      self.schema = schema
      self.rows = rows
      self.versions = versions
      self.leftovers = leftovers
    }
  }

  package init(
    number: Int, place: StatementPlace, isDuring: Bool = false, versions: [RevisionID] = [],
    schema: SchemaDifference = SchemaDifference(), rows: RowsDifference = RowsDifference(),
    again: SecondRun? = nil
  ) {
    self.number = number
    self.place = place
    self.isDuring = isDuring
    self.versions = versions
    self.schema = schema
    self.rows = rows
    self.again = again
  }
}
