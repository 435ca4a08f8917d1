import Databases

/// Something that a project tells its migration tool to leave out of comparisons.
package struct LeftOutObject: Sendable, Hashable, Codable {
  /// `schema`, `table`, `column`, `index`, `unique_constraint` or `foreign_key_constraint`.
  package let type: String
  /// Empty for a constraint without a name.
  package let name: String
  /// nil for a table, and where the tool does not say.
  package let table: String?
  /// nil for the connection's own schema.
  package let schema: String?
  /// Of an index or a constraint, where it tells them.
  package let columns: [String]

  package init(
    type: String, name: String, table: String? = nil, schema: String? = nil, columns: [String] = []
  ) {
    self.type = type
    self.name = name
    self.table = table
    self.schema = schema
    self.columns = columns
  }
}

/// What of two schemas is compared, as the project tells its migration tool.
package struct ModelScope: Sendable {
  package let leftOut: [LeftOutObject]
  /// Columns of which models say that the server fills them, and not how.
  package let serverFilled: [LeftOutObject]
  /// Whether every schema is looked at, or only the connection's own and those of the models.
  package let includesSchemas: Bool
  package let defaultSchema: DefaultSchema

  package init(
    leftOut: [LeftOutObject] = [], serverFilled: [LeftOutObject] = [],
    includesSchemas: Bool = false, defaultSchema: DefaultSchema
  ) {
    self.leftOut = leftOut
    self.serverFilled = serverFilled
    self.includesSchemas = includesSchemas
    self.defaultSchema = defaultSchema
  }

  /// Whether a table is left out as a whole.
  func leavesOut(table: ObjectID) -> Bool {
    leftOut.contains { one in
      one.type == "table" && one.name == table.name.raw
        && defaultSchema.holds(table, in: one.schema)
        || one.type == "schema" && defaultSchema.holds(table, in: one.name)
    }
  }

  /// Whether a part of a table is.
  func leavesOut(_ part: SchemaObject) -> Bool { leftOut.holds(part, by: self) }

  /// Whether models leave it to the server how a column is filled.
  func isFilledByServer(_ column: SchemaObject) -> Bool { serverFilled.holds(column, by: self) }
}

extension [LeftOutObject] {
  fileprivate func holds(_ part: SchemaObject, by scope: ModelScope) -> Bool {
    guard let table = part.id.path.first, part.id.path.count == 2 else { return false }
    return contains { one in
      guard one.table == table.raw, scope.defaultSchema.holds(part.id, in: one.schema),
        Self.matches(one.type, part)
      else { return false }
      return one.name.isEmpty
        ? part[.columns] == .list(one.columns) : one.name == part.id.name.raw
    }
  }

  private static func matches(_ type: String, _ part: SchemaObject) -> Bool {
    switch type {
    case "column": part.id.kind == .column
    case "index": part.id.kind == .index
    case "unique_constraint": part[.constraintType] == .text("UNIQUE")
    case "foreign_key_constraint": part[.constraintType] == .text("FOREIGN KEY")
    default: false
    }
  }
}
