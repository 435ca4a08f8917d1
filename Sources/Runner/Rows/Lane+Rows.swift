internal import Databases
internal import History
internal import Rows
internal import Schemas
internal import Scratch
internal import Walks

/// What a lane knows of its tables' rows between steps.
struct RowBookkeeping {
  /// The rows have been replaced by a restoration: the fixtures of all applied revisions are to be
  /// written again.
  var areGone = false
  /// What there was then.
  var gone: RowImage?
  /// Whether any fixture was written.
  var areProvided = false
  /// The tables into which rows of fixtures were written: what these hold is the project's to say.
  var providedTables: Set<TableName> = []
  /// A fixture's script may have written to any table.
  var hasRunScripts = false
  /// The files of scripts that changed the schema, which was undone: they are not run again.
  var refusedScripts: Set<String> = []
  /// The tables into which Stairway wrote rows because they had none.
  var madeUpTables: Set<TableName> = []
  /// How many times tables were filled once more.
  var round = 0
  /// The columns that came to such tables, in which the rows of that moment have NULL.
  var laterColumns: [TableName: Set<Identifier>] = [:]
  /// Tables for which no rows could be made up, as they were then.
  var unfilled: [TableName: TableShape] = [:]
  /// Something was written that the walk does not vouch for: at the beginning what was there, later
  /// what a fixture's script did. Rows that are inserted keep to foreign keys and move sequences.
  var isUnknown = true
  /// The fixture that was read last; nil content where the revision has none.
  var fixture: (revision: RevisionID, content: Fixture?)?
  /// PostgreSQL's oids of the tables that were there before the revisions that are verified: of these
  /// production has rows, too.
  var standing: Set<UInt32> = []
  /// Whether the present revision is only taken up, as others need it.
  var isOnTheWay = false
  /// What was already so before the present step.
  var danglingReferences: Set<[String]> = []
  var sequencesBehind: Set<[String]> = []
}

extension Lane {
  var walksWithRows: Bool { plan.walk.rows != .none }

  /// What sort of rows is made up.
  var madeUpRows: RowGenerator.Kind { plan.walk.rows == .edge ? .edge : .typical }

  /// Whether any table holds a row now.
  var holdsRows: Bool { state.rows?.holdsRows ?? false }

  /// What became of the rows, without values where these are not to be shown.
  func compare(_ old: RowImage, with new: RowImage, statements: [String]) -> RowsDifference {
    var difference = RowsDifference(from: old, to: new, statements: statements)
    for index in difference.tables.indices {
      difference.tables[index].isMadeUp =
        difference.tables[index].before.map(holdsOnlyMadeUpRows) ?? false
    }
    return plan.rows.hidesValues ? difference.redacted() : difference
  }

  /// Whether neither a fixture nor a script of one has put a row there.
  func holdsOnlyMadeUpRows(_ table: TableName) -> Bool {
    rows.madeUpTables.contains(table) && !rows.providedTables.contains(table)
      && !rows.hasRunScripts
  }

  /// Puts in place what the tables shall hold before the upgrade: what the fixture says for that
  /// moment, and made-up rows for every table that has none.
  func provideRows(before revision: RevisionID, in trip: inout RoundTripRecord) throws {
    try account(in: &trip) { filling in
      var hasWritten = try writeLostRows()
      if let fixture = fixture(of: revision) {
        filling.rejected += fixture.problems.map(FixtureFault.init)
        hasWritten = try write(fixture.before, fixture.beforeScripts, in: &filling) || hasWritten
      }
      try settle(&filling, hasWritten: hasWritten)
    }
  }

