internal import Databases
internal import History
internal import Projects
internal import Rows
internal import Scratch
internal import Schemas
internal import Walks

/// What to ask of the session for one step.
enum Order {
  case step(RevisionID, Direction)
  case run([RevisionID], Direction)
  /// The tool's own commands, to the heads.
  case upgrade, stamp
}

extension Lane {
  /// Takes one step and looks at the database before and after.
  ///
  /// Afterwards `state` is what the step left, whether it succeeded or not.
  func take(_ name: StepName, _ order: Order) throws -> StepRecord {
    let startedAt = context.now()
    let answer =
      switch order {
      case .step(let revision, let direction): session.step(revision, direction)
      case .run(let revisions, let direction): session.run(revisions, direction)
      case .upgrade: session.upgradeToHeads()
      case .stamp: session.stampHeads()
      }
    return try recorded(name, answer, startedAt: startedAt)
  }

  /// Looks at the database after something was done to it; `state` is what was there before.
  func recorded(
    _ name: StepName, _ answer: SessionAnswer, startedAt: Double
  ) throws -> StepRecord {
    if plan.engineIsAssumed, case .failed(let failure) = answer.outcome,
      failure.kind == .unsupportedByEngine
    {
      throw UnsupportedEngine(
        reason: "its migrations cannot be run on \(plan.walk.engine.title): \(failure.message)")
    }
    if case .failed(let failure) = answer.outcome, failure.meansFullDisk {
      throw ScratchError(
        .diskFull,
        "the disk of the scratch database (\(record.scratch)) is full: \(failure.message)",
        fix: "make room there, or set TMPDIR to a folder on a larger disk")
    }
    let before = state
    state = try observe()
    let change = SchemaDifference(from: before.snapshot, to: state.snapshot)
    let told = told(answer, before.snapshot)
    var step = StepRecord(
      name, outcome: told.outcome, startedAt: startedAt,
      duration: answer.duration, statements: told.statements, output: told.output, change: change,
      recordedVersions: state.versions, expectedVersions: answer.expectedVersions?.sorted(),
      stoppedAt: answer.stoppedAt)
    if !step.isRecorded { step.flaw = told.flaw }
    if case .succeeded = step.outcome, let old = before.rows, let new = state.rows {
      step.rows = compare(old, with: new, statements: answer.statements.map(\.sql))
    }
    step.observations =
      try observations(on: step) + integrityObservations(on: step, since: before.rows)
      + storageObservations(on: step, since: before.rows)
    return step
  }

  /// Without values where these are not to be shown.
  func told(_ outcome: StepOutcome) -> StepOutcome {
    hiding(besides: state.snapshot)?.hidden(outcome) ?? outcome
  }

  /// Without values where these are not to be shown.
  func told(_ failure: StepFailure) -> StepFailure {
    hiding(besides: state.snapshot)?.hidden(failure) ?? failure
  }

  /// Without values where these are not to be shown.
  private func told(_ answer: SessionAnswer, _ before: Snapshot) -> SessionAnswer {
    guard let hiding = hiding(besides: before) else { return answer }
    var told = answer
    told.statements = answer.statements.map(hiding.hidden)
    told.flaw = answer.flaw.map(hiding.hidden)
    told.output = hiding.hidden(output: answer.output)
    told.outcome = hiding.hidden(answer.outcome)
    return told
  }

  /// What takes values out, and keeps the names of the present schema and of one before; nil where values
  /// may be shown.
  func hiding(besides before: Snapshot) -> ValueHiding? {
    guard plan.rows.hidesValues else { return nil }
    return ValueHiding(
      on: plan.walk.engine, keeping: before.names.union(state.snapshot.names), because: .option)
  }

  /// Reads the database's present state, with the version table's real name once it is known.
  func observe() throws -> State {
    if observer?.versionTable != session.versionTable { observer = nil }
    if let observer { return try observer.state() }
    let opened = try DatabaseObserver(
      database.address, versionTable: session.versionTable, readsRows: walksWithRows)
    observer = opened
    return try opened.state()
  }

  /// What can be seen after a step beside the schema's difference.
  private func observations(on step: StepRecord) throws -> [Observation] {
    var seen = step.statements.flatMap(\.notices).compactMap(Observation.init(notice:))
    guard !step.change.isEmpty, let observer else { return seen }
    seen += NarrowSequences(in: state.snapshot).fed(by: step.change)
    let broken = try observer.brokenViews(in: state.snapshot)
    seen += broken.filter { !knownBrokenViews.contains($0.id) }.map {
      Observation(.brokenView, objects: [$0.id], detail: $0.message)
    }
    knownBrokenViews = Set(broken.map(\.id))
    return seen
  }
}

extension StepFailure {
  /// Whether the database had no room: PostgreSQL's `disk_full`, SQLite's SQLITE_FULL.
  fileprivate var meansFullDisk: Bool {
    sqlState == "53100" || message.contains("database or disk is full")
  }
}

extension Observation {
  /// PostgreSQL's notice 42622: `identifier "…" will be truncated to "…"`.
  fileprivate init?(notice: String) {
    guard notice.contains("will be truncated to") else { return nil }
    self.init(.truncatedIdentifier, objects: [], detail: notice)
  }
}
