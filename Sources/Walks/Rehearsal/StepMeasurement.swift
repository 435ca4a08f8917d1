package import History
package import Schemas

/// What one pending revision cost on the copy.
package struct StepMeasurement: Sendable, Hashable, Codable {
  package let revision: RevisionID
  package var outcome: StepOutcome
  /// Seconds after the rehearsal's begin.
  package var begin: Double
  /// Seconds, with its commit where each revision has its own.
  package var duration: Double
  package var statements: [StatementMeasurement]
  package var locks: [HeldLock]

  package init(
    revision: RevisionID, outcome: StepOutcome = .succeeded, begin: Double = 0,
    duration: Double = 0, statements: [StatementMeasurement] = [], locks: [HeldLock] = []
  ) {
    self.revision = revision
    self.outcome = outcome
    self.begin = begin
    self.duration = duration
    self.statements = statements
    self.locks = locks
  }

  /// The lock that keeps most from working; of equal ones the longest held.
  package var strongestLock: HeldLock? {
    locks.max {
      ($0.blocks, $0.mode.strength, $0.held) < ($1.blocks, $1.mode.strength, $1.held)
    }
  }

  /// WAL of all its statements; nil where the server does not tell what production would write.
  package var walBytes: Int? {
    let known = statements.compactMap(\.walBytes)
    return known.isEmpty ? nil : known.reduce(0, +)
  }

  /// Every relation that one of its statements wrote anew, each once.
  package var rewritten: [ObjectID] {
    var seen: Set<ObjectID> = []
    return statements.flatMap(\.rewritten).filter { seen.insert($0).inserted }
  }

  /// Every table that one of its statements read from beginning to end, each once.
  package var scanned: [ObjectID] {
    var seen: Set<ObjectID> = []
    return statements.flatMap(\.scanned).filter { seen.insert($0).inserted }
  }
}

extension [StepMeasurement] {
  /// What ended all of them before anything was told of one; nil where that is not so.
  package var commonFault: Fault? {
    guard count > 1, case .unjudged(let fault)? = first?.outcome,
      allSatisfy({ $0.outcome == .unjudged(fault) })
    else { return nil }
    return fault
  }
}

/// What one statement of a migration cost on the copy.
package struct StatementMeasurement: Sendable, Hashable, Codable {
  package let sql: String
  /// The line of the revision's file that sent it; nil where that is not known.
  package let line: Int?
  /// Seconds after the step's begin.
  package let begin: Double
  /// Seconds that the driver took for it.
  package let duration: Double
  /// The driver's error where it was refused.
  package let error: String?
  /// What it added to the write-ahead log; nil where that cannot be told, or not as in production.
  package var walBytes: Int?
  /// Tables and indexes of before the rehearsal that lie in another file, or elsewhere in it, than
  /// before the statement.
  package var rewritten: [ObjectID]
  /// Tables of before the rehearsal that it read from beginning to end.
  package var scanned: [ObjectID]
  /// Indexes that it made on tables of before the rehearsal.
  package var built: [ObjectID]
  package var rows: [TouchedRows]
  /// As `Statement` has them.
  package var rowCount: Int?
  package var followsReferences: Bool?

  package init(
    sql: String, line: Int? = nil, begin: Double = 0, duration: Double = 0, error: String? = nil,
    walBytes: Int? = nil, rewritten: [ObjectID] = [], scanned: [ObjectID] = [],
    built: [ObjectID] = [], rows: [TouchedRows] = []
  ) {
    self.sql = sql
    self.line = line
    self.begin = begin
    self.duration = duration
    self.error = error
    self.walBytes = walBytes
    self.rewritten = rewritten
    self.scanned = scanned
    self.built = built
    self.rows = rows
  }

  /// As findings quote it.
  package var statement: Statement {
    Statement(
      sql: sql, duration: duration, error: error, line: line, rowCount: rowCount,
      followsReferences: followsReferences)
  }
}

/// What a statement did to the rows of one table of before the rehearsal.
package struct TouchedRows: Sendable, Hashable, Codable {
  package let table: ObjectID
  /// The partitioned table whose rows these are at the root; nil where it is nobody's partition.
  package let root: ObjectID?
  package let inserted: Int
  package let updated: Int
  package let deleted: Int
  /// Seconds from the statement's begin to its transaction's end: how long others who write to a row
  /// that was updated or deleted may wait.
  package let held: Double

  package init(
    table: ObjectID, root: ObjectID? = nil, inserted: Int, updated: Int, deleted: Int, held: Double
  ) {
    self.table = table
    self.root = root
    self.inserted = inserted
    self.updated = updated
    self.deleted = deleted
    self.held = held
  }
}