  /// Puts rows back after a restoration, for a trial.
  /// - Parameter revision: the one that is about to be applied.
  func provideRows(_ trial: TrialRows, before revision: RevisionID?) throws {
    var kind: RowGenerator.Kind?
    switch trial {
    case .madeUp(let made): kind = made
    case .provided(let made):
      kind = made
      rows.gone = nil
      _ = try writeLostRows()
      if let fixture = revision.flatMap(fixture(of:)) {
        _ = try write(fixture.before, fixture.beforeScripts)
      }
      state = try observe()
    }
    guard let kind else { return }
    var filling = RowFilling()
    if try fillEmptyTables(&filling, with: kind) { state = try observe() }
  }

  /// Looks whether a data migration has done what the fixture expects of it.
  func lookForExpectedRows(of revision: RevisionID, in trip: inout RoundTripRecord) throws {
    try account(in: &trip) { filling in
      // Where the upgrade met no rows, it cannot have made of them what is expected.
      guard !rows.areGone, let fixture = fixture(of: revision), !fixture.expect.isEmpty else {
        return
      }
      let found = try desk().missing(fixture.expect, before: fixture.rows)
      filling.missing += found.missing
      filling.rejected += found.faults
    }
  }

  /// The walk's step 4: writes what the fixture says for the revision, and made-up rows for every
  /// table that has none.
  ///
  /// - Parameter before: the schema before the upgrade, where a rollback follows, which is to meet rows that
  ///   make use of what is new.
  func provideRows(
    after revision: RevisionID, since before: Snapshot? = nil, in trip: inout RoundTripRecord
  ) throws {
    let upgrade = trip.step(.upgrade)
    let again = trip.step(.reupgrade)?.rows
    try account(in: &trip) { filling in
      var hasWritten = try writeLostRows(before: revision)
      if let fixture = fixture(of: revision) {
        hasWritten = try write(fixture.rows, fixture.scripts, in: &filling) || hasWritten
      }
      try settle(&filling, hasWritten: hasWritten)
      guard let upgrade else { return }
      if try completeColumns(addedBy: upgrade.change) { state = try observe() }
      guard let before else { return }
      let used = try useFreedoms(since: before, upgrade, again: again)
      filling.generated += used
      if used > 0 { state = try observe() }
    }
  }

  /// Lets the body add to what is said of the rows around a revision; does nothing on a walk without.
  private func account(
    in trip: inout RoundTripRecord, _ body: (inout RowFilling) throws -> Void
  ) throws {
    guard walksWithRows else { return }
    var filling = trip.filling ?? RowFilling()
    try body(&filling)
    trip.filling = filling.saysNothing ? nil : filling
  }

  /// Writes what the rollback took away of the revision's rows and of the values in its columns.
  func renewRows(of revision: RevisionID, after change: SchemaDifference) throws {
    guard walksWithRows else { return }
    var hasWritten = false
    if rows.gone != nil {
      hasWritten = try writeLostRows()
    } else if let fixture = fixture(of: revision) {
      _ = try write(fixture.rows, fixture.scripts)
      hasWritten = true
    }
    if try completeColumns(addedBy: change) || hasWritten { state = try observe() }
  }

  private func desk() throws -> FixtureDesk {
    FixtureDesk(
      address: database.address, writer: try writer(), snapshot: state.snapshot,
      hidesValues: plan.rows.hidesValues)
  }

  /// The same for as long as one revision is walked: its files are read once.
  func fixture(of revision: RevisionID) -> Fixture? {
    if let known = rows.fixture, known.revision == revision { return known.content }
    let content = plan.rows.fixtures?.fixture(of: revision.text, on: plan.walk.engine)
    rows.fixture = (revision, content)
    return content
  }

