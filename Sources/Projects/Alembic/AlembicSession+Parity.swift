import History
import Walks

extension AlembicSession {
  func printSQL(_ revisions: [RevisionID], _ direction: Direction) -> PrintedSQL {
    guard !revisions.isEmpty else { return .script([]) }
    var order = WorkerOrder(.print)
    order.revisions = revisions
    order.direction = direction
    switch answer(to: order) {
    case .failure(let silence): return .unjudged(silence.fault)
    case .success(let answer):
      if let error = answer.projectError?.withFix { return .unjudged(Fault(error)) }
      if answer.status == "none" { return .leftOut(answer.message ?? "env.py prints nothing") }
      if let printed = answer.printed { return .script(printed) }
      if let unprintable = answer.unprintable { return .refused(unprintable) }
      return .failed(answer.failure ?? StepFailure(type: "", message: "it could not be printed"))
    }
  }

  func startApplication() -> (name: String, answer: SessionAnswer)? {
    let name = project.settings.application ?? "the application"
    switch startedOnItsDatabase() {
    case .failure(let silence):
      return (
        name, SessionAnswer(outcome: .unjudged(silence.fault), output: silence.fault.output)
      )
    case .success(let answer):
      if answer.status == "none" { return nil }
      return (answer.application ?? name, answer.sessionAnswer)
    }
  }

  /// Starts it once more where it turns out that it calls the migrated database by another name than env.py
  /// and the settings do: nothing has reached the scratch database then.
  private func startedOnItsDatabase() -> Result<WorkerAnswer, Silence> {
    var order = WorkerOrder(.start)
    order.application = project.settings.application
    order.migrated = migratedDatabase
    order.found = applicationDatabase
    let first = answerApart(to: order, seconds: project.settings.loadTimeout)
    guard case .success(let answer) = first, let found = answer.migrated else { return first }
    applicationDatabase = found
    order.found = found
    return answerApart(to: order, seconds: project.settings.loadTimeout)
  }
}
