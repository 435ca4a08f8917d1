internal import Databases
internal import History
private import Platform
internal import Projects
private import Synchronization
internal import Walks

/// Starts several upgrades of the copy at the same moment, each in a process of its own.
struct InstanceTrial {
  let ground: TrialGround
  let instances: Int
  /// Seconds that each has.
  let limit: Double

  /// What became of one of them, or why it could not begin.
  private enum Ending: Sendable {
    case ended(InstanceRecord)
    case notBegun(ProjectError?)
  }

  /// - Returns: what they made of the copy is not yet held against anything.
  func record() throws -> ConcurrencyRecord {
    try ground.restore()
    ground.context.tell(
      .preparing(ground.engine, "upgrading with \(instances) instances at the same moment"))
    let line = StartingLine(instances, isStopped: ground.context.isInterrupted)
    let watch = WaitWatch(ground.sessions, from: limit * 0.9)
    let (project, address, target, limit) = (ground.project, ground.address, ground.target, limit)
    let endings = concurrently(
      (0..<instances).map { _ in
        { @Sendable in Self.run(project, on: address, to: target, within: limit, line) }
      })
    var record = ConcurrencyRecord(met: line.met, waits: watch.waits())
    for ending in endings {
      switch ending {
      case .ended(let instance): record.instances.append(instance)
      case .notBegun(let error?): record.fault = record.fault ?? Fault(error)
      case .notBegun(nil): break
      }
    }
    if record.fault != nil { record.instances = [] }
    return record
  }

  private static func run(
    _ project: any MigrationProject, on address: DatabaseAddress, to target: String,
    within limit: Double, _ line: StartingLine
  ) -> Ending {
    let process: any UpgradeProcess
    do {
      process = try project.openUpgrade(on: address)
    } catch {
      line.giveUp()
      return .notBegun(error as? ProjectError ?? ProjectError(.workerFailed, "\(error)"))
    }
    defer { process.close() }
    guard line.begin() else {
      process.kill()
      return .notBegun(nil)
    }
    let clock = Clock.system
    let began = clock.monotonic()
    var progress = process.upgrade(to: target, until: .onceRead, seconds: limit)
    if case .halted = progress {
      line.meet()
      progress = process.proceed(seconds: limit)
    }
    line.end()
    guard case .ended(let end) = progress else { return .notBegun(nil) }
    return .ended(InstanceRecord(end, duration: clock.monotonic() - began, limit: limit))
  }
}

extension InstanceRecord {
  fileprivate init(_ end: UpgradeEnd, duration: Double, limit: Double) {
    self.init(
      end.answer.outcome, stoppedAt: end.answer.stoppedAt, completed: end.completed,
      duration: duration)
    guard case .unjudged(let fault) = outcome, fault.code == .workerHung else { return }
    isHung = true
    outcome = .failed(
      StepFailure(type: "", message: "it had not ended after \(Int(limit.rounded())) s"))
  }
}

/// Looks who waits for whom, where instances have not ended in time.
private final class WaitWatch: Sendable {
  private final class Book: Sendable {
    let isOver = Mutex(false)
    let waits = Mutex<[String]>([])
  }

  private let book = Book()
  private let job: BackgroundJob

  /// - Parameter seconds: after which it begins to look.
  init(_ sessions: CopySessions, from seconds: Double) {
    job = BackgroundJob { [book] in
      let clock = Clock.system
      let beginning = clock.monotonic() + seconds
      while !book.isOver.withLock({ $0 }) {
        pause(seconds: 0.02)
        guard clock.monotonic() >= beginning, let seen = try? sessions.waits(), !seen.isEmpty
        else { continue }
        book.waits.withLock { $0 = seen }
      }
    }
  }

  /// Ends it and gives what it saw last.
  func waits() -> [String] {
    book.isOver.withLock { $0 = true }
    job.wait()
    return book.waits.withLock { $0 }
  }
}
