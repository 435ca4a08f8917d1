internal import Databases
internal import Projects
internal import Rows
internal import Scratch
internal import Walks

/// The copy of production, put back to what it was before each trial and looked at after it.
final class TrialGround {
  let project: any MigrationProject
  /// How far each upgrade goes, as the tool's command takes it.
  let target: String
  let context: RunContext
  private let versionTable: VersionTable
  private let database: any ScratchDatabase
  private let origin: Checkpoint
  /// nil while the copy is put back, since nobody may be connected to it then.
  private var observer: DatabaseObserver?

  /// Keeps the copy as it is now; nobody may be connected to it.
  /// - Throws: `ScratchError`.
  init(
    _ database: any ScratchDatabase, _ project: any MigrationProject, to target: String,
    versionTable: VersionTable, in context: RunContext
  ) throws {
    self.database = database
    self.project = project
    self.target = target
    self.versionTable = versionTable
    self.context = context
    context.tell(.preparing(database.address.engine, "keeping the copy as it is for the trials"))
    origin = try database.checkpoint()
  }

  deinit {
    observer = nil
    database.discard(origin)
  }

  var address: DatabaseAddress { database.address }
  var engine: Engine { address.engine }
  var sessions: CopySessions { CopySessions(address) }

  /// Puts the copy back to what it was.
  func restore() throws {
    observer = nil
    try sessions.settle(within: 0)
    try database.restore(origin)
  }

  /// Looks at the copy once everybody has left it.
  func look() throws -> State {
    try sessions.settle(within: CopySessions.patience)
    let observer =
      try self.observer
      ?? DatabaseObserver(
        address, versionTable: versionTable, readsRows: true,
        limits: RehearsalAccounts.limits(on: engine))
    self.observer = observer
    return try observer.state()
  }

  /// Upgrades the copy as it lies there, in a process of its own.
  func upgrade(within seconds: Double) throws(ProjectError) -> UpgradeEnd {
    let process = try open()
    defer { process.close() }
    switch process.upgrade(to: target, until: nil, seconds: seconds) {
    case .ended(let end): return end
    case .halted:
      return UpgradeEnd(
        SessionAnswer(
          outcome: .unjudged(Fault(.workerGarbled, message: "it halted without being told to"))))
    }
  }

  /// Starts a process that is ready to upgrade the copy.
  func open() throws(ProjectError) -> any UpgradeProcess {
    do { return try project.openUpgrade(on: address) } catch {
      throw error as? ProjectError ?? ProjectError(.workerFailed, "\(error)")
    }
  }

  /// Keeps the copy as it lies there, to be put back by what is returned; nobody may be connected.
  func keep() throws -> () throws -> Void {
    observer = nil
    let kept = try database.checkpoint()
    return { [self] in
      observer = nil
      try sessions.settle(within: 0)
      try database.restore(kept)
      database.discard(kept)
    }
  }
}
