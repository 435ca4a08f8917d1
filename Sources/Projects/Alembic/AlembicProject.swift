package import Databases
package import History
package import Platform
private import Synchronization
package import Walks

/// A project whose history Alembic keeps, with or without Flask-Migrate.
///
/// Its Python code runs in worker processes, never in this one. May be used from several threads;
/// each opens sessions of its own.
package final class AlembicProject: MigrationProject {
  package let adapter = "alembic"
  package let settings: AlembicSettings
  package let python: PythonInterpreter
  package let layout: AlembicLayout
  package let mendWriter: any MendWriter
  /// What a worker is started with.
  let workerEnvironment: [String: String]
  private let interruption: Interruption?
  /// Workers that have loaded Alembic and nothing of the project, ready to be opened.
  private let ready = Mutex<[WorkerProcess]>([])
  private let folders = Mutex(RevisionFolders())
  private let hidden = Mutex<Set<String>>([])

  /// Finds the history's files and the Python that runs it; runs none of the project's code.
  /// - Parameters:
  ///   - processEnvironment: the variables that the migrations see, before the settings' own.
  ///   - interruption: what ends the waiting for an answer.
  /// - Throws: `ProjectError`.
  package init(
    settings: AlembicSettings, processEnvironment: [String: String],
    interruption: Interruption? = nil
  ) throws {
    self.settings = settings
    self.interruption = interruption
    layout = try AlembicLayout(settings)
    var folders = [settings.folder]
    if let near = layout.folder { folders += [near, near.parent] }
    python = try PythonInterpreter(
      named: settings.python.map { $0.text.contains("/") ? settings.folder / $0.text : $0 },
      folders: folders, environment: processEnvironment)
    var environment = processEnvironment.filter { !$0.key.hasPrefix("STAIRWAY_") }
      .merging(settings.environment) { $1 }
    // Batch operations reflect constraints into a set, whose order would differ from run to run.
    environment["PYTHONHASHSEED"] = environment["PYTHONHASHSEED"] ?? "0"
    workerEnvironment = environment
    mendWriter = AlembicOperations(flask: settings.app != nil || layout.usesFlask)
  }

  /// Whether the folder holds a history of this kind.
  package static func isPresent(in folder: Path) -> Bool { AlembicLayout.isPresent(in: folder) }

  package func warmUp() {
    guard let worker = try? startWorker() else { return }
    ready.withLock { $0.append(worker) }
  }

  package func history() throws -> RevisionGraph {
    let worker = try takeWorker()
    var order = WorkerOrder(.history)
    order.settings = orderSettings
    let answer = try ask(worker, order)
    if answer.spent == true {
      worker.close()
    } else {
      ready.withLock { $0.append(worker) }
    }
    let found = RevisionFolders(answer)
    folders.withLock { $0 = found }
    guard let revisions = answer.revisions, !revisions.isEmpty else {
      let places = found.paths.map { $0.relative(to: settings.folder).text }
      throw ProjectError(
        .noRevisions, "there is no revision in \(places.joined(separator: ", "))",
        fix:
          "make one with `alembic revision` or `flask db migrate`, or name the right "
          + "`alembic: {config: …}` in stairway.yml")
    }
    return RevisionGraph(revisions)
  }

  package var passwords: Set<String> { hidden.withLock { $0 } }

  /// Takes passwords that the project's settings and variables hold.
  func hide(_ passwords: [String]) { hidden.withLock { $0.formUnion(passwords) } }

  package var revisionFolders: RevisionFolders { folders.withLock { $0 } }

  package func read(_ files: [RevisionFile]) throws -> MomentReading {
    let worker = try takeWorker()
    var order = WorkerOrder(.sources)
    order.files = files.map(WorkerOrder.File.init)
    let answer = try ask(worker, order)
    ready.withLock { $0.append(worker) }
    let texts = Dictionary(files.map { ($0.file, $0.bytes) }) { first, _ in first }
    return MomentReading(
      (answer.readings ?? []).map { reading in
        RevisionReading(
          revision: reading.revision, digest: reading.digest, upwardDigest: reading.upwardDigest,
          parts: reading.parts,
          text: texts[reading.revision.file]?.map { String(decoding: $0, as: UTF8.self) })
      }, unread: answer.unread ?? [], nameless: answer.nameless ?? [])
  }

  /// Whether a file of this name may say where revisions lie.
  package static func maySettle(_ name: String) -> Bool {
    name.hasSuffix(".ini") || name == "pyproject.toml" || name == "env.py"
  }

  /// Where the revisions lie by settings of another moment; nil where only running code would tell.
  /// - Parameter then: theirs, with a folder that holds the files which may settle it and what lies
  ///   beside or above them.
  /// - Throws: `ProjectError` where they cannot be read.
  package func revisionFolders(by then: AlembicSettings) throws -> RevisionFolders? {
    let layout = try AlembicLayout(then)
    guard then.configure == nil, layout.folder != nil else { return nil }
    let worker = try startWorker()
    defer { worker.close() }
    var order = WorkerOrder(.folders)
    order.settings = WorkerOrder.Settings(then, layout)
    return RevisionFolders(try ask(worker, order))
  }

  /// What the project's conftest.py tells pytest-alembic, as pytest evaluates it in the project's own
  /// Python; connections that it opens lead to a file of no account.
  /// - Throws: `ProjectError`, also where pytest or pytest-alembic is not installed.
  package func conftestData() throws -> ConftestData {
    let worker = try takeWorker()
    defer { worker.close() }
    var order = WorkerOrder(.conftest)
    order.settings = orderSettings
    guard let data = try ask(worker, order).conftest else {
      throw ProjectError(.workerFailed, "the Python worker told nothing of the conftest.py")
    }
    return data
  }

  package func open(on address: DatabaseAddress) throws -> any MigrationSession {
    try AlembicSession(self, on: address)
  }

  package func openUpgrade(on address: DatabaseAddress) throws -> any UpgradeProcess {
    try AlembicSession(self, on: address)
  }

  var orderSettings: WorkerOrder.Settings { WorkerOrder.Settings(settings, layout) }

  /// A worker that has run nothing of the project yet.
  func takeWorker() throws -> WorkerProcess {
    try ready.withLock { $0.popLast() } ?? startWorker()
  }

  private func startWorker() throws -> WorkerProcess {
    do {
      return try WorkerProcess(
        python, folder: settings.folder, environment: workerEnvironment, interruption: interruption)
    } catch let error as PlatformError {
      throw ProjectError(.workerFailed, "the Python worker cannot be started: \(error.message)")
    }
  }

  /// Sends an order whose failure ends everything.
  /// - Throws: `ProjectError`.
  func ask(_ worker: WorkerProcess, _ order: WorkerOrder) throws -> WorkerAnswer {
    let answer: WorkerAnswer
    do {
      answer = try worker.ask(order, seconds: settings.loadTimeout)
    } catch {
      let message = "\(error.message) while it loaded the project"
      guard error.code == .workerHung else {
        throw ProjectError(.workerFailed, message, output: error.output).withFix
      }
      let stack = PythonStack(in: error.output, of: settings.folder)
      throw ProjectError(
        .workerFailed, message, place: stack?.frames.first.map { "\($0.file):\($0.line)" },
        fix: "look there, in env.py or in what it imports for what waits, or give it more than "
          + "60 s with `alembic: {step-timeout: …}` in stairway.yml",
        output: stack?.text ?? error.output)
    }
    if let error = answer.projectError {
      worker.close()
      throw error.withFix
    }
    return answer
  }
}

extension RevisionFolders {
  fileprivate init(_ answer: WorkerAnswer) {
    self.init((answer.folders ?? []).map { Path($0) }, isRecursive: answer.isRecursive ?? false)
  }
}
