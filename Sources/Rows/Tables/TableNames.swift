import Databases
import Schemas

/// Finds the tables of a snapshot by the names under which others refer to them.
struct TableNames {
  let snapshot: Snapshot

  /// A foreign key's target: on PostgreSQL raw, with its schema before a dot where that is another
  /// than `schema`; on SQLite in any case.
  func table(_ text: String, from schema: Identifier?) -> TableName {
    let same = TableName(schema: schema, Identifier(text))
    if unit(same) != nil { return same }
    switch snapshot.engine {
    case .postgresql:
      for dot in text.indices where text[dot] == "." {
        let other = TableName(
          schema: Identifier(String(text[..<dot])),
          Identifier(String(text[text.index(after: dot)...])))
        if unit(other) != nil { return other }
      }
      return same
    case .sqlite:
      let lowered = text.lowercased()
      let found = snapshot.ordered.first {
        $0.id.kind == .table && $0.id.name.raw.lowercased() == lowered
      }
      return found.map { TableName($0.id.name) } ?? same
    }
  }

  /// A table as SQL names it, quoted where it must be: `public."T t"`.
  func parsed(_ text: String) -> TableName {
    let names = SQLWord.words(of: text).compactMap(\.name).map { Identifier($0) }
    return TableName(schema: names.count > 1 ? names[0] : nil, names.last ?? Identifier(text))
  }

  /// The column's name as its table declares it.
  func column(_ name: Identifier, of table: TableName) -> Identifier {
    guard snapshot.engine == .sqlite, let unit = unit(table) else { return name }
    let columns = unit.objects.lazy.filter { $0.id.kind == .column }.map(\.id.name)
    if columns.contains(name) { return name }
    let lowered = name.raw.lowercased()
    return columns.first { $0.raw.lowercased() == lowered } ?? name
  }

  private func unit(_ table: TableName) -> SchemaUnit? {
    snapshot[ObjectID(.table, schema: table.schema, [table.name])]
      ?? snapshot[ObjectID(.foreignTable, schema: table.schema, [table.name])]
  }
}
