import Databases
package import Schemas

extension RowGenerator {
  /// Writes rows back that a database held at another moment, as far as its tables take them now: what
  /// is known of their columns, and made-up values where a column has come that must have one.
  ///
  /// A table that has rows already gets only such as its primary key tells from them.
  /// - Parameters:
  ///   - tables: all the tables of the present snapshot.
  ///   - wanted: which rows of a table of that moment are to be written.
  package func writeBack(
    _ image: RowImage, _ writer: RowWriter, tables: [TableShape],
    _ wanted: (TableName) -> ReturnedRows
  ) throws {
    let existing = try ExistingRows(reading: writer, tables: tables)
    let rows = tables.flatMap { shape -> [InputRow] in
      guard shape.storage.isReadable, !shape.isPartition, let table = image[shape.name],
        case .rows(let all) = table.content,
        existing.rows[shape.name] == nil || shape.primaryKey != nil
      else { return [] }
      let rows: [[Cell]]
      switch wanted(table.name) {
      case .all: rows = all
      case .none: return []
      case .withoutMadeUpKeys: rows = all.filter { !holdsMadeUpKey($0, table) }
      }
      guard !rows.isEmpty else { return [] }
      return returned(table, rows, to: shape, among: tables)
    }
    _ = try writer.insert(rows, tables: tables)
  }

  /// Whether a made-up row's key stands in the row's own.
  private func holdsMadeUpKey(_ row: [Cell], _ table: TableImage) -> Bool {
    table.key.contains { place in
      row[place].text.flatMap { Int64($0) }.map { $0 >= Self.keyBeyondTheProjects } ?? false
    }
  }

  private func returned(
    _ table: TableImage, _ rows: [[Cell]], to shape: TableShape, among tables: [TableShape]
  ) -> [InputRow] {
    let places = table.columns.indices.filter { place in
      shape.column(table.columns[place].name).map { $0.generated == nil } ?? false
    }
    let known = Set(places.map { table.columns[$0].name })
    let missing = shape.columns.filter { !$0.canBeLeftOut && !known.contains($0.name) }
    let made =
      missing.isEmpty
      ? []
      : self.rows(for: tables, kind: .full, count: min(rows.count, 100)).rows
        .filter { $0.table == shape.name }
    return rows.enumerated().map { number, row in
      var cells = places.map {
        InputRow.Cell(table.columns[$0].name, row[$0].input(of: table.columns[$0].kind))
      }
      if !made.isEmpty {
        let other = made[number % made.count]
        cells += missing.compactMap { column in
          other[column.name].map { InputRow.Cell(column.name, $0) }
        }
      }
      return InputRow(shape.name, cells)
    }
  }
}

/// Which rows of a table are written back.
package enum ReturnedRows {
  case all, none
  /// Those that a migration did not make of made-up rows, as far as their keys tell.
  case withoutMadeUpKeys
}

extension RowImage {
  /// Whether the values of all rows are known.
  package var keepsValues: Bool {
    tables.values.allSatisfy { $0.rowCount == 0 || $0.keepsValues }
  }
}

extension Cell {
  /// The value as it is written, from how `ValueKind.reading` reads it.
  func input(of kind: ValueKind) -> InputValue {
    switch (self, kind) {
    case (.null, _): .null
    case (.integer(let number), _): .integer(number)
    case (.real(let number), _): .decimal(String(number))
    case (.undecodedText(let bytes), _), (.blob(let bytes), _): .bytes(bytes)
    case (.text(let text), .boolean): .boolean(text.string == "1")
    case (.text(let text), .timestampWithZone): .text(Self.inUTC(text.string))
    case (.text(let text), _): .text(text.string)
    }
  }

  /// `2024-01-31 12:00:00` with its zone, which stands before `BC`; `infinity` has none.
  private static func inUTC(_ clock: String) -> String {
    guard clock.utf8.contains(UInt8(ascii: ":")) else { return clock }
    let parts = clock.split(separator: " BC", omittingEmptySubsequences: false)
    return parts[0] + "+00" + (parts.count > 1 ? " BC" : "")
  }
}
