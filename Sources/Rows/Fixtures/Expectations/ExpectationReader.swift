package import Databases
import Schemas

/// Looks for the rows that fixtures expect.
///
/// It holds a connection from its making until it is let go, which a PostgreSQL database that is to be
/// copied or dropped must not have.
package final class ExpectationReader {
  private let session: any RowSearch

  /// Connects to the database, to read only.
  package init(_ address: DatabaseAddress) throws {
    session =
      switch address {
      case .sqlite(let path): try SQLiteRowSearch(path: path)
      case .postgresql(let address): try PostgresRowSearch(address)
      }
  }

  /// The rows that are not there: of those that are expected several times, in one entry, that many
  /// must be.
  ///
  /// A column equals a value as its type has it: numbers and times by what they mean, JSON whatever
  /// its order and blanks, NULL only NULL. Columns that a row does not name do not matter.
  /// - Parameters:
  ///   - expected: as `FixtureCheck` gives them.
  ///   - tables: the tables as the present snapshot has them.
  /// - Throws: `DatabaseError` where the connection is lost.
  package func missing(_ expected: [InputRow], tables: [TableShape]) throws -> [MissingRow] {
    let index = TableIndex(tables)
    var order: [Content] = []
    var places: [Content: [InputRow]] = [:]
    for row in expected {
      let content = Content(table: row.table, cells: row.cells)
      if places[content] == nil { order.append(content) }
      places[content, default: []].append(row)
    }
    return try order.compactMap { content in
      let rows = places[content] ?? []
      guard let row = rows.last else { return nil }
      return try missing(row, times: rows.count, tables: index)
    }
  }

  private struct Content: Hashable {
    let table: TableName
    let cells: [InputRow.Cell]
  }

  private func missing(
    _ row: InputRow, times wanted: Int, tables: TableIndex
  ) throws -> MissingRow? {
    switch PlannedRow.plan(row, tables: tables, allowsGenerated: true) {
    case .failure(let refusal): return MissingRow(row, refusal: refusal.rejected.message)
    case .success(let planned):
      do {
        let found = try session.count(of: planned, upTo: wanted)
        if found >= wanted { return nil }
        guard found == 0, let key = Self.key(of: planned) else {
          return MissingRow(row, wanted: wanted, found: found)
        }
        return MissingRow(
          row, wanted: wanted, key: key,
          differences: try session.differences(of: planned, key: key))
      } catch let error as DatabaseError where error.code == .statementFailed {
        guard session.isAlive else { throw error }
        return MissingRow(row, wanted: wanted, refusal: error.message)
      }
    }
  }

  /// The first key whose columns the row names all, with a value.
  private static func key(of row: PlannedRow) -> [Identifier]? {
    row.table.keys.lazy.filter { $0.predicate == nil }.compactMap(\.columns).first { columns in
      columns.allSatisfy { column in row.value(column).map { $0 != .null } ?? false }
    }
  }
}

/// How rows are searched for in one engine's way.
protocol RowSearch: AnyObject {
  /// How many rows have these values, counted no further than the limit.
  func count(of row: PlannedRow, upTo limit: Int) throws -> Int

  /// In which columns the first row with the same key has other values; nil where there is none.
  func differences(of row: PlannedRow, key: [Identifier]) throws -> [MissingRow.Difference]?

  var isAlive: Bool { get }
}
