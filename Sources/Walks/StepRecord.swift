package import Databases
package import History
package import Rows
package import Schemas

/// How a step ended.
package enum StepOutcome: Sendable, Hashable {
  case succeeded
  case failed(StepFailure)
  /// It could not be found out whether the migration is right.
  case unjudged(Fault)
  /// Not taken, because a revision it needs did not get there.
  case blocked(by: RevisionID)
  /// Not taken, for the reason given.
  case skipped(String)

  package var isUnjudged: Bool { if case .unjudged = self { true } else { false } }
  package var isSkipped: Bool { if case .skipped = self { true } else { false } }
}

extension StepOutcome: Codable {
  private enum Key: String, CodingKey { case status, failure, fault, blockedBy, reason }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    switch try container.decode(String.self, forKey: .status) {
    case "failed": self = .failed(try container.decode(StepFailure.self, forKey: .failure))
    case "unjudged": self = .unjudged(try container.decode(Fault.self, forKey: .fault))
    case "blocked": self = .blocked(by: try container.decode(RevisionID.self, forKey: .blockedBy))
    case "skipped": self = .skipped(try container.decode(String.self, forKey: .reason))
    default: self = .succeeded
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch self {
    case .succeeded:
      try container.encode("succeeded", forKey: .status)
    case .failed(let failure):
      try container.encode("failed", forKey: .status)
      try container.encode(failure, forKey: .failure)
    case .unjudged(let fault):
      try container.encode("unjudged", forKey: .status)
      try container.encode(fault, forKey: .fault)
    case .blocked(let revision):
      try container.encode("blocked", forKey: .status)
      try container.encode(revision, forKey: .blockedBy)
    case .skipped(let reason):
      try container.encode("skipped", forKey: .status)
      try container.encode(reason, forKey: .reason)
    }
  }
}

/// Something seen in the database after a step, beyond what changed.
package struct Observation: Sendable, Hashable, Codable {
  package enum Kind: String, Sendable, Codable {
    /// A view that can no longer be read, and could before the step.
    case brokenView = "broken-view"
    /// A bigint column whose default draws on an integer sequence; objects: column, sequence.
    case narrowSequence = "narrow-sequence"
    /// The server shortened a name; detail holds its notice.
    case truncatedIdentifier = "truncated-identifier"
    /// Rows that break a foreign key, and did not before the step; objects: the constraint's columns.
    case danglingReferences = "dangling-references"
    /// A sequence that will give what is already there, and would not have before the step; objects:
    /// the column, and the sequence where it has a name.
    case sequenceBehind = "sequence-behind"
    /// A table with rows, of before the revisions that are verified, that PostgreSQL wrote into another
    /// file; objects: the table.
    case tableRewritten = "table-rewritten"
    /// An index that was built on such a table, by itself or for a constraint; objects: the index or
    /// constraint.
    case indexBuilt = "index-built"

    /// Whether it was the rows in the tables that brought it about.
    package var isAboutRows: Bool { self == .danglingReferences || self == .sequenceBehind }
  }

  package let kind: Kind
  package let objects: [ObjectID]
  /// What the engine said, or the types in question.
  package let detail: String
  /// Of references to nothing: the columns that they refer to, in their order; nil where the foreign
  /// key does not name them.
  package let parentColumns: [Identifier]?

  package init(
    _ kind: Kind, objects: [ObjectID], detail: String, parentColumns: [Identifier]? = nil
  ) {
    self.kind = kind
    self.objects = objects
    self.detail = detail
    self.parentColumns = parentColumns
  }
}

/// What happened in one step.
package struct StepRecord: Sendable, Hashable, Codable {
  package let name: StepName
  package var outcome: StepOutcome
  /// Seconds since 1970, UTC.
  package var startedAt: Double
  /// Seconds.
  package var duration: Double
  package var statements: [Statement]
  /// What the migration printed, standard output and error together.
  package var output: String
  /// What the step changed: from the schema before it to the schema after it. After a failure:
  /// what it left behind.
  package var change: SchemaDifference
  package var observations: [Observation]
  /// What became of the rows; nil where there were none, or the step did not succeed.
  package var rows: RowsDifference?
  /// Of a step that failed on tables with rows: what came of it without.
  package var emptyTrial: EmptyTrial?
  /// The revisions that the tool's version table holds after the step, nil where there is no such
  /// table; and those it should hold, nil where that is not known.
  package var recordedVersions: [RevisionID]?
  package var expectedVersions: [RevisionID]?
  /// Of a step that was not recorded: what may be the reason.
  package var flaw: RecordingFlaw?
  /// For a step over several revisions that failed: the one at which it stopped, where known.
  package var stoppedAt: RevisionID?

  package init(
    _ name: StepName, outcome: StepOutcome, startedAt: Double = 0, duration: Double = 0,
    statements: [Statement] = [], output: String = "", change: SchemaDifference = .init(),
    observations: [Observation] = [], rows: RowsDifference? = nil, emptyTrial: EmptyTrial? = nil,
    recordedVersions: [RevisionID]? = nil,
    expectedVersions: [RevisionID]? = nil, flaw: RecordingFlaw? = nil, stoppedAt: RevisionID? = nil
  ) {
    self.name = name
    self.outcome = outcome
    self.startedAt = startedAt
    self.duration = duration
    self.statements = statements
    self.output = output
    self.change = change
    self.observations = observations
    self.rows = rows
    self.emptyTrial = emptyTrial
    self.recordedVersions = recordedVersions
    self.expectedVersions = expectedVersions
    self.flaw = flaw
    self.stoppedAt = stoppedAt
  }
}

extension StepRecord {
  /// Whether the version table says what was run, as far as that is known.
  package var isRecorded: Bool {
    guard let expectedVersions else { return true }
    return Set(recordedVersions ?? []) == Set(expectedVersions)
  }

  /// Whether the step succeeded and the version table says so: what is to follow it can count on it.
  package var isDone: Bool { outcome == .succeeded && isRecorded }
}
