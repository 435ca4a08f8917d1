package import Databases
package import Rows
package import Schemas
package import Walks

/// What came of reading a project's models.
package enum ModelsReading: Sendable, Hashable {
  case read(ModelsDescription)
  /// The project hands no models over, where this says so; what it hands over in their place.
  case none(SourcePlace?, mistake: String? = nil)
  case failed(StepFailure)
  case unjudged(Fault)
}

/// A project's models, as the tool is handed them.
package struct ModelsDescription: Sendable, Hashable {
  /// Where they are handed over.
  package var place: SourcePlace?
  package var tables: [ModelTable]
  /// Those to make: without what is left out, unless another one refers to it.
  package var creatable: [TableReference]
  package var leftOut: [LeftOutObject]
  /// Columns that the server fills by a default which the models do not say.
  package var serverFilled: [LeftOutObject]
  package var includesSchemas: Bool
  /// Where the connection makes what names no schema; nil where there are no schemas.
  package var defaultSchema: Identifier?
  package var operations: [ToolsOperation]
  package var comparesTypes: Bool
  package var comparesDefaults: Bool
  package var comparisonFailure: StepFailure?

  package init(
    place: SourcePlace? = nil, tables: [ModelTable] = [], creatable: [TableReference] = [],
    leftOut: [LeftOutObject] = [], serverFilled: [LeftOutObject] = [],
    includesSchemas: Bool = false,
    defaultSchema: Identifier? = nil, operations: [ToolsOperation] = [], comparesTypes: Bool = true,
    comparesDefaults: Bool = false,
    comparisonFailure: StepFailure? = nil
  ) {
    self.place = place
    self.tables = tables
    self.creatable = creatable
    self.leftOut = leftOut
    self.serverFilled = serverFilled
    self.includesSchemas = includesSchemas
    self.defaultSchema = defaultSchema
    self.operations = operations
    self.comparesTypes = comparesTypes
    self.comparesDefaults = comparesDefaults
    self.comparisonFailure = comparisonFailure
  }
}

/// A table by the names that models give it.
package struct TableReference: Sendable, Hashable, Codable {
  package let schema: String?
  package let name: String

  package init(schema: String? = nil, name: String) {
    self.schema = schema
    self.name = name
  }
}

/// What came of looking for models that nobody imports.
package enum UnregisteredReading: Sendable, Hashable {
  case read(UnregisteredRecord)
  case unjudged(Fault)
}

extension MigrationSession {
  package func readModels() -> ModelsReading? { nil }
  package func createModels(_ tables: [TableReference]) -> SessionAnswer {
    SessionAnswer(outcome: .skipped("the tool knows no models"))
  }
  package func createModelsOneByOne(
    _ tables: [TableReference]
  ) -> (refused: [TableReference], SessionAnswer) { (tables, createModels(tables)) }
  package func beginFindingUnregisteredModels() {}
  package func findUnregisteredModels() -> UnregisteredReading? { nil }
}
