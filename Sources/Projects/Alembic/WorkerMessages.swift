import Databases
import FoundationEssentials
import History
import Platform
import Rows
import Schemas
import Walks

/// What the worker is asked, as one line of JSON; fields that an order does not use are left out.
struct WorkerOrder: Encodable, Sendable {
  let order: Name
  var settings: Settings?
  var address: Address?
  var revision: RevisionID?
  var revisions: [RevisionID]?
  var direction: Direction?
  var command: String?
  var keepsFactoryTables: Bool?
  /// `package.module:attribute` of an application that is no Flask application.
  var application: String?
  /// Of a start: what env.py itself calls the migrated database, as engine and path or name.
  var migrated: [String]?
  /// Of a second start: what the first one found the application to call it.
  var found: [String]?
  /// Of the models, those whose tables are to be made.
  var tables: [TableReference]?
  /// Whether each of them is made by itself.
  var oneByOne: Bool?
  /// Of a run: whether its connections are looked at between the statements.
  var measures: Bool?
  /// The files that are to be read.
  var files: [File]?
  /// Of an upgrade: how far, as the tool's own command takes it; nil for the heads.
  var target: String?
  /// Of an upgrade with a target: where it waits for the order to proceed.
  var halt: Halt?

  init(_ order: Name) { self.order = order }

  enum Name: String, Encodable {
    case history, open, step, run, release, move, command, close, conftest, sources, folders,
      databases
    case upgrade, stamp, print, start, touch, proceed
    case createAll = "create_all"
    case models, unregistered
    case createModels = "create_models"
  }

  /// Where the project's files are, and what they do not say.
  struct Settings: Encodable {
    let folder: String
    let ini: String?
    let toml: String?
    let section: String
    let app: String?
    let configure: String?
    let x: [String]
    let skip: [RevisionID]

    init(_ settings: AlembicSettings, _ layout: AlembicLayout) {
      folder = settings.folder.text
      ini = layout.ini?.text
      toml = layout.toml?.text
      section = settings.section
      app = settings.app
      configure = settings.configure
      x = settings.xArguments
      skip = settings.skipped.sorted()
    }
  }

  /// The numbers begin with 1.
  struct Halt: Encodable {
    var onceRead: Bool?
    var before: Int?
    var after: Int?

    init(_ halt: UpgradeHalt) {
      switch halt {
      case .onceRead: onceRead = true
      case .before(let number): before = number
      case .after(let number): after = number
      }
    }
  }

  /// A revision's file, of now or of a commit; its text in base 64, since it need not be UTF-8.
  struct File: Encodable {
    let file: String
    let bytes: Data?
    let known: Revision?
    let assumed: Revision?

    init(_ file: RevisionFile) {
      self.file = file.file
      bytes = file.bytes.map { Data($0) }
      known = file.known
      assumed = file.assumed
    }
  }

  /// A scratch database, taken apart so that the worker can spell it for each driver.
  struct Address: Encodable {
    let engine: Engine
    var path: String?
    var host: String?
    var port: Int?
    var user: String?
    var password: String?
    var database: String?
    var parameters: [String: String]?

    init(_ address: DatabaseAddress) {
      engine = address.engine
      switch address {
      case .sqlite(let file): path = file
      case .postgresql(let server):
        host = server.host
        port = server.port
        user = server.user
        password = server.password
        database = server.database
        parameters = server.parameters
      }
    }
  }
}

/// What the worker answers; which fields there are depends on the order.
struct WorkerAnswer: Decodable, Sendable {
  struct Problem: Decodable {
    let code: String
    let message: String
    let place: String?
    let fix: String?
    let trace: String?
  }

  struct Table: Decodable {
    let name: String
    let schema: String?
  }

  let output: String?
  let error: Problem?
  let status: String?
  let message: String?
  let failure: StepFailure?
  let statements: [RecordedStatement]?
  let duration: Double?
  let expectedVersions: [RevisionID]?
  let flaw: RecordingFlaw?
  let stoppedAt: RevisionID?
  let note: String?
  let revisions: [Revision]?
  let spent: Bool?
  let folders: [String]?
  let isRecursive: Bool?
  let readings: [Reading]?
  let unread: [UnreadFile]?
  let nameless: [Revision]?
  let environment: [String: String]?
  let passwords: [String]?
  let notes: [String]?
  let versionTable: Table?
  let migrated: [String]?
  let databases: [OwnDatabase]?
  let left: Int?
  let conftest: ConftestData?
  let printed: [PrintedSQL.Part]?
  let unprintable: [Unprintable]?
  let application: String?
  let metadata: SourcePlace?
  let models: [ModelTable]?
  let creatable: [TableReference]?
  let defaultSchema: String?
  let leftOut: [LeftOutObject]?
  let serverFilled: [LeftOutObject]?
  let includesSchemas: Bool?
  let comparesTypes: Bool?
  let comparesDefaults: Bool?
  let operations: [ToolsOperation]?
  let comparisonFailure: StepFailure?
  let unregistered: [UnregisteredModel]?
  let failed: [UnreadModule]?
  let refused: [TableReference]?
  let measured: SessionTrace?
  let completed: [RevisionID]?
  let places: [StatementPlace]?
  let halted: Halted?

  /// Where an upgrade waits; without a statement before its first one.
  struct Halted: Decodable {
    let revision: RevisionID?
    let sql: String?
    let line: Int?

    var place: StatementPlace? {
      guard let revision, let sql else { return nil }
      return StatementPlace(revision: revision, sql: sql, line: line)
    }
  }

  /// What came of reading a file.
  struct Reading: Decodable {
    let revision: Revision
    let digest: String?
    let upwardDigest: String?
    let parts: [RevisionReading.Part]
  }

  struct RecordedStatement: Decodable {
    let sql: String
    let duration: Double
    let notices: [String]
    let error: String?
    let line: Int?
    let revision: RevisionID?
    let sender: Frame?
    let rowCount: Int?
    let followsReferences: Bool?
  }

  /// The error that keeps the project from being read or run.
  var projectError: ProjectError? {
    guard let error else { return nil }
    return ProjectError(
      ProjectError.Code(rawValue: error.code) ?? .workerFailed, error.message, place: error.place,
      fix: error.fix, output: error.trace ?? (output?.isEmpty == false ? output : nil))
  }

  /// What came of a step, a run or the starting point.
  var sessionAnswer: SessionAnswer {
    var answer = SessionAnswer(
      outcome: outcome, stoppedAt: stoppedAt,
      statements: (statements ?? []).map {
        Statement(
          sql: $0.sql, duration: $0.duration, notices: $0.notices, error: $0.error, line: $0.line,
          revision: $0.revision, sender: $0.sender, rowCount: $0.rowCount,
          followsReferences: $0.followsReferences)
      })
    answer.output = output ?? ""
    answer.duration = duration ?? 0
    answer.expectedVersions = expectedVersions
    answer.trace = measured
    answer.flaw = flaw
    return answer
  }

  private var outcome: StepOutcome {
    if let error = projectError?.withFix { return .unjudged(Fault(error)) }
    switch status {
    case "succeeded": return .succeeded
    case "failed":
      let failure = failure ?? StepFailure(type: "", message: message ?? "it failed")
      return failure.hasLostConnection ? .unjudged(failure.lostConnection) : .failed(failure)
    default:
      return .unjudged(
        Fault(.databaseLost, message: message ?? "the worker gave no verdict", output: output ?? "")
      )
    }
  }
}
