internal import Databases
internal import History
internal import Projects
internal import Rows
internal import Schemas
internal import Walks

extension Lane {
  /// Takes one revision up, down and up, and leaves the database as its first upgrade made it, so
  /// that the revisions after it are judged on their own; where it cannot be applied, as before it.
  ///
  /// - Parameter trip: takes what is seen, as far as it comes.
  func carryOut(_ roundTrip: RoundTrip, in trip: inout RoundTripRecord) throws {
    let revision = roundTrip.revision
    rows.isOnTheWay = !roundTrip.steps.contains(.downgrade)
    if let culprit = revision.requirements.lazy.compactMap({ self.unreached[$0] }).first {
      unreached[revision.id] = culprit
      trip.steps = roundTrip.steps.map { StepRecord($0, outcome: .blocked(by: culprit)) }
      return
    }
    try provideRows(before: revision.id, in: &trip)
    guard !roundTrip.isPassedOver else {
      try passOver(roundTrip, in: &trip)
      return
    }
    let before = state
    guard try upgrade(revision, from: before, in: &trip) else { return }
    applied.append(revision.id)
    trip.fingerprint = state.snapshot.fingerprint
    try context.keep(KeptSnapshot(revision: revision.id, snapshot: state.snapshot, base: kept))
    kept = (revision.id, state.snapshot)
    try lookForExpectedRows(of: revision.id, in: &trip)
    let later = roundTrip.steps.filter { $0 != .upgrade }
    guard later.contains(.downgrade) else {
      skip(StepName.ofRoundTrip, roundTrip.reason ?? "left out", in: &trip)
      try provideRows(after: revision.id, in: &trip)
      return
    }
    try goBackAndForth(revision, from: before, in: &trip)
    if later.contains(.rollback) {
      try rollBack(revision, since: before.snapshot, in: &trip)
    }
  }

  /// Lets the project's tool record the revision as applied; nothing of it is run or judged.
  private func passOver(_ roundTrip: RoundTrip, in trip: inout RoundTripRecord) throws {
    let answer = session.step(roundTrip.revision.id, .up)
    state = try observe()
    let step = StepRecord(
      .upgrade, outcome: answer.outcome, recordedVersions: state.versions,
      expectedVersions: answer.expectedVersions?.sorted(), flaw: answer.flaw)
    guard step.isDone else {
      trip.steps.append(step)
      unreached[roundTrip.revision.id] = roundTrip.revision.id
      skip(StepName.ofRoundTrip, "the revision could not be recorded", in: &trip)
      return
    }
    applied.append(roundTrip.revision.id)
    skip([.upgrade] + StepName.ofRoundTrip, roundTrip.reason ?? "left out", in: &trip)
    try provideRows(after: roundTrip.revision.id, in: &trip)
  }

  /// The first upgrade.
  /// - Returns: whether the revision is applied now.
  private func upgrade(
    _ revision: Revision, from before: State, in trip: inout RoundTripRecord
  ) throws -> Bool {
    if try takeOnRows(.upgrade, revision.id, in: &trip) { return true }
    unreached[revision.id] = revision.id
    skip(StepName.ofRoundTrip, "the upgrade \(reasonToStop(in: trip))", in: &trip)
    try restoreIfChanged(to: before, in: &trip)
    return false
  }

  private func goBackAndForth(
    _ revision: Revision, from before: State, in trip: inout RoundTripRecord
  ) throws {
    let upgraded = state
    guard try takeOnRows(.downgrade, revision.id, in: &trip) else {
      trip.tables = tables(of: trip.step(.upgrade)?.change, in: upgraded.snapshot)
      skip([.reupgrade], "the downgrade \(reasonToStop(in: trip))", in: &trip)
      try restoreIfChanged(to: upgraded, in: &trip)
      return
    }
    trip.trace = SchemaDifference(from: before.snapshot, to: state.snapshot)
    trip.tables = tables(of: trip.trace, in: state.snapshot)
    let isWithRows = trip.steps.allSatisfy { $0.emptyTrial == nil }
    if isWithRows, let old = before.rows, let new = state.rows {
      let statements = trip.steps.flatMap(\.statements)
      trip.rowsTrace = compareAgain(old, with: new, statements)
    }
    let reupgrade = try take(.reupgrade, .step(revision.id, .up))
    trip.steps.append(reupgrade)
    if reupgrade.isDone {
      trip.reupgradeDifference = SchemaDifference(from: upgraded.snapshot, to: state.snapshot)
      if isWithRows, let old = upgraded.rows, let new = state.rows {
        let statements = trip.steps.dropFirst().flatMap(\.statements)
        trip.reupgradeRows = compareAgain(old, with: new, statements)
      }
    }
    try restoreIfChanged(to: upgraded, in: &trip)
  }

