internal import Databases
internal import Projects
internal import Schemas
internal import Walks

/// What a project's models say, and what they need to be made.
struct ModelsToCompare {
  let described: ModelsDescription
  let prerequisites: ModelPrerequisites

  /// What the schema that they made says beside the migrated one.
  /// - Parameter refused: tables that could not be made, so that nothing can be said of them.
  func record(
    migrated: Snapshot, made: Snapshot, without refused: [TableReference]
  ) -> ModelsRecord {
    let unmade = refused.map { LeftOutObject(type: "table", name: $0.name, schema: $0.schema) }
    let scope = ModelScope(
      leftOut: described.leftOut + unmade, includesSchemas: described.includesSchemas)
    let compared = ModelComparison(migrated: migrated, models: made, scope: scope).units
    let units = compared.map { unit in
      ModelUnit(
        id: unit.id, difference: unit.difference,
        model: (unit.table ?? unit.id).model(in: described),
        proposals: described.operations.filter { $0.isAbout(unit.id) })
    }
    let others = described.operations.filter { operation in
      !compared.contains { operation.isAbout($0.id) }
        && !refused.contains { $0.name == operation.table && $0.schema == operation.schema }
    }
    return ModelsRecord(
      place: described.place, units: units, leftOut: described.leftOut,
      toolsOpinion: ToolsOpinion(
        comparesTypes: described.comparesTypes, comparesDefaults: described.comparesDefaults,
        failure: described.comparisonFailure, others: others))
  }
}

extension ModelsToCompare {
  /// Why not all models were compared, as a sentence with what to do next.
  ///
  /// - Parameter refused: the tables that could not be made.
  static func reason(
    _ failure: StepFailure, _ models: ModelsDescription, leftOut refused: [TableReference]
  ) -> String {
    let model = table(in: failure, models)
    let name = model.map { " at \($0.model.map { "model \($0)" } ?? "table \($0.name)")" } ?? ""
    let frame = failure.frames.last.flatMap { frame in
      frame.file.hasSuffix("env.py") ? nil : " (\(frame.file):\(frame.line))"
    }
    let place = model?.file.map { " (\($0):\(model?.line ?? 1))" }
    let names = refused.prefix(5).map(\.name).joined(separator: ", ")
    let unmade = refused.isEmpty ? "" : " (without \(names)\(refused.count > 5 ? ", …" : ""))"
    return "not all models can be compared\(unmade): create_all() raises\(name)"
      + "\(frame ?? place ?? ""): \(failure.message); `metadata.create_all(engine)` on an empty database shows it, and env.py's "
      + "include_object leaves out what is not to be made"
  }

  /// The model whose table, or an index or comment of it, was being made.
  private static func table(in failure: StepFailure, _ models: ModelsDescription) -> ModelTable? {
    guard let statement = failure.statement else {
      return models.tables.first { failure.message.contains("'\($0.name).") }
    }
    let words = statement.split { $0.isWhitespace || "()\".,;".contains($0) }.map(String.init)
    guard let verb = words.firstIndex(where: { ["TABLE", "ON"].contains($0.uppercased()) }) else {
      return nil
    }
    let named = words[(verb + 1)...].prefix(2)
    return models.tables.first { named.contains($0.name) }
  }
}

extension ObjectID {
  fileprivate func model(in models: ModelsDescription) -> ModelTable? {
    models.tables.first { $0.name == path.first?.raw && isIn($0.schema) }
  }

  /// Whether a table that names this schema, or none, lies in the object's own.
  fileprivate func isIn(_ other: String?) -> Bool {
    (other ?? "public") == (schema?.raw ?? "public")
  }
}

extension ToolsOperation {
  fileprivate func isAbout(_ id: ObjectID) -> Bool {
    table == id.path.first?.raw && id.isIn(schema)
  }
}
