internal import Databases
internal import Rows
internal import Schemas
internal import Walks

/// Writes a project's fixtures into one database as its schema is now, and looks for the rows that they
/// expect; what cannot be is told and the rest is done.
struct FixtureDesk {
  let address: DatabaseAddress
  let writer: RowWriter
  let snapshot: Snapshot
  let hidesValues: Bool

  /// - Returns: how many rows were written, not counting those of scripts, and what was refused.
  func write(
    _ rows: [InputRow], _ scripts: [FixtureScript]
  ) throws -> (count: Int, faults: [FixtureFault]) {
    var faults: [FixtureFault] = []
    var count = 0
    if !rows.isEmpty {
      let tables = snapshot.tables
      let checked = FixtureCheck(tables: tables, engine: address.engine).check(rows, for: .written)
      faults += checked.problems.map(FixtureFault.init)
      let refused = try writer.insert(checked.rows, tables: tables)
      faults += refused.compactMap { FixtureFault($0, showingValues: !hidesValues) }
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
    let tables = try snapshot.tables + ViewShapes.shapes(of: snapshot, on: address)
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
  /// nil for a row that no file holds.
  /// - Parameter showingValues: false where the engine's words are not to hold any of the row's.
  init?(_ refused: RejectedRow, showingValues: Bool) {
    guard let place = refused.row.place else { return nil }
    var words = refused.message
    if showingValues, refused.isAboutKeys, let detail = refused.detail {
      words += " (\(detail.hasSuffix(".") ? String(detail.dropLast()) : detail))"
    } else if !showingValues {
      words = words.hiding(refused.row.cells.map(\.value))
    }
    let subject = [refused.table.shown, refused.column?.raw].compactMap { $0 }
    let isNamed = subject.allSatisfy { words.contains($0) }
    self.init(
      place: place, table: refused.table, column: refused.column,
      message: isNamed ? words : "\(subject.joined(separator: ".")): \(words)",
      fix: refused.fix, sqlState: refused.state)
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

extension String {
  /// Without the values where they stand between double quotes, as PostgreSQL shows what it could not
  /// read.
  fileprivate func hiding(_ values: [InputValue]) -> String {
    values.reduce(self) { text, value in
      let shown: String? =
        switch value {
        case .text(let given), .decimal(let given), .json(let given): given
        case .integer(let number): String(number)
        default: nil
        }
      guard let shown, !shown.isEmpty else { return text }
      return text.replacing("\"\(shown)\"", with: "\"…\"")
    }
  }
}
