package import History

/// A line of the user's own code on the way to a failure.
package struct Frame: Sendable, Hashable, Codable {
  /// Relative to the project where it lies inside, else absolute.
  package let file: String
  package let line: Int
  package let function: String
  /// The line's source text, trimmed; empty where it cannot be read.
  package let code: String

  package init(file: String, line: Int, function: String = "", code: String = "") {
    self.file = file
    self.line = line
    self.function = function
    self.code = code
  }
}

/// What a migration raised.
package struct StepFailure: Sendable, Hashable, Codable {
  package enum Kind: String, Sendable, Codable {
    case raised
    /// NotImplementedError, the usual way to say that there is no way back.
    case notImplemented = "not-implemented"
    /// The function or file for this direction does not exist.
    case noSuchDirection = "no-such-direction"
    /// The migration ended the process (`exit()`).
    case exited
    /// A statement failed but nothing was raised: something between swallowed the error.
    case swallowed
    /// The tool says that this engine cannot do it at all (ALTER of constraints on SQLite).
    case unsupportedByEngine = "unsupported-by-engine"
  }

  package let kind: Kind
  /// The exception's class with its module, e.g. `sqlalchemy.exc.OperationalError`.
  package let type: String
  /// Its message, the driver's where there is one, without SQLAlchemy's `[SQL: …]` appendix.
  package let message: String
  package let sqlState: String?
  /// The statement that the database refused, as it was sent.
  package let statement: String?
  /// Frames of the user's own files, outermost first; the last is the place to name.
  package let frames: [Frame]

  package init(
    kind: Kind = .raised, type: String, message: String, sqlState: String? = nil,
    statement: String? = nil, frames: [Frame] = []
  ) {
    self.kind = kind
    self.type = type
    self.message = message
    self.sqlState = sqlState
    self.statement = statement
    self.frames = frames
  }
}

/// Why a step could not be judged: something other than the migration went wrong.
package struct Fault: Sendable, Hashable, Codable {
  /// A stable kebab-case name; those of a project's or a scratch server's own errors are taken over.
  package struct Code: RawRepresentable, Sendable, Hashable, Codable {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    package static let workerExited = Code(rawValue: "worker-exited")
    package static let workerHung = Code(rawValue: "worker-hung")
    package static let workerGarbled = Code(rawValue: "worker-garbled")
    package static let databaseLost = Code(rawValue: "database-lost")
    package static let stateLost = Code(rawValue: "state-lost")
    /// Rows or tables that were left out of a copy of production.
    package static let missingInCopy = Code(rawValue: "missing-in-copy")
    package static let interrupted = Code(rawValue: "interrupted")
    /// The history has no revision, or the range that was asked for has none.
    package static let noRevisions = Code(rawValue: "no-revisions")
    package static let emptyRange = Code(rawValue: "empty-range")

    /// Whether it says that there was nothing to do, and not that something went wrong.
    package var meansNothingToDo: Bool { [.noRevisions, .emptyRange].contains(self) }
  }

  package let code: Code
  package let message: String
  /// The last of what the worker printed, for a reader to find the cause in.
  package let output: String
  package let fix: String?
  /// Where it is to be mended, relative to the project's folder where it lies inside; nil where that
  /// is the step's own revision, or nowhere.
  package let file: String?
  package let line: Int?

  package init(
    _ code: Code, message: String, output: String = "", fix: String? = nil, file: String? = nil,
    line: Int? = nil
  ) {
    self.code = code
    self.message = message
    self.output = output
    self.fix = fix
    self.file = file
    self.line = line
  }
}

/// One SQL statement as it reached the driver.
package struct Statement: Sendable, Hashable, Codable {
  package let sql: String
  /// Seconds that the driver took for it.
  package let duration: Double
  /// What the server said beside the result, e.g. `identifier … will be truncated`.
  package let notices: [String]
  /// The driver's error where it was refused.
  package let error: String?
  /// The line of the revision's file that sent it, 1-based; nil where that is not known, and for what
  /// the tool sent itself.
  package let line: Int?
  /// Whose file that is, of a step over several revisions; nil where the step says it.
  package let revision: RevisionID?
  /// The line of the project's own that sent it, where that was no revision: of its environment or its
  /// application.
  package let sender: Frame?
  /// How many rows it wrote or deleted, as the driver counts them; nil where that is not known.
  package let rowCount: Int?
  /// Of one that can take rows away on SQLite: whether foreign keys were followed then; nil where that is
  /// not known, and for any other one.
  package let followsReferences: Bool?

  package init(
    sql: String, duration: Double, notices: [String] = [], error: String? = nil, line: Int? = nil,
    revision: RevisionID? = nil, sender: Frame? = nil, rowCount: Int? = nil,
    followsReferences: Bool? = nil
  ) {
    self.sql = sql
    self.duration = duration
    self.notices = notices
    self.error = error
    self.line = line
    self.revision = revision
    self.sender = sender
    self.rowCount = rowCount
    self.followsReferences = followsReferences
  }
}
