internal import History
internal import Rows
internal import Schemas
internal import Walks

/// The rows on which a step is tried that failed on all that there were.
enum TrialRows {
  /// The project's own, and such as are made up for tables that it says nothing of.
  case provided(and: RowGenerator.Kind?)
  case madeUp(RowGenerator.Kind)
}

extension Lane {
  /// Takes a step on the rows that there are; where it fails on them, finds out which are to blame, and
  /// takes it without any, so that what follows is judged too.
  /// - Returns: whether the revision is now where the step was to take it.
  func takeOnRows(
    _ name: StepName, _ revision: RevisionID, in trip: inout RoundTripRecord
  ) throws -> Bool {
    let before = state
    let hadRows = holdsRows
    var step = try take(name, .step(revision, name.direction))
    defer { trip.steps.append(step) }
    var isTaken = step.isDone
    if case .failed = step.outcome, hadRows {
      let culprits = try rowsToBlame(for: name, revision, at: before)
      trip.restoration = try restore(before)
      let again = try take(name, .step(revision, name.direction))
      step.emptyTrial = again.outcome == .succeeded ? culprits : .fails
      isTaken = again.isDone
    }
    return isTaken
  }

  /// Which rows are to blame where a step succeeds without those that it has just failed on; found by
  /// trying it on others. What the database holds afterwards is not known.
  /// - Parameter before: what the step began with.
  func rowsToBlame(
    for name: StepName, _ revision: RevisionID, at before: State
  ) throws -> EmptyTrial {
    func succeeds(on rows: TrialRows) throws -> Bool {
      try self.succeeds(name, revision, at: before, on: rows)
    }
    if plan.walk.rows == .edge, try succeeds(on: .provided(and: .typical)) {
      return .succeedsOnTypicalRows
    }
    if name != .rollback, try succeeds(on: .provided(and: .full)) {
      return .succeedsWithoutMadeUpNulls
    }
    guard rows.areProvided else { return .succeedsWithoutMadeUpRows }
    // The project's rows have no part in it where they do no harm alone and are not needed for it.
    // A rollback meets rows that Stairway wrote for it, whatever else there is.
    let isWithoutThem =
      try succeeds(on: .provided(and: nil))
      && (name == .rollback || !succeeds(on: .madeUp(madeUpRows)))
    return isWithoutThem ? .succeedsWithoutMadeUpRows : .succeeds
  }

  private func succeeds(
    _ name: StepName, _ revision: RevisionID, at before: State, on rows: TrialRows
  ) throws -> Bool {
    let (known, views) = (self.rows, knownBrokenViews)
    defer {
      // A trial is no part of the walk.
      self.rows = known
      knownBrokenViews = views
    }
    _ = try restore(before)
    try provideRows(rows, before: name == .upgrade ? revision : nil)
    if case .provided(and: .full) = rows { try leaveNull(before.rows) }
    return try take(name, .step(revision, name.direction)).outcome == .succeeded
  }
}
