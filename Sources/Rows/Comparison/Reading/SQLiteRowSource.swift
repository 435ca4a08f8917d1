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

  init(path: String, limits: RowLimits) {
    self.path = path
    self.limits = limits
  }

  func images(of names: [TableName], isAll: Bool) throws -> [TableImage] {
    let connection = try open()
    return try names.compactMap { name in
      do {
        return try image(of: name, in: nil, connection)
      } catch let error as DatabaseError where error.code == .statementFailed {
        // Of a virtual table, say, whose module only the application has.
        return TableImage(name, columns: [], key: [], content: .unreadable(error.message))
      }
    }
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
    // 1: hidden columns of virtual tables; 2 and 3: generated ones
    // (<https://www.sqlite.org/pragma.html#pragma_table_xinfo>).
    let rows = try connection.rows(
      "SELECT name, type, dflt_value, pk FROM pragma_table_xinfo(?) WHERE hidden <> 1 ORDER BY cid",
      [.text(name.name.raw)])
    guard !rows.isEmpty else { return nil }
    let columns = rows.map { row in
      let kind = ValueKind(sqlite: row.text(1))
      return ColumnImage(
        name: Identifier(row.text(0)), type: row.text(1).uppercased(), number: nil, kind: kind,
        constantDefault: row[2].text.flatMap { ConstantDefault.text(of: $0, kind: kind) })
    }
    let key = rows.indices.filter { (rows[$0][3].integer ?? 0) > 0 }
      .sorted { (rows[$0][3].integer ?? 0) < (rows[$1][3].integer ?? 0) }
    return TableImage(
      name, columns: columns, key: key,
      content: try content(of: name, columns, key: key, in: buckets, connection))
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
    case .blob(let bytes): bytes.count
    }
  }
}
