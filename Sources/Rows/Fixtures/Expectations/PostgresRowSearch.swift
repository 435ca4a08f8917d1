import Databases

/// Searches a PostgreSQL database for rows.
final class PostgresRowSearch: RowSearch {
  private let connection: PostgresConnection

  /// The database's own `search_path`, in which the operators of extensions are found.
  init(_ address: PostgresAddress) throws {
    connection = try PostgresConnection(address, readOnly: true)
    try connection.execute("SET search_path TO DEFAULT; SET standard_conforming_strings = on")
  }

  var isAlive: Bool { connection.isAlive }

  func count(of row: PlannedRow, upTo limit: Int) throws -> Int {
    let found = try connection.rows(
      """
      SELECT count(*) FROM (SELECT 1 FROM \(row.table.name.quoted)
        WHERE \(Self.conditions(row.cells)) LIMIT \(limit)) AS found
      """)
    return found.first?[0].integer.map(Int.init) ?? 0
  }

  func differences(of row: PlannedRow, key: [Identifier]) throws -> [MissingRow.Difference]? {
    let others = row.cells.filter { !key.contains($0.column.name) }
    let columns = others.flatMap { ["(\(Self.condition($0)))", "\($0.column.name.quoted)::text"] }
    let found = try connection.rows(
      """
      SELECT \((["1"] + columns).joined(separator: ", ")) FROM \(row.table.name.quoted)
        WHERE \(Self.conditions(row.cells.filter { key.contains($0.column.name) })) LIMIT 1
      """)
    guard let values = found.first?.values.dropFirst() else { return nil }
    return others.enumerated().compactMap { index, cell in
      let place = values.startIndex + 2 * index
      guard values[place] != .text("t") else { return nil }
      return .init(column: cell.column.name, expected: cell.value, actual: values[place + 1])
    }
  }

  private static func conditions(_ cells: [PlannedRow.Cell]) -> String {
    cells.isEmpty ? "true" : cells.map { "(\(condition($0)))" }.joined(separator: " AND ")
  }

  /// A literal without a type takes the column's, as an assignment does; a cast would cut what is too
  /// long and then find it.
  private static func condition(_ cell: PlannedRow.Cell) -> String {
    let column = cell.column.name.quoted
    let type = cell.column.type
    guard let text = PostgresText.text(of: cell.value, as: type) else { return "\(column) IS NULL" }
    let literal = PostgresText.literal(text)
    switch equality(of: type) {
    case .ofType: return "\(column) = \(literal)"
    case .ofJSON: return "\(column)::jsonb = \(literal)::jsonb"
    case .ofText: return "\(column)::text = (\(literal)::\(cell.column.typeText))::text"
    }
  }

  private enum Equality { case ofType, ofJSON, ofText }

  /// json, xml, hstore and most geometric types have no `=`, or one that compares sizes
  /// (<https://www.postgresql.org/docs/current/functions-geometry.html>); a composite's literal needs
  /// its type. Their text is the same for the same value.
  private static func equality(of type: ColumnType) -> Equality {
    switch type.base {
    case .json, .jsonb: .ofJSON
    case .xml, .geometric, .hstore, .composite, .other: .ofText
    case .array(let element):
      switch equality(of: element) {
      case .ofType: .ofType
      case .ofJSON, .ofText: .ofText
      }
    default: .ofType
    }
  }
}
