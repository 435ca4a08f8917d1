import Walks

extension AlembicSession: UpgradeProcess {
  func upgrade(
    to target: String, until halt: UpgradeHalt?, seconds: Double
  ) -> UpgradeProgress {
    var order = WorkerOrder(.upgrade)
    order.target = target
    order.halt = halt.map(WorkerOrder.Halt.init)
    return progress(of: order, seconds)
  }

  func proceed(seconds: Double) -> UpgradeProgress { progress(of: WorkerOrder(.proceed), seconds) }

  private func progress(of order: WorkerOrder, _ seconds: Double) -> UpgradeProgress {
    switch answer(to: order, seconds: seconds) {
    case .failure(let silence):
      return .ended(
        UpgradeEnd(
          SessionAnswer(outcome: .unjudged(silence.fault), output: silence.fault.output)))
    case .success(let answer):
      if let halted = answer.halted { return .halted(halted.place) }
      return .ended(
        UpgradeEnd(
          answer.sessionAnswer, completed: answer.completed ?? [], places: answer.places ?? []))
    }
  }
}
