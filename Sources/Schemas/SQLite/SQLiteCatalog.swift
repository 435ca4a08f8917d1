import Databases

/// The rows of `sqlite_schema` and the snapshot that they make, kept together: each change of rows
/// makes anew only the units that it touches.
struct SQLiteCatalog {
  private(set) var snapshot = Snapshot(engine: .sqlite)

  private let excluded: Set<String>
  /// What belongs to each table or view, by its name in small letters.
  private var rows: [String: [SchemaRow]] = [:]
  private var units: [String: ObjectID] = [:]
  private var primaryKeys: [String: [String]] = [:]
  /// The tables that refer to another's primary key without naming its columns, with those others.
  private var implicitTargets: [String: Set<String>] = [:]
  private var shadows: Set<String> = []

  /// - Parameter excluded: names of tables in small letters.
  init(excluding excluded: Set<String>) { self.excluded = excluded }

  /// Whether any table is virtual, so that some may be its shadows.
  private(set) var virtualTables: Set<String> = []

  mutating func apply(removed: Set<SchemaRow>, added: Set<SchemaRow>) {
    var touched: Set<String> = []
    for row in removed where !row.isInternal {
      rows[row.key]?.removeAll { $0 == row }
      touched.insert(row.key)
    }
    for row in added where !row.isInternal {
      rows[row.key, default: []].append(row)
      touched.insert(row.key)
    }
    var declarations: [String: TableDeclaration] = [:]
    let rekeyed = touched.filter { updateKeys(of: $0, &declarations) }
    if !rekeyed.isEmpty {
      for (key, targets) in implicitTargets where !targets.isDisjoint(with: rekeyed) {
        touched.insert(key)
      }
    }
    for key in touched { renew(key, declarations[key]) }
  }

  /// Leaves out the tables in which virtual tables keep their content.
  /// - Parameter names: in small letters.
  mutating func setShadows(_ names: Set<String>) {
    let touched = shadows.symmetricDifference(names)
    shadows = names
    for key in touched { renew(key) }
  }

  /// What the file's header says, where it is not the default.
  mutating func setSettings(userVersion: Int64, applicationID: Int64) {
    var settings = SchemaObject(ObjectID(.databaseSettings, ["main"]))
    if userVersion != 0 { settings[.userVersion] = .number(userVersion) }
    if applicationID != 0 { settings[.applicationID] = .number(applicationID) }
    if settings.properties.isEmpty {
      snapshot.remove(settings.id)
    } else {
      snapshot.put(SchemaUnit(settings))
    }
  }

  /// Whether it is a table with this column and no other, whose rows lie in it as they are.
  func hasOnlyColumn(_ column: String, _ table: String) -> Bool {
    guard let row = mainRow(of: table.lowercased()), row.kind == .table,
      let declaration = TableParser.declaration(in: row.sql), !declaration.withoutRowid
    else { return false }
    return declaration.columns.map(\.name) == [column]
  }

  private func mainRow(of key: String) -> SchemaRow? {
    rows[key]?.first { $0.kind == .table || $0.kind == .view }
  }

  /// Reads what others need to know of the table, and keeps what it read of the rest.
  /// - Returns: whether its primary key is not what it was.
  private mutating func updateKeys(
    of key: String, _ declarations: inout [String: TableDeclaration]
  ) -> Bool {
    let row = mainRow(of: key)
    let table = row?.kind == .table ? row.flatMap { TableParser.declaration(in: $0.sql) } : nil
    declarations[key] = table
    let before = primaryKeys[key]
    primaryKeys[key] = table?.primaryKey
    let targets = table?.implicitTargets ?? []
    implicitTargets[key] = targets.isEmpty ? nil : targets
    if table == nil, let row, row.kind == .table, OtherDeclarations.virtualTable(row.sql) != nil {
      virtualTables.insert(key)
    } else {
      virtualTables.remove(key)
    }
    return before != primaryKeys[key]
  }

  /// - Parameter declaration: what the table's text says, where it was read already.
  private mutating func renew(_ key: String, _ declaration: TableDeclaration? = nil) {
    if let id = units.removeValue(forKey: key) { snapshot.remove(id) }
    if rows[key]?.isEmpty == true { rows[key] = nil }
    guard let main = mainRow(of: key), !excluded.contains(key), !shadows.contains(key) else {
      return
    }
    let parts = (rows[key] ?? []).filter { $0.kind == .index || $0.kind == .trigger }
    let unit = SQLiteUnit(main, declaration, parts: parts) { [primaryKeys] in
      primaryKeys[$0.lowercased()]
    }.made
    units[key] = unit.id
    snapshot.put(unit)
  }
}

extension TableDeclaration {
  /// In small letters.
  fileprivate var implicitTargets: Set<String> {
    var targets: Set<String> = []
    for case .foreignKey(_, let reference) in constraints.map(\.definition)
    where reference.columns == nil { targets.insert(reference.table.lowercased()) }
    return targets
  }
}
