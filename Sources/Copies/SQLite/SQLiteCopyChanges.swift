import Databases
import Platform
import Rows
import Schemas

/// What is done to a copied SQLite file before anybody else sees it: tables emptied or dropped, rows
/// sampled, values anonymized.
struct SQLiteCopyChanges {
  let work: CopyWork
  let path: String

  init(_ work: CopyWork, path: String) {
    self.work = work
    self.path = path
  }

  func apply(to begun: CopyRecord) throws -> CopyRecord {
    var record = begun
    let connection = try SQLiteConnection(path: path, access: .readWrite)
    connection.disableTriggers()
    try connection.execute("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF")
    let selection = try TableSelection(work.plan, on: connection)
    record.schemaOnlyTables = selection.schemaOnly
    record.excludedTables = selection.excluded
    if let anonymization = work.plan.anonymization {
      try anonymization.check(against: tables().filter { !selection.excluded.contains($0.name) })
    }
    if !selection.isEmpty { try select(selection, on: connection) }
    if let percent = work.plan.samplePercent { try sample(percent, &record, on: connection) }
    if let anonymization = work.plan.anonymization {
      try anonymize(anonymization, &record, on: connection)
    }
    if work.plan.changesRows || !selection.isEmpty { try connection.execute("VACUUM") }
    try work.interruption?.check()
    record.take(
      try CopySize(of: connection, at: Path(path), unlessInterrupted: work.interruption))
    record.seconds = work.seconds
    return record
  }

  private func select(
    _ selection: TableSelection, on connection: borrowing SQLiteConnection
  ) throws {
    work.tell("leaving out what was asked for")
    for table in selection.excluded {
      try connection.execute("DROP TABLE IF EXISTS \(table.quoted)")
    }
    let tables = try tables()
    for table in selection.schemaOnly { _ = try run("DELETE FROM \(table.quoted)", on: connection) }
    try close(tables, after: Set(selection.schemaOnly), on: connection)
  }

  private func sample(
    _ percent: Double, _ record: inout CopyRecord, on connection: borrowing SQLiteConnection
  ) throws {
    work.tell("keeping \(percent) % of the rows")
    let tables = try tables()
    let before = try counts(of: tables, on: connection)
    try connection.define("stairway_sample") { value in
      .integer(Int64(Disguise.number(of: value.text ?? "", secret: "sample") % 1_000_000))
    }
    let thinning = ReferentialRemoval(tables).sampling(
      percent, above: work.plan.sampleFloor, counts: before)
    for statement in thinning.statements { _ = try run(statement, on: connection) }
    try close(tables, after: thinning.tables, on: connection)
    let after = try counts(of: tables, on: connection)
    record.samplePercent = percent
    record.sampled = tables.map(\.name).compactMap { name in
      let (kept, total) = (after[name] ?? 0, before[name] ?? 0)
      return kept == total ? nil : .init(name, kept: kept, of: total)
    }
  }

  private func anonymize(
    _ anonymization: Anonymization, _ record: inout CopyRecord,
    on connection: borrowing SQLiteConnection
  ) throws {
    let columns = try anonymization.columns(of: try tables())
    guard !columns.isEmpty else { return }
    work.tell("anonymizing \(columns.count) \(columns.count == 1 ? "column" : "columns")")
    let disguise = Disguise(secret: Secret.draw())
    try connection.define("stairway_hash") { disguise.hash($0) }
    try connection.define("stairway_fake") { disguise.fake($0) }
    for (table, rules) in columns.byTable {
      do {
        for statement in SQLiteDisguise.statements(table, rules) {
          _ = try run(statement, on: connection)
        }
      } catch let error as DatabaseError {
        throw CopyError.anonymizing(table, rules, error)
      }
    }
    record.anonymized = columns.map(\.description)
  }

  private func tables() throws -> [TableShape] {
    try SQLiteSchemaReader(path: path).snapshot().tables.filter {
      if case .module = $0.storage { false } else { true }
    }
  }

  private func counts(
    of tables: [TableShape], on connection: borrowing SQLiteConnection
  ) throws -> [TableName: Int] {
    var counts: [TableName: Int] = [:]
    for table in tables {
      let rows = try connection.rows("SELECT count(*) FROM \(table.name.quoted)")
      counts[table.name] = Int(rows.first?[0].integer ?? 0)
    }
    return counts
  }

  private func close(
    _ tables: [TableShape], after reduced: Set<TableName>,
    on connection: borrowing SQLiteConnection
  ) throws {
    try ReferentialRemoval(tables).close(after: reduced) { try run($0, on: connection) }
  }

  private func run(_ sql: String, on connection: borrowing SQLiteConnection) throws -> Int {
    try work.interruption?.check()
    try connection.execute(sql)
    return Int(try connection.rows("SELECT changes()").first?[0].integer ?? 0)
  }
}