  private func write(
    _ rows: [InputRow], _ scripts: [FixtureScript], into wanted: Set<TableName>? = nil
  ) throws -> FixtureDesk.Written {
    let usable = scripts.filter { !self.rows.refusedScripts.contains($0.file) }
    if !usable.isEmpty { state = try observe() }
    let before = state
    var written = try desk().write(rows, [], into: wanted)
    self.rows.providedTables.formUnion(written.tables)
    for script in usable {
      written.faults += try desk().write([], [script]).faults
      let change = SchemaDifference(from: before.snapshot, to: try observe().snapshot)
      guard !change.isStructural else {
        self.rows.refusedScripts.insert(script.file)
        try undoScripts(since: before)
        var again = try write(rows, scripts, into: wanted)
        again.faults.append(FixtureFault(script, changing: change))
        return again
      }
      self.rows.isUnknown = true
      self.rows.hasRunScripts = true
    }
    return written
  }

  /// Puts back what there was before a fixture's rows, schema and rows, where a script of it has changed
  /// the schema: the migrations would be blamed for that.
  private func undoScripts(since before: State) throws {
    let present = rows.fixture?.revision
    _ = try restore(before, exactly: false)
    _ = try writeLostRows(before: present)
  }

  /// Writes rows of a revision that is not judged.
  func writeUnjudged(_ rows: [InputRow], _ scripts: [FixtureScript]) throws {
    var filling = RowFilling()
    let hasWritten = try write(rows, scripts, in: &filling)
    noteLeftOut(filling.rejected)
    if hasWritten { state = try observe() }
  }

  /// Says, once in a walk, what of fixtures was left out where no revision of theirs is judged.
  func noteLeftOut(_ faults: [FixtureFault]) {
    for fault in faults where !record.leftOutRows.contains(fault) {
      record.leftOutRows.append(fault)
    }
  }

  private func write(
    _ rows: [InputRow], _ scripts: [FixtureScript], in filling: inout RowFilling
  ) throws -> Bool {
    guard !rows.isEmpty || !scripts.isEmpty else { return false }
    let written = try write(rows, scripts)
    let isUsed = !rows.isEmpty || scripts.contains { !self.rows.refusedScripts.contains($0.file) }
    if isUsed { self.rows.areProvided = true }
    filling.hasProvided = filling.hasProvided || isUsed
    filling.provided += written.count
    filling.rejected += written.faults
    return true
  }

  /// Writes again what there was: after a restoration from an empty database all rows, as they were, else
  /// what fixtures put into tables that a migration has emptied, since fixtures of later revisions count
  /// on it. What does not fit the schema any more is left out, and noted.
  /// - Parameter present: the revision whose rows are about to be written; nil where all that are
  ///   applied have had theirs.
  private func writeLostRows(before present: RevisionID? = nil) throws -> Bool {
    let areGone = rows.areGone
    let gone = rows.gone
    rows.areGone = false
    rows.gone = nil
    if areGone, let gone, gone.keepsValues {
      try writeBack(gone)
      return true
    }
    let provided = rows.providedTables
    let emptied = provided.isEmpty ? [] : provided.intersection(state.rows?.emptyTables ?? [])
    guard areGone || !emptied.isEmpty else { return false }
    rows.providedTables.subtract(emptied)
    for revision in applied {
      guard let fixture = fixture(of: revision) else { continue }
      let isOver = revision != present
      let written = try write(
        fixture.before + (isOver ? fixture.rows : []), isOver && areGone ? fixture.scripts : [],
        into: areGone ? nil : emptied)
      noteLeftOut(written.faults)
    }
    return true
  }

  /// Fills the empty tables, and looks at what the database holds then.
  private func settle(_ filling: inout RowFilling, hasWritten: Bool) throws {
    if hasWritten { state = try observe() }
    if try fillEmptyTables(&filling, with: madeUpRows) { state = try observe() }
    guard rows.isUnknown else { return }
    rows.isUnknown = false
    try learnWhatIsAmiss()
  }

  /// PostgreSQL's stays open until nobody may be connected; a SQLite file that is open would stand in
  /// the way of who changes its journal.
  func writer() throws -> RowWriter {
    if let rowWriter { return rowWriter }
    let opened = try RowWriter(database.address)
    if plan.walk.engine == .postgresql { rowWriter = opened }
    return opened
  }
}
