internal import History
internal import Rows
internal import Schemas
internal import Walks

extension Lane {
  /// Takes up what lies below the revisions to verify; their fixtures count on the rows of those below.
  func approach() throws {
    let way = plan.walk.approach
    guard !way.isEmpty else { return }
    record.notes += plan.walk.approachReasons
    if try !approachOnFixtures(way) { record.approach = try take(.approach, .run(way, .up)) }
    guard record.approach?.isDone == true else {
      let culprit = record.approach?.stoppedAt ?? way[0]
      for revision in way { unreached[revision] = culprit }
      for trip in plan.walk.roundTrips { unreached[trip.revision.id] = culprit }
      return
    }
    applied = way
    origin = state
  }

  /// Stops at each revision with a fixture, and writes the rows where they belong. What cannot be
  /// written is left to a walk that verifies the revision.
  /// - Returns: whether all was taken up; false where no rows are wanted, and where a revision failed
  ///   on them, with the database as it was.
  private func approachOnFixtures(_ way: [RevisionID]) throws -> Bool {
    guard walksWithRows, !plan.walk.roundTrips.isEmpty,
      way.contains(where: { fixture(of: $0) != nil })
    else { return false }
    let start = state
    do {
      let legs = try takeLegs(of: way)
      record.approach = StepRecord(
        legs, change: SchemaDifference(from: start.snapshot, to: state.snapshot))
      rows.isUnknown = true
      return true
    } catch is LegFailed {
      try startAgain()
      return false
    }
  }

  /// - Throws: `LegFailed`.
  private func takeLegs(of way: [RevisionID]) throws -> [StepRecord] {
    var taken: [StepRecord] = []
    var leg: [RevisionID] = []
    func takeLeg() throws {
      guard !leg.isEmpty else { return }
      let step = try take(.approach, .run(leg, .up))
      guard step.isDone else { throw LegFailed() }
      taken.append(step)
      applied += leg
      leg = []
    }
    for revision in way {
      let fixture = fixture(of: revision)
      noteLeftOut(fixture?.problems.map { FixtureFault($0) } ?? [])
      if let fixture, fixture.isWrittenBefore {
        try takeLeg()
        try writeUnjudged(fixture.before, fixture.beforeScripts)
      }
      leg.append(revision)
      if let fixture, fixture.isWrittenAfter {
        try takeLeg()
        try writeUnjudged(fixture.rows, fixture.scripts)
      }
    }
    try takeLeg()
    return taken
  }

  private func startAgain() throws {
    try makeOrigin()
    applied = []
    rows = RowBookkeeping()
    // Rows of fixtures that fit the schema once all is taken up are written then.
    rows.areGone = true
    record.leftOutRows = []
    state = try observe()
  }
}

/// Revisions below those to verify could not be taken up with the rows of fixtures there.
private struct LegFailed: Error {}

extension StepRecord {
  /// Steps of one approach as one; what became of rows on the way is not its matter.
  fileprivate init(_ steps: [StepRecord], change: SchemaDifference) {
    self = steps[steps.count - 1]
    startedAt = steps[0].startedAt
    duration = steps.reduce(0) { $0 + $1.duration }
    statements = steps.flatMap(\.statements)
    output = steps.map(\.output).joined()
    observations = steps.flatMap(\.observations).filter { !$0.kind.isAboutRows }
    rows = nil
    self.change = change
  }
}
