package import Databases
package import History
package import Rows
package import Schemas

/// What happened to one revision on one engine.
package struct RoundTripRecord: Sendable, Hashable, Codable {
  package let revision: RevisionID
  package var steps: [StepRecord]
  /// From the schema before the upgrade to the schema after the downgrade; nil where no downgrade
  /// got that far.
  package var trace: SchemaDifference?
  /// The tables, with their parts, that a mend of the downgrade has before it; where an engine copies a
  /// table to change it (SQLite), and nil where there is nothing to mend.
  package var tables: [SchemaObject]?
  /// From the schema after the first upgrade to the schema after the second; nil as above.
  package var reupgradeDifference: SchemaDifference?
  /// From the rows before the upgrade to those after the downgrade.
  package var rowsTrace: RowsDifference?
  /// From the rows after the first upgrade to those after the second.
  package var reupgradeRows: RowsDifference?
  /// From the rows written after the upgrade to what the rollback left of them, in the tables and
  /// columns that were there before.
  package var rollbackRows: RowsDifference?
  /// What was written before the upgrade and after it.
  package var filling: RowFilling?
  /// Of the schema that the walk goes on with: after the first upgrade; nil where that failed.
  package var fingerprint: Fingerprint?
  /// How the state was restored after a failure or a difference, as a sentence; nil where it was
  /// not necessary.
  package var restoration: String?

  package init(
    revision: RevisionID, steps: [StepRecord] = [], trace: SchemaDifference? = nil,
    reupgradeDifference: SchemaDifference? = nil, fingerprint: Fingerprint? = nil,
    restoration: String? = nil
  ) {
    self.revision = revision
    self.steps = steps
    self.trace = trace
    self.reupgradeDifference = reupgradeDifference
    self.fingerprint = fingerprint
    self.restoration = restoration
  }

  package func step(_ name: StepName) -> StepRecord? { steps.first { $0.name == name } }
}

/// What happened on one engine.
package struct EngineRecord: Sendable, Hashable, Codable {
  package let engine: Engine
  /// The engine's own version, e.g. `15.18` or `3.40.1`.
  package var version: String
  /// How the scratch database was come by, e.g. `private cluster from /usr/lib/postgresql/15/bin`.
  package var scratch: String
  /// What the migration process runs with: Python, Alembic, SQLAlchemy and driver versions, and
  /// whether the environment could be kept loaded.
  package var environment: [String: String]
  package var approach: StepRecord?
  package var roundTrips: [RoundTripRecord]
  package var descent: StepRecord?
  /// What was there after the descent that was not there at the origin, or the other way round.
  package var descentTrace: SchemaDifference?
  package var ascent: StepRecord?
  /// From the schema that the walk reached to the one after the ascent.
  package var ascentDifference: SchemaDifference?
  /// What was held against the walk's result; nil where it did not come to that.
  package var parity: ParityRecord?
  /// What the project's environment itself did to the empty database, before any revision.
  package var environmentStatements: [Statement]
  /// What kept the whole engine from being judged; nil where it was.
  package var fault: Fault?
  /// What of fixtures was left out where it was written beside the walk: below the revisions that are
  /// verified, and again after rows were lost.
  package var leftOutRows: [FixtureFault]
  /// Things worth knowing that are no findings: a factory that made tables, a fallback taken.
  package var notes: [String]

  package init(engine: Engine, version: String = "", scratch: String = "") {
    self.engine = engine
    self.version = version
    self.scratch = scratch
    environment = [:]
    environmentStatements = []
    roundTrips = []
    leftOutRows = []
    notes = []
  }
}

/// An engine that was left out, by name and with the reason.
package struct LeftOutEngine: Sendable, Hashable, Codable {
  package let engine: Engine
  package let reason: String
  package init(engine: Engine, reason: String) {
    self.engine = engine
    self.reason = reason
  }
}

/// Everything that one `verify` saw: facts only, judged by the rules.
package struct RunRecord: Sendable, Hashable, Codable {
  /// The project's folder, absolute, and the adapter that reads it.
  package var project: String
  package var adapter: String
  package var startedAt: Double
  package var duration: Double
  /// Every revision that the project's files define, in topological order where there is one; of
  /// duplicates, all.
  package var revisions: [Revision]
  package var engines: [EngineRecord]
  package var leftOut: [LeftOutEngine]
  /// What the history makes of the one engine and not of the other; nil where not both were walked on.
  package var engineComparison: EngineComparison?
  /// What kept the run from beginning; nil where it began.
  package var fault: Fault?
  /// What the version control and the lock file say of the history; nil where neither was asked.
  package var log: LogRecord?
  /// Files among the fixtures that belong to no revision, so that no engine's walk comes by them.
  package var fixtureFaults: [FixtureFault]
  /// What the pending revisions cost on a copy of production; nil where the run was no rehearsal.
  package var rehearsal: RehearsalRecord?
  /// What sort of rows were made up, and from which seed; nil where nothing was run, the seed also where
  /// no rows were.
  package var rows: RowSupply?
  package var seed: UInt64?

  package init(
    project: String = "", adapter: String = "", startedAt: Double = 0, duration: Double = 0,
    revisions: [Revision] = [], engines: [EngineRecord] = [], leftOut: [LeftOutEngine] = [],
    fault: Fault? = nil, fixtureFaults: [FixtureFault] = []
  ) {
    self.project = project
    self.adapter = adapter
    self.startedAt = startedAt
    self.duration = duration
    self.revisions = revisions
    self.engines = engines
    self.leftOut = leftOut
    self.fault = fault
    self.fixtureFaults = fixtureFaults
  }
}
