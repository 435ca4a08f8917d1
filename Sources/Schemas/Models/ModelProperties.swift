import Databases

/// Which properties of an object models speak of, and when two values of one mean the same.
struct ModelProperties {
  let engine: Engine
  private let scope: ModelScope
  /// The boolean columns of each table, which conditions compare with a truth value or not.
  private let booleans: [ObjectID: Set<String>]

  init(engine: Engine, scope: ModelScope, booleans: [ObjectID: Set<String>]) {
    self.engine = engine
    self.scope = scope
    self.booleans = booleans
  }

  /// What models always say, so that its absence says something too.
  private static let said: [ObjectKind: Set<PropertyName>] = [
    .table: ["comment"],
    .column: [
      .type, .notNull, .defaultValue, .generated, .stored, "identity", .collation, "comment",
      .rowidAlias, .autoincrement,
    ],
    .constraint: [
      .constraintType, .columns, .expression, .referencedTable, .referencedColumns, .onDelete,
      "on-delete-columns", .onUpdate, .match, .deferrable, "include", "nulls-not-distinct",
      .definition,
    ],
    .index: [
      .unique, "method", .columns, "include", .predicate, "nulls-not-distinct", .definition,
    ],
    .sequence: ["start", "increment", "minimum", "maximum", "cycle"],
  ]
  /// What no model says, whatever the object.
  private static let unsaid: Set<PropertyName> = [
    "owner", "privileges", "security-labels", .position, .unnamed, "replica-identity",
    "not-null-name", "not-null-no-inherit", "not-null-not-valid", "not-null-comment", "clustered",
    "valid", "storage", "statistics-target", "statistics-targets", "triggers-not-enabled",
    "depends-on-extensions",
  ]

  /// The properties in which the models' object differs from the migrated one.
  func changes(
    from before: SchemaObject, to after: SchemaObject,
    in units: (migrated: SchemaUnit?, models: SchemaUnit?)
  ) -> [PropertyChange] {
    Set(before.properties.keys).union(after.properties.keys).sorted().compactMap { name in
      guard counts(name, after), !isSame(name, before, after),
        !(name == .notNull && isKey(before, units.migrated) && isKey(after, units.models))
      else { return nil }
      return PropertyChange(name, before: before[name], after: after[name], weight: .structural)
    }
  }

  /// Whether two objects say the same, their names aside.
  func isSame(_ before: SchemaObject, _ after: SchemaObject) -> Bool {
    changes(from: before, to: after, in: (nil, nil)).isEmpty
  }

  /// Where models may be silent, their silence is no difference.
  private func counts(_ name: PropertyName, _ after: SchemaObject) -> Bool {
    if Self.unsaid.contains(name) { return false }
    if name == .type, after.id.kind == .sequence { return false }
    if name == .defaultValue, scope.isFilledByServer(after) { return false }
    guard let said = Self.said[after.id.kind] else { return name != "comment" }
    return said.contains(name) || after[name] != nil
  }

  private func isSame(_ name: PropertyName, _ before: SchemaObject, _ after: SchemaObject) -> Bool {
    let (old, new) = (before[name], after[name])
    if old == new { return true }
    switch name {
    case .type where after.id.kind == .column: return isSameType(old, new)
    case .defaultValue: return isSameDefault(before, after)
    case .predicate: return expressions(of: after).isSameCondition(old, new)
    case .expression, .generated, .definition: return expressions(of: after).isSame(old, new)
    // Those of a constraint are plain names.
    case .columns where after.id.kind == .index: return expressions(of: after).areSameKeys(old, new)
    case .rowidAlias:
      // It follows from the type and the primary key, but for `INT`, which means the same otherwise.
      return before[.type] == after[.type] || !isSameType(before[.type], after[.type])
    default: return false
    }
  }

  private func isSameType(_ old: PropertyValue?, _ new: PropertyValue?) -> Bool {
    guard engine == .sqlite, case .text(let old)? = old, case .text(let new)? = new else {
      return false
    }
    return SQLiteTypeSpelling.canonical(old) == SQLiteTypeSpelling.canonical(new)
  }

  private func isSameDefault(_ before: SchemaObject, _ after: SchemaObject) -> Bool {
    let (old, new) = (before.string(.defaultValue), after.string(.defaultValue))
    // Which sequence feeds a column, and its name, is not the models' to say.
    if old?.hasPrefix("nextval(") == true, new?.hasPrefix("nextval(") == true { return true }
    return expressions(of: after).isSameDefault(old, new, of: after.string(.type) ?? "")
  }

  private func expressions(of object: SchemaObject) -> ExpressionSpelling {
    let table = ObjectID(.table, schema: object.id.schema, [object.id.path[0]])
    return ExpressionSpelling(engine: engine, booleans: booleans[table] ?? [])
  }

  /// Whether a column is in its table's primary key, which never holds NULL by any model.
  private func isKey(_ column: SchemaObject, _ unit: SchemaUnit?) -> Bool {
    unit?.objects.contains { object in
      guard object[.constraintType] == .text("PRIMARY KEY"),
        case .list(let columns)? = object[.columns]
      else { return false }
      return columns.contains(column.id.name.raw)
    } ?? false
  }
}

/// Names of types that are one to SQLite and to SQLAlchemy
/// (<https://www.sqlite.org/datatype3.html#determination_of_column_affinity>).
enum SQLiteTypeSpelling {
  private static let synonyms = [
    "INT": "INTEGER", "DECIMAL": "NUMERIC", "BOOL": "BOOLEAN", "CHARACTER": "CHAR",
    "CHARACTER VARYING": "VARCHAR", "VARYING CHARACTER": "VARCHAR", "CLOB": "TEXT",
    "DOUBLE": "FLOAT", "DOUBLE PRECISION": "FLOAT", "REAL": "FLOAT", "TIMESTAMP": "DATETIME",
  ]

  static func canonical(_ type: String) -> String {
    let upper = type.uppercased()
    let name = upper.prefix { $0 != "(" }
    let bare = name.split(separator: " ").joined(separator: " ")
    var arguments = upper[name.endIndex...].filter { $0 != " " }
    let standard = synonyms[bare] ?? bare
    // Without a scale there are no decimals.
    if standard == "NUMERIC", arguments.hasSuffix(",0)") { arguments = arguments.dropLast(3) + ")" }
    return standard + arguments
  }
}
