import Databases

/// The schema that a project's models make against the one that its migrations made.
///
/// Models say less than a database holds: what they have no words for (views, functions, triggers,
/// grants, storage options, partitions) is no difference where only the migrated schema has it. Names
/// that nobody chose, the order of columns, and spellings that mean the same are none either.
package struct ModelComparison {
  /// What differs in one table, or in one object that belongs to none.
  package struct Unit: Sendable, Hashable {
    package let id: ObjectID
    /// The table whose model is to be named: for a type, one that has a column of it.
    package let table: ObjectID?
    /// From the migrated schema to the models'; structural changes only.
    package let difference: SchemaDifference
  }

  private let migrated: Snapshot
  private let models: Snapshot
  private let scope: ModelScope
  private let judge: ModelProperties

  /// - Parameter scope: nil for all that both hold.
  package init(migrated: Snapshot, models: Snapshot, scope: ModelScope? = nil) {
    self.migrated = migrated
    self.models = models
    let scope = scope ?? ModelScope(defaultSchema: DefaultSchema(on: models.engine))
    self.scope = scope
    judge = ModelProperties(
      engine: models.engine, scope: scope, booleans: Self.booleans(migrated, models))
  }

  /// The columns of each table that are boolean on both sides.
  private static func booleans(
    _ migrated: Snapshot, _ models: Snapshot
  ) -> [ObjectID: Set<String>] {
    func names(_ unit: SchemaUnit?) -> Set<String> {
      let columns = (unit?.objects ?? []).filter { $0.id.kind == .column }
      let words: Set = ["boolean", "bool"]
      return Set(
        columns.filter { words.contains(($0.string(.type) ?? "").lowercased()) }.map(\.id.name.raw))
    }
    return Dictionary(
      models.units(of: .table).map { ($0.id, names($0).intersection(names(migrated[$0.id]))) }
    ) { first, _ in first }
  }

  /// Ordered by name.
  package var units: [Unit] {
    let raw = SchemaDifference(from: migrated, to: models).changes
    let paired = ModelPairing(judge, migrated: migrated, models: models).paired(
      raw.filter(isComparable))
    let all = paired.compactMap { weighed($0) }
    let changes = all.filter { isNeeded($0, among: all) }.map(fedByItself)
    var groups: [ObjectID: [ObjectChange]] = [:]
    for change in changes { groups[holder(of: change, among: changes), default: []].append(change) }
    return groups.sorted { $0.key < $1.key }.map { id, changes in
      Unit(
        id: id, table: id.kind == .table ? id : tableUsing(id).map(\.id),
        difference: SchemaDifference(changes.sorted { $0.id < $1.id }))
    }
  }

  /// All that differs, also what models have no words for, but for columns that say the same in other
  /// words.
  package var difference: SchemaDifference {
    SchemaDifference(
      SchemaDifference(from: migrated, to: models).changes.compactMap {
        $0.id.kind == .column ? weighed($0) : $0
      })
  }

  /// Whether both sides could have said something of it.
  private func isComparable(_ change: ObjectChange) -> Bool {
    guard let object = change.after ?? change.before else { return false }
    if object.id.path.count == 2 { return isComparablePart(object, change) }
    switch object.id.kind {
    case .table: return isComparableTable(object.id)
    // Made beforehand, for no model can.
    case .schema, .extension, .collation, .databaseSettings, .defaultPrivileges: return false
    case .sequence:
      return change.after != nil && (object["owned-by"] == nil || change.before == nil)
    default: return change.after != nil
    }
  }

  private func isComparablePart(_ object: SchemaObject, _ change: ObjectChange) -> Bool {
    let table = ObjectID(.table, schema: object.id.schema, [object.id.path[0]])
    guard migrated[table] != nil || models[table] != nil else {
      return object.id.kind != .column && change.after != nil && change.before != nil
    }
    guard isComparableTable(table), !scope.leavesOut(object) else { return false }
    if object["inherited"] != nil || object["partition-of"] != nil { return false }
    switch object.id.kind {
    case .column, .constraint, .index: return true
    case .sequence: return change.after != nil
    default: return change.after != nil
    }
  }

  /// Whether it is a table that a model could stand for, and that the project compares.
  private func isComparableTable(_ id: ObjectID) -> Bool {
    if scope.leavesOut(table: id) { return false }
    guard let table = migrated[id]?.objects.first else { return true }
    let partOfAnother: [PropertyName] = ["partition-bound", "inherits", .module]
    if partOfAnother.contains(where: { table[$0] != nil }) || isShadow(id) { return false }
    return models[id] != nil || isSeen(id.schema)
  }

  /// The tables in which a virtual table of SQLite keeps what it holds.
  private func isShadow(_ id: ObjectID) -> Bool {
    guard migrated.engine == .sqlite else { return false }
    return migrated.units(of: .table).contains { unit in
      unit.objects[0][.module] != nil && id.name.raw.hasPrefix(unit.id.name.raw + "_")
    }
  }

  /// Whether the tool looks at a schema in which only the migrations made something.
  private func isSeen(_ schema: Identifier?) -> Bool {
    schema == nil || schema == scope.defaultSchema.name || scope.includesSchemas
      || models.units(of: .table).contains { $0.id.schema == schema }
  }

  /// Only with those properties that differ by what models say; nil where none does.
  private func weighed(_ change: ObjectChange) -> ObjectChange? {
    guard let before = change.before, let after = change.after else {
      return ObjectChange(before: change.before, after: change.after)
    }
    let properties = judge.changes(from: before, to: after, in: units(of: after.id))
    let renamed = change.properties.filter { $0.name == .name && $0.weight == .structural }
    guard !(properties + renamed).isEmpty else { return nil }
    return ObjectChange(before: before, after: after, properties: renamed + properties)
  }

  /// A new column with a sequence that is made with it, which its type says (`serial`): a default would
  /// name a sequence that is not there.
  private func fedByItself(_ change: ObjectChange) -> ObjectChange {
    guard change.before == nil, var column = change.after, column.id.kind == .column,
      column[.defaultValue]?.description.hasPrefix("nextval(") == true,
      models.units(of: .sequence).contains(where: { $0.objects[0].isOwned(by: column.id) })
    else { return change }
    column[.defaultValue] = nil
    column[.autoincrement] = .flag(true)
    return ObjectChange(before: nil, after: column)
  }

  /// Whether a sequence that belongs to a column says something of it: an identity's where the
  /// identity is new, another one where the column is there and is yet to be fed.
  private func isNeeded(_ change: ObjectChange, among all: [ObjectChange]) -> Bool {
    guard change.id.kind == .sequence, let sequence = change.after, change.before == nil else {
      return true
    }
    if sequence.id.path.count > 1 {
      return all.contains { one in
        one.id.kind == .column && one.id.path.first == sequence.id.path.first
          && one.id.schema == sequence.id.schema && one.before?["identity"] == nil
          && one.after?["identity"] != nil
      }
    }
    guard sequence["owned-by"] != nil else { return true }
    return all.contains { one in
      one.before != nil && one.id.kind == .column && sequence.isOwned(by: one.id)
        && one.properties.contains { $0.name == .defaultValue }
    }
  }

  private func units(of id: ObjectID) -> (SchemaUnit?, SchemaUnit?) {
    let table = ObjectID(.table, schema: id.schema, Array(id.path.prefix(1)))
    return (migrated[table], models[table])
  }

  /// The table that it is part of or, of a type, that has a column of it and differs too.
  private func holder(of change: ObjectChange, among all: [ObjectChange]) -> ObjectID {
    let id = change.id
    let table = ObjectID(.table, schema: id.schema, Array(id.path.prefix(1)))
    if id.path.count == 2, migrated[table] != nil || models[table] != nil { return table }
    if change.before == nil, let user = tableUsing(id)?.id,
      all.contains(where: { $0.id == user || $0.id.path.first == user.path.first })
    {
      return user
    }
    return id.path.count == 2 ? ObjectID(id.kind, schema: id.schema, id.path) : id
  }

  /// The table with a column of that type, or that is fed by that sequence.
  private func tableUsing(_ id: ObjectID) -> SchemaUnit? {
    guard [.type, .domain, .sequence].contains(id.kind) else { return nil }
    let names = [
      id.name.raw, id.name.quoted, id.qualifiedName, "\(id.schema?.raw ?? "").\(id.name.raw)",
    ]
    let property: PropertyName = id.kind == .sequence ? .defaultValue : .type
    return models.units(of: .table).first { unit in
      unit.objects.contains { object in
        guard object.id.kind == .column, case .text(let text)? = object[property] else {
          return false
        }
        if id.kind == .sequence {
          return names.contains { text == "nextval('\($0)'::regclass)" }
        }
        let bare = text.hasSuffix("[]") ? String(text.dropLast(2)) : text
        return names.contains(bare)
      }
    }
  }
}

extension SchemaObject {
  /// Whether a sequence goes with that column.
  fileprivate func isOwned(by column: ObjectID) -> Bool {
    guard id.kind == .sequence, case .text(let owner)? = self["owned-by"] else { return false }
    let name = column.path.map(\.raw).joined(separator: ".")
    let schema = column.schema.map { "\($0.raw)." } ?? ""
    return owner == schema + name || owner == name && id.schema == column.schema
  }
}
