import Databases
import Schemas

/// Reads a table's shape from its unit, with what other units say of its types and references.
struct TableShapeReader {
  let unit: SchemaUnit
  let snapshot: Snapshot
  let names: TableNames
  /// The partitions of partitioned tables, where any is in question.
  let partitions: (TableName) -> [TableShape.Partition]

  private var main: SchemaObject { unit.objects[0] }
  private var engine: Engine { snapshot.engine }

  /// nil where the unit is no table of the user's.
  var shape: TableShape? {
    let id = main.id
    guard id.kind == .table || id.kind == .foreignTable, id.schema != "information_schema",
      main["system-privileges"] == nil
    else { return nil }
    let name = TableName(schema: id.schema, id.name)
    let types = TypeReader(snapshot: snapshot)
    let strict = main["strict"] != nil
    let columns = parts(.column).sorted { $0.number(.position) < $1.number(.position) }
      .map { ColumnReader(object: $0, engine: engine, isStrict: strict, types: types).shape }
    let constraints = parts(.constraint)
    return TableShape(
      engine: engine, name: name, columns: columns,
      keys: keys(constraints, of: columns.map(\.name)),
      foreignKeys: constraints.filter { $0.constraintType == "FOREIGN KEY" }
        .map { foreignKey($0, in: name) },
      checks: constraints.filter { $0.constraintType == "CHECK" && $0["not-enforced"] == nil }
        .map { CheckShape(name: $0.id.name, expression: $0.text(.expression) ?? "") },
      exclusions: constraints.filter { $0.constraintType == "EXCLUDE" }
        .map { CheckShape(name: $0.id.name, expression: $0.text(.definition) ?? "") },
      storage: storage(of: name), parents: (main.list("inherits") ?? []).map(names.parsed),
      isWithoutRowid: main["without-rowid"] != nil, isStrict: strict)
  }

  private func parts(_ kind: ObjectKind) -> [SchemaObject] {
    unit.objects.dropFirst().filter { $0.id.kind == kind }
  }

  private func storage(of name: TableName) -> TableShape.Storage {
    if main.id.kind == .foreignTable { return .foreign }
    if let module = main.text("module") { return .module(module) }
    if let key = main.text("partition-key") { return .partitions(key: key, partitions(name)) }
    return main.text("partition-bound").map { .partition(bound: $0) } ?? .own
  }

  // MARK: Keys

  private func keys(_ constraints: [SchemaObject], of columns: [Identifier]) -> [KeyShape] {
    func named(_ type: String, _ kind: KeyShape.Kind) -> [KeyShape] {
      constraints.filter { $0.constraintType == type }.map { object in
        KeyShape(
          name: object.id.name, kind: kind,
          parts: (object.list(.columns) ?? []).map { keyPart($0, among: columns) },
          nullsNotDistinct: object["nulls-not-distinct"] != nil)
      }
    }
    let indexes = parts(.index).filter { $0[.unique] != nil && $0["valid"] == nil }
    return named("PRIMARY KEY", .primary) + named("UNIQUE", .constraint)
      + indexes.map { object in
        KeyShape(
          name: object.id.name, kind: .index,
          parts: (object.list(.columns) ?? []).map { keyPart($0, among: columns) },
          predicate: object.text(.predicate),
          nullsNotDistinct: object["nulls-not-distinct"] != nil)
      }
  }

  /// A column by its raw name, or a column or expression as SQL writes it with what follows it: a
  /// collation, an operator class, an order.
  private func keyPart(_ text: String, among columns: [Identifier]) -> KeyShape.Part {
    if columns.contains(Identifier(text)) { return .column(Identifier(text), collation: nil) }
    var words = SQLWord.words(of: text)
    while let last = words.last?.keyword, ["DESC", "ASC", "FIRST", "LAST", "NULLS"].contains(last) {
      words.removeLast()
    }
    var collation: String?
    var depth = 0
    for (index, word) in words.enumerated() {
      if word == .symbol("(") { depth += 1 }
      if word == .symbol(")") { depth -= 1 }
      if depth == 0, word.keyword == "COLLATE" {
        let qualified = words[(index + 1)...].prefix(3)
        collation = qualified.contains(.symbol(".")) ? qualified.last?.name : qualified.first?.name
        words.removeSubrange(index...)
        break
      }
    }
    if let name = words.first?.name, columns.contains(Identifier(name)),
      words.dropFirst().allSatisfy({ $0.name != nil || $0 == .symbol(".") })
    {
      return .column(Identifier(name), collation: collation)
    }
    return .expression(text, collation: collation)
  }

  // MARK: References

  private func foreignKey(_ object: SchemaObject, in table: TableName) -> ForeignKeyShape {
    let target = names.table(object.text(.referencedTable) ?? "", from: table.schema)
    let listed = (object.list(.referencedColumns) ?? []).map { Identifier($0) }
    let deferral: ForeignKeyShape.Deferral =
      switch object.text(.deferrable) {
      case nil: .none
      case "DEFERRABLE": .deferrable
      default: .initiallyDeferred
      }
    return ForeignKeyShape(
      name: object.id.name, columns: (object.list(.columns) ?? []).map { Identifier($0) },
      table: target, referencedColumns: listed.map { names.column($0, of: target) },
      onDelete: object.text(.onDelete), onUpdate: object.text(.onUpdate),
      isFull: engine == .postgresql && object.text(.match) == "FULL", deferral: deferral,
      isNotValid: object["not-valid"] != nil)
  }
}

extension SchemaObject {
  func text(_ name: PropertyName) -> String? {
    if case .text(let text)? = self[name] { text } else { nil }
  }

  func list(_ name: PropertyName) -> [String]? {
    if case .list(let items)? = self[name] { items } else { nil }
  }

  func number(_ name: PropertyName) -> Int64 {
    if case .number(let number)? = self[name] { number } else { 0 }
  }

  var constraintType: String? { text(.constraintType) }
}
