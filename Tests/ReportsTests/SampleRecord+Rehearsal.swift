import Copies
import Databases
import History
import Rows
import Schemas
import Walks

extension SampleRecord {
  static let rehearsedUsers = ObjectID(.table, schema: "public", ["users"])

  /// A rehearsal with one of everything that its report can hold.
  static func rehearsed(change: (inout RehearsalRecord) -> Void = { _ in }) -> RunRecord {
    let index = ObjectID(.index, schema: "public", ["users", "ix"])
    var rehearsal = RehearsalRecord(
      engine: .postgresql, version: "15.18", versionsBefore: ["a1"], versionsAfter: ["c3"],
      pending: ["b2", "c3"],
      bounds: RehearsalBounds(
        longestLock: 0.5, longestStep: 30, lockTimeout: 2, statementTimeout: 9),
      steps: [
        StepMeasurement(
          revision: "b2", begin: 0, duration: 3.4,
          statements: [
            StatementMeasurement(
              sql: "ALTER TABLE users ALTER id TYPE bigint", line: 9, begin: 0.1, duration: 3.2,
              error: "none", walBytes: 12_582_912, rewritten: [rehearsedUsers, index],
              scanned: [rehearsedUsers],
              built: [index],
              rows: [
                TouchedRows(table: rehearsedUsers, inserted: 1, updated: 2, deleted: 0, held: 3.3)
              ])
          ],
          locks: [
            HeldLock(
              relation: rehearsedUsers, mode: .accessExclusive, statement: 0, taken: 0.1, held: 3.4),
            HeldLock(relation: nil, mode: .fileReserved, statement: nil, taken: 0.1, held: 0.1),
          ]),
        StepMeasurement(revision: "c3", begin: 3.4, duration: 0.004),
      ],
      duration: 3.5, transactions: 1,
      relations: [
        RelationMeasurement(
          relation: rehearsedUsers, rows: 41_200,
          size: SizeChange(before: 125_829_120, after: 131_072_000), isRewritten: true,
          longestReadWait: 3.4, longestWriteWait: 3.4)
      ])
    var copy = CopyRecord(source: "postgresql://app@db:5432/shop", method: .dump)
    (copy.seconds, copy.bytes, copy.tables, copy.rows) = (12, 1 << 30, 14, 41_200)
    copy.takenAt = 1_700_000_000
    copy.excludedTables = [TableName(schema: "public", "logs")]
    copy.schemaOnlyTables = [TableName(schema: "public", "events")]
    copy.leftOut = ["subscription feed"]
    copy.sampled = [.init(TableName(schema: "public", "users"), kept: 1, of: 2)]
    copy.samplePercent = 50
    copy.anonymized = ["public.users.email: fake"]
    rehearsal.copy = copy
    rehearsal.size = SizeChange(before: 1 << 30, after: 3 << 29)
    rehearsal.temporary = TemporaryFiles(files: 2, bytes: 4096)
    rehearsal.journalMode = "wal"
    rehearsal.traffic = TrafficRecord(
      isGiven: true,
      statements: [
        TrafficStatement(
          sql: "UPDATE users SET name = name", line: 7,
          before: Latency([0.000_1, 0.000_34, 0.003]),
          during: Latency([3.2]), after: Latency(),
          failures: [
            TrafficFailure(
              phase: .after, message: "column \"name\" does not exist", sqlState: "42703",
              count: 43,
              longest: 2.5
            )
          ])
      ])
    rehearsal.schema = SchemaDifference()
    rehearsal.rows = comparedRows(nickname: nil)
    rehearsal.rollback = RehearsedWay(
      steps: [
        StepMeasurement(revision: "c3", begin: 0, duration: 0.2),
        StepMeasurement(revision: "b2", begin: 0.2, duration: 1.9),
      ], duration: 2.1, transactions: 1, versionsAfter: ["a1"], schema: SchemaDifference(),
      rows: comparedRows(nickname: "nickname"))
    rehearsal.secondUpgrade = RehearsedWay(
      steps: rehearsal.steps, duration: 3.4, transactions: 1, versionsAfter: ["c3"],
      schema: SchemaDifference(), rows: comparedRows(nickname: "", isSame: true))
    let failure = StepFailure(
      type: "ProgrammingError", message: "relation \"t\" already exists", sqlState: "42P07",
      statement: "CREATE TABLE t (id integer)")
    rehearsal.concurrency = ConcurrencyRecord(
      instances: [
        InstanceRecord(.succeeded, completed: ["b2", "c3"], duration: 0.4),
        InstanceRecord(.failed(failure), stoppedAt: "b2", duration: 0.3),
        InstanceRecord(.failed(failure), duration: 60, isHung: true),
      ], met: 2, versionsAfter: ["c3"], schema: SchemaDifference(),
      rows: comparedRows(nickname: "nickname").difference,
      waits: ["session 2 waits for session 1: LOCK TABLE users"])
    rehearsal.interruptions = InterruptionsRecord(
      places: 9,
      trials: [
        InterruptionTrial(
          number: 1, place: StatementPlace(revision: "b2", sql: "CREATE TABLE t", line: 9)),
        InterruptionTrial(
          number: 2, place: StatementPlace(revision: "b2", sql: "CREATE INDEX"), isDuring: true,
          versions: ["a1"], rows: comparedRows(nickname: "nickname").difference,
          again: .init(.failed(failure), stoppedAt: "b2", leftovers: [index])),
        InterruptionTrial(
          number: 3, place: StatementPlace(revision: "c3", sql: "UPDATE users", line: 10),
          again: .init(
            .succeeded, schema: SchemaDifference(), rows: RowsDifference(), versions: ["c3"])),
      ], missed: 2)
    change(&rehearsal)
    var record = RunRecord(
      project: "/shop", adapter: "alembic",
      revisions: [
        Revision(id: "a1", file: "v/a1.py"),
        Revision(id: "b2", parents: ["a1"], message: "widen ids", file: "v/b2.py"),
        Revision(id: "c3", parents: ["b2"], file: "v/c3.py"),
      ])
    record.startedAt = 1_700_000_000 + 3 * 86_400
    record.rehearsal = rehearsal
    return record
  }

  /// Of a column that the upgrade dropped, and to which the way back gave nothing.
  static func comparedRows(nickname: Identifier?, isSame: Bool = false) -> RowComparison {
    var column = RowsDifference.Column(before: "nickname", after: nickname)
    column.valuesBefore = 41_200
    if nickname != nil { column.changes = [.nulled: 41_200] }
    let name = TableName(schema: "public", "users")
    var table = RowsDifference.Table(
      before: name, after: name, rowsBefore: 50_000, rowsAfter: 49_998)
    table.columns = [column]
    table.rowsLost = 2
    table.isExact = false
    return RowComparison(
      tables: 14, rowsBefore: 60_000, rowsAfter: 59_998, seconds: 0.4,
      difference: RowsDifference(isSame ? [] : [table]))
  }
}
