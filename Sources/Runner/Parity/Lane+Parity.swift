internal import History
internal import Projects
internal import Schemas
internal import Walks

extension Lane {
  /// Holds against the schema at the heads what else is to describe it. The walk is over: the
  /// database is used up here.
  func checkParity() throws {
    let isOnTheWay = !plan.walk.roundTrips.isEmpty || !plan.walk.approach.isEmpty
    guard let wanted = plan.parity, isOnTheWay else { return }
    var parity = ParityRecord()
    defer { record.parity = parity }
    guard plan.walk.reachesHeads else {
      parity.reason = .partOfHistory
      return
    }
    guard unreached.isEmpty, try standAtHeads() else {
      parity.reason = .headsNotReached
      return
    }
    context.tell(.preparing(plan.walk.engine, "comparing models, application and printed SQL"))
    let heads = state.snapshot
    let models = wanted.comparesModels ? try readModels(at: heads, in: &parity) : nil
    try lookAtCommands(in: &parity)
    if wanted.startsApplication {
      try startLate(in: &parity)
      // It is started once more below.
      if parity.application != nil { plan.project.warmUp() }
    } else {
      skip(.start, "switched off by the setting `application: none`", in: &parity)
    }
    try compareModels(models, with: heads, in: &parity)
    let start = try freshOrigin()
    // What env.py makes by itself is there before any printed statement is run.
    _ = session.touch()
    state = try observe()
    if wanted.printsSQL {
      try runPrintedSQL(from: state.snapshot, to: heads, in: &parity)
    } else {
      for name in [StepName.printedUpgrade, .printedDowngrade] {
        skip(name, "switched off by the setting `offline: false`", in: &parity)
      }
    }
    try startEarly(from: start, to: heads, in: &parity)
    try lookAtStamp(in: &parity)
  }

  /// Whether there will be heads to hold anything against, as far as the round trips can tell.
  var comesToParity: Bool { plan.parity != nil && plan.walk.reachesHeads && unreached.isEmpty }

  /// - Returns: whether every revision is applied now, and recorded as that: what was never committed is
  ///   not there.
  private func standAtHeads() throws -> Bool {
    if let ascent = record.ascent, case .succeeded = ascent.outcome { return ascent.isRecorded }
    // Nothing has changed: the walk was the way up to here.
    if plan.walk.roundTrips.isEmpty, let approach = record.approach,
      case .succeeded = approach.outcome
    {
      return approach.isRecorded
    }
    return try freshHeads()
  }

  /// Everything taken up in one go, on a database without rows.
  /// - Returns: whether that succeeded.
  func freshHeads() throws -> Bool {
    try freshOrigin()
    let answer = session.run(plan.walk.approach + plan.walk.ascent, .up)
    state = try observe()
    let reached = StepRecord(
      .ascent, outcome: answer.outcome, recordedVersions: state.versions,
      expectedVersions: answer.expectedVersions)
    return answer.outcome == .succeeded && reached.isRecorded
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
