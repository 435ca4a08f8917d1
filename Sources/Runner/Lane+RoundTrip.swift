internal import History
internal import Schemas
internal import Walks

extension Lane {
  /// Takes one revision up, down and up, and leaves the database as its first upgrade made it, so
  /// that the revisions after it are judged on their own; where it cannot be applied, as before it.
  func carryOut(_ roundTrip: RoundTrip) throws -> RoundTripRecord {
    let revision = roundTrip.revision
    var trip = RoundTripRecord(revision: revision.id)
    if let culprit = revision.requirements.lazy.compactMap({ self.unreached[$0] }).first {
      unreached[revision.id] = culprit
      trip.steps = roundTrip.steps.map { StepRecord($0, outcome: .blocked(by: culprit)) }
      return trip
    }
    let before = state
    let upgrade = try take(.upgrade, .step(revision.id, .up))
    trip.steps.append(upgrade)
    guard case .succeeded = upgrade.outcome else {
      unreached[revision.id] = revision.id
      skip([.downgrade, .reupgrade], "the upgrade did not succeed", in: &trip)
      try restoreIfChanged(to: before, in: &trip)
      return trip
    }
    applied.append(revision.id)
    trip.fingerprint = state.snapshot.fingerprint
    try context.keep(KeptSnapshot(revision: revision.id, snapshot: state.snapshot, base: kept))
    kept = (revision.id, state.snapshot)
    guard roundTrip.steps.contains(.downgrade) else {
      skip([.downgrade, .reupgrade], roundTrip.reason ?? "left out", in: &trip)
      return trip
    }
    try goBackAndForth(revision, from: before, in: &trip)
    return trip
  }

  private func goBackAndForth(
    _ revision: Revision, from before: State, in trip: inout RoundTripRecord
  ) throws {
    let upgraded = state
    let downgrade = try take(.downgrade, .step(revision.id, .down))
    trip.steps.append(downgrade)
    guard case .succeeded = downgrade.outcome else {
      skip([.reupgrade], "the downgrade did not succeed", in: &trip)
      try restoreIfChanged(to: upgraded, in: &trip)
      return
    }
    trip.trace = SchemaDifference(from: before.snapshot, to: state.snapshot)
    let reupgrade = try take(.reupgrade, .step(revision.id, .up))
    trip.steps.append(reupgrade)
    if case .succeeded = reupgrade.outcome {
      trip.reupgradeDifference = SchemaDifference(from: upgraded.snapshot, to: state.snapshot)
    }
    try restoreIfChanged(to: upgraded, in: &trip)
  }

  private func skip(_ names: [StepName], _ reason: String, in trip: inout RoundTripRecord) {
    trip.steps += names.map { StepRecord($0, outcome: .skipped(reason)) }
  }

  /// Goes on only from a state that is known: what is not as it was is put back.
  private func restoreIfChanged(to wanted: State, in trip: inout RoundTripRecord) throws {
    guard
      state.versions != wanted.versions
        || state.snapshot.fingerprint != wanted.snapshot.fingerprint
    else { return }
    trip.restoration = try restore(wanted)
  }
}
