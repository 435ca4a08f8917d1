package import Databases
package import History
package import Platform
package import Walks

/// A project whose migrations can be run: what every adapter offers to the rest of the house.
///
/// The lanes of a run share it; each opens a session of its own.
package protocol MigrationProject: AnyObject, Sendable {
  /// The adapter's name in reports: `alembic`.
  var adapter: String { get }

  /// Writes a difference as the tool's own operations.
  var mendWriter: any MendWriter { get }

  /// The passwords of databases that the project's own settings and variables name, as far as sessions
  /// have told them: no report may hold one.
  var passwords: Set<String> { get }

  /// The history as the project's files tell it; its problems are in the graph.
  /// - Throws: `ProjectError` where the files cannot be read or run.
  func history() throws -> RevisionGraph

  /// Where the files of revisions lie, as the history was read last; empty before.
  var revisionFolders: RevisionFolders { get }

  /// Reads revisions as their files are at one moment, without running any of them.
  /// - Throws: `ProjectError` where nothing can be read at all.
  func read(_ files: [RevisionFile]) throws -> MomentReading

  /// Starts whatever runs this project's migrations, with every connection going to `address`.
  /// - Throws: `ProjectError`.
  func open(on address: DatabaseAddress) throws -> any MigrationSession

  /// Starts a process that upgrades the database at `address` as the tool's own command does.
  /// - Throws: `ProjectError`.
  func openUpgrade(on address: DatabaseAddress) throws -> any UpgradeProcess

  /// Starts a process that loads the tool while something else is done, for what will soon want one of
  /// its own. Where it cannot be started, that is told when it is wanted.
  func warmUp()
}

extension MigrationSession {
  package var environmentStatements: [Statement] { [] }
}

extension MigrationProject {
  package var passwords: Set<String> { [] }

  package func warmUp() {}

  /// The history, an empty one where its files are all gone, with what says so.
  /// - Throws: as `history`, for every other reason.
  package func historyIfAny() throws -> (RevisionGraph, absence: ProjectError?) {
    do {
      return (try history(), nil)
    } catch let error as ProjectError where error.code == .noRevisions {
      return (RevisionGraph([]), error)
    }
  }
}

/// The folders that hold a history's files.
package struct RevisionFolders: Sendable, Hashable {
  package let paths: [Path]
  /// Whether those below them belong to the history too.
  package let isRecursive: Bool

  package init(_ paths: [Path] = [], isRecursive: Bool = false) {
    self.paths = paths
    self.isRecursive = isRecursive
  }
}

/// What the files of one moment say and do.
package struct MomentReading: Sendable, Hashable {
  package let readings: [RevisionReading]
  /// Those that could not be read.
  package let unread: [UnreadFile]
  /// Of these, the revisions of which only the id is not known, each under the name of its file.
  package let nameless: [Revision]

  package init(
    _ readings: [RevisionReading] = [], unread: [UnreadFile] = [], nameless: [Revision] = []
  ) {
    self.readings = readings
    self.unread = unread
    self.nameless = nameless
  }
}

/// A process that carries out one project's migrations on one scratch database.
///
/// Used by one thread. A session whose process died or hung says so in its answer and starts a new
/// process at the next order.
package protocol MigrationSession: AnyObject {
  /// What the project's environment itself did to the empty database when it was loaded, without any step.
  var environmentStatements: [Statement] { get }

  /// Takes exactly this revision, in this direction, in what a new session of the database sees.
  func step(_ revision: RevisionID, _ direction: Direction) -> SessionAnswer

  /// Takes these revisions one after the other as one command of the tool would: one process, the
  /// project's own transaction boundaries.
  func run(_ revisions: [RevisionID], _ direction: Direction) -> SessionAnswer

  /// The same as `run`, and tells what its connections showed meanwhile: locks, files, counts.
  func measure(_ revisions: [RevisionID], _ direction: Direction) -> SessionAnswer

  /// Runs the project's environment without any step, as a command of the tool that only looks.
  func touch() -> SessionAnswer

  /// Does what the tool's own command does to bring a database to the heads, whatever is applied.
  func upgradeToHeads() -> SessionAnswer

  /// Records the heads as applied and runs nothing, as the tool's own command does.
  func stampHeads() -> SessionAnswer

  /// The SQL that the tool prints for these revisions, one after the other, without a database.
  func printSQL(_ revisions: [RevisionID], _ direction: Direction) -> PrintedSQL

  /// Starts the project's application in a process of its own, on the database as it is, and ends it
  /// when it has run up; nil where the project has none.
  func startApplication() -> (name: String, answer: SessionAnswer)?

  /// What the project's models say, and what the tool's own comparison makes of the database as it
  /// is; nil where the tool knows no models.
  func readModels() -> ModelsReading?

  /// Makes the tables of these models in the database as it is.
  func createModels(_ tables: [TableReference]) -> SessionAnswer

  /// The same, each by itself, where they cannot be made at once; gives those that cannot be made.
  func createModelsOneByOne(_ tables: [TableReference]) -> (
    refused: [TableReference], SessionAnswer
  )

  /// Lets the search for models that nobody imports begin, so that the session can do something else
  /// meanwhile that leaves the database as it is.
  func beginFindingUnregisteredModels()

  /// Models that nobody imports, found in a process of its own on the database as it is; nil where
  /// the tool knows no models or is handed none.
  func findUnregisteredModels() -> UnregisteredReading?

  /// Makes the project's starting point where its history does not begin with an empty database;
  /// nil where none is configured.
  func prepareOrigin() -> SessionAnswer?

  /// Closes every connection to the scratch database, so that it can be copied or dropped; the next
  /// order opens new ones.
  func releaseConnections()

  /// The scratch database is now at this address (after a restoration into another one).
  func move(to address: DatabaseAddress)

  /// Reads the version table with the tool's own name and schema for it.
  var versionTable: VersionTable { get }

  /// Versions of what runs there and how it is kept loaded, for the record.
  var environment: [String: String] { get }

  /// Things about this project worth telling the user, e.g. tables that its factory made.
  var notes: [String] { get }

  /// Ends the process. Also done when the session is let go.
  func close()
}

