import Databases
import FoundationEssentials
import History
import Platform
import Walks

/// A worker process on one scratch database; another one takes over when it dies.
final class AlembicSession: MigrationSession {
  let project: AlembicProject
  private(set) var address: DatabaseAddress
  private var worker: WorkerProcess?
  /// The worker of its own that looks for models which nobody imports, from its beginning to its answer.
  var search: Result<WorkerProcess, any Error>?
  private(set) var versionTable = VersionTable()
  private(set) var environment: [String: String] = [:]
  /// What env.py itself calls the database that it migrates, as the worker tells databases apart.
  private(set) var migratedDatabase: [String]?
  /// What the application calls it, where that is another name.
  var applicationDatabase: [String]?
  private(set) var notes: [String] = []
  private(set) var environmentStatements: [Statement] = []
  var timeout: Double { project.settings.stepTimeout }

  /// Loads the project's environment, to learn at once whether it works.
  init(_ project: AlembicProject, on address: DatabaseAddress) throws {
    self.project = project
    self.address = address
    _ = try openedWorker(isFirst: true)
  }

  deinit { worker?.close() }

  func step(_ revision: RevisionID, _ direction: Direction) -> SessionAnswer {
    var order = WorkerOrder(.step)
    order.revision = revision
    order.direction = direction
    return ask(order)
  }

  func run(_ revisions: [RevisionID], _ direction: Direction) -> SessionAnswer {
    guard !revisions.isEmpty else { return SessionAnswer(outcome: .succeeded) }
    var order = WorkerOrder(.run)
    order.revisions = revisions
    order.direction = direction
    return ask(order)
  }

  func measure(_ revisions: [RevisionID], _ direction: Direction) -> SessionAnswer {
    guard !revisions.isEmpty else { return SessionAnswer(outcome: .succeeded) }
    var order = WorkerOrder(.run)
    order.revisions = revisions
    order.direction = direction
    order.measures = true
    // On a copy of production a revision takes as long as it takes: that is the question.
    return ask(order, seconds: Self.longestMeasurement)
  }

  private static let longestMeasurement = 7 * 24 * 3600.0

  func touch() -> SessionAnswer { ask(WorkerOrder(.touch)) }

  func upgradeToHeads() -> SessionAnswer { ask(WorkerOrder(.upgrade)) }

  func stampHeads() -> SessionAnswer { ask(WorkerOrder(.stamp)) }

  func prepareOrigin() -> SessionAnswer? {
    switch project.settings.start {
    case nil: return nil
    case .createAll: return ask(WorkerOrder(.createAll))
    case .command(let command):
      var order = WorkerOrder(.command)
      order.command = command
      return ask(order)
    case .sqlFile(let file): return execute(file)
    }
  }

  func releaseConnections() { settle(WorkerOrder(.release)) }

  func move(to address: DatabaseAddress) {
    self.address = address
    var order = WorkerOrder(.move)
    order.address = WorkerOrder.Address(address)
    settle(order)
  }

  func close() {
    search = nil
    worker?.close()
    worker = nil
  }

  func letGo() { worker?.tell(WorkerOrder(.proceed)) }

  func kill() {
    search = nil
    worker?.kill()
    worker = nil
  }

  /// Sends an order after which no connection may be left; a worker that cannot close one is ended.
  private func settle(_ order: WorkerOrder) {
    guard let worker else { return }
    let answer = try? worker.ask(order, seconds: timeout)
    if answer == nil || answer?.error != nil || (answer?.left ?? 0) > 0 {
      worker.close()
      self.worker = nil
    }
  }

  private func ask(_ order: WorkerOrder, seconds: Double? = nil) -> SessionAnswer {
    switch answer(to: order, seconds: seconds) {
    case .success(let answer): return answer.sessionAnswer
    case .failure(let silence):
      return SessionAnswer(
        outcome: .unjudged(silence.fault), stoppedAt: order.revisions?.first,
        output: silence.fault.output)
    }
  }

  /// Why the worker could not be asked, or did not answer.
  struct Silence: Error {
    let fault: Fault

    init(_ error: any Error, in folder: Path) {
      if let failure = error as? WorkerProcess.Failure {
        fault = Fault(failure, in: folder)
        return
      }
      let reason = (error as? ProjectError).map { Fault($0) }
      fault = Fault(
        .workerExited, message: "the Python worker could not be started: \(error)",
        output: reason?.output ?? "", fix: reason?.fix, file: reason?.file, line: reason?.line)
    }
  }

