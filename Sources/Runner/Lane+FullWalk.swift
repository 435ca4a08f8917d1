internal import History
internal import Projects
internal import Schemas
internal import Walks

extension Lane {
  /// Down to where the walk began in one go, and up to the heads in one go.
  func descendAndAscend() throws {
    guard !plan.walk.roundTrips.isEmpty else { return }
    let reached = state
    try descend()
    guard unreached.isEmpty else {
      let culprits = Set(unreached.values).sorted().map(\.text).joined(separator: ", ")
      record.ascent = StepRecord(
        .ascent, outcome: .skipped("not every revision can be taken up: \(culprits)"))
      return
    }
    try ascend(to: reached)
  }

  private func descend() throws {
    let passedOver = plan.walk.roundTrips.filter(\.isPassedOver).map(\.revision.id)
    let stuck = record.roundTrips.filter { trip in
      guard !passedOver.contains(trip.revision), let step = trip.step(.downgrade) else {
        return false
      }
      if step.isDone { return false }
      return applied.contains(trip.revision) && plan.walk.descent.contains(trip.revision)
    }
    guard stuck.isEmpty else {
      let names = stuck.map(\.revision.text).joined(separator: ", ")
      record.descent = StepRecord(
        .descent, outcome: .skipped("not every revision can be taken down: \(names)"))
      return
    }
    let path = plan.walk.descent.filter(Set(applied).contains)
    guard !path.isEmpty else {
      record.descent = StepRecord(
        .descent, outcome: .skipped(plan.walk.descentReason ?? "no revision was taken up"))
      return
    }
    let reached = state
    let hadRows = holdsRows
    letGoOfCopy()
    var step = try take(.descent, .run(path, .down))
    var isDone = step.isDone
    if case .failed = step.outcome, hadRows {
      isDone = try descendWithoutRows(path, from: reached, after: &step)
    }
    record.descent = step
    if isDone, plan.walk.descentReason == nil {
      record.descentTrace = SchemaDifference(from: origin.snapshot, to: state.snapshot)
    }
  }

  /// Goes down once more without the rows on which it has failed.
  /// - Returns: whether that led to where the walk began.
  private func descendWithoutRows(
    _ path: [RevisionID], from reached: State, after step: inout StepRecord
  ) throws -> Bool {
    do {
      _ = try restore(reached, exactly: false)
    } catch is StateLost {
      return false
    }
    let again = try take(.descent, .run(path, .down))
    // Rows that were written anew after a step was taken without them are none that the migrations made of
    // others: no downgrade needs to take them.
    let isAsWalked = record.roundTrips.allSatisfy { $0.steps.allSatisfy { $0.emptyTrial == nil } }
    switch again.outcome {
    case .succeeded where isAsWalked:
      step.emptyTrial = rows.areProvided ? .succeeds : .succeedsWithoutMadeUpRows
    case .succeeded: step = again
    default: step.emptyTrial = .fails
    }
    return again.isDone
  }

  /// From the descent's end where that is as it was at the beginning, else from a fresh start.
  private func ascend(to reached: State) throws {
    if record.descentTrace?.isEmpty != true {
      try makeOrigin()
      if !plan.walk.approach.isEmpty {
        let answer = session.run(plan.walk.approach, .up)
        guard case .succeeded = answer.outcome else {
          throw StateLost(
            replaying: answer.stoppedAt ?? plan.walk.approach[0], told(answer.outcome))
        }
      }
      state = try observe()
    }
    let step = try take(.ascent, .run(plan.walk.ascent, .up))
    record.ascent = step
    if step.isDone {
      record.ascentDifference = SchemaDifference(from: reached.snapshot, to: state.snapshot)
    }
  }
}
