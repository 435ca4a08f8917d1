import Databases
import Schemas
import Walks

/// Decides, change by change, what leads back from a difference's after to its before.
struct Undo {
  let engine: Engine
  /// The parts of tables that are gone as a whole, by table: they are made with it.
  private let parts: [ObjectID: [SchemaObject]]
  /// The sequences of identity columns that are gone.
  private let identitySequences: [SchemaObject]
  /// What is there and should not be, and goes with its table.
  private let goesWithItsTable: Set<ObjectID>
  /// The views that are made anew; their columns follow.
  private let remadeViews: Set<ObjectID>
  /// What columns become, in the project's own words.
  let types: [ObjectID: ToolsType]

  /// - Parameter order: in which what is there and should not be can be dropped.
  init(
    _ difference: SchemaDifference, on engine: Engine, order: DependencyOrder = DependencyOrder([]),
    types: [ObjectID: ToolsType] = [:]
  ) {
    self.engine = engine
    self.types = types
    let principal = Set(difference.principalChanges.map(\.id))
    let left = difference.changes.filter { $0.before == nil && !principal.contains($0.id) }
    goesWithItsTable = Set(
      left.compactMap(\.after).filter { engine == .sqlite || !order.keepsFromDropping($0) }.map(
        \.id))
    remadeViews = Set(
      difference.changes.filter { change in
        [.view, .materializedView].contains(change.id.kind)
          && change.properties.contains { $0.name == "definition" }
      }.map(\.id))
    let removed = difference.changes.filter { $0.after == nil }.compactMap(\.before)
    let wholes = Set(removed.filter { $0.id.path.count == 1 }.map(\.id))
    var parts: [ObjectID: [SchemaObject]] = [:]
    for object in removed where object.id.path.count > 1 {
      for kind in Self.holderKinds {
        let holder = ObjectID(kind, schema: object.id.schema, [object.id.holder])
        if wholes.contains(holder) { parts[holder, default: []].append(object) }
      }
    }
    self.parts = parts
    identitySequences = removed.filter { $0.id.kind == .sequence && $0.id.path.count > 1 }
  }

  /// The calls that undo one structural change; none where another change's calls do it.
  func operations(for change: ObjectChange) -> [AlembicOperation] {
    if isColumnOfRemadeView(change.id) { return [] }
    return switch (change.before, change.after) {
    case (nil, let after?): goesWithItsTable.contains(after.id) ? [] : dropping(after)
    case (let before?, nil): creating(before)
    case (let before?, let after?):
      restoring(before, from: after, Set(change.structuralProperties))
    case (nil, nil): []
    }
  }

  private static let holderKinds: [ObjectKind] = [
    .table, .foreignTable, .view, .materializedView, .type, .domain,
  ]

  private func isColumnOfRemadeView(_ id: ObjectID) -> Bool {
    id.kind == .column
      && [ObjectKind.view, .materializedView].contains { kind in
        remadeViews.contains(ObjectID(kind, schema: id.schema, [id.holder]))
      }
  }

  /// The parts of a table or type that is made as a whole.
  func parts(of id: ObjectID, _ kind: ObjectKind) -> [SchemaObject] {
    let found = (parts[id] ?? []).filter { $0.id.kind == kind }
    return kind == .column
      ? found.sorted { ($0.number("position") ?? 0) < ($1.number("position") ?? 0) } : found
  }

  /// The sequence of an identity column that is made; its name is PostgreSQL's, unless the table or the
  /// column was renamed.
  func identitySequence(of column: SchemaObject) -> SchemaObject? {
    let id = column.id
    let found = identitySequences.filter {
      $0.id.holder == id.holder && $0.id.schema == id.schema
    }
    return found.first { $0.id.name.raw == "\(id.holder.raw)_\(id.name.raw)_seq" }
      ?? (found.count == 1 ? found[0] : nil)
  }

  /// Whether it is made with what holds it.
  func isMadeWithItsHolder(_ id: ObjectID) -> Bool {
    id.path.count > 1 && parts.values.contains { $0.contains { $0.id == id } }
  }
}

extension ObjectChange {
  fileprivate var structuralProperties: [PropertyName] {
    properties.filter { $0.weight == .structural }.map(\.name)
  }
}

