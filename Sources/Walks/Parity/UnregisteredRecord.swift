/// Models of the project that are not in what it hands over to the tool.
package struct UnregisteredRecord: Sendable, Hashable, Codable {
  package var models: [UnregisteredModel]
  /// Modules that seem to define models and could not be imported.
  package var unread: [UnreadModule]

  package init(models: [UnregisteredModel] = [], unread: [UnreadModule] = []) {
    self.models = models
    self.unread = unread
  }
}

/// A model that the tool's comparison does not see.
package struct UnregisteredModel: Sendable, Hashable, Codable {
  package let schema: String?
  /// The table's name.
  package let name: String
  /// The class; nil for a plain table object.
  package let model: String?
  package let module: String?
  package let file: String?
  package let line: Int?
  /// Whether its module is imported when the tool loads the project: then its table hangs on another
  /// metadata than the one that is handed over.
  package let isImported: Bool
  /// Whether its table hangs on what is handed over, once it is imported.
  package let isHandedOver: Bool
  /// Where an import would do.
  package let importer: Importer?
  /// The columns that it adds to a table which is handed over without them; empty where the table is
  /// its own.
  package let columns: [String]
  /// Whether the migrations make its table or these columns, so that the tool would drop them; nil
  /// where it is unknown.
  package var isMigrated: Bool?

  package struct Importer: Sendable, Hashable, Codable {
    package let file: String?
    /// The line to add there.
    package let code: String

    package init(file: String?, code: String) {
      self.file = file
      self.code = code
    }
  }

  package init(
    schema: String? = nil, name: String, model: String?, module: String?, file: String?, line: Int?,
    isImported: Bool = false, isHandedOver: Bool = true, importer: Importer? = nil,
    columns: [String] = [], isMigrated: Bool? = nil
  ) {
    self.schema = schema
    self.name = name
    self.model = model
    self.module = module
    self.file = file
    self.line = line
    self.isImported = isImported
    self.isHandedOver = isHandedOver
    self.importer = importer
    self.columns = columns
    self.isMigrated = isMigrated
  }
}

/// A module that seems to define models, and why it was not imported.
package struct UnreadModule: Sendable, Hashable, Codable {
  package let module: String
  package let file: String
  package let line: Int
  /// One sentence without a trailing full stop.
  package let message: String
  package let fix: String?

  package init(module: String, file: String, line: Int, message: String, fix: String? = nil) {
    self.module = module
    self.file = file
    self.line = line
    self.message = message
    self.fix = fix
  }
}
