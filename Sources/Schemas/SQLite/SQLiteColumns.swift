import Databases

/// A table's columns as objects of the schema.
struct SQLiteColumns {
  private let table: TableDeclaration
  private let name: Identifier
  private let canonical: CanonicalText

  init(of table: TableDeclaration, named name: Identifier) {
    self.table = table
    self.name = name
    canonical = CanonicalText(columns: table.spelling)
  }

  var objects: [SchemaObject] {
    let key = table.primaryKey
    let alias = rowidAlias(key)
    return table.columns.enumerated().map { offset, column in
      var object = SchemaObject(ObjectID(.column, [name, Identifier(column.name)]))
      object[.position] = .number(Int64(offset + 1))
      object[.type] = column.type.map { .text($0) }
      let isAlias = column.name == alias
      if column.notNull || isAlias || impliesNotNull && key.contains(column.name) {
        object[.notNull] = .flag(true)
      }
      if !isAlias { object[.notNullConflict] = column.notNullConflict.map { .text($0) } }
      if isAlias { object[.rowidAlias] = .flag(true) }
      if isAlias, isAutoincrement { object[.autoincrement] = .flag(true) }
      if !column.defaultValue.isEmpty {
        // No column is in scope in a default.
        object[.defaultValue] = .text(CanonicalText().bareText(of: column.defaultValue))
      }
      if let collation = column.collation, collation != "BINARY" {
        object[.collation] = .text(collation)
      }
      if !column.generated.isEmpty {
        object[.generated] = .text(canonical.bareText(of: column.generated))
        if column.isStored { object[.stored] = .flag(true) }
      }
      return object
    }
  }

  /// Where a primary key cannot hold NULL (<https://www.sqlite.org/withoutrowid.html>,
  /// <https://www.sqlite.org/stricttables.html>).
  private var impliesNotNull: Bool { table.withoutRowid || table.strict }

  private var isAutoincrement: Bool {
    table.constraints.contains {
      if case .primaryKey(_, autoincrement: true) = $0.definition { true } else { false }
    }
  }

  /// The column that is the rowid itself (<https://www.sqlite.org/lang_createtable.html#rowid>).
  private func rowidAlias(_ key: [String]) -> String? {
    guard !table.withoutRowid, key.count == 1,
      let column = table.columns.first(where: { $0.name == key[0] }),
      column.type == "INTEGER", !column.isDescendingKey
    else { return nil }
    return column.name
  }
}
