import Databases

/// A table's constraints as objects of the schema, the same wherever they are written: beside a
/// column or after all of them, in whatever order.
///
/// SQLite gives no names; a constraint that was given none is called by its definition.
struct SQLiteConstraints {
  private let table: TableDeclaration
  private let name: Identifier
  private let primaryKey: (String) -> [String]?
  private let text: KeyText

  init(
    of table: TableDeclaration, named name: Identifier, primaryKey: @escaping (String) -> [String]?
  ) {
    self.table = table
    self.name = name
    self.primaryKey = primaryKey
    text = KeyText(of: table)
  }

  var objects: [SchemaObject] {
    var objects: [ObjectID: SchemaObject] = [:]
    for object in table.constraints.map(object).sorted(by: Self.precedes) {
      var object = object
      var copies = 1
      while let other = objects[object.id], other.properties != object.properties {
        copies += 1
        let path = [name, Identifier("\(object.id.name) (\(copies))")]
        object = SchemaObject(ObjectID(.constraint, path), object.properties)
      }
      objects[object.id] = object
    }
    return Array(objects.values)
  }

  /// By content, so that constraints of one name are told apart whatever their order in the text.
  private static func precedes(_ left: SchemaObject, _ right: SchemaObject) -> Bool {
    func key(_ object: SchemaObject) -> String {
      object.properties.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: "\n")
    }
    return key(left) < key(right)
  }

  private func object(_ constraint: TableDeclaration.Constraint) -> SchemaObject {
    var (title, properties) = content(of: constraint.definition)
    properties[.onConflict] = constraint.conflict.map { .text($0) }
    if constraint.name == nil { properties[.unnamed] = .flag(true) }
    return SchemaObject(
      ObjectID(.constraint, [name, Identifier(constraint.name ?? title)]), properties)
  }

  private func content(
    of definition: TableDeclaration.Definition
  ) -> (title: String, [PropertyName: PropertyValue]) {
    switch definition {
    case .primaryKey(let parts, _):
      let columns = parts.map(text.part)
      return ("PRIMARY KEY", [.constraintType: .text("PRIMARY KEY"), .columns: .list(columns)])
    case .unique(let parts):
      let columns = parts.map(text.part)
      return (
        "UNIQUE (\(columns.joined(separator: ", ")))",
        [.constraintType: .text("UNIQUE"), .columns: .list(columns)]
      )
    case .check(let tokens):
      let expression = text.canonical.bareText(of: tokens)
      return (
        "CHECK (\(expression))",
        [.constraintType: .text("CHECK"), .expression: .text(expression)]
      )
    case .foreignKey(let columns, let reference):
      return foreignKey(columns.map(spelt), reference)
    }
  }

  private func foreignKey(
    _ columns: [String], _ reference: TableDeclaration.Reference
  ) -> (title: String, [PropertyName: PropertyValue]) {
    var properties: [PropertyName: PropertyValue] = [
      .constraintType: .text("FOREIGN KEY"), .columns: .list(columns),
      .referencedTable: .text(reference.table),
    ]
    if let target = reference.columns ?? implicitTarget(reference.table) {
      properties[.referencedColumns] = .list(target)
    }
    properties[.onDelete] = reference.onDelete.map { .text($0) }
    properties[.onUpdate] = reference.onUpdate.map { .text($0) }
    properties[.match] = reference.match.map { .text($0) }
    if reference.isDeferred { properties[.deferrable] = .text("DEFERRABLE INITIALLY DEFERRED") }
    let title =
      "FOREIGN KEY (\(columns.joined(separator: ", "))) REFERENCES \(reference.table)"
    return (title, properties)
  }

  private func implicitTarget(_ other: String) -> [String]? {
    let key =
      other.lowercased() == name.raw.lowercased() ? table.primaryKey : primaryKey(other)
    return key?.isEmpty == true ? nil : key
  }

  private func spelt(_ column: String) -> String {
    text.canonical.columns?[column.lowercased()] ?? column
  }
}
