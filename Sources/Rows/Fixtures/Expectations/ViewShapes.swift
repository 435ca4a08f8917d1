package import Databases
package import Schemas

/// Views as the tables that they look like to those who search for rows in them.
package enum ViewShapes {
  /// The views of the snapshot with the columns that they have now; without keys, since a view has
  /// none. On SQLite, where only the engine knows a view's columns, those that cannot be read are left
  /// out.
  /// - Throws: `DatabaseError` where the database cannot be asked.
  package static func shapes(
    of snapshot: Snapshot, on address: DatabaseAddress
  ) throws -> [TableShape] {
    let units = snapshot.ordered.filter {
      ($0.id.kind == .view || $0.id.kind == .materializedView)
        && $0.id.schema != "information_schema" && $0.objects[0]["system-privileges"] == nil
    }
    guard !units.isEmpty else { return [] }
    let types = TypeReader(snapshot: snapshot)
    func shape(_ name: TableName, _ columns: [SchemaObject]) -> TableShape {
      TableShape(
        engine: snapshot.engine, name: name,
        columns: columns.sorted { $0.number(.position) < $1.number(.position) }.map {
          ColumnReader(object: $0, engine: snapshot.engine, isStrict: false, types: types).shape
        },
        keys: [], foreignKeys: [], checks: [], exclusions: [], storage: .own, parents: [],
        isWithoutRowid: false, isStrict: false)
    }
    switch address {
    case .postgresql:
      return units.map { unit in
        shape(
          TableName(schema: unit.id.schema, unit.id.name),
          unit.objects.dropFirst().filter { $0.id.kind == .column })
      }
    case .sqlite(let path):
      let connection = try SQLiteConnection(path: path, access: .readOnly)
      return units.compactMap { unit in
        let columns = (try? columns(of: unit.id.name, connection)) ?? []
        return columns.isEmpty ? nil : shape(TableName(unit.id.name), columns)
      }
    }
  }

  private static func columns(
    of view: Identifier, _ connection: borrowing SQLiteConnection
  ) throws -> [SchemaObject] {
    try connection.rows(
      "SELECT name, type, cid FROM pragma_table_info(?, 'main')", [.text(view.raw)]
    ).map { row in
      SchemaObject(
        ObjectID(.column, [view, Identifier(row.text(0))]),
        [.type: .text(row.text(1)), .position: .number(row[2].integer ?? 0)])
    }
  }
}
