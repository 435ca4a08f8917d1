import Databases
import History
import Projects
import Schemas
import Walks

/// A project whose migrations are SQL on SQLite, carried out in this process: what a lane needs of
/// an adapter, with faults that can be put in at will.
final class ScriptedProject: MigrationProject {
  struct Migration: Sendable {
    var id: RevisionID
    var parents: [RevisionID] = []
    var up = ""
    var down = ""
    /// What the second run of its upgrade does, the third, and so on; the last one stays.
    var laterUps: [String] = []
    /// Runs each statement by itself, so that a failure leaves what came before it.
    var isTransactional = true
    /// The process dies instead of taking the step.
    var dies: Set<StepNameInSession> = []
    /// The version is not written after the step.
    var forgetsVersion = false
  }
  enum StepNameInSession: Sendable { case up, down }

  let adapter = "scripted"
  let mendWriter: any MendWriter = NoMends()
  private let migrations: [Migration]

  init(_ migrations: [Migration]) { self.migrations = migrations }

  var revisionFolders: RevisionFolders { RevisionFolders() }
  func read(_ files: [RevisionFile]) -> MomentReading { MomentReading() }
  func history() -> RevisionGraph { Self.graph(migrations) }
  static func graph(_ migrations: [Migration]) -> RevisionGraph {
    RevisionGraph(migrations.map { Revision(id: $0.id, parents: $0.parents, file: "\($0.id).sql") })
  }

  func open(on address: DatabaseAddress) throws -> any MigrationSession {
    ScriptedSession(migrations, address)
  }

  func openUpgrade(on address: DatabaseAddress) throws -> any UpgradeProcess {
    throw ProjectError(.workerFailed, "a scripted project has no process")
  }
}

struct NoMends: MendWriter {
  func undoing(_ difference: SchemaDifference, on engine: Engine) -> [String] { [] }
}

final class ScriptedSession: MigrationSession {
  let versionTable = VersionTable(name: "alembic_version")
  let environment: [String: String] = [:]
  let notes: [String] = []
  private let migrations: [RevisionID: ScriptedProject.Migration]
  private var address: DatabaseAddress
  private var upgrades: [RevisionID: Int] = [:]

  init(_ migrations: [ScriptedProject.Migration], _ address: DatabaseAddress) {
    self.migrations = Dictionary(migrations.map { ($0.id, $0) }) { first, _ in first }
    self.address = address
  }

  func step(_ revision: RevisionID, _ direction: Direction) -> SessionAnswer {
    guard let migration = migrations[revision], case .sqlite(let path) = address else {
      return SessionAnswer(outcome: .unjudged(Fault(.workerExited, message: "no such migration")))
    }
    guard !migration.dies.contains(direction == .up ? .up : .down) else {
      return SessionAnswer(outcome: .unjudged(Fault(.workerExited, message: "it died")))
    }
    do {
      let database = try SQLiteConnection(path: path, access: .readWrite)
      try carryOut(migration, direction, on: database)
      return SessionAnswer(
        outcome: .succeeded,
        expectedVersions: migration.forgetsVersion && direction == .up ? [revision] : nil,
        flaw: migration.forgetsVersion ? RecordingFlaw(.committed) : nil)
    } catch let error as DatabaseError {
      return SessionAnswer(
        outcome: .failed(
          StepFailure(type: "DatabaseError", message: error.message, statement: error.statement)))
    } catch {
      return SessionAnswer(outcome: .unjudged(Fault(.databaseLost, message: "\(error)")))
    }
  }

  private func carryOut(
    _ migration: ScriptedProject.Migration, _ direction: Direction,
    on database: borrowing SQLiteConnection
  ) throws {
    try database.execute("CREATE TABLE IF NOT EXISTS alembic_version(version_num TEXT NOT NULL)")
    let script = direction == .up ? nextUpgrade(of: migration) : migration.down
    if migration.isTransactional {
      do {
        try database.execute("BEGIN;\(script);COMMIT")
      } catch {
        try database.execute("ROLLBACK")
        throw error
      }
    } else {
      try database.execute(script)
    }
    guard !migration.forgetsVersion else { return }
    let parents = migration.parents.map { "('\($0)')" }.joined(separator: ",")
    let removed = direction == .up ? migration.parents : [migration.id]
    for parent in removed {
      try database.execute("DELETE FROM alembic_version WHERE version_num = '\(parent)'")
    }
    if direction == .up {
      try database.execute("INSERT INTO alembic_version VALUES ('\(migration.id)')")
    } else if !parents.isEmpty {
      try database.execute("INSERT INTO alembic_version VALUES \(parents)")
    }
  }

  private func nextUpgrade(of migration: ScriptedProject.Migration) -> String {
    let count = upgrades[migration.id, default: 0]
    upgrades[migration.id] = count + 1
    let all = [migration.up] + migration.laterUps
    return all[min(count, all.count - 1)]
  }

  func run(_ revisions: [RevisionID], _ direction: Direction) -> SessionAnswer {
    for revision in revisions {
      var answer = step(revision, direction)
      if case .succeeded = answer.outcome { continue }
      answer.stoppedAt = revision
      return answer
    }
    return SessionAnswer(outcome: .succeeded)
  }

  /// Tells nothing of its connections, as a process that died.
  func measure(_ revisions: [RevisionID], _ direction: Direction) -> SessionAnswer {
    run(revisions, direction)
  }

  // None of these is ordered by a plan without parity.
  func touch() -> SessionAnswer { unasked }
  func upgradeToHeads() -> SessionAnswer { unasked }
  func stampHeads() -> SessionAnswer { unasked }
  func printSQL(_ revisions: [RevisionID], _ direction: Direction) -> PrintedSQL { .script([]) }
  func startApplication() -> (name: String, answer: SessionAnswer)? { nil }
  private var unasked: SessionAnswer {
    SessionAnswer(outcome: .unjudged(Fault(.workerExited, message: "nobody should ask this")))
  }

  func prepareOrigin() -> SessionAnswer? { nil }
  func releaseConnections() {}
  func move(to address: DatabaseAddress) { self.address = address }
  func close() {}
}
