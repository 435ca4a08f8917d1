internal import Databases
internal import History
internal import Projects
internal import Rows
internal import Scratch
internal import Schemas
internal import Walks

/// Carries out one walk on one engine, on the thread that made it.
final class Lane {
  /// What came of a lane.
  enum Result: Sendable {
    /// With where the walk arrived; nil where it did not reach its last revisions.
    case record(EngineRecord, Heads?)
    case leftOut(LeftOutEngine)
  }

  let plan: LanePlan
  let context: RunContext
  let database: any ScratchDatabase
  let session: any MigrationSession
  var observer: DatabaseObserver?
  var record: EngineRecord

  /// The database as it is now, as far as the walk knows.
  var state: State
  /// What the database was before any revision.
  var origin: State
  /// The revisions that are applied now, in the order in which they were.
  var applied: [RevisionID] = []
  /// Revisions that the walk could not reach, each with the one that is to blame.
  var unreached: [RevisionID: RevisionID] = [:]
  /// The last revision whose schema was kept.
  var kept: (revision: RevisionID, snapshot: Snapshot)?
  /// A copy of an earlier state, made after the first restoration: histories without failures pay
  /// for none.
  var rescue: (checkpoint: Checkpoint, applied: [RevisionID])?
  /// Where the walk arrived, once it did.
  var heads: Heads?
  /// What is known of the tables' rows beside `state`.
  var rows = RowBookkeeping()
  var rowWriter: RowWriter?
  /// Views that could already not be read before the present step.
  var knownBrokenViews: Set<ObjectID> = []

  private init(
    plan: LanePlan, context: RunContext, database: any ScratchDatabase,
    session: any MigrationSession, record: EngineRecord
  ) throws {
    self.plan = plan
    self.context = context
    self.database = database
    self.session = session
    self.record = record
    let observer = try DatabaseObserver(
      database.address, versionTable: session.versionTable, readsRows: plan.walk.rows != .none)
    self.observer = observer
    state = try observer.state()
    origin = state
  }

  /// Does everything that the plan says; whatever goes wrong is in the result.
  static func carryOut(_ plan: LanePlan, in context: RunContext) -> Result {
    let engine = plan.walk.engine
    var record = EngineRecord(engine: engine)
    defer { context.tell(.ended(engine)) }
    do {
      context.tell(.preparing(engine, "starting \(engine.title)"))
      let server = try plan.server.server()
      defer { server.shutDown() }
      record.version = server.version
      record.scratch = server.origin
      let database = try server.lend()
      defer { database.drop() }
      context.tell(.preparing(engine, "loading the migration environment"))
      let session = try plan.project.open(on: database.address)
      defer { session.close() }
      record.environmentStatements = session.environmentStatements
      let lane = try Lane(
        plan: plan, context: context, database: database, session: session, record: record)
      defer { lane.letGo() }
      do {
        try lane.walk()
      } catch {
        lane.giveUp(Fault(stopping: error))
      }
      lane.record.environment = session.environment
      lane.record.notes = session.notes + lane.record.notes
      return .record(lane.record, lane.heads)
    } catch let unsupported as UnsupportedEngine {
      return .leftOut(LeftOutEngine(engine: engine, reason: unsupported.reason))
    } catch let error as ProjectError where error.code == .otherEngine && plan.engineIsAssumed {
      return .leftOut(
        LeftOutEngine(engine: engine, reason: error.reasonToLeaveOut))
    } catch {
      record.fault = Fault(stopping: error)
      return .record(record, nil)
    }
  }

  private func walk() throws {
    if let answer = session.prepareOrigin() {
      guard case .succeeded = answer.outcome else { throw OriginFailed(answer) }
      state = try observe()
      origin = state
    }
    try approach()
    rows.standing = state.rows?.oids ?? []
    let count = plan.walk.roundTrips.count
    context.tell(.started(plan.walk.engine, revisions: count))
    for (index, roundTrip) in plan.walk.roundTrips.enumerated() {
      guard !context.isInterrupted() else { throw Interrupted() }
      var trip = RoundTripRecord(revision: roundTrip.revision.id)
      context.tell(
        .beginning(plan.walk.engine, trip.revision, index: index + 1, count: count))
      do {
        // What was seen before it had to be given up stays.
        defer { record.roundTrips.append(trip) }
        try carryOut(roundTrip, in: &trip)
      }
      context.tell(.finished(plan.walk.engine, trip, index: index + 1, count: count))
    }
    if unreached.isEmpty { heads = Heads(applied: Set(applied), snapshot: state.snapshot) }
    if comesToParity {
      if plan.parity?.startsApplication == true { plan.project.warmUp() }
      if plan.parity?.findsUnregisteredModels == true { plan.project.warmUp() }
    }
    try descendAndAscend()
    try checkParity()
  }

  /// Marks everything that the walk did not come to as not judged, for this reason.
  private func giveUp(_ cause: Fault) {
    let fault = hiding(besides: state.snapshot)?.hidden(cause) ?? cause
    record.fault = fault
    for (index, roundTrip) in plan.walk.roundTrips.enumerated() {
      if index == record.roundTrips.count {
        record.roundTrips.append(RoundTripRecord(revision: roundTrip.revision.id))
      }
      let taken = record.roundTrips[index].steps.map(\.name)
      record.roundTrips[index].steps += roundTrip.steps.filter { !taken.contains($0) }.map {
        StepRecord($0, outcome: .unjudged(fault))
      }
    }
  }
}

/// The project says that it does not support this engine.
struct UnsupportedEngine: Error {
  let reason: String
}

/// The starting point that the settings name could not be made.
struct OriginFailed: Error {
  let answer: SessionAnswer
  init(_ answer: SessionAnswer) { self.answer = answer }
}

/// The user asked the run to end.
struct Interrupted: Error {}

/// A state could not be put back, so nothing that builds on it can be judged.
struct StateLost: Error {
  let reason: String
  /// Where the project's own code was refused.
  var place: Frame?
}

extension StateLost {
  init(replaying revision: RevisionID, _ outcome: StepOutcome) {
    let why =
      switch outcome {
      case .failed(let failure): failure.message
      case .unjudged(let fault): fault.message
      default: "it was not run"
      }
    var place: Frame?
    if case .failed(let failure) = outcome { place = failure.frames.last }
    self.init(
      reason:
        "revision \(revision) was taken up before, and is refused on a fresh database: \(why)",
      place: place)
  }
}
