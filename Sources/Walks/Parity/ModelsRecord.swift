package import Databases
package import Rows
package import Schemas

/// How the schema that the project's models make compares with the one at the heads; the outcome is
/// that of the step `models`.
package struct ModelsRecord: Sendable, Hashable, Codable {
  /// Where the project hands its models over to the tool; nil where that is not known.
  package var place: SourcePlace?
  /// Each table or other object that differs, ordered by name.
  package var units: [ModelUnit]
  /// What the project tells the tool to leave out.
  package var leftOut: [LeftOutObject]
  /// What the tool's own comparison says; nil where it has none.
  package var toolsOpinion: ToolsOpinion?
  /// Where the connection makes what names no schema; nil where that is not known.
  package var defaultSchema: Identifier?

  package init(
    place: SourcePlace? = nil, units: [ModelUnit] = [], leftOut: [LeftOutObject] = [],
    toolsOpinion: ToolsOpinion? = nil, defaultSchema: Identifier? = nil
  ) {
    self.place = place
    self.units = units
    self.leftOut = leftOut
    self.toolsOpinion = toolsOpinion
    self.defaultSchema = defaultSchema
  }
}

/// What differs in one table, or in one object that belongs to none.
package struct ModelUnit: Sendable, Hashable, Codable {
  package let id: ObjectID
  /// From the migrated schema to the models'; structural changes only.
  package let difference: SchemaDifference
  /// The model in question; nil where there is none, or it cannot be told.
  package let model: ModelTable?
  /// What the tool's own comparison proposes for the table.
  package let proposals: [ToolsOperation]
  /// The migrated table with its parts, where changing it copies it (SQLite); empty elsewhere.
  package let migrated: [SchemaObject]

  package init(
    id: ObjectID, difference: SchemaDifference, model: ModelTable? = nil,
    proposals: [ToolsOperation] = [], migrated: [SchemaObject] = []
  ) {
    self.migrated = migrated
    self.id = id
    self.difference = difference
    self.model = model
    self.proposals = proposals
  }
}

/// A table of the project's models, and where it is written.
package struct ModelTable: Sendable, Hashable, Codable {
  package let schema: String?
  package let name: String
  /// The class; nil for a plain table object.
  package let model: String?
  /// The class's module.
  package let module: String?
  /// Relative to the project where it lies inside; nil where it is not the project's own.
  package let file: String?
  package let line: Int?
  package let columns: [ModelColumn]

  package init(
    schema: String? = nil, name: String, model: String? = nil, module: String? = nil,
    file: String? = nil, line: Int? = nil, columns: [ModelColumn] = []
  ) {
    self.schema = schema
    self.name = name
    self.model = model
    self.module = module
    self.file = file
    self.line = line
    self.columns = columns
  }
}

/// Where a column of a model is written.
package struct ModelColumn: Sendable, Hashable, Codable {
  package let name: String
  package let file: String
  package let line: Int

  package init(name: String, file: String, line: Int) {
    self.name = name
    self.file = file
    self.line = line
  }
}

/// What the tool's own comparison of models and database says (Alembic's autogenerate).
package struct ToolsOpinion: Sendable, Hashable, Codable {
  /// Whether the project has it compare columns' types, and their defaults.
  package let comparesTypes: Bool
  package let comparesDefaults: Bool
  /// Why it came to no end; nil where it did.
  package let failure: StepFailure?
  /// What it proposes for tables in which no difference was found.
  package let others: [ToolsOperation]

  package init(
    comparesTypes: Bool, comparesDefaults: Bool, failure: StepFailure? = nil,
    others: [ToolsOperation] = []
  ) {
    self.comparesTypes = comparesTypes
    self.comparesDefaults = comparesDefaults
    self.failure = failure
    self.others = others
  }
}

/// One operation that the tool's own comparison proposes.
package struct ToolsOperation: Sendable, Hashable, Codable {
  /// The tool's word: `add_column`, `alter_column`, `create_index`.
  package let kind: String
  package let table: String?
  package let schema: String?
  /// The column, index or constraint; nil where it is about the table, or has no name.
  package let name: String?
  /// Of `alter_column`: `type`, `not-null`, `default`, `comment`.
  package let changes: [String]
  /// As it would stand in a revision; empty where it cannot be written.
  package let code: String
  /// The lines that the code needs beside those that every revision has.
  package let imports: [String]
  /// Whether the code runs on every engine, and makes there what the models say.
  package let isPortable: Bool
  /// Whether it makes types, too.
  package let makesTypes: Bool
  /// Whether it is a column that every engine adds to a table with rows as it is.
  package let isAddedInPlace: Bool
  /// The type that a column gets, where it is new or changes.
  package let type: ToolsType?

  package init(
    kind: String, table: String?, schema: String? = nil, name: String? = nil,
    changes: [String] = [], code: String = "", imports: [String] = [], isPortable: Bool = false,
    makesTypes: Bool = false, isAddedInPlace: Bool = false, type: ToolsType? = nil
  ) {
    self.imports = imports
    self.isPortable = isPortable
    self.makesTypes = makesTypes
    self.isAddedInPlace = isAddedInPlace
    self.type = type
    self.kind = kind
    self.table = table
    self.schema = schema
    self.name = name
    self.changes = changes
    self.code = code
  }
}

extension ToolsOperation {
  /// Whether it makes, changes or drops the type of that name, as packages add it to Alembic
  /// (<https://pypi.org/project/alembic-postgresql-enum/>).
  package func isAboutType(_ id: ObjectID) -> Bool {
    table == nil && kind.contains("_enum") && name == id.name.raw
  }
}

/// A column's type in the words of the tool's revisions; the database knows `VARCHAR(11)` where the model
/// says `sa.Enum("lab", …)`.
package struct ToolsType: Sendable, Hashable, Codable {
  /// An expression that makes it, as it stands.
  package let code: String
  /// The lines that the expression needs beside those that every revision has.
  package let imports: [String]

  package init(code: String, imports: [String] = []) {
    self.code = code
    self.imports = imports
  }
}
