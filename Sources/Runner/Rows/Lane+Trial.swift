internal import History
internal import Schemas
internal import Walks

extension Lane {
  /// Takes a step on the rows that there are; where it fails on them, once more without, so that what
  /// follows is judged too.
  /// - Returns: whether the revision is now where the step was to take it.
  func takeOnRows(
    _ name: StepName, _ revision: RevisionID, in trip: inout RoundTripRecord
  ) throws -> Bool {
    let before = state
    let hadRows = holdsRows
    var step = try take(name, .step(revision, name.direction))
    var isTaken = step.outcome == .succeeded
    if case .failed = step.outcome, hadRows {
      trip.restoration = try restore(before)
      isTaken = try take(name, .step(revision, name.direction)).outcome == .succeeded
      step.emptyTrial = isTaken ? rowsToBlame : .fails
    }
    trip.steps.append(step)
    return isTaken
  }

  /// What is to blame where a step succeeds without the rows that it fails on.
  var rowsToBlame: EmptyTrial { rows.areProvided ? .succeeds : .succeedsWithoutMadeUpRows }
}
