internal import History
internal import Projects
internal import Schemas
internal import Walks

extension Lane {
  /// Holds against the schema at the heads what else is to describe it. The walk is over: the
  /// database is used up here.
  func checkParity() throws {
    guard plan.parity.isWanted, !plan.walk.roundTrips.isEmpty else { return }
    var parity = ParityRecord()
    defer { record.parity = parity }
    guard plan.walk.reachesHeads else {
      parity.reason = "only a part of the history was verified"
      return
    }
    guard unreached.isEmpty, try standAtHeads() else {
      parity.reason = "not every revision can be taken up"
      return
    }
    context.tell(.preparing(plan.walk.engine, "comparing models, application and printed SQL"))
    let heads = state.snapshot
    let models = try readModels(at: heads, in: &parity)
    try lookAtCommands(in: &parity)
    try startLate(in: &parity)
    try compareModels(models, with: heads, in: &parity)
    let start = try freshOrigin()
    // What env.py makes by itself is there before any printed statement is run.
    _ = session.touch()
    state = try observe()
    try runPrintedSQL(from: state.snapshot, to: heads, in: &parity)
    try startEarly(from: start, to: heads, in: &parity)
    try lookAtStamp(in: &parity)
  }

  /// - Returns: whether every revision is applied now.
  private func standAtHeads() throws -> Bool {
    if let ascent = record.ascent, case .succeeded = ascent.outcome { return true }
    return try freshHeads()
  }

  /// Everything taken up in one go, on a database without rows.
  /// - Returns: whether that succeeded.
  func freshHeads() throws -> Bool {
    try freshOrigin()
    let answer = session.run(plan.walk.approach + plan.walk.ascent, .up)
    state = try observe()
    return answer.outcome == .succeeded
  }

  /// Begins again where the history begins.
  @discardableResult
  func freshOrigin() throws -> Snapshot {
    try makeOrigin()
    rows.areGone = true
    state = try observe()
    return state.snapshot
  }

  /// The tool's own command changes nothing at the heads, on tables that hold rows.
  private func lookAtCommands(in parity: inout ParityRecord) throws {
    if walksWithRows {
      var filling = RowFilling()
      if try fillEmptyTables(&filling, with: madeUpRows) { state = try observe() }
    }
    parity.steps.append(ParityStep(try take(.again, .upgrade)))
  }

  private func lookAtStamp(in parity: inout ParityRecord) throws {
    try freshOrigin()
    parity.steps.append(ParityStep(try take(.stamp, .stamp)))
  }
}
