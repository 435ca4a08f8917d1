import Databases

/// The tables of one engine's schema, in a form that the other's can be held against.
struct PortableSchema {
  private(set) var tables: [PortableTable] = []
  /// The names, in small letters, of everything else that can be read like a table: views, foreign
  /// tables, partitions, and tables that only SQLite itself can read.
  private(set) var others: Set<String> = []
  /// The views that both engines could have: none of another schema than `public`.
  private(set) var views: [SchemaObject] = []

  init(_ snapshot: Snapshot) {
    let types = PostgresOwnTypes(in: snapshot)
    for kind in [ObjectKind.view, .materializedView, .foreignTable] {
      others.formUnion(snapshot.units(of: kind).map { $0.id.name.raw.lowercased() })
    }
    views = snapshot.units(of: .view).compactMap(\.objects.first).filter { view in
      view[.definition] != nil && (view.id.schema == nil || view.id.schema == "public")
    }
    for unit in snapshot.units(of: .table) {
      let main = unit.objects[0]
      let isUnread = snapshot.engine == .sqlite && main[.definition] != nil
      if isUnread || main["partition-bound"] != nil {
        others.insert(unit.id.name.raw.lowercased())
      } else {
        tables.append(PortableTable(unit, engine: snapshot.engine, types: types))
      }
    }
  }
}

extension PortableSchema {
  /// Whether there is a view, a table or something like one of that name.
  func hasReadable(_ id: ObjectID) -> Bool {
    let key = id.name.raw.lowercased()
    return others.contains(key) || tables.contains { $0.key == key }
  }
}

/// One table of one engine.
struct PortableTable {
  let id: ObjectID
  let engine: Engine
  let columns: [PortableColumn]
  /// The constraints and indexes as the snapshot has them, read where a comparison needs them: what
  /// they mean depends on the types that the other engine gives to the columns.
  let parts: [SchemaObject]
  /// The columns of the primary key, in small letters; empty where there is none.
  let primaryKey: [String]

  init(_ unit: SchemaUnit, engine: Engine, types: PostgresOwnTypes) {
    id = unit.id
    self.engine = engine
    parts = unit.objects.filter { [.constraint, .index].contains($0.id.kind) }
    let key = parts.first { $0[.constraintType] == .text("PRIMARY KEY") }
    primaryKey = (key?.texts(.columns) ?? []).map { Self.bareName($0) }
    let inKey = Set(primaryKey)
    columns = unit.objects.filter { $0.id.kind == .column }
      .sorted { $0.place < $1.place }
      .map {
        PortableColumn(
          $0, engine: engine, types: types,
          isInKey: inKey.contains($0.id.name.raw.lowercased()))
      }
  }

  /// In small letters: SQLite's names are equal whatever their case, PostgreSQL's mostly in small
  /// ones.
  var key: String { id.name.raw.lowercased() }

  /// A key's column without what SQLite's reader adds to it: `"id" DESC`.
  private static func bareName(_ text: String) -> String {
    PortableExpressionParser.key(text, of: .sqlite, booleans: []).expression.column
      ?? text.lowercased()
  }
}

/// One column of one engine's table.
struct PortableColumn {
  let object: SchemaObject
  /// The name in small letters.
  let name: String
  let type: PortableType
  /// The type as it is written; nil where none is.
  let typeText: String?
  /// Whether it refuses NULL, as every column of a primary key is meant to.
  let isNotNull: Bool
  let defaultText: String?
  /// Whether the engine makes up a value for each row: a sequence, an identity, the rowid.
  let fillsItself: Bool
  let generated: String?
  /// Whether its type is a domain that checks its values.
  let isCheckedByDomain: Bool

  init(_ object: SchemaObject, engine: Engine, types: PostgresOwnTypes, isInKey: Bool) {
    self.object = object
    name = object.id.name.raw.lowercased()
    typeText = object.string(.type)
    generated = object.string(.generated)
    isNotNull = isInKey || object[.notNull] == .flag(true)
    let value = object.string(.defaultValue)
    switch engine {
    case .sqlite:
      type = PortableType(sqlite: typeText)
      fillsItself = object[.rowidAlias] == .flag(true)
      defaultText = value
      isCheckedByDomain = false
    case .postgresql:
      let written = typeText ?? ""
      type = PortableType(postgresql: written, types: types)
      let drawsOnSequence = value?.contains("nextval(") == true
      fillsItself = drawsOnSequence || object["identity"] != nil
      defaultText = drawsOnSequence ? nil : value
      isCheckedByDomain = types.isChecked(written)
    }
  }
}

extension SchemaObject {
  func string(_ name: PropertyName) -> String? {
    if case .text(let text)? = self[name] { text } else { nil }
  }

  func texts(_ name: PropertyName) -> [String] {
    if case .list(let items)? = self[name] { items } else { [] }
  }

  fileprivate var place: Int64 {
    if case .number(let place)? = self[.position] { place } else { 0 }
  }
}