  /// What became of the rows on a way that leads back to where it began: under the same schema each name
  /// is what it was, whatever lay in between.
  private func compareAgain(
    _ old: RowImage, with new: RowImage, _ statements: [Statement]
  ) -> RowsDifference {
    let isSame = old.snapshot.fingerprint == new.snapshot.fingerprint
    return compare(old, with: new, statements: isSame ? [] : statements.map(\.sql))
  }

  /// The tables that differ, on an engine that copies them to change them; nil where there are none.
  private func tables(
    of difference: SchemaDifference?, in snapshot: Snapshot
  ) -> [SchemaObject]? {
    let changes = difference?.changes.filter { $0.weight == .structural } ?? []
    guard snapshot.engine == .sqlite, !changes.isEmpty else { return nil }
    let ids = Set(changes.map { ObjectID(.table, schema: $0.id.schema, [$0.id.path[0]]) })
    let found = ids.sorted().compactMap { snapshot[$0] }.flatMap(\.objects)
    return found.isEmpty ? nil : found
  }

  /// Writes rows as the new schema takes them, and goes down as a rollback would, with these in place.
  private func rollBack(
    _ revision: Revision, since before: Snapshot, in trip: inout RoundTripRecord
  ) throws {
    guard let reupgrade = trip.step(.reupgrade), reupgrade.isDone else {
      skip([.rollback, .recovery], "there was no way back up", in: &trip)
      try provideRows(after: revision.id, in: &trip)
      return
    }
    try provideRows(after: revision.id, since: before, in: &trip)
    let written = state
    guard holdsRows else {
      skip([.rollback, .recovery], "there are no rows", in: &trip)
      return
    }
    let rollback = try take(.rollback, .step(revision.id, .down))
    trip.steps.append(rollback)
    guard rollback.isDone else {
      // On the rows that were there before, the downgrade has succeeded.
      if case .failed = rollback.outcome {
        trip.steps[trip.steps.endIndex - 1].emptyTrial = try rowsToBlame(
          for: .rollback, revision.id, at: written)
      }
      skip([.recovery], "the rollback did not succeed", in: &trip)
      try restoreIfChanged(to: written, in: &trip)
      return
    }
    trip.rollbackRows = rollback.rows?.restrictedToCommonColumns()
    let recovery = try take(.recovery, .step(revision.id, .up))
    trip.steps.append(recovery)
    try restoreIfChanged(to: written, in: &trip)
    try renewRows(of: revision.id, after: reupgrade.change)
  }

  /// Why the last step leads no further.
  private func reasonToStop(in trip: RoundTripRecord) -> String {
    trip.steps.last?.outcome == .succeeded ? "was not recorded" : "did not succeed"
  }

  private func skip(_ names: [StepName], _ reason: String, in trip: inout RoundTripRecord) {
    let left = names.filter { plan.walk.rows != .none || ![.rollback, .recovery].contains($0) }
    trip.steps += left.map { StepRecord($0, outcome: .skipped(reason)) }
  }

  /// Goes on only from a state that is known: what is not as it was is put back.
  private func restoreIfChanged(to wanted: State, in trip: inout RoundTripRecord) throws {
    guard
      state.versions != wanted.versions
        || state.snapshot.fingerprint != wanted.snapshot.fingerprint
    else { return }
    trip.restoration = try restore(wanted, exactly: false)
  }
}

extension StepName {
  /// What follows the first upgrade.
  fileprivate static let ofRoundTrip: [StepName] = [.downgrade, .reupgrade, .rollback, .recovery]
}
