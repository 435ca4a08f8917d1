import Databases
package import Schemas

/// What tables hold already, as far as those need it who make up rows for others.
package struct ExistingRows: Hashable, Sendable {
  /// For each table that has rows, some of them, with the columns that others may point to. A table
  /// that is not named here is empty.
  package var rows: [TableName: [InputRow]]

  package init(_ rows: [TableName: [InputRow]] = [:]) { self.rows = rows }

  /// Looks into a database; of each table that has rows, up to 16 are taken.
  init(reading writer: RowWriter, tables: [TableShape]) throws {
    let tables = tables.filter { $0.storage.isReadable }
    let wanted = Self.referencedColumns(tables)
    let queries = tables.map { table in
      let columns = wanted[table.name] ?? []
      let list = columns.isEmpty ? "1" : columns.map(\.quoted).joined(separator: ", ")
      return "SELECT \(list) FROM \(table.name.quoted) LIMIT 16"
    }
    rows = [:]
    for (table, found) in zip(tables, try writer.rows(of: queries)) where !found.isEmpty {
      let columns = wanted[table.name] ?? []
      rows[table.name] = found.map { row in
        InputRow(
          table.name,
          columns.enumerated().map { .init($1, Self.input(row[$0])) })
      }
    }
  }

  static func referencedColumns(_ tables: [TableShape]) -> [TableName: [Identifier]] {
    var columns: [TableName: [Identifier]] = [:]
    for table in tables {
      for key in table.foreignKeys {
        for column in key.referencedColumns where columns[key.table]?.contains(column) != true {
          columns[key.table, default: []].append(column)
        }
      }
    }
    return columns
  }

  private static func input(_ value: Value) -> InputValue {
    switch value {
    case .null: .null
    case .integer(let number): .integer(number)
    case .real(let number): .decimal(String(number))
    case .text(let text): .text(text)
    case .undecodedText(let bytes), .blob(let bytes): .bytes(bytes)
    }
  }
}

extension TableShape.Storage {
  var isReadable: Bool {
    switch self {
    case .own, .partitions, .partition: true
    case .foreign, .module: false
    }
  }
}
