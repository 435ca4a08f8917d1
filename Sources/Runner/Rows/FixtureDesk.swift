internal import Databases
internal import Rows
internal import Schemas
internal import Walks

/// Writes a project's fixtures into one database as its schema is now, and looks for the rows that they
/// expect; what cannot be is told and the rest is done.
struct FixtureDesk {
  let address: DatabaseAddress
  let writer: RowWriter
  let tables: [TableShape]
  let hidesValues: Bool

  /// - Returns: how many rows were written, not counting those of scripts, and what was refused.
  func write(
    _ rows: [InputRow], _ scripts: [FixtureScript]
  ) throws -> (count: Int, faults: [FixtureFault]) {
    var faults: [FixtureFault] = []
    var count = 0
    if !rows.isEmpty {
      let checked = FixtureCheck(tables: tables, engine: address.engine).check(rows, for: .written)
      faults += checked.problems.map(FixtureFault.init)
      let refused = try writer.insert(checked.rows, tables: tables)
      faults += refused.compactMap(FixtureFault.init)
      count = checked.rows.count - refused.count
    }
    for script in scripts {
      if let refused = try script.run(on: address) { faults.append(FixtureFault(refused)) }
    }
    return (count, faults)
  }

  /// The expected rows that are not there, and those that cannot be looked for.
  func missing(_ expected: [InputRow]) throws -> (missing: [FixtureFault], faults: [FixtureFault]) {
    guard !expected.isEmpty else { return ([], []) }
    let checked = FixtureCheck(tables: tables, engine: address.engine).check(
      expected, for: .expected)
    let missing = try ExpectationReader(address).missing(checked.rows, tables: tables)
    return (
      missing.compactMap { FixtureFault($0, showingValues: !hidesValues) },
      checked.problems.map(FixtureFault.init)
    )
  }
}

extension FixtureFault {
  init(_ problem: FixtureProblem) {
    let more = problem.others > 0 ? " (and \(problem.others) more rows)" : ""
    self.init(
      place: problem.place, table: problem.table, column: problem.column,
      message: problem.message + more, fix: problem.fix)
  }

  /// nil for a row that no file holds.
  init?(_ refused: RejectedRow) {
    guard let place = refused.row.place else { return nil }
    self.init(
      place: place, table: refused.table, column: refused.column, message: refused.message,
      sqlState: refused.state)
  }

  init(_ refused: RejectedScript) {
    self.init(
      place: refused.place, table: refused.table.map { TableName($0) }, column: refused.column,
      message: refused.message, sqlState: refused.state)
  }

  init?(_ missing: MissingRow, showingValues: Bool) {
    guard let place = missing.row.place else { return nil }
    self.init(
      place: place, table: missing.row.table,
      message: missing.sentence(showingValues: showingValues))
  }
}
