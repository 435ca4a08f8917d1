internal import Databases
internal import History
internal import Projects
internal import Schemas
internal import Scratch
internal import Walks

extension Lane {
  /// From the heads, where the database stands, to the origin.
  func runPrintedDowngrade(in parity: inout ParityRecord) throws {
    let revisions = plan.walk.descent
    guard plan.walk.descentReason == nil, plan.walk.approach.isEmpty else {
      skip(
        .printedDowngrade, plan.walk.descentReason ?? "older revisions are not verified",
        in: &parity)
      return
    }
    try runPrinted(.printedDowngrade, revisions, to: origin.snapshot, in: &parity)
  }

  /// From the origin, where the database stands, to the heads.
  func runPrintedUpgrade(to heads: Snapshot, in parity: inout ParityRecord) throws {
    try runPrinted(
      .printedUpgrade, plan.walk.approach + plan.walk.ascent, to: heads, in: &parity)
  }

  private func runPrinted(
    _ name: StepName, _ revisions: [RevisionID], to wanted: Snapshot, in parity: inout ParityRecord
  ) throws {
    guard plan.parity.printsSQL else {
      skip(name, "switched off by the setting `offline: false`", in: &parity)
      return
    }
    var step = ParityStep(StepRecord(name, outcome: .succeeded, startedAt: context.now()))
    switch session.printSQL(revisions, name.direction) {
    case .refused(let unprintable):
      step.unprintable = unprintable
      step.record.outcome = .skipped(
        unprintable.count == 1
          ? "a revision cannot be printed: \(unprintable[0].revision)"
          : "\(unprintable.count) revisions cannot be printed")
    case .failed(let failure): step.record.outcome = .failed(failure)
    case .unjudged(let fault): step.record.outcome = .unjudged(fault)
    case .script(let parts):
      session.releaseConnections()
      let answer = PrintedScript(parts).run(on: database.address)
      step.record = try recorded(name, answer, startedAt: step.record.startedAt)
      if case .succeeded = answer.outcome {
        step.difference = SchemaDifference(from: wanted, to: state.snapshot)
      }
    }
    parity.steps.append(step)
  }
}
