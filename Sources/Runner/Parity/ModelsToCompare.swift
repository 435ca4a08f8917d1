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
    let own = DefaultSchema(described.defaultSchema, on: migrated.engine)
    let unmade = refused.map { LeftOutObject(type: "table", name: $0.name, schema: $0.schema) }
    let scope = ModelScope(
      leftOut: described.leftOut + unmade, serverFilled: described.serverFilled,
      includesSchemas: described.includesSchemas,
      defaultSchema: own)
    let compared = ModelComparison(migrated: migrated, models: made, scope: scope).units
    let units = compared.map { unit in
      ModelUnit(
        id: unit.id, difference: unit.difference,
        model: described.tables.first { table in
          table.name == (unit.table ?? unit.id).path.first?.raw
            && own.holds(unit.table ?? unit.id, in: table.schema)
        }, proposals: described.operations.filter { $0.isAbout(unit, own) },
        migrated: migrated.engine == .sqlite ? migrated[unit.id]?.objects ?? [] : [])
    }
    let others = described.operations.filter { operation in
      !compared.contains { operation.isAbout($0, own) }
        && !refused.contains { $0.name == operation.table && $0.schema == operation.schema }
    }
    return ModelsRecord(
      place: described.place, units: units, leftOut: described.leftOut,
      toolsOpinion: ToolsOpinion(
        comparesTypes: described.comparesTypes, comparesDefaults: described.comparesDefaults,
        failure: described.comparisonFailure, others: others),
      defaultSchema: described.defaultSchema)
  }
}

extension ToolsOperation {
  fileprivate func isAbout(_ unit: ModelComparison.Unit, _ own: DefaultSchema) -> Bool {
    table == unit.id.path.first?.raw && own.holds(unit.id, in: schema)
      || unit.difference.changes.contains {
        $0.id.kind == .type && isAboutType($0.id) && own.holds($0.id, in: schema)
      }
  }
}
