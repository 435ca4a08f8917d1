import Databases

/// Makes a table's or view's unit of its rows in `sqlite_schema`.
struct SQLiteUnit {
  private let main: SchemaRow
  private let declaration: TableDeclaration?
  private let parts: [SchemaRow]
  private let primaryKey: (String) -> [String]?

  /// - Parameters:
  ///   - declaration: what a table's text says, where it was read already.
  ///   - parts: its indexes and triggers.
  ///   - primaryKey: the columns of another table's primary key, by the table's name in any case;
  ///     nil where there is no such table.
  init(
    _ main: SchemaRow, _ declaration: TableDeclaration? = nil, parts: [SchemaRow],
    primaryKey: @escaping (String) -> [String]?
  ) {
    self.main = main
    self.declaration = declaration
    self.parts = parts
    self.primaryKey = primaryKey
  }

  private var name: Identifier { Identifier(main.name) }

  var made: SchemaUnit {
    if main.kind == .view { return SchemaUnit(view, parts: parts.map { part($0, of: nil) }) }
    guard let table = declaration ?? TableParser.declaration(in: main.sql) else {
      return SchemaUnit(unread, parts: parts.map { part($0, of: nil) })
    }
    var object = SchemaObject(ObjectID(.table, [name]))
    if table.withoutRowid { object[.withoutRowid] = .flag(true) }
    if table.strict { object[.strict] = .flag(true) }
    let columns = SQLiteColumns(of: table, named: name).objects
    let constraints = SQLiteConstraints(of: table, named: name, primaryKey: primaryKey).objects
    return SchemaUnit(object, parts: columns + constraints + parts.map { part($0, of: table) })
  }

  private var view: SchemaObject {
    var object = SchemaObject(ObjectID(.view, [name]))
    guard let view = OtherDeclarations.view(main.sql) else {
      object[.definition] = .text(canonicalText(of: main))
      return object
    }
    object[.definition] = .text(view.query)
    object[.columns] = view.columns.map { .list($0) }
    return object
  }

  /// A virtual table, or a text that only SQLite can read: kept as a whole.
  private var unread: SchemaObject {
    var object = SchemaObject(ObjectID(.table, [name]))
    if let virtual = OtherDeclarations.virtualTable(main.sql) {
      object[.module] = .text(virtual.module)
      object[.definition] = .text(virtual.arguments)
    } else {
      object[.definition] = .text(canonicalText(of: main))
    }
    return object
  }

  private func part(_ row: SchemaRow, of table: TableDeclaration?) -> SchemaObject {
    let kind: ObjectKind = row.kind == .index ? .index : .trigger
    var object = SchemaObject(ObjectID(kind, [name, Identifier(row.name)]))
    guard row.kind == .index, let index = IndexDeclaration(row.sql) else {
      object[.definition] = .text(
        OtherDeclarations.trigger(row.sql) ?? canonicalText(of: row))
      return object
    }
    let text = KeyText(of: table)
    object[.columns] = .list(index.parts.map(text.part))
    if index.isUnique { object[.unique] = .flag(true) }
    if !index.predicate.isEmpty {
      object[.predicate] = .text(text.canonical.bareText(of: index.predicate))
    }
    return object
  }

  private func canonicalText(of row: SchemaRow) -> String {
    CanonicalText().text(of: Tokenizer.tokens(of: row.sql))
  }
}

/// Writes the columns and expressions of keys and indexes of one table.
struct KeyText {
  let canonical: CanonicalText
  /// The columns' own collations, by their names as they are declared.
  private let collations: [String: String]

  init(of table: TableDeclaration?) {
    canonical = CanonicalText(columns: table?.spelling)
    let declared = table?.columns.map { ($0.name, $0.collation ?? "BINARY") } ?? []
    collations = Dictionary(declared) { first, _ in first }
  }

  /// The column's name alone where nothing else is said of it; its own collation is not repeated.
  func part(_ part: TableDeclaration.KeyPart) -> String {
    let column = part.column.map { canonical.columns?[$0.lowercased()] ?? $0 }
    var text = column ?? canonical.text(of: part.expression)
    var suffix = ""
    if let collation = part.collation, collation != column.flatMap({ collations[$0] }) {
      suffix += " COLLATE \(collation)"
    }
    if part.isDescending { suffix += " DESC" }
    if let nulls = part.nulls { suffix += " \(nulls)" }
    if let column, !suffix.isEmpty { text = CanonicalText.name(column) }
    return text + suffix
  }
}
