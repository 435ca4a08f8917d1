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
    var order = WorkerOrder(.start)
    order.application = project.settings.application
    switch answerApart(to: order, seconds: project.settings.loadTimeout) {
    case .failure(let silence):
      return (
        name, SessionAnswer(outcome: .unjudged(silence.fault), output: silence.fault.output)
      )
    case .success(let answer):
      if answer.status == "none" { return nil }
      return (answer.application ?? name, answer.sessionAnswer)
    }
  }
}
