import Databases
import Schemas

/// Searches a SQLite file for rows.
final class SQLiteRowSearch: RowSearch {
  private let connection: SQLiteConnection

  init(path: String) throws { connection = try SQLiteConnection(path: path, access: .readOnly) }

  var isAlive: Bool { true }

  func count(of row: PlannedRow, upTo limit: Int) throws -> Int {
    let conditions = row.cells.map { Condition($0) }
    let found = try connection.rows(
      """
      SELECT count(*) FROM (SELECT 1 FROM \(row.table.name.name.quoted)
        WHERE \(Self.sql(conditions)) LIMIT \(limit))
      """, conditions.map(\.value))
    return found.first?[0].integer.map(Int.init) ?? 0
  }

  func differences(of row: PlannedRow, key: [Identifier]) throws -> [MissingRow.Difference]? {
    let others = row.cells.filter { !key.contains($0.column.name) }
    let compared = others.map { Condition($0) }
    let keys = row.cells.filter { key.contains($0.column.name) }.map { Condition($0) }
    let columns = zip(compared, others).flatMap { ["(\($0.sql))", $1.column.name.quoted] }
    let found = try connection.rows(
      """
      SELECT \((["1"] + columns).joined(separator: ", ")) FROM \(row.table.name.name.quoted)
        WHERE \(Self.sql(keys)) LIMIT 1
      """, (compared + keys).map(\.value))
    guard let values = found.first?.values.dropFirst() else { return nil }
    return others.enumerated().compactMap { index, cell in
      let place = values.startIndex + 2 * index
      guard values[place] != .integer(1) else { return nil }
      return .init(column: cell.column.name, expected: cell.value, actual: values[place + 1])
    }
  }

  private static func sql(_ conditions: [Condition]) -> String {
    conditions.isEmpty ? "1" : conditions.map { "(\($0.sql))" }.joined(separator: " AND ")
  }

  /// One column's, with one parameter.
  private struct Condition {
    let sql: String
    let value: Value

    init(_ cell: PlannedRow.Cell) {
      let column = cell.column.name.quoted
      value = SQLiteValue.value(of: cell.value, in: cell.column)
      if Self.isDocument(cell) {
        sql =
          """
          WITH given (document) AS (SELECT ?)
          SELECT CASE WHEN json_valid(\(column)) AND json_valid(document)
            THEN \(Self.meaning(ofJSON: column)) = \(Self.meaning(ofJSON: "document"))
            ELSE \(column) IS document END FROM given
          """
      } else if case .text = value, Self.isTime(cell.column.type) {
        sql = "\(Self.meaning(ofTime: column)) IS \(Self.meaning(ofTime: "(SELECT ?)"))"
      } else {
        // The column's affinity and collation decide, as in the application's own queries.
        sql = "\(column) IS ?"
      }
    }

    private static func isDocument(_ cell: PlannedRow.Cell) -> Bool {
      switch (cell.value, cell.column.type) {
      case (.null, _): false
      case (.json, _), (.list, _), (_, .json), (_, .jsonb): true
      default: false
      }
    }

    private static func isTime(_ type: ColumnType) -> Bool {
      switch type {
      case .date, .time, .timestamp: true
      default: false
      }
    }

    /// Every node of a document with its path, in the paths' order; numbers by their value.
    private static func meaning(ofJSON text: String) -> String {
      """
      (SELECT group_concat(quote(fullkey) || kind || quote(value), ',') FROM (
        SELECT fullkey, CASE WHEN type = 'real' THEN 'integer' ELSE type END AS kind,
          CASE WHEN type = 'real' AND abs(atom) < 9e15 AND atom = CAST(atom AS INTEGER)
            THEN CAST(atom AS INTEGER) ELSE atom END AS value
        FROM json_tree(\(text)) ORDER BY fullkey))
      """
    }

    /// A time as text, whether `T` or a blank stands in it and however many zeros end its second;
    /// one with an offset, of hours alone or with minutes, as UTC.
    private static func meaning(ofTime text: String) -> String {
      """
      (SELECT CASE WHEN instr(t, '.') THEN rtrim(rtrim(t, '0'), '.') ELSE t END FROM (
        SELECT CASE
          WHEN g GLOB '*[0-9]Z' OR g GLOB '*[0-9][-+][0-9][0-9]:[0-9][0-9]'
            THEN coalesce(strftime('%Y-%m-%d %H:%M:%f', g), g)
          ELSE g END AS t
        FROM (SELECT CASE
            WHEN NOT instr(s, ':') THEN s
            WHEN s GLOB '*[0-9][-+][0-9][0-9]' THEN s || ':00'
            WHEN s GLOB '*[0-9][-+][0-9][0-9][0-9][0-9]'
              THEN substr(s, 1, length(s) - 2) || ':' || substr(s, -2)
            ELSE s END AS g
          FROM (SELECT CASE WHEN typeof(x) = 'text' THEN replace(x, 'T', ' ') ELSE x END AS s
            FROM (SELECT \(text) AS x)))))
      """
    }
  }
}
