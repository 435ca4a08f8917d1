import Databases
import Schemas

/// Reads rows from a SQLite file: small tables whole, large ones by taking each row into sums and
/// letting it go.
///
/// Every reading opens the file, reads within one transaction and closes it again, as
/// `SQLiteSchemaReader` does.
final class SQLiteRowSource: RowSource {
  private let path: String
  private let limits: RowLimits
  private var pages = TablePages()
  /// As the last look found them; nil where it could not tell.
  private var touched: [String]?
  /// The schema of the last reading.
  private var snapshot: Snapshot?

  init(path: String, limits: RowLimits) {
    self.path = path
    self.limits = limits
  }

  func look() throws {
    touched = nil
    touched = try pages.refresh(open())
  }

  func touched(among tables: [TableName: TableImage]) -> [TableName] {
    guard let touched else { return Array(tables.keys) }
    return touched.lazy.map { TableName(Identifier($0)) }.filter { tables[$0] != nil }
  }

  /// Whether the last look saw a table of this name; nil where it could not tell.
  func hasTable(_ name: String) -> Bool? { pages.hasTable(name) }

  func images(of names: [TableName], in snapshot: Snapshot) throws -> [TableImage] {
    self.snapshot = snapshot
    let connection = try open()
    return try names.compactMap { name in
      if let image = stored(name) { return image }
      do {
        return try image(of: name, in: nil, connection)
      } catch let error as DatabaseError where error.code == .statementFailed {
        // Of a virtual table, say, whose module only the application has.
        return TableImage(name, columns: [], key: [], content: .unreadable(error.message))
      }
    }
  }

  /// The table as the schema has it; nil where that does not tell all its columns.
  private func shape(of name: TableName) -> TableShape? {
    guard let snapshot, let unit = snapshot[ObjectID(.table, [name.name])],
      let shape = TableShape(of: unit, in: snapshot), shape.storage == .own, !shape.columns.isEmpty
    else { return nil }
    return shape
  }

  /// The rows of a small table as the file has them; nil where SQLite itself must be asked.
  private func stored(_ name: TableName) -> TableImage? {
    guard let shape = shape(of: name), !shape.isWithoutRowid,
      shape.columns.allSatisfy({ $0.generated == nil }),
      let rows = pages.rows(of: name.name.raw.lowercased(), width: shape.columns.count),
      rows.count <= limits.rows
    else { return nil }
    let cells = rows.map { row in
      zip(shape.columns, row.values).map { column, value -> Cell in
        switch value {
        case .null where column.isRowidAlias: .integer(row.rowid)
        // A whole number takes less room as an integer, and is read as what the column says
        // (<https://www.sqlite.org/datatype3.html#storage_classes_and_datatypes>).
        case .integer(let number) where column.affinity == .real: .real(Double(number))
        default: Cell(value)
        }
      }
    }
    let (columns, key) = Self.columns(of: shape)
    return TableImage(name, columns: columns, key: key, content: .rows(cells))
  }

  private static func columns(of shape: TableShape) -> (columns: [ColumnImage], key: [Int]) {
    let key = shape.primaryKey?.columns ?? []
    return (
      shape.columns.map { shape in
        var image = column(shape.name, type: shape.typeText, defaultValue: shape.defaultValue)
        image.computation = shape.generated?.expression
        return image
      },
      key.compactMap { name in shape.columns.firstIndex { $0.name == name } }
    )
  }

  private static func column(
    _ name: Identifier, type: String, defaultValue: String?
  ) -> ColumnImage {
    let kind = ValueKind(sqlite: type)
    return ColumnImage(
      name: name, type: type, number: nil, kind: kind,
      constantDefault: defaultValue.flatMap { ConstantDefault.text(of: $0, kind: kind) })
  }

  func image(of name: TableName, in buckets: [Int]) throws -> TableImage? {
    try image(of: name, in: buckets, open())
  }

  /// Opens the file and takes the lock that keeps it as it is until the connection is closed.
  func open() throws -> SQLiteConnection {
    let connection = try SQLiteConnection(path: path, access: .readOnly)
    try connection.execute("BEGIN; PRAGMA schema_version")
    return connection
  }

  private func image(
    of name: TableName, in buckets: [Int]?, _ connection: borrowing SQLiteConnection
  ) throws -> TableImage? {
    guard let (columns, key) = try columns(of: name, connection) else { return nil }
    return TableImage(
      name, columns: columns, key: key,
      content: try content(of: name, columns, key: key, in: buckets, connection))
  }

  /// nil where there is no such table.
  private func columns(
    of name: TableName, _ connection: borrowing SQLiteConnection
  ) throws -> (columns: [ColumnImage], key: [Int])? {
    if let shape = shape(of: name) { return Self.columns(of: shape) }
    // 1: hidden columns of virtual tables; 2 and 3: generated ones
    // (<https://www.sqlite.org/pragma.html#pragma_table_xinfo>).
    let rows = try connection.rows(
      "SELECT name, type, dflt_value, pk FROM pragma_table_xinfo(?) WHERE hidden <> 1 ORDER BY cid",
      [.text(name.name.raw)])
    guard !rows.isEmpty else { return nil }
    let columns = rows.map { row in
      Self.column(
        Identifier(row.text(0)), type: row.text(1).uppercased(), defaultValue: row[2].text)
    }
    let key = rows.indices.filter { (rows[$0][3].integer ?? 0) > 0 }
      .sorted { (rows[$0][3].integer ?? 0) < (rows[$1][3].integer ?? 0) }
    return (columns, key)
  }

  private func content(
    of name: TableName, _ columns: [ColumnImage], key: [Int],
    in buckets: [Int]?, _ connection: borrowing SQLiteConnection
  ) throws -> TableImage.Content {
    let list = columns.map { "t.\($0.name.quoted)" }.joined(separator: ", ")
    let limits = buckets == nil ? self.limits : .buckets
    var kept: [[Cell]] = []
    var bytes = 0
    var sums: RowSums?
    try connection.forEachRow("SELECT \(list) FROM main.\(name.name.quoted) t") { row in
      let cells = row.values.map { Cell($0) }
      if let buckets, !buckets.contains(RowSums.bucket(of: cells, columns, key: key)) {
        return true
      }
      if sums != nil {
        sums?.add(cells, of: columns, key: key)
        return true
      }
      kept.append(cells)
      bytes += cells.reduce(0) { $0 + $1.size }
      if kept.count > limits.rows || bytes > limits.bytes {
        var started = RowSums(width: columns.count)
        for row in kept { started.add(row, of: columns, key: key) }
        sums = started
        kept = []
      }
      return true
    }
    return sums.map { .sums($0) } ?? .rows(kept)
  }
}

extension Cell {
  /// In bytes, about.
  var size: Int {
    switch self {
    case .null, .integer, .real: 8
    case .text(let text): text.string.utf8.count
    case .undecodedText(let bytes), .blob(let bytes): bytes.count
    }
  }
}