extension Undo {
  private func dropping(_ object: SchemaObject) -> [AlembicOperation] {
    let id = object.id
    switch id.kind {
    case .table:
      return [.init(.dropTables, "drop_table(\(PythonText.literal(id.name))\(id.schemaArgument))")]
    case .column: return [droppingColumn(object)]
    case .constraint: return droppingConstraint(object)
    case .index: return [droppingIndex(object)]
    case .sequence where id.path.count > 1: return []
    case .trigger, .rule, .policy:
      let on = engine == .sqlite ? "" : " ON \(id.holderSQL)"
      return object.flag("inherited")
        ? [] : [.execute(.dropDependents, "DROP \(id.kind.sql) \(id.name.sql)\(on)")]
    case .view, .materializedView, .eventTrigger, .publication:
      return [.execute(.dropDependents, "DROP \(id.kind.sql) \(id.sql)")]
    case .userMapping:
      let user = id.name.raw == "public" ? "PUBLIC" : id.name.sql
      return [.execute(.dropDependents, "DROP USER MAPPING FOR \(user) SERVER \(id.holder.sql)")]
    case .schema, .extension, .sequence, .function, .procedure, .type, .domain, .collation,
      .statistics, .foreignServer, .foreignDataWrapper, .foreignTable, .language, .conversion,
      .textSearchParser, .textSearchDictionary, .textSearchTemplate, .textSearchConfiguration:
      return [.execute(.dropHolders, "DROP \(id.kind.sql) \(id.sql)")]
    case .databaseSettings where engine == .sqlite:
      return settingHeader(SchemaObject(id), object.properties.keys)
    case .databaseSettings: return restoringSettings(SchemaObject(id), from: object)
    case .defaultPrivileges: return restoringPrivileges(SchemaObject(id), from: object)
    default: return [.none(for: id, "drop it with its own statement")]
    }
  }

  private func creating(_ object: SchemaObject) -> [AlembicOperation] {
    let id = object.id
    switch id.kind {
    case .table: return creatingTable(object)
    case .column:
      return isMadeWithItsHolder(id) ? describing(object) : creatingColumn(object)
    case .constraint:
      return isMadeWithItsHolder(id) ? [] : creatingConstraint(object) + describing(object)
    case .index: return [creatingIndex(object)] + describing(object)
    case .sequence where id.path.count > 1: return []
    case .databaseSettings where engine == .sqlite:
      return settingHeader(object, object.properties.keys)
    case .databaseSettings: return restoringSettings(object, from: SchemaObject(id))
    case .defaultPrivileges: return restoringPrivileges(object, from: SchemaObject(id))
    default:
      guard let statement = creation(of: object) else {
        return [.none(for: id, "create it as it was before")]
      }
      return [.execute(id.kind.creationPhase, statement)] + describing(object)
    }
  }

  private func restoring(
    _ before: SchemaObject, from after: SchemaObject, _ changed: Set<PropertyName>
  ) -> [AlembicOperation] {
    let described = description(from: after, to: before, changed)
    // What is inherited follows when the table itself is attached again.
    let rest = changed.subtracting(Self.describingProperties).subtracting([
      "inherited", "partition-of",
    ])
    if rest.isEmpty { return described }
    switch before.id.kind {
    case .table, .foreignTable: return restoringTable(before, from: after, rest) + described
    case .column: return restoringColumn(before, from: after, rest) + described
    case .constraint where rest == ["clustered"], .index where rest == ["clustered"]:
      let alter = "ALTER TABLE \(before.id.holderSQL)"
      let operation: AlembicOperation =
        before.flag("clustered")
        ? .execute(.describe, "\(alter) CLUSTER ON \(before.id.name.sql)")
        : .execute(.dropDependents, "\(alter) SET WITHOUT CLUSTER")
      return [operation] + described
    case .constraint: return restoringConstraint(before, from: after) + described
    case .index:
      return [droppingIndex(after), creatingIndex(before)] + describing(before)
    case .sequence: return restoringSequence(before, from: after, rest) + described
    case .type where rest == ["labels"]: return restoringLabels(before, from: after) + described
    case .trigger where rest == ["enabled"]:
      return [.execute(.describe, triggerState(before))] + described
    case .view where rest == ["options"], .materializedView where rest == ["options"]:
      return options(before, from: after, "options") + described
    case .function where !rest.contains("returns") && !rest.contains("arguments"),
      .procedure where !rest.contains("arguments"):
      guard let statement = creation(of: before) else { break }
      return [.execute(.createHolders, statement)] + described
    case .view, .materializedView, .trigger, .rule, .policy, .statistics, .function, .procedure:
      guard let statement = creation(of: before) else { break }
      return dropping(after) + [.execute(before.id.kind.creationPhase, statement)]
        + describing(before)
    case .domain: return restoringDomain(before, rest) + described
    case .databaseSettings where engine == .sqlite: return settingHeader(before, rest)
    case .databaseSettings: return restoringSettings(before, from: after)
    case .extension where rest == ["version"]:
      let version = sqlLiteral(before.text("version") ?? "")
      return [
        .execute(.createHolders, "ALTER EXTENSION \(before.id.sql) UPDATE TO \(version)")
      ]
    default: break
    }
    let names = rest.map(\.text).sorted().joined(separator: ", ")
    return [.none(for: before.id, "restore its \(names)")] + described
  }
}

extension ObjectKind {
  /// As `DROP` and `COMMENT ON` name it.
  var sql: String {
    switch self {
    case .foreignDataWrapper: "FOREIGN DATA WRAPPER"
    case .foreignServer: "SERVER"
    default: rawValue.uppercased()
    }
  }

  fileprivate var creationPhase: AlembicOperation.Phase {
    switch self {
    case .view, .materializedView: .createViews
    case .trigger, .rule, .policy, .statistics: .createDependents
    default: .createHolders
    }
  }
}
