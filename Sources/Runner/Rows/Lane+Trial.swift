internal import History
internal import Schemas
internal import Walks

extension Lane {
  /// Tries a step that failed on tables with rows again without them: from the state before it, with
  /// the rows gone.
  ///
  /// Afterwards the database is as that trial left it.
  /// - Parameter before: the state in which the step was taken.
  /// - Returns: what came of the trial, and the record of it.
  func tryWithoutRows(
    _ name: StepName, _ revision: RevisionID, from before: State, in trip: inout RoundTripRecord
  ) throws -> (verdict: EmptyTrial, step: StepRecord) {
    trip.restoration = try restore(before)
    let step = try take(name, .step(revision, name.direction))
    if case .succeeded = step.outcome { return (rowsToBlame, step) }
    return (.fails, step)
  }

  /// What is to blame where a step succeeds without the rows that it fails on.
  var rowsToBlame: EmptyTrial { rows.areProvided ? .succeeds : .succeedsWithoutMadeUpRows }
}
