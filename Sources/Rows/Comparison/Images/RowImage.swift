package import Databases
package import Schemas

/// What the rows of a database were at one moment, table by table.
package struct RowImage: Sendable {
  /// The schema in which the rows stood.
  package let snapshot: Snapshot
  var tables: [TableName: TableImage]
  let references: ReferenceIndex

  init(
    _ snapshot: Snapshot, tables: [TableName: TableImage] = [:],
    references: ReferenceIndex = ReferenceIndex()
  ) {
    self.snapshot = snapshot
    self.tables = tables
    self.references = references
  }

  package var engine: Engine { snapshot.engine }

  /// The table of that name; nil where there was none. PostgreSQL's schema `public` may be left out.
  package subscript(table: TableName) -> TableImage? {
    tables[Self.full(table, on: engine)]
  }

  /// Every table in the order of their names.
  package var ordered: [TableImage] { tables.values.sorted { $0.name.precedes($1.name) } }

  /// Of all tables that could be read.
  package var rowCount: Int { tables.values.reduce(0) { $0 + $1.rowCount } }

  package var holdsRows: Bool { tables.values.contains { $0.rowCount > 0 } }

  /// The tables without a row, in the order of their names.
  package var emptyTables: [TableName] {
    tables.values.filter { $0.rowCount == 0 }.map(\.name).sorted { $0.precedes($1) }
  }

  /// The tables that are others than those of the same names in an earlier image; PostgreSQL alone
  /// tells, by their oids.
  package func replaced(since earlier: RowImage) -> Set<TableName> {
    guard engine == .postgresql else { return [] }
    return Set(tables.values.filter { earlier.tables[$0.name]?.oid != $0.oid }.map(\.name))
  }

  /// Whether any row whose values are kept has this number in any column.
  package func holds(_ number: Int64) -> Bool {
    let text = String(number)
    return tables.values.contains { table in
      guard case .rows(let rows) = table.content else { return false }
      return rows.contains { row in row.contains { $0.text == text } }
    }
  }

  /// PostgreSQL's oids of the tables; empty on SQLite.
  package var oids: Set<UInt32> { Set(tables.values.compactMap(\.oid)) }

  /// The tables of these oids that hold rows.
  package func holdingRows(among oids: Set<UInt32>) -> [TableName] {
    tables.values.filter { $0.rowCount > 0 && $0.oid.map(oids.contains) == true }.map(\.name)
  }

  /// The tables of these oids that held rows in an earlier image, and lie in another file since.
  package func rewritten(since earlier: RowImage, among oids: Set<UInt32>) -> [TableName] {
    let files = earlier.tables.values.reduce(into: [UInt32: UInt32]()) { files, table in
      if let oid = table.oid, table.rowCount > 0, oids.contains(oid) { files[oid] = table.file }
    }
    return tables.values.filter { table in
      table.oid.flatMap { files[$0] }.map { $0 != table.file } ?? false
    }.map(\.name).sorted { $0.precedes($1) }
  }

  /// The name with its schema, where the engine has any.
  static func full(_ name: TableName, on engine: Engine) -> TableName {
    engine == .postgresql ? TableName(schema: name.schema ?? "public", name.name) : name
  }
}

extension TableName {
  func precedes(_ other: TableName) -> Bool {
    (schema ?? "", name) < (other.schema ?? "", other.name)
  }

  /// As sentences write it: `public` is left out.
  var title: String { ObjectID(.table, schema: schema, [name]).qualifiedName }
}
