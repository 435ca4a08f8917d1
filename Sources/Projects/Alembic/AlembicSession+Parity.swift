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
      if let printed = answer.printed { return .script(printed) }
      if let unprintable = answer.unprintable { return .refused(unprintable) }
      return .failed(answer.failure ?? StepFailure(type: "", message: "it could not be printed"))
    }
  }

  func startApplication() -> (name: String, answer: SessionAnswer)? {
    let name = project.settings.application ?? "the application"
    do {
      let worker = try project.takeWorker()
      defer { worker.close() }
      var order = WorkerOrder(.start)
      order.settings = project.orderSettings
      order.address = WorkerOrder.Address(address)
      order.application = project.settings.application
      let answer = try worker.ask(order, seconds: timeout)
      if answer.status == "none" { return nil }
      return (answer.application ?? name, answer.sessionAnswer)
    } catch let failure as WorkerProcess.Failure {
      return (name, SessionAnswer(outcome: .unjudged(Fault(failure)), output: failure.output))
    } catch {
      let fault = Fault(.workerExited, message: "the application could not be started: \(error)")
      return (name, SessionAnswer(outcome: .unjudged(fault)))
    }
  }
}
