internal import Databases
internal import History
internal import Projects
internal import Rows
internal import Schemas
internal import Walks

extension Lane {
  /// A deployment that migrates first: the application finds the heads, and leaves them as they are.
  func startLate(in parity: inout ParityRecord) throws {
    // Nothing but the tool's own commands is to change what is recorded.
    let versions = state.versions
    guard var step = try startApplication(.start, in: &parity) else {
      skip(.start, "no application was found; name one with `application:`", in: &parity)
      return
    }
    step.expectedVersions = versions
    // What it adds at its first start, it may find at its second.
    if step.isDone, step.change.isEmpty, let rows = step.rows, !rows.isEmpty, rows.losses.isEmpty,
      let second = try startApplication(.start, in: &parity)
    {
      step = second
      step.expectedVersions = versions
      if case .unjudged(let fault) = second.outcome {
        let frames = fault.file.map { [Frame(file: $0, line: fault.line ?? 1)] } ?? []
        step.outcome = .failed(StepFailure(type: "", message: said(fault), frames: frames))
      }
    }
    if !step.isRecorded { step.flaw = writing(in: step) }
    parity.steps.append(ParityStep(tolerated(step)))
  }

  /// The application's last statement on the version table; nil where none names it.
  private func writing(in step: StepRecord) -> RecordingFlaw? {
    let name = session.versionTable.name.raw.lowercased()
    let sent = step.statements.last { statement in
      let first = statement.sql.prefix { $0.isLetter }.uppercased()
      return statement.error == nil && !["SELECT", "PRAGMA", "SHOW"].contains(first)
        && statement.sql.lowercased().contains(name)
    }
    return sent.map {
      RecordingFlaw(.written, statement: $0.sql, frames: $0.sender.map { [$0] } ?? [])
    }
  }

  /// That the application does not start here says nothing of the migrations: it may want what only a
  /// deployment has. So it is told, and not as something that could not be judged.
  private func tolerated(_ step: StepRecord) -> StepRecord {
    guard case .unjudged(let fault) = step.outcome else { return step }
    // The settings say what is to be started: that is theirs to mend.
    if fault.code.rawValue == ProjectError.Code.noApplication.rawValue { return step }
    var step = step
    let place = fault.file.map { " (\($0):\(fault.line ?? 1))" } ?? ""
    let reason = "the application could not be started: \(said(fault))\(place)"
    step.outcome = .skipped(reason + (fault.fix.map { "; \($0)" } ?? ""))
    let note = reason + (fault.fix.map { " (\($0))" } ?? "")
    if !record.notes.contains(note) { record.notes.append(note) }
    return step
  }

  private func said(_ fault: Fault) -> String {
    plan.rows.hidesValues ? "what it said is hidden" : fault.message
  }

  /// A deployment that starts the application first, on an empty database: what it makes there must
  /// not stand in the way of the migrations.
  func startEarly(
    from start: Snapshot, to heads: Snapshot, in parity: inout ParityRecord
  ) throws {
    guard parity.application != nil, parity.step(.start)?.record.outcome.isSkipped == false else {
      return
    }
    // The system's own views stand in a snapshot with their privileges, and without columns.
    guard !start.units(of: .table).contains(where: { $0.objects.count > 1 }) else {
      skip(.earlyStart, "the history does not begin with an empty database", in: &parity)
      return
    }
    try freshOrigin()
    guard let step = try startApplication(.earlyStart, in: &parity) else { return }
    parity.steps.append(ParityStep(tolerated(step)))
    guard !step.change.isEmpty else { return }
    let upgrade = try take(.lateUpgrade, .upgrade)
    var compared = ParityStep(upgrade)
    if case .succeeded = upgrade.outcome {
      compared.difference = ModelComparison(migrated: heads, models: state.snapshot).difference
    }
    parity.steps.append(compared)
  }

  /// - Returns: nil where the project has no application.
  private func startApplication(
    _ name: StepName, in parity: inout ParityRecord
  ) throws -> StepRecord? {
    session.releaseConnections()
    let startedAt = context.now()
    guard let started = session.startApplication() else { return nil }
    parity.application = started.name
    return try recorded(name, started.answer, startedAt: startedAt)
  }

  func skip(_ name: StepName, _ reason: String, in parity: inout ParityRecord) {
    parity.steps.append(ParityStep(StepRecord(name, outcome: .skipped(reason))))
  }
}
