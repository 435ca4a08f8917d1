import Databases
import Walks

extension AlembicSession {
  func readModels() -> ModelsReading? {
    switch answer(to: WorkerOrder(.models)) {
    case .failure(let silence): return .unjudged(silence.fault)
    case .success(let answer):
      if let error = answer.projectError?.withFix { return .unjudged(Fault(error)) }
      switch answer.status {
      case "none": return ModelsReading.none(answer.metadata, mistake: answer.message)
      case "failed":
        return .failed(answer.failure ?? StepFailure(type: "", message: "they cannot be read"))
      default: return .read(ModelsDescription(answer))
      }
    }
  }

  func createModels(_ tables: [TableReference]) -> SessionAnswer {
    create(tables, oneByOne: false).1
  }

  func createModelsOneByOne(
    _ tables: [TableReference]
  ) -> (refused: [TableReference], SessionAnswer) { create(tables, oneByOne: true) }

  private func create(
    _ tables: [TableReference], oneByOne: Bool
  ) -> (refused: [TableReference], SessionAnswer) {
    var order = WorkerOrder(.createModels)
    order.tables = tables
    order.oneByOne = oneByOne
    switch answer(to: order) {
    case .success(let answer): return (answer.refused ?? [], answer.sessionAnswer)
    case .failure(let silence):
      return (
        [], SessionAnswer(outcome: .unjudged(silence.fault), output: silence.fault.output)
      )
    }
  }

  func beginFindingUnregisteredModels() {
    search = Result { try tellApart(WorkerOrder(.unregistered)) }
  }

  func findUnregisteredModels() -> UnregisteredReading? {
    if search == nil { beginFindingUnregisteredModels() }
    guard let search = search.take() else { return nil }
    // It loads the project first, as `open` does.
    switch answer(of: search, seconds: project.settings.loadTimeout) {
    case .failure(let silence): return .unjudged(silence.fault)
    case .success(let answer):
      if let error = answer.projectError?.withFix { return .unjudged(Fault(error)) }
      if answer.status == "none" { return nil }
      return .read(
        UnregisteredRecord(models: answer.unregistered ?? [], unread: answer.failed ?? []))
    }
  }
}

extension ModelsDescription {
  fileprivate init(_ answer: WorkerAnswer) {
    self.init(
      place: answer.metadata, tables: answer.models ?? [], creatable: answer.creatable ?? [],
      leftOut: answer.leftOut ?? [], serverFilled: answer.serverFilled ?? [],
      includesSchemas: answer.includesSchemas ?? false,
      defaultSchema: answer.defaultSchema.map { Identifier($0) },
      operations: answer.operations ?? [], comparesTypes: answer.comparesTypes ?? true,
      comparesDefaults: answer.comparesDefaults ?? false,
      comparisonFailure: answer.comparisonFailure)
  }
}