  /// - Parameter seconds: how long it may take; nil for what the settings say of a step.
  func answer(
    to order: WorkerOrder, seconds: Double? = nil
  ) -> Result<WorkerAnswer, Silence> {
    do {
      let answer = try openedWorker(isFirst: false).ask(
        order, seconds: seconds ?? timeout, atWork: statementAtWork)
      if let note = answer.note, !notes.contains(note) { notes.append(note) }
      return .success(answer)
    } catch {
      if error is WorkerProcess.Failure { worker = nil }
      return .failure(Silence(error, in: project.settings.folder))
    }
  }

  /// What a session on the scratch database does just now, first one that waits for another there; on
  /// PostgreSQL, since SQLite works in the worker itself, and gives up waiting.
  private func statementAtWork() -> WorkerProcess.StatementAtWork? {
    guard case .postgresql(let server) = address else { return nil }
    let rows = try? PostgresConnection(server, readOnly: true).rows(
      """
      SELECT a.query, a.wait_event_type IS NOT DISTINCT FROM 'Lock' AND EXISTS (
        SELECT FROM pg_stat_activity b
        WHERE b.pid = ANY (pg_blocking_pids(a.pid)) AND b.datname = a.datname) AS waits
      FROM pg_stat_activity a
      WHERE a.datname = current_database() AND a.state = 'active' AND a.pid <> pg_backend_pid()
        AND a.backend_type = 'client backend'
      ORDER BY waits DESC, a.query_start
      """)
    return rows?.first.map { row in
      WorkerProcess.StatementAtWork(sql: row.text(0), waitsForOwnLock: row.text(1) == "t")
    }
  }

  /// Asks a worker of its own, on the database as it is, which ends with its answer.
  /// - Parameter order: one that takes the place of an `open`.
  func answerApart(to order: WorkerOrder, seconds: Double) -> Result<WorkerAnswer, Silence> {
    answer(of: Result { try tellApart(order) }, seconds: seconds)
  }

  /// Starts a worker of its own on the order, for `answer(of:seconds:)`.
  func tellApart(_ order: WorkerOrder) throws -> WorkerProcess {
    var order = order
    order.settings = project.orderSettings
    order.address = WorkerOrder.Address(address)
    let worker = try project.takeWorker()
    worker.tell(order)
    return worker
  }

  /// Waits for what a worker of its own says, which ends with that.
  func answer(
    of worker: Result<WorkerProcess, any Error>, seconds: Double
  ) -> Result<WorkerAnswer, Silence> {
    do {
      let worker = try worker.get()
      defer { worker.close() }
      return .success(try worker.answer(seconds: seconds))
    } catch {
      return .failure(Silence(error, in: project.settings.folder))
    }
  }

  private func openedWorker(isFirst: Bool) throws -> WorkerProcess {
    if let worker { return worker }
    let worker = try project.takeWorker()
    var order = WorkerOrder(.open)
    order.settings = project.orderSettings
    order.address = WorkerOrder.Address(address)
    order.keepsFactoryTables = isFirst && project.settings.start == .createAll
    let answer = try project.ask(worker, order)
    environment = answer.environment ?? [:]
    project.hide(answer.passwords ?? [])
    migratedDatabase = answer.migrated
    if isFirst { environmentStatements = answer.sessionAnswer.statements }
    for note in answer.notes ?? [] where !notes.contains(note) { notes.append(note) }
    if let table = answer.versionTable {
      versionTable = VersionTable(
        schema: table.schema.map { Identifier($0) }, name: Identifier(table.name))
    }
    self.worker = worker
    return worker
  }

  /// Runs the starting point's file of SQL on a connection of Stairway's own.
  private func execute(_ file: Path) -> SessionAnswer {
    let script: OriginScript
    do {
      script = try OriginScript(file, in: project.settings.folder)
    } catch {
      let message = (error as? ProjectError)?.message ?? "\(error)"
      return SessionAnswer(outcome: .failed(StepFailure(type: "", message: message)))
    }
    do {
      switch address {
      case .sqlite(let path):
        try SQLiteConnection(path: path, access: .createIfMissing).run(script: script.text)
      case .postgresql(let server):
        let connection = try PostgresConnection(server.connectionString)
        try connection.execute("RESET ALL")
        try connection.run(script: script.text)
      }
      return SessionAnswer(outcome: .succeeded)
    } catch {
      let refused = error as? DatabaseError
      let place = refused?.line.map { "\(file):\($0): " } ?? "\(file): "
      let statement = refused?.line.map { " (in: \(script.line($0)))" } ?? ""
      return SessionAnswer(
        outcome: .failed(
          StepFailure(
            type: "", message: place + (refused?.message ?? "\(error)") + statement,
            sqlState: refused?.state)))
    }
  }
}
