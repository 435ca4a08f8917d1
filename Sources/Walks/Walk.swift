package import Databases
package import History

/// What a step is for; the raw value stands in reports.
package enum StepName: String, Sendable, Codable, CaseIterable {
  /// From the origin up to the revisions that are to be verified, in one go.
  case approach
  /// The walk's step 1, 2 and 3 for one revision.
  case upgrade, downgrade, reupgrade
  /// Its steps 5 and 6, with rows in the tables that were written after the upgrade: down as a
  /// rollback would go, and up once more.
  case rollback, recovery
  /// At the end: down to base, and up to the heads, each in one go as one command would.
  case descent, ascent
  /// Beside the walk, at the heads: the tool's own command once more, and the application started.
  case again, start
  /// From an empty database: the application started, and the tool's own command after it.
  case earlyStart = "early-start"
  case lateUpgrade = "late-upgrade"
  /// The heads recorded as applied, on a database in which nothing was.
  case stamp
  /// The SQL that the tool prints, run from base to the heads, and back.
  case printedUpgrade = "printed-upgrade"
  case printedDowngrade = "printed-downgrade"
  /// The tables of the project's models made in an empty database, for their schema.
  case models

  package var direction: Direction {
    switch self {
    case .downgrade, .rollback, .descent, .printedDowngrade: .down
    case .approach, .upgrade, .reupgrade, .recovery, .ascent: .up
    case .again, .start, .earlyStart, .lateUpgrade, .stamp, .printedUpgrade, .models: .up
    }
  }
}

package enum Direction: String, Sendable, Codable {
  case up, down
}

/// What a walk does with one revision: the steps it takes, and why it leaves others out.
package struct RoundTrip: Sendable, Hashable {
  package let revision: Revision
  package let steps: [StepName]
  /// Why steps that would otherwise be taken are left out (`downgrade-floor`, `skip`); nil where none
  /// is.
  package let reason: String?

  package init(revision: Revision, steps: [StepName], reason: String? = nil) {
    self.revision = revision
    self.steps = steps
    self.reason = reason
  }

  /// Whether the revision is recorded as applied and not run.
  package var isPassedOver: Bool { steps.isEmpty }
}

/// The ordered steps on one scratch database, decided before anything runs.
package struct Walk: Sendable, Hashable {
  package let engine: Engine
  /// Whether the tables hold rows, and which.
  package let rows: RowSupply
  /// Revisions that are only taken up, in one go, to reach what is to be verified.
  package let approach: [RevisionID]
  /// Of these, what is recorded as applied and not run, a sentence each with the reason.
  package let approachReasons: [String]
  /// One for each revision to verify, in topological order.
  package let roundTrips: [RoundTrip]
  /// Down to base in one go, newest first, and up again; empty where it is left out.
  package let descent: [RevisionID]
  package let ascent: [RevisionID]
  /// Why the descent is left out or ends early; nil where it does neither.
  package let descentReason: String?
  /// Whether all of the history is applied at its end.
  package let reachesHeads: Bool

  package init(
    engine: Engine, rows: RowSupply = .none, approach: [RevisionID] = [],
    approachReasons: [String] = [], roundTrips: [RoundTrip], descent: [RevisionID] = [],
    ascent: [RevisionID] = [], descentReason: String? = nil,
    reachesHeads: Bool = true
  ) {
    self.engine = engine
    self.rows = rows
    self.approach = approach
    self.approachReasons = approachReasons
    self.roundTrips = roundTrips
    self.descent = descent
    self.ascent = ascent
    self.descentReason = descentReason
    self.reachesHeads = reachesHeads
  }
}
