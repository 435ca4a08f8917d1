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

  /// What came of a writing; rows of scripts are not counted.
  struct Written {
    var count = 0
    var tables: Set<TableName> = []
    var faults: [FixtureFault] = []
  }

  /// - Parameter wanted: the only tables that rows are written into; nil for all.
  func write(
    _ rows: [InputRow], _ scripts: [FixtureScript], into wanted: Set<TableName>? = nil
  ) throws -> Written {
    var written = Written()
    if !rows.isEmpty {
      let tables = snapshot.tables
      let views = (snapshot.units(of: .view) + snapshot.units(of: .materializedView)).map {
        TableName(schema: $0.id.schema, $0.id.name)
      }
      let checked = FixtureCheck(tables: tables, engine: address.engine, views: views)
        .check(rows, for: .written)
      let chosen = checked.rows.filter { wanted?.contains($0.table) ?? true }
      let refused = try writer.insert(chosen, tables: tables)
      written.count = chosen.count - refused.count
      written.tables = Set(chosen.map(\.table))
      written.faults = checked.problems.map { FixtureFault($0) }
      written.faults += refused.compactMap { FixtureFault($0) }.map(shown)
    }
    for script in scripts {
      guard let refused = try script.run(on: address) else { continue }
      written.faults.append(shown(FixtureFault(refused)))
    }
    return written
  }

  /// Without what the engine's words quote of the row, where no values are to be shown.
  private func shown(_ fault: FixtureFault) -> FixtureFault {
    guard hidesValues else { return fault }
    let names = snapshot.names
    return FixtureFault(
      place: fault.place, table: fault.table, column: fault.column,
      message: HiddenValues.hide(in: fault.message) { names.contains($0) }, fix: fault.fix,
      sqlState: fault.sqlState)
  }

  /// The expected rows that are not there, and those that cannot be looked for.
  /// - Parameter later: the rows that will be written next.
  func missing(
    _ expected: [InputRow], before later: [InputRow] = []
  ) throws -> (missing: [FixtureFault], faults: [FixtureFault]) {
    guard !expected.isEmpty else { return ([], []) }
    let tables = try snapshot.tables + ViewShapes.shapes(of: snapshot, on: address)
    let checked = FixtureCheck(tables: tables, engine: address.engine).check(
      expected, for: .expected)
    let missing = try ExpectationReader(address).missing(checked.rows, tables: tables)
    let written = FixtureCheck(tables: tables, engine: address.engine).check(later, for: .written)
    return (
      missing.compactMap { row in
        FixtureFault(
          row, showingValues: !hidesValues,
          isWrittenLater: written.rows.contains(where: row.isMet(by:)))
      },
      checked.problems.map(FixtureFault.init)
    )
  }
}

extension String {
  /// Whether the name stands in the sentence by itself, not merely within another word.
  fileprivate func names(_ name: String) -> Bool {
    func isOfWord(_ character: Character?) -> Bool {
      character.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false
    }
    return ranges(of: name).contains { range in
      !isOfWord(self[..<range.lowerBound].last) && !isOfWord(self[range.upperBound...].first)
    }
  }
}

extension FixtureFault {
  /// nil for a row that no file holds.
  init?(_ refused: RejectedRow) {
    guard let place = refused.row.place else { return nil }
    var words = refused.message
    if refused.isAboutKeys, let detail = refused.detail {
      words += " (\(detail.hasSuffix(".") ? String(detail.dropLast()) : detail))"
    }
    let subject = [refused.table.shown, refused.column?.raw].compactMap { $0 }
    let isNamed = subject.allSatisfy { words.names($0) }
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

  /// Of a script that did not leave the schema as it found it.
  init(_ script: FixtureScript, changing difference: SchemaDifference) {
    let parts = difference.changes.filter { $0.weight == .structural }
    let objects = parts.filter { $0.id.path.count == 1 }
    let words = (objects.isEmpty ? parts : objects).map { change in
      let verb = change.after == nil ? "drops" : change.before == nil ? "adds" : "changes"
      return "\(verb) \(change.id)"
    }
    let rest = words.count > 3 ? " and \(words.count - 3) more" : ""
    self.init(
      place: SourcePlace(file: script.file, line: script.lineOfDefinition),
      message: "the script changes the schema, which a fixture leaves as it is: it "
        + words.prefix(3).joined(separator: ", ") + rest + "; nothing of it was used",
      fix:
        "leave CREATE, ALTER and DROP to the migrations, or drop at its end what it makes for itself"
    )
  }

  /// - Parameter isWrittenLater: whether the fixture itself writes the row, when it is too late.
  init?(_ missing: MissingRow, showingValues: Bool, isWrittenLater: Bool) {
    guard let place = missing.row.place else { return nil }
    let fix =
      "what stands below rows: is written after it was looked for what is expected: write the row below "
      + "before:, or expect it of a later revision"
    self.init(
      place: place, table: missing.row.table,
      message: missing.sentence(showingValues: showingValues), fix: isWrittenLater ? fix : nil)
  }
}
