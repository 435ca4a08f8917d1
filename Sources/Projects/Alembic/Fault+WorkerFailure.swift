import Walks

extension Fault {
  /// What a worker that gave no answer makes of a revision.
  init(_ failure: WorkerProcess.Failure) {
    let fix: String? =
      switch failure.code {
      case .workerHung: "give it more time with `alembic: {step-timeout: …}` in stairway.yml"
      case .workerExited: "look in the revision, and in what it calls, for what ends its process"
      case .workerGarbled: "look for what writes to descriptors that the migration did not open"
      default: nil
      }
    self.init(failure.code, message: failure.message, output: failure.output, fix: fix)
  }
}
