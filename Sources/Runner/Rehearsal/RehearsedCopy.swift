internal import Databases
internal import History
internal import Projects
internal import Schemas
internal import Walks

/// A copy of production that revisions are measured on, looked at from outside of the migration.
struct RehearsedCopy {
  let address: DatabaseAddress
  private let versionTable: VersionTable
  private let versionTableID: ObjectID
  /// How many tables it has beside the version table.
  let tables: Int

  init(_ address: DatabaseAddress, _ versionTable: VersionTable) throws {
    self.address = address
    self.versionTable = versionTable
    switch address {
    case .sqlite(let path):
      versionTableID = ObjectID(.table, [versionTable.name])
      tables = try FileImage(path: path).tables(besides: versionTableID)
    case .postgresql(let server):
      versionTableID = ObjectID(
        .table, schema: versionTable.schema ?? "public", [versionTable.name])
      tables = try Self.image(server).tables(besides: versionTableID)
    }
  }

  var engine: Engine { address.engine }

  /// Who migrates it; nil on SQLite.
  func role() throws -> String? {
    guard case .postgresql(let server) = address else { return nil }
    return try PostgresConnection(server, readOnly: true).rows("SELECT current_user").first?
      .text(0)
  }

  /// What the tool's version table holds, sorted; nil where there is none.
  func versions() throws -> [RevisionID]? {
    try DatabaseObserver(address, versionTable: versionTable, readsRows: false).versions()
  }

  /// Runs the revisions as one command does, in the order given, and measures them.
  /// - Parameter plan: what is sent to the copy meanwhile.
  func measure(
    _ revisions: [RevisionID], _ direction: Direction = .up, by session: any MigrationSession,
    under plan: TrafficPlan? = nil
  ) throws -> RehearsalRecord {
    let traffic = try plan.map { plan in
      let touched = TouchedTables(session.printSQL(revisions, direction), besides: versionTableID)
      return Traffic(
        try plan.statements(on: address, touching: touched.contains), isGiven: plan != .rowsByKey,
        on: address)
    }
    switch address {
    case .sqlite(let path):
      return try measure(revisions, direction, by: session, inFile: path, under: traffic)
    case .postgresql(let server):
      return try measure(revisions, direction, by: session, on: server, under: traffic)
    }
  }

  private func measure(
    _ revisions: [RevisionID], _ direction: Direction, by session: any MigrationSession,
    on server: PostgresAddress, under traffic: Traffic?
  ) throws -> RehearsalRecord {
    let before = try Self.image(server)
    let watch = LockWatch(server)
    let answer = session.measure(revisions, direction)
    let seen = watch.account()
    let sent = traffic?.record(sendingAll: answer.outcome == .succeeded)
    // Closed sessions have told the server all that they counted.
    session.releaseConnections()
    let after = try Self.image(server)
    var record = Self.record(.postgresql, answer, revisions)
    record.traffic = sent
    record.size = SizeChange(before: before.databaseSize, after: after.databaseSize)
    record.temporary = TemporaryFiles(
      files: max(0, after.temporaryFiles - before.temporaryFiles),
      bytes: max(0, after.temporaryBytes - before.temporaryBytes))
    guard let trace = answer.trace else { return record }
    let measurement = PostgresMeasurement(
      TraceReading(answer: answer, trace: trace), before: before, after: after,
      seenBy: seen, versionTable: versionTableID, isShared: traffic != nil)
    record.steps = measurement.steps + Self.refused(by: answer, besides: measurement.steps)
    record.notes = measurement.notes
    record.relations = measurement.relations
    return record
  }

  private func measure(
    _ revisions: [RevisionID], _ direction: Direction, by session: any MigrationSession,
    inFile path: String, under traffic: Traffic?
  ) throws -> RehearsalRecord {
    let before = try FileImage(path: path)
    let answer = session.measure(revisions, direction)
    let sent = traffic?.record(sendingAll: answer.outcome == .succeeded)
    session.releaseConnections()
    let after = try FileImage(path: path)
    var record = Self.record(.sqlite, answer, revisions)
    record.size = SizeChange(before: before.size, after: after.size)
    record.journalMode = before.journalMode
    record.traffic = sent
    guard let trace = answer.trace else { return record }
    let measurement = FileMeasurement(
      reading: TraceReading(answer: answer, trace: trace), before: before, after: after)
    record.steps = measurement.steps + Self.refused(by: answer, besides: measurement.steps)
    record.relations = measurement.relations(of: measurement.steps)
    return record
  }

  /// The revision that the session did not begin, as one without a function for the direction.
  private static func refused(
    by answer: SessionAnswer, besides steps: [StepMeasurement]
  ) -> [StepMeasurement] {
    guard answer.outcome != .succeeded, let revision = answer.stoppedAt,
      !steps.contains(where: { $0.revision == revision })
    else { return [] }
    let duration = answer.trace?.duration ?? answer.duration
    return [StepMeasurement(revision: revision, outcome: answer.outcome, begin: duration)]
  }

  /// What every engine's record begins with. Where the session ended without telling how far it came, that
  /// is so of every revision, and none is to blame.
  private static func record(
    _ engine: Engine, _ answer: SessionAnswer, _ revisions: [RevisionID]
  ) -> RehearsalRecord {
    var record = RehearsalRecord(engine: engine)
    record.duration = answer.trace?.duration ?? answer.duration
    if let trace = answer.trace {
      record.transactions = TraceReading(answer: answer, trace: trace).committed
      return record
    }
    let stopped = answer.outcome.isUnjudged ? revisions : Array(revisions.prefix(1))
    record.steps = stopped.map { StepMeasurement(revision: $0, outcome: answer.outcome) }
    return record
  }

  private static func image(_ server: PostgresAddress) throws -> RelationImage {
    let connection = try PostgresConnection(server, readOnly: true)
    // The deploy's limits, which the database has by now, are the migrations' alone.
    try connection.execute("SET statement_timeout = 0; SET lock_timeout = 0")
    return try RelationImage(connection)
  }
}