/// What came of printing.
package enum PrintedSQL: Sendable, Hashable {
  /// What is printed for each revision, in order: together one script.
  case script([Part])
  /// What the tool would print is not for the scratch database: it goes into files of several
  /// databases, or is another engine's SQL. The reason, in words.
  case leftOut(String)
  /// The revisions that cannot be printed; there is no text of the others alone.
  case refused([Unprintable])
  /// The project's environment cannot run without a connection.
  case failed(StepFailure)
  case unjudged(Fault)

  package struct Part: Sendable, Hashable, Codable {
    package let revision: RevisionID
    package let sql: String
    /// What of it the project's own code wrote to the standard output, comments left out; nil for
    /// nothing.
    package let said: [Said]?

    package init(revision: RevisionID, sql: String, said: [Said]? = nil) {
      self.revision = revision
      self.sql = sql
      self.said = said
    }
  }

  /// One line that the project wrote where the SQL goes.
  package struct Said: Sendable, Hashable, Codable {
    package let text: String
    /// Who wrote it; nil where that was not the project's own code.
    package let frame: Frame?

    package init(text: String, frame: Frame?) {
      self.text = text
      self.frame = frame
    }
  }
}

/// Where the tool records what has been applied.
package struct VersionTable: Sendable, Hashable {
  package let schema: Identifier?
  package let name: Identifier
  package init(schema: Identifier? = nil, name: Identifier = "alembic_version") {
    self.schema = schema
    self.name = name
  }
}

/// What came of an order.
package struct SessionAnswer: Sendable, Hashable {
  /// Only `succeeded`, `failed` or `unjudged`.
  package var outcome: StepOutcome
  /// For `run`: the revision at which it stopped; nil where it reached the end.
  package var stoppedAt: RevisionID?
  package var statements: [Statement]
  package var output: String
  /// Seconds, measured in the process that ran it.
  package var duration: Double
  /// What the version table should hold now, by the tool's own account; nil where it is unknown.
  package var expectedVersions: [RevisionID]?
  /// Only of `measure`; nil where the process did not come to tell it.
  package var trace: SessionTrace?
  /// What may have kept it from being recorded; nil where nothing of that kind was seen.
  package var flaw: RecordingFlaw?

  package init(
    outcome: StepOutcome, stoppedAt: RevisionID? = nil, statements: [Statement] = [],
    output: String = "", duration: Double = 0, expectedVersions: [RevisionID]? = nil,
    flaw: RecordingFlaw? = nil
  ) {
    self.outcome = outcome
    self.stoppedAt = stoppedAt
    self.statements = statements
    self.output = output
    self.duration = duration
    self.expectedVersions = expectedVersions
    self.flaw = flaw
  }
}

/// A project cannot be read or run: the cause, the place, the next command.
package struct ProjectError: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Code: String, Sendable {
    case noMigrations = "no-migrations"
    /// The history is there, and has no revision yet.
    case noRevisions = "no-revisions"
    case brokenConfiguration = "broken-configuration"
    case noPython = "no-python"
    case missingPackage = "missing-package"
    case missingDriver = "missing-driver"
    /// The same, for an engine that the project's own URL does not name.
    case otherEngine = "other-engine"
    case environmentFails = "environment-fails"
    case applicationFails = "application-fails"
    /// The application that the settings name does not exist.
    case noApplication = "no-application"
    case unreadableRevision = "unreadable-revision"
    case workerFailed = "worker-failed"
    case connectionRefused = "connection-refused"
    /// The project's conftest.py, or the fixture of it that was asked for, raised.
    case conftestFails = "conftest-fails"
    case noAlembicConfig = "no-alembic-config"
    case severalAlembicConfigs = "several-alembic-configs"
  }

  package let code: Code
  /// One sentence: what failed, with which object, why.
  package let message: String
  /// `path:line` where there is one.
  package let place: String?
  /// The next command or edit, where there is one.
  package let fix: String?
  /// What the process printed, shortened, for a reader to find the cause in.
  package let output: String?

  package init(
    _ code: Code, _ message: String, place: String? = nil, fix: String? = nil, output: String? = nil
  ) {
    self.code = code
    self.message = message
    self.place = place
    self.fix = fix
    self.output = output
  }

  /// A file of the present that Alembic can run and that cannot be compared with anything.
  package init(_ unread: UnreadFile) {
    self.init(
      .unreadableRevision, "the file cannot be compared with what it was: \(unread.reason)",
      place: unread.file,
      fix: "write it in a simpler way, or leave out what compares it: --since, stairway.lock")
  }

  package var description: String { message }
}
