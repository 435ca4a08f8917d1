internal import Databases
internal import Projects
internal import Rows
internal import Schemas
internal import Scratch
internal import Walks

extension Lane {
  /// Reads the models while the database stands at the heads, and looks for those that nobody imports.
  /// - Returns: what is to be compared; nil where nothing is, for which the record has the reason.
  func readModels(at heads: Snapshot, in parity: inout ParityRecord) throws -> ModelsToCompare? {
    if plan.parity?.findsUnregisteredModels == true {
      session.releaseConnections()
      session.beginFindingUnregisteredModels()
    }
    guard let reading = session.readModels() else { return nil }
    var models = ModelsRecord()
    if case .read(let description) = reading { models.defaultSchema = description.defaultSchema }
    parity.models = models
    if case .none = reading {} else { findUnregistered(at: heads, in: &parity) }
    let described: ModelsDescription
    switch reading {
    case .read(let description): described = description
    case .none(let place, let mistake):
      parity.models?.place = place
      let file = place.map { mistake == nil ? $0.file : "\($0.file):\($0.line)" } ?? "env.py"
      let what =
        mistake ?? "has no target_metadata; set it to the metadata of the models, as "
        + "`target_metadata = Base.metadata`"
      skip(
        .models, "no models are handed over to compare with: \(file) \(what)", in: &parity)
      return nil
    case .failed(let failure):
      skip(
        .models,
        "the models cannot be read: \(failure.message); `alembic check` or `flask db check` "
          + "reads the same", in: &parity)
      return nil
    case .unjudged(let fault):
      parity.steps.append(
        ParityStep(StepRecord(.models, outcome: .unjudged(fault), startedAt: context.now())))
      return nil
    }
    let prerequisites = try ModelPrerequisites(database.address)
    return ModelsToCompare(described: described, prerequisites: prerequisites)
  }

  /// Makes the models' tables in an empty database, and compares what comes of it with the heads.
  func compareModels(
    _ models: ModelsToCompare?, with heads: Snapshot, in parity: inout ParityRecord
  ) throws {
    guard let models else { return }
    var compared = try compare(models, with: heads)
    if compared.step.outcome != .succeeded || compared.record?.units.isEmpty == false {
      // Migrations that use the models' own objects may have changed them: a process in which none has
      // run has the last word.
      session.close()
      compared = try compare(models, with: heads)
    }
    parity.steps.append(ParityStep(compared.step))
    if let record = compared.record { parity.models = record }
  }

  /// - Returns: no record where no model could be made.
  private func compare(
    _ models: ModelsToCompare, with heads: Snapshot
  ) throws -> (step: StepRecord, record: ModelsRecord?) {
    var step = StepRecord(.models, outcome: .succeeded, startedAt: context.now())
    var made = ModelPrerequisites.Extent.usual
    var answer = try makeModels(models, with: made)
    if case .failed(let failure) = answer.outcome {
      // Types that models use without making them, as `create_type=False` says; or a model makes by DDL of
      // its own what was there beforehand.
      let other: ModelPrerequisites.Extent? =
        failure.missesObject ? .withTypes : failure.meetsObject ? .nothing : nil
      if let other {
        made = other
        answer = try makeModels(models, with: other)
      }
    }
    var refused: [TableReference] = []
    step.outcome = answer.outcome
    if case .failed(let failure) = answer.outcome {
      try prepareEmpty(for: models, with: made)
      (refused, answer) = session.createModelsOneByOne(models.described.creatable)
      step.outcome = .skipped(
        UnmadeModels(
          failure: failure, models: models.described, refused: refused, engine: plan.walk.engine
        ).sentence)
    }
    step.duration = answer.duration
    step.statements = answer.statements
    step.output = answer.output
    guard case .succeeded = answer.outcome else { return (step, nil) }
    state = try observe()
    return (step, models.record(migrated: heads, made: state.snapshot, without: refused))
  }

  private func makeModels(
    _ models: ModelsToCompare, with extent: ModelPrerequisites.Extent
  ) throws -> SessionAnswer {
    try prepareEmpty(for: models, with: extent)
    return session.createModels(models.described.creatable)
  }

  private func prepareEmpty(
    for models: ModelsToCompare, with extent: ModelPrerequisites.Extent
  ) throws {
    letGo()
    session.releaseConnections()
    try database.reset()
    session.move(to: database.address)
    rows.areGone = true
    try models.prerequisites.make(extent, on: database.address)
  }

  private func findUnregistered(at heads: Snapshot, in parity: inout ParityRecord) {
    guard plan.parity?.findsUnregisteredModels == true else { return }
    switch session.findUnregisteredModels() {
    case nil: break
    case .unjudged(let fault)?:
      parity.unregistered = UnregisteredRecord(unread: [
        UnreadModule(
          module: "", file: fault.file ?? "", line: fault.line ?? 1,
          message: "models that nobody imports could not be looked for: \(fault.message)",
          fix: fault.fix)
      ])
    case .read(var record)?:
      let own = DefaultSchema(parity.models?.defaultSchema, on: plan.walk.engine)
      for index in record.models.indices {
        let model = record.models[index]
        let table = heads[own.table(model.name, in: model.schema)]
        let columns = Set(
          (table?.objects ?? []).filter { $0.id.kind == .column }.map(\.id.name.raw))
        record.models[index].isMigrated = table != nil && columns.isSuperset(of: model.columns)
      }
      parity.unregistered = record
    }
  }
}

extension StepFailure {
  /// PostgreSQL's `undefined_object` and `undefined_function`.
  fileprivate var missesObject: Bool { ["42704", "42883"].contains(sqlState) }

  /// PostgreSQL's `duplicate_object`, `duplicate_function` and `duplicate_schema`.
  fileprivate var meetsObject: Bool { ["42710", "42723", "42P06"].contains(sqlState) }
}
