import Databases
import Schemas

/// A row whose table and columns are known to be there.
struct PlannedRow: Sendable {
  struct Cell: Sendable {
    let column: ColumnShape
    let value: InputValue
  }

  let row: InputRow
  let table: TableShape
  let cells: [Cell]

  func value(_ column: Identifier) -> InputValue? {
    cells.first { $0.column.name == column }?.value
  }

  /// The row as it is to be written, or why it cannot be.
  /// - Parameter allowsGenerated: for rows that are looked for.
  static func plan(
    _ row: InputRow, tables: TableIndex, allowsGenerated: Bool = false
  ) -> Result<PlannedRow, Refusal> {
    guard let table = tables[row.table] else {
      return .failure(
        Refusal(
          RejectedRow(
            row, table: row.table, message: "there is no table \"\(row.table.name)\"")))
    }
    var cells: [Cell] = []
    for cell in row.cells {
      func refuse(_ message: String) -> Result<PlannedRow, Refusal> {
        .failure(
          Refusal(RejectedRow(row, table: table.name, column: cell.column, message: message)))
      }
      guard let column = table.column(cell.column) else {
        return refuse("the table \"\(table)\" has no column \"\(cell.column)\"")
      }
      if let generated = column.generated, !allowsGenerated {
        return refuse(
          "the column \"\(column.name)\" is generated from \(generated.expression): it takes no value"
        )
      }
      if cells.contains(where: { $0.column.name == column.name }) {
        return refuse("the column \"\(column.name)\" is given twice")
      }
      cells.append(Cell(column: column, value: cell.value))
    }
    return .success(PlannedRow(row: row, table: table, cells: cells))
  }

  struct Refusal: Error {
    let rejected: RejectedRow
    init(_ rejected: RejectedRow) { self.rejected = rejected }
  }
}

/// Tables by the names that rows give them.
struct TableIndex {
  private let engine: Engine?
  private let tables: [TableName: TableShape]

  init(_ tables: [TableShape]) {
    engine = tables.first?.engine
    self.tables = Dictionary(
      tables.map { (Self.key($0.name, $0.engine), $0) }, uniquingKeysWith: { first, _ in first })
  }

  subscript(name: TableName) -> TableShape? {
    engine.flatMap { tables[Self.key(name, $0)] }
  }

  private static func key(_ name: TableName, _ engine: Engine) -> TableName {
    switch engine {
    case .postgresql: TableName(schema: name.schema ?? "public", name.name)
    case .sqlite: TableName(Identifier(name.name.raw.lowercased()))
    }
  }
}
