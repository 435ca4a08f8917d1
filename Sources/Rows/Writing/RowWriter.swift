package import Databases

/// Writes rows into a database: those that others point to first, each by itself where one is
/// refused, so that one bad row does not keep out the rest.
///
/// It holds a connection from its making until it is let go, which a PostgreSQL database that is to
/// be copied or dropped must not have.
package final class RowWriter {
  private let session: any RowSession
  let engine: Engine

  /// Connects to the database.
  package init(_ address: DatabaseAddress) throws {
    engine = address.engine
    session =
      switch address {
      case .sqlite(let path): try SQLiteRowSession(path: path)
      case .postgresql(let address): try PostgresRowSession(address)
      }
  }

  /// Writes the rows in one transaction that is over when the call returns, foreign keys enforced;
  /// then moves PostgreSQL's sequences past the keys that were written, where they lie behind.
  ///
  /// Rows that point to each other in a ring are written at once: by one statement on PostgreSQL,
  /// where foreign keys are checked at a statement's end, and with deferred checks on SQLite.
  /// - Parameter tables: the tables as the present snapshot has them.
  /// - Returns: the rows that were refused, in the order in which they were given.
  /// - Throws: `DatabaseError` where it is not a row that the engine refused; nothing is written then.
  package func insert(_ rows: [InputRow], tables: [TableShape]) throws -> [RejectedRow] {
    let index = TableIndex(tables)
    var planned: [PlannedRow] = []
    var places: [Int] = []
    var rejected: [(place: Int, row: RejectedRow)] = []
    for (place, row) in rows.enumerated() {
      switch PlannedRow.plan(row, tables: index) {
      case .success(let plan):
        planned.append(plan)
        places.append(place)
      case .failure(let refusal): rejected.append((place, refusal.rejected))
      }
    }
    guard !planned.isEmpty else { return rejected.map(\.row) }
    let refused = try write(planned)
    rejected += refused.map { (places[$0.key], $0.value) }
    return rejected.sorted { $0.place < $1.place }.map(\.row)
  }

  /// Gives the row's values to one that is there, in a transaction of its own; does nothing where there is
  /// none of that sort.
  /// - Returns: false where the engine refused.
  package func change(
    _ row: InputRow, _ which: RowChoice<InputRow>, tables: [TableShape]
  ) throws -> Bool {
    let index = TableIndex(tables)
    guard case .success(let planned) = PlannedRow.plan(row, tables: index) else { return false }
    let choice: RowChoice<PlannedRow>
    switch which {
    case .any: choice = .any
    case .withoutValues: choice = .withoutValues
    case .having(let key):
      guard case .success(let known) = PlannedRow.plan(key, tables: index) else { return false }
      choice = .having(known)
    }
    try session.begin()
    do {
      try session.change(planned, choice)
      try session.commit()
      return true
    } catch let error as DatabaseError where error.code == .statementFailed {
      session.rollback()
      return false
    }
  }

  /// What each of these queries gives; the connection sees what was written last.
  func rows(of queries: [String]) throws -> [[Row]] {
    queries.isEmpty ? [] : try session.rows(of: queries)
  }

  private func write(_ rows: [PlannedRow]) throws -> [Int: RejectedRow] {
    let groups = RowOrder(rows).groups
    try session.begin()
    do {
      var failures: [Failure] = []
      for start in stride(from: 0, to: groups.count, by: Self.batch) {
        let batch = Array(groups[start..<min(start + Self.batch, groups.count)])
        failures += try insert(batch, of: rows)
      }
      failures = try retry(failures, of: rows)
      var refused: [Int: RejectedRow] = [:]
      for failure in failures {
        for row in failure.group {
          let column = session.column(failure.error, of: rows[row])
          refused[row] = RejectedRow(rows[row], failure.error, column: column)
        }
      }
      try session.advance(past: rows.indices.filter { refused[$0] == nil }.map { rows[$0] })
      try session.commit()
      return refused
    } catch {
      session.rollback()
      throw error
    }
  }

  private struct Failure {
    let group: [Int]
    let error: DatabaseError
  }

  /// How many groups are tried at once before they are tried one by one.
  private static let batch = 256

  private func insert(_ groups: [[Int]], of rows: [PlannedRow]) throws -> [Failure] {
    do {
      try session.insert(groups.map { $0.map { rows[$0] } })
      return []
    } catch let error as DatabaseError {
      guard error.code == .statementFailed else { throw error }
      if groups.count == 1 { return [Failure(group: groups[0], error: error)] }
      // In halves: a few bad rows among many cost little more than they themselves.
      let middle = groups.count / 2
      return try insert(Array(groups[..<middle]), of: rows)
        + insert(Array(groups[middle...]), of: rows)
    }
  }

  /// Tries again, as long as it helps, what failed for want of a row that has come since, then all
  /// of it at once: keys that the database makes cannot be foreseen.
  private func retry(_ failures: [Failure], of rows: [PlannedRow]) throws -> [Failure] {
    var waiting = failures.filter { session.isForeignKey($0.error) }
    let others = failures.filter { !session.isForeignKey($0.error) }
    var wasSome = true
    while wasSome, !waiting.isEmpty {
      let before = waiting.count
      waiting = try waiting.flatMap { try insert([$0.group], of: rows) }
      wasSome = waiting.count < before
    }
    if waiting.count > 1, try insert([waiting.flatMap(\.group).sorted()], of: rows).isEmpty {
      waiting = []
    }
    return others + waiting
  }
}
