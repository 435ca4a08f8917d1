package import Copies
package import Databases
package import History
package import Schemas

/// Everything that one rehearsal saw: the pending revisions on a copy of production.
package struct RehearsalRecord: Sendable, Hashable, Codable {
  package let engine: Engine
  /// The version of the server that the copy lies on.
  package var version: String
  /// How the copy was made; nil where somebody else made it.
  package var copy: CopyRecord?
  /// The revisions that the copy's version table held at the beginning, and at the end.
  package var versionsBefore: [RevisionID]
  package var versionsAfter: [RevisionID]
  /// What was to be run, in the order in which one command of the tool runs it.
  package var pending: [RevisionID]
  package var bounds: RehearsalBounds
  /// One for each pending revision, also those that were not reached.
  package var steps: [StepMeasurement]
  /// Seconds from the first statement to the last commit, as the deploy's command would take, without
  /// what it takes to start.
  package var duration: Double
  /// In how many transactions all of it was committed; 0 where nothing was.
  package var transactions: Int
  /// Every relation of before that was locked against somebody, changed or written anew.
  package var relations: [RelationMeasurement]
  package var size: SizeChange?
  /// Files and bytes that sorts and hashes put to disk; nil on SQLite.
  package var temporary: TemporaryFiles?
  /// How SQLite keeps what is not committed (`delete`, `wal`, …); nil on PostgreSQL.
  package var journalMode: String?
  /// How an application's statements fared meanwhile; nil where none were sent.
  package var traffic: TrafficRecord?
  /// From the schema of the copy as it was to the one after the upgrade; nil where that failed.
  package var schema: SchemaDifference?
  /// The rows after the upgrade, against those of the copy as it was; nil where it failed and nothing of
  /// it was kept.
  package var rows: RowComparison?
  /// Back to where production is; nil where the upgrade failed.
  package var rollback: RehearsedWay?
  /// Up again from there; nil where the way back was not gone to its end.
  package var secondUpgrade: RehearsedWay?
  /// Several instances at the same moment; nil where that was not asked for, or the upgrade failed.
  package var concurrency: ConcurrencyRecord?
  /// Killed after each statement; likewise.
  package var interruptions: InterruptionsRecord?
  /// Things worth knowing that are no findings.
  package var notes: [String]

  package init(
    engine: Engine, version: String = "", versionsBefore: [RevisionID] = [],
    versionsAfter: [RevisionID] = [], pending: [RevisionID] = [],
    bounds: RehearsalBounds = .standard, steps: [StepMeasurement] = [], duration: Double = 0,
    transactions: Int = 0, relations: [RelationMeasurement] = []
  ) {
    self.engine = engine
    self.version = version
    self.versionsBefore = versionsBefore
    self.versionsAfter = versionsAfter
    self.pending = pending
    self.bounds = bounds
    self.steps = steps
    self.duration = duration
    self.transactions = transactions
    self.relations = relations
    notes = []
  }

  /// What is known of a relation of before; nil where nothing happened to it.
  package func relation(_ id: ObjectID) -> RelationMeasurement? {
    relations.first { $0.relation == id }
  }
}

/// What the rehearsal was asked to hold its measurements against, and to run with.
package struct RehearsalBounds: Sendable, Hashable, Codable {
  /// Seconds for which a lock may keep others from a table.
  package var longestLock: Double
  /// Seconds that a revision may take.
  package var longestStep: Double
  /// As the deploy sets them, in seconds; nil where it does not.
  package var lockTimeout: Double?
  package var statementTimeout: Double?

  package init(
    longestLock: Double, longestStep: Double, lockTimeout: Double? = nil,
    statementTimeout: Double? = nil
  ) {
    self.longestLock = longestLock
    self.longestStep = longestStep
    self.lockTimeout = lockTimeout
    self.statementTimeout = statementTimeout
  }

  package static let standard = RehearsalBounds(longestLock: 0.5, longestStep: 30)
}

/// What became of one table or index that was there before the rehearsal.
package struct RelationMeasurement: Sendable, Hashable, Codable {
  package let relation: ObjectID
  /// Of a partition: the partitioned table at the root.
  package var root: ObjectID?
  /// The server's own estimate of before; nil where it has none.
  package var rows: Int?
  /// Of a table with its indexes and what it keeps out of line; nil where that cannot be told.
  package var size: SizeChange?
  package var isRewritten: Bool
  /// Seconds that somebody would have waited at most for its locks who came to read it, to lock rows of it
  /// (`SELECT … FOR UPDATE`), or to write to it, at the worst moment.
  package var longestReadWait: Double
  package var longestRowLockWait: Double
  package var longestWriteWait: Double

  package init(
    relation: ObjectID, root: ObjectID? = nil, rows: Int? = nil, size: SizeChange? = nil,
    isRewritten: Bool = false, longestReadWait: Double = 0, longestRowLockWait: Double? = nil,
    longestWriteWait: Double = 0
  ) {
    self.relation = relation
    self.root = root
    self.rows = rows
    self.size = size
    self.isRewritten = isRewritten
    self.longestReadWait = longestReadWait
    self.longestRowLockWait = longestRowLockWait ?? longestReadWait
    self.longestWriteWait = longestWriteWait
  }
}

/// Bytes before and after; nil after for what is gone.
package struct SizeChange: Sendable, Hashable, Codable {
  package let before: Int
  package let after: Int?

  package init(before: Int, after: Int?) {
    self.before = before
    self.after = after
  }
}

/// What a server put to disk for the time of a statement.
package struct TemporaryFiles: Sendable, Hashable, Codable {
  package let files: Int
  package let bytes: Int

  package init(files: Int, bytes: Int) {
    self.files = files
    self.bytes = bytes
  }
}
