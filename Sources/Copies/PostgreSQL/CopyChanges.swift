import Databases
import Platform
import Rows
import Schemas
import Scratch

/// What is done to a PostgreSQL copy before anybody else sees it: tables emptied or dropped, rows
/// sampled, values anonymized, statistics taken.
struct CopyChanges {
  let work: CopyWork
  let target: CopyTarget

  init(_ work: CopyWork, target: CopyTarget) {
    self.work = work
    self.target = target
  }

  /// Rows are taken out and values changed while neither triggers nor foreign keys look, which only
  /// a superuser may ask for; asked before anything is copied.
  func checkRights() throws {
    guard work.plan.changesRows else { return }
    do {
      try connection { _ in }
    } catch let error as DatabaseError where error.state == "42501" {
      throw CopyError(
        .serverNotPermitted,
        "--sample, --schema-only-tables and --anonymize need a role on \(target.server.origin) that may "
          + "set session_replication_role: \(error.message)",
        fix: "leave STAIRWAY_POSTGRES_URL out, or as a superuser there: GRANT SET ON PARAMETER "
          + "session_replication_role TO \(Identifier(target.address.user).quoted)")
    }
  }

  /// Rows of tables that were left empty cannot be referred to: those that do go, before a foreign
  /// key is there to refuse them.
  func removeDangling(from empty: [TableName], among tables: [TableShape]) throws {
    try connection { connection in
      try close(tables, after: Set(empty), on: connection)
    }
  }

  /// Does what the plan asks for and hands the copy over.
  /// - Parameter selects: whether the rows of tables that are left out are there and have to go.
  func finish(_ begun: CopyRecord, selecting selects: Bool = false) throws -> ProductionCopy {
    var record = begun
    if selects { try select(&record) }
    if let percent = work.plan.samplePercent { try sample(percent, &record) }
    if let anonymization = work.plan.anonymization {
      try anonymize(anonymization, &record)
    }
    try work.interruption?.check()
    try measure(&record)
    try work.interruption?.check()
    target.handOver()
    return ProductionCopy(
      database: target.database, server: target.server, record: record, settings: work.settings)
  }

  // MARK: The parts

  private func select(_ record: inout CopyRecord) throws {
    let selection = try TableSelection(work.plan, on: PostgresConnection(target.address))
    record.schemaOnlyTables = selection.schemaOnly
    record.excludedTables = selection.excluded
    guard !selection.isEmpty else { return }
    work.tell("leaving out what was asked for")
    for table in selection.excluded {
      try connection { connection in
        // A partition is gone with its table, and a view may have kept its rows.
        let kind = try connection.rows(
          "SELECT relkind FROM pg_class WHERE oid = to_regclass($1)", [table.quoted])
        guard let kind = kind.first?.text(0) else { return }
        let word = kind == "m" ? "MATERIALIZED VIEW" : kind == "f" ? "FOREIGN TABLE" : "TABLE"
        _ = try run("DROP \(word) \(table.quoted) CASCADE", on: connection)
      }
    }
    let tables = try self.tables()
    try connection { connection in
      for table in selection.schemaOnly {
        _ = try run("DELETE FROM \(table.quoted)", on: connection)
      }
      try close(tables, after: Set(selection.schemaOnly), on: connection)
    }
    try compact(tables.map(\.name))
  }

  private func sample(_ percent: Double, _ record: inout CopyRecord) throws {
    work.tell("keeping \(percent) % of the rows")
    let tables = try self.tables()
    let before = try counts(of: tables)
    try connection { connection in
      let thinning = ReferentialRemoval(tables).sampling(
        percent, above: work.plan.sampleFloor, counts: before)
      for statement in thinning.statements { _ = try run(statement, on: connection) }
      try close(tables, after: thinning.tables, on: connection)
    }
    let after = try counts(of: tables)
    record.samplePercent = percent
    record.sampled = tables.map(\.name).compactMap { name in
      let (kept, total) = (after[name] ?? 0, before[name] ?? 0)
      return kept == total ? nil : .init(name, kept: kept, of: total)
    }
    try compact(record.sampled.map(\.table))
  }

  private func anonymize(_ anonymization: Anonymization, _ record: inout CopyRecord) throws {
    let columns = try anonymization.columns(of: try tables())
    guard !columns.isEmpty else { return }
    work.tell("anonymizing \(columns.count) \(columns.count == 1 ? "column" : "columns")")
    try connection { connection in
      _ = try run(PostgresDisguise.functions(secret: Secret.draw()), on: connection)
      for (table, rules) in columns.byTable {
        do {
          for statement in PostgresDisguise.statements(table, rules) {
            _ = try run(statement, on: connection)
          }
        } catch let error as DatabaseError where error.state != "57014" {
          throw CopyError.anonymizing(table, rules, error)
        }
      }
    }
    try compact(columns.byTable.map(\.table.name))
    record.anonymized = columns.map(\.description)
  }

  /// Views that keep rows still hold those that are gone, and values that were to be hidden; dead
  /// rows take room and would slow the rehearsal down.
  private func compact(_ tables: [TableName]) throws {
    let connection = try PostgresConnection(target.address)
    for table in tables {
      try connection.run("VACUUM FULL \(table.quoted)", stoppedBy: work.stop)
    }
    // Each is younger than those that it reads, as `pg_dump` puts them.
    let views = try connection.rows(
      """
      SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'm' AND c.relispopulated ORDER BY c.oid
      """)
    for view in views {
      let name = TableName(schema: Identifier(view.text(0)), Identifier(view.text(1)))
      try connection.run("REFRESH MATERIALIZED VIEW \(name.quoted)", stoppedBy: work.stop)
    }
  }

  /// Takes the planner's statistics, as production has them, and counts.
  private func measure(_ record: inout CopyRecord) throws {
    work.tell("taking statistics of the copy")
    let connection = try PostgresConnection(target.address)
    try connection.run("ANALYZE", stoppedBy: work.stop)
    record.take(try CopySize(of: connection, unlessInterrupted: work.interruption))
    record.seconds = work.seconds
  }

  // MARK: Its connection

  /// The tables as they are in the copy, partitions left to their parents.
  private func tables() throws -> [TableShape] {
    try PostgresSchemaReader(target.address).snapshot().tables
      .filter { !$0.isPartition && $0.storage != .foreign }
  }

  private func counts(of tables: [TableShape]) throws -> [TableName: Int] {
    let connection = try PostgresConnection(target.address)
    var counts: [TableName: Int] = [:]
    for table in tables {
      let rows = try connection.rows("SELECT count(*) FROM \(table.ownRows)")
      counts[table.name] = Int(rows.first?[0].integer ?? 0)
    }
    return counts
  }

  /// A session in which no trigger and no foreign key acts.
  private func connection<Result>(
    _ body: (borrowing PostgresConnection) throws -> Result
  ) throws -> Result {
    let connection = try PostgresConnection(target.address)
    try connection.execute("SET session_replication_role = replica; SET row_security = off")
    return try body(connection)
  }

  private func close(
    _ tables: [TableShape], after reduced: Set<TableName>,
    on connection: borrowing PostgresConnection
  ) throws {
    try ReferentialRemoval(tables).close(after: reduced) { try run($0, on: connection) }
  }

  private func run(_ sql: String, on connection: borrowing PostgresConnection) throws -> Int {
    try connection.run(sql, stoppedBy: work.stop).reduce(0, +)
  }
}
