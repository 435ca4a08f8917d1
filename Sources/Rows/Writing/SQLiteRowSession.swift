import Databases
import Schemas

/// Writes rows into a SQLite file, foreign keys enforced with each row, or with all rows of a ring.
final class SQLiteRowSession: RowSession {
  private let connection: SQLiteConnection

  init(path: String) throws {
    connection = try SQLiteConnection(path: path, access: .readWrite)
    try connection.execute("PRAGMA foreign_keys = ON")
  }

  func begin() throws { try connection.execute("BEGIN IMMEDIATE") }

  func insert(_ groups: [[PlannedRow]]) throws {
    try connection.execute("SAVEPOINT stairway_rows")
    do {
      for group in groups {
        // Until the transaction ends. Not before it must be: with it SQLite also refuses rows of a
        // table that a foreign key refers to which does not fit.
        if group.count > 1 { try connection.execute("PRAGMA defer_foreign_keys = ON") }
        for row in group { try insert(row) }
        // What a deferred check would say at the commit, said here for these rows.
        if try connection.hasUnresolvedForeignKeys() {
          throw DatabaseError(
            .statementFailed, message: "FOREIGN KEY constraint failed", state: Self.foreignKey)
        }
      }
      try connection.execute("RELEASE stairway_rows")
    } catch {
      try connection.execute("ROLLBACK TO stairway_rows; RELEASE stairway_rows")
      throw error
    }
  }

  func change(_ row: PlannedRow, _ which: RowChoice<PlannedRow>) throws {
    let name = row.table.name.name.quoted
    let values = row.cells.map { "\($0.column.name.quoted) = ?" }.joined(separator: ", ")
    var given = row.cells.map { SQLiteValue.value(of: $0.value, in: $0.column) }
    // A table WITHOUT ROWID has nothing but its key.
    let key = row.table.isWithoutRowid ? row.table.primaryKey?.columns : nil
    let id = key?.map(\.quoted).joined(separator: ", ") ?? "rowid"
    let found: String
    switch which {
    case .any: found = "(\(id)) = (SELECT \(id) FROM \(name) LIMIT 1)"
    case .withoutValues:
      let empty = row.cells.map { "\($0.column.name.quoted) IS NULL" }.joined(separator: " AND ")
      found = "(\(id)) = (SELECT \(id) FROM \(name) WHERE \(empty) LIMIT 1)"
    case .having(let known):
      found = known.cells.map { "\($0.column.name.quoted) = ?" }.joined(separator: " AND ")
      given += known.cells.map { SQLiteValue.value(of: $0.value, in: $0.column) }
    }
    _ = try connection.rows("UPDATE OR ABORT \(name) SET \(values) WHERE \(found)", given)
  }

  /// `SQLITE_CONSTRAINT_FOREIGNKEY` (<https://www.sqlite.org/rescode.html>).
  private static let foreignKey = "787"

  /// `OR ABORT` stands above what the table's own conflict clauses say, by which a row could vanish
  /// unsaid or take the place of another.
  private func insert(_ row: PlannedRow) throws {
    let table = row.table.name.name.quoted
    guard !row.cells.isEmpty else {
      _ = try connection.rows("INSERT OR ABORT INTO \(table) DEFAULT VALUES")
      return
    }
    let columns = row.cells.map { $0.column.name.quoted }.joined(separator: ", ")
    let marks = row.cells.map { _ in "?" }.joined(separator: ", ")
    _ = try connection.rows(
      "INSERT OR ABORT INTO \(table) (\(columns)) VALUES (\(marks))",
      row.cells.map { SQLiteValue.value(of: $0.value, in: $0.column) })
  }

  /// From `NOT NULL constraint failed: t.a` and `cannot store TEXT value in INTEGER column t.a`.
  func column(_ error: DatabaseError, of row: PlannedRow) -> Identifier? {
    let table = row.table.name.name.raw
    let named = row.table.columns.filter { column in
      let name = "\(table).\(column.name)"
      return error.message.hasSuffix(": \(name)") || error.message.hasSuffix(" column \(name)")
    }
    if let column = named.first { return column.name }
    guard isForeignKey(error), row.table.foreignKeys.count == 1 else { return nil }
    let columns = row.table.foreignKeys[0].columns
    return columns.count == 1 ? columns[0] : nil
  }

  func isForeignKey(_ error: DatabaseError) -> Bool { error.state == Self.foreignKey }

  /// SQLite counts from the keys that are there.
  func advance(past rows: [PlannedRow]) {}

  /// A table that refers to what is not there any more can still be read; one whose columns do not
  /// compute cannot, and takes no row either.
  func rows(of queries: [String]) -> [[Row]] {
    queries.map { (try? connection.rows($0)) ?? [] }
  }

  func commit() throws { try connection.execute("COMMIT") }
  func rollback() { try? connection.execute("ROLLBACK") }
}
