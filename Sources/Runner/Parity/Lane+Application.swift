internal import History
internal import Projects
internal import Schemas
internal import Walks

extension Lane {
  /// A deployment that migrates first: the application finds the heads, and leaves them as they are.
  func startLate(in parity: inout ParityRecord) throws {
    guard plan.parity.startsApplication else { return }
    guard let step = try startApplication(.start, in: &parity) else { return }
    parity.steps.append(ParityStep(step))
  }

  /// A deployment that starts the application first, on an empty database: what it made there must not
  /// stand in the way of the migrations.
  func startEarly(
    from start: Snapshot, to heads: Snapshot, in parity: inout ParityRecord
  ) throws {
    guard parity.application != nil else { return }
    guard start.isEmpty else {
      skip(.earlyStart, "the history does not begin with an empty database", in: &parity)
      return
    }
    try freshOrigin()
    guard let step = try startApplication(.earlyStart, in: &parity) else { return }
    parity.steps.append(ParityStep(step))
    guard case .succeeded = step.outcome, !step.change.isEmpty else { return }
    let upgrade = try take(.lateUpgrade, .upgrade)
    var compared = ParityStep(upgrade)
    if case .succeeded = upgrade.outcome {
      compared.difference = SchemaDifference(from: heads, to: state.snapshot)
    }
    parity.steps.append(compared)
  }

  /// - Returns: nil where the project has no application.
  private func startApplication(
    _ name: StepName, in parity: inout ParityRecord
  ) throws -> StepRecord? {
    session.releaseConnections()
    guard let started = session.startApplication() else { return nil }
    parity.application = started.name
    return try recorded(name, started.answer, startedAt: context.now())
  }

  func skip(_ name: StepName, _ reason: String, in parity: inout ParityRecord) {
    parity.steps.append(ParityStep(StepRecord(name, outcome: .skipped(reason))))
  }
}
