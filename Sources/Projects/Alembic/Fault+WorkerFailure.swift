import Platform
import Walks

extension Fault {
  /// What a worker that gave no answer makes of a revision.
  ///
  /// - Parameter folder: the project's, in which the place where it hung is looked for.
  init(_ failure: WorkerProcess.Failure, in folder: Path) {
    let fix: String? =
      switch failure.code {
      case .workerHung where failure.atWork?.waitsForOwnLock == true:
        "send all that touches it through the step's own connection, op.get_bind(), or commit before "
          + "another one needs it"
      case .workerHung: "give it more time with `alembic: {step-timeout: …}` in stairway.yml"
      case .workerExited: "look in the revision, and in what it calls, for what ends its process"
      case .workerGarbled: "look for what writes to descriptors that the migration did not open"
      default: nil
      }
    let stack = failure.code == .workerHung ? PythonStack(in: failure.output, of: folder) : nil
    // Under an asynchronous env.py the stack ends there: the revision's own lines are in a greenlet.
    let place = stack?.frames.first { Path($0.file).name != "env.py" }
    self.init(
      failure.code, message: failure.message,
      output: (stack?.text ?? failure.output)
        + (failure.atWork.map { "it \($0.waitsForOwnLock ? "waits for" : "runs"): \($0.sql)" } ?? ""),
      fix: fix, file: place?.file, line: place?.line)
  }
}
