import Databases

/// Writes rows into a PostgreSQL database, as many as there are in one round trip.
final class PostgresRowSession: RowSession {
  private let connection: PostgresConnection

  /// The database's own `search_path`, which its triggers and functions may rely on.
  init(_ address: PostgresAddress) throws {
    connection = try PostgresConnection(address)
    try connection.execute("SET search_path TO DEFAULT; SET standard_conforming_strings = on")
  }

  /// Every constraint is checked with the row that breaks it.
  func begin() throws { try connection.execute("BEGIN; SET CONSTRAINTS ALL IMMEDIATE") }

  func insert(_ groups: [[PlannedRow]]) throws {
    var script = "SAVEPOINT stairway_rows;\n"
    for group in groups {
      for row in group {
        if let cell = row.cells.first(where: { Self.holdsZero($0.value) }) {
          var subject = DatabaseError.Subject()
          subject.column = cell.column.name.raw
          throw DatabaseError(
            .statementFailed, message: "PostgreSQL's text cannot hold a zero byte",
            state: "22021", subject: subject)
        }
      }
      script += Self.statement(group) + ";\n"
    }
    do {
      try connection.execute(script + "RELEASE stairway_rows")
    } catch {
      try connection.execute("ROLLBACK TO stairway_rows; RELEASE stairway_rows")
      throw error
    }
  }

  /// A partitioned table's rows are told apart by their partition too.
  func change(_ row: PlannedRow, _ which: RowChoice<PlannedRow>) throws {
    let name = row.table.name.quoted
    let values = row.cells.map { "\($0.column.name.quoted) = \(Self.literal($0))" }
    let one = "(tableoid, ctid) = (SELECT tableoid, ctid FROM \(name)"
    let found: String
    switch which {
    case .any: found = "\(one) LIMIT 1)"
    case .withoutValues:
      let empty = row.cells.map { "\($0.column.name.quoted) IS NULL" }.joined(separator: " AND ")
      found = "\(one) WHERE \(empty) LIMIT 1)"
    case .having(let known):
      found = known.cells.map { "\($0.column.name.quoted) = \(Self.literal($0))" }
        .joined(separator: " AND ")
    }
    try connection.execute(
      "UPDATE \(name) SET \(values.joined(separator: ", ")) WHERE \(found)")
    try advance(past: [row])
  }

  private static func literal(_ cell: PlannedRow.Cell) -> String {
    PostgresText.literal(PostgresText.text(of: cell.value, as: cell.column.type))
  }

  private static func holdsZero(_ value: InputValue) -> Bool {
    switch value {
    case .text(let text), .decimal(let text), .json(let text): text.utf8.contains(0)
    case .list(let items): items.contains(where: holdsZero)
    default: false
    }
  }

  /// One statement for all the rows: foreign keys are checked when it ends
  /// (<https://www.postgresql.org/docs/current/sql-set-constraints.html>).
  private static func statement(_ group: [PlannedRow]) -> String {
    let inserts = group.map(insertion)
    guard inserts.count > 1, let last = inserts.last else { return inserts.first ?? "" }
    let others = inserts.dropLast().enumerated().map { "r\($0) AS (\($1))" }
    return "WITH \(others.joined(separator: ",\n")) \(last)"
  }

  private static func insertion(_ row: PlannedRow) -> String {
    let table = row.table.name.quoted
    guard !row.cells.isEmpty else { return "INSERT INTO \(table) DEFAULT VALUES" }
    let columns = row.cells.map { $0.column.name.quoted }.joined(separator: ", ")
    let values = row.cells.map(literal)
    let overriding =
      row.cells.contains { $0.column.identity == .always } ? " OVERRIDING SYSTEM VALUE" : ""
    return
      "INSERT INTO \(table) (\(columns))\(overriding) VALUES (\(values.joined(separator: ", ")))"
  }

  // MARK: Refusals

  func column(_ error: DatabaseError, of row: PlannedRow) -> Identifier? {
    if let column = error.subject?.column { return Identifier(column) }
    if let name = error.subject?.constraint.map({ Identifier($0) }) {
      let columns =
        row.table.keys.first { $0.name == name }?.columns
        ?? row.table.foreignKeys.first { $0.name == name }?.columns ?? []
      return columns.count == 1 ? columns[0] : nil
    }
    guard let state = error.state, state.hasPrefix("22") else { return nil }
    return row.cells.first { refuses($0, with: state) }?.column.name
  }

  /// Whether the value alone is refused in the same way: of a value that its type cannot read
  /// PostgreSQL does not say which column it was for.
  private func refuses(_ cell: PlannedRow.Cell, with state: String) -> Bool {
    guard let text = PostgresText.text(of: cell.value, as: cell.column.type) else { return false }
    if state == "22001" {
      switch cell.column.type.base {
      case .text(let limit?), .character(let limit): return text.unicodeScalars.count > limit
      case .bits(let limit?, _): return text.utf8.count > limit
      default: return false
      }
    }
    do {
      try connection.execute("SAVEPOINT stairway_probe")
      defer {
        try? connection.execute("ROLLBACK TO stairway_probe; RELEASE stairway_probe")
      }
      try connection.execute(
        "SELECT CAST(\(PostgresText.literal(text)) AS \(cell.column.typeText))")
      return false
    } catch let error as DatabaseError {
      return error.state == state
    } catch {
      return false
    }
  }

  func isForeignKey(_ error: DatabaseError) -> Bool { error.state == "23503" }

  // MARK: Sequences

  func advance(past rows: [PlannedRow]) throws {
    let statements = SequenceAdvance(rows).statements
    guard !statements.isEmpty else { return }
    try connection.execute(statements.joined(separator: ";\n"))
  }

  func rows(of queries: [String]) throws -> [[Row]] {
    try connection.results(queries.joined(separator: ";\n")).map(\.rows)
  }

  func commit() throws {
    try connection.execute("COMMIT")
    try connection.countWrites()
  }

  func rollback() { try? connection.execute("ROLLBACK") }
}
