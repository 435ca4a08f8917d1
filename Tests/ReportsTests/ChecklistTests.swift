import Copies
import Databases
import History
import Rows
import Rules
import Schemas
import Testing
import Walks

@testable import Reports

@Suite struct `The checklist of a rehearsal` {
  private func checklist(
    _ findings: [Finding] = [], declared: [DeclaredFinding] = [],
    change: (inout RehearsalRecord) -> Void = { _ in }
  ) throws -> Checklist {
    try #require(
      SampleRecord.report(
        SampleRecord.rehearsed(change: change), findings: findings, declared: declared
      ).checklist)
  }

  private func item(
    _ topic: Checklist.Topic, _ findings: [Finding] = [],
    change: (inout RehearsalRecord) -> Void = { _ in }
  ) throws -> Checklist.Item {
    try #require(checklist(findings, change: change).items.first { $0.topic == topic })
  }

  private func finding(_ rule: RuleName, _ objects: [ObjectID] = []) -> Finding {
    Finding(
      rule: rule, severity: .warning, engine: .postgresql, revision: "b2", step: .upgrade,
      objects: objects, file: nil, line: nil, message: "it is told", evidence: Evidence(), fix: nil)
  }

  @Test func `answers what every guide asks, in one order`() throws {
    let checklist = try checklist()
    #expect(checklist.items.map(\.topic) == Checklist.Topic.allCases)
    #expect(
      checklist.lines.joined(separator: "\n") == """
        [?] tested on a copy: postgresql://app@db:5432/shop: 14 tables, 41200 rows, 1 GiB, as it is now
              sampled with 50.0 %: 1 of 2 rows of users
              left empty: events
              left out: logs
              anonymized: public.users.email: fake
              not in the copy: subscription feed
        [x] time: 3.5 s in one transaction
        [x] blocking: reads wait for 3.4 s at most, writes for 3.4 s (limit 500 ms)
              table users: to read 3.4 s, to write 3.4 s
        [x] rewriting: table users (120 MiB → 125 MiB)
        [?] rows: 60000 rows in 14 tables, not every row and value is still there
              at least 2 of 50000 rows of table users are gone
              column users.nickname is gone with 41200 values
        [ ] way back: 2.1 s in one transaction
              this rollback loses at least 2 rows of users
              this rollback loses values of users.nickname in at least 41200 rows
        [ ] backup: needed, because what the rollback loses is nowhere else
        [x] several instances: 3 upgrades began at the same moment
        [x] killed on the way: at 3 of 9 places of the upgrade
        [ ] order of deploy: code first that sends nothing which is refused afterwards, then the migrations
              refused afterwards: UPDATE users SET name = name
        """)
  }

  @Test(
    arguments: [
      (CopyRecord.Method.dump, 1.7e9, "as it is now"), (.template, 1.7e9, "as it is now"),
      (.file, 1.7e9, "dumped on 2023-11-14, about 3 days old"),
      (.file, 1.7e9 + 2 * 86_400, "dumped on 2023-11-16"),
      (.backup, 1.7e9, "last written to on 2023-11-14, about 3 days old"),
      (.backup, nil, "of unknown age"), (.inPlace, nil, "used in place, of unknown age"),
    ] as [(CopyRecord.Method, Double?, String)])
  func `says how old the copy is`(_ method: CopyRecord.Method, _ taken: Double?, _ words: String)
    throws
  {
    var copy = CopyRecord(source: "shop", method: method)
    copy.takenAt = taken
    #expect(CopyAge(of: copy, at: 1.7e9 + 3 * 86_400).words == words)
  }

  @Test func `is done where nothing was seen that somebody has to see to`() throws {
    let checklist = try checklist {
      $0.copy?.sampled = []
      $0.copy?.schemaOnlyTables = []
      $0.copy?.excludedTables = []
      $0.steps = [StepMeasurement(revision: "b2", duration: 0.01)]
      $0.relations = []
      $0.traffic = nil
      $0.rows = SampleRecord.comparedRows(nickname: nil, isSame: true)
      $0.rollback?.rows = SampleRecord.comparedRows(nickname: nil, isSame: true)
    }
    #expect(checklist.items.filter { $0.state != .done } == [])
    #expect(checklist.lines.contains("[x] blocking: nobody waits"))
    #expect(checklist.lines.contains("[x] rewriting: no table is written anew"))
    #expect(
      checklist.lines.contains(
        "[x] backup: not needed to go back: the rollback gives back every row and value"))
    #expect(
      checklist.lines.contains(
        "[x] order of deploy: either first: nothing that code names came or went"))
  }

  @Test func `tells who locks rows for as long as they wait, though they only read`() throws {
    let users = ObjectID(.table, schema: "public", ["users"])
    let updated = try item(.blocking) {
      var statement = StatementMeasurement(sql: "UPDATE users SET name = 'x'")
      statement.rows = [TouchedRows(table: users, inserted: 0, updated: 9, deleted: 0, held: 3)]
      $0.steps = [StepMeasurement(revision: "b2", statements: [statement])]
      $0.relations = []
    }
    #expect(
      updated.answer
        == "reads do not wait, writes wait for 3 s at most, SELECT … FOR UPDATE for 3 s "
        + "(limit 500 ms)")
    let locked = try item(.blocking) {
      $0.steps = [StepMeasurement(revision: "b2")]
      $0.relations = [
        RelationMeasurement(
          relation: users, longestReadWait: 1, longestRowLockWait: 2, longestWriteWait: 3)
      ]
    }
    #expect(
      locked.answer
        == "reads wait for 1 s at most, writes for 3 s, SELECT … FOR UPDATE for 2 s "
        + "(limit 500 ms)")
    #expect(
      locked.details == [
        "table users: to read 1 s, to SELECT … FOR UPDATE 2 s, to write 3 s"
      ])
    #expect(!(try item(.blocking) { _ in }).answer.contains("FOR UPDATE"))
  }

  @Test func `says of a copy that lacks rows only what it has`() throws {
    let checklist = try checklist {
      $0.copy?.sampled = []
      $0.copy?.excludedTables = []
      $0.rows = SampleRecord.comparedRows(nickname: nil, isSame: true)
      $0.rollback?.rows = SampleRecord.comparedRows(nickname: nil, isSame: true)
    }
    let unknown = checklist.items.filter { $0.state == .unknown }
    #expect(unknown.map(\.topic) == [.copy, .rows, .rollback, .backup])
    #expect(unknown.dropFirst().allSatisfy { $0.answer.hasSuffix(", as far as the copy has them") })
  }

  @Test(
    arguments: [
      ("slow-step", Checklist.Topic.duration), ("long-lock", .blocking),
      ("blocking-index-build", .blocking), ("table-rewrite", .rewriting), ("rows-lost", .rows),
      ("concurrent-upgrade-fails", .instances), ("interrupt-not-recoverable", .interruption),
    ] as [(RuleName, Checklist.Topic)])
  func `leaves open what a rule has told of`(_ rule: RuleName, _ topic: Checklist.Topic) throws {
    #expect(try item(topic).state != .open)
    let told = try item(topic, [finding(rule)])
    #expect(told.state == .open)
    if topic != .rewriting, topic != .rows {
      #expect(told.details.contains { $0.hasSuffix("it is told") })
    }
  }

  @Test func `has no line of what was not tried`() throws {
    let checklist = try checklist { ($0.concurrency, $0.interruptions) = (nil, nil) }
    let untried: [Checklist.Topic] = [.instances, .interruption]
    #expect(
      checklist.items.map(\.topic) == Checklist.Topic.allCases.filter { !untried.contains($0) })
  }

  @Test func `asks for a backup where the way back does not give back everything`() throws {
    #expect(try item(.rollback).state == .open)
    #expect(
      try item(.backup).answer == "needed, because what the rollback loses is nowhere else")
    let stuck = try item(.backup) {
      $0.rollback?.steps[1].outcome = .failed(
        StepFailure(kind: .notImplemented, type: "NotImplementedError", message: ""))
    }
    #expect(stuck.state == .open)
    #expect(stuck.answer == "needed, because this deploy cannot be taken back")
  }

  @Test func `knows nothing of the way back where the upgrade failed`() throws {
    let checklist = try checklist {
      $0.steps[0].outcome = .failed(StepFailure(type: "DataError", message: "no"))
      $0.steps[1].outcome = .blocked(by: "b2")
      ($0.rows, $0.schema, $0.rollback, $0.secondUpgrade) = (nil, nil, nil, nil)
    }
    let states = Dictionary(
      uniqueKeysWithValues: checklist.items.map { ($0.topic, $0.state) })
    #expect(states[.duration] == .open)
    for topic in [Checklist.Topic.rewriting, .rows, .rollback, .backup, .order] {
      #expect(states[topic] == .unknown, "\(topic)")
    }
    #expect(
      checklist.lines.contains("[ ] time: after 3.5 s it failed in b2 widen ids"))
  }

  @Test func `counts one row that is gone as one`() throws {
    let rows = try item(.rows) {
      guard var comparison = $0.rows, var table = comparison.difference.tables.first else { return }
      (table.rowsLost, table.isExact, table.columns) = (1, true, [])
      comparison = RowComparison(
        tables: 1, rowsBefore: 50_000, rowsAfter: 49_999, seconds: 0,
        difference: RowsDifference([table]))
      $0.rows = comparison
    }
    #expect(rows.details == ["1 of 50000 rows of table users is gone"])
  }

  @Test func `cannot say that rows are there which could not be compared`() throws {
    var table = RowsDifference.Table(
      before: TableName("users"), after: TableName("users"), rowsBefore: 3, rowsAfter: 3)
    table.notCompared = "there was no room"
    let comparison = RowComparison(
      tables: 1, rowsBefore: 3, rowsAfter: 3, seconds: 0, difference: RowsDifference([table]))
    let checklist = try checklist {
      $0.rows = comparison
      $0.rollback?.rows = comparison
    }
    for topic in [Checklist.Topic.rows, .rollback, .backup] {
      #expect(checklist.items.first { $0.topic == topic }?.state == .unknown, "\(topic)")
    }
  }

  /// A difference of the schemas, and in which order to deploy for it.
  struct OrderCase: Sendable {
    let changes: [ObjectChange]
    let state: Checklist.State
    let answer: String
    var details: [String] = []
  }

  private static func column(
    _ name: Identifier, _ properties: [PropertyName: PropertyValue] = [:]
  ) -> SchemaObject {
    SchemaObject(ObjectID(.column, schema: "public", ["users", name]), properties)
  }

  static let orders = [
    OrderCase(
      changes: [ObjectChange(before: column("nickname"), after: nil)], state: .open,
      answer: "code first that does without column users.nickname, then the migrations"),
    OrderCase(
      changes: [ObjectChange(before: nil, after: column("mood"))], state: .done,
      answer: "migrations first, then code that uses column users.mood"),
    OrderCase(
      changes: [
        ObjectChange(before: nil, after: column("name")),
        ObjectChange(before: column("nickname"), after: nil),
      ], state: .open,
      answer: "code first that does without column users.nickname, then the migrations, then code "
        + "that uses column users.name"),
    OrderCase(
      changes: [ObjectChange(before: nil, after: column("mood", [.notNull: .flag(true)]))],
      state: .open, answer: "migrations first, then code that uses column users.mood",
      details: ["refused afterwards: rows without users.mood, as code of before writes them"]),
    OrderCase(
      changes: [
        ObjectChange(
          before: nil,
          after: column("mood", [.notNull: .flag(true), .defaultValue: .text("''")]))
      ], state: .done, answer: "migrations first, then code that uses column users.mood"),
    OrderCase(
      changes: [
        ObjectChange(before: column("mood"), after: column("mood", [.notNull: .flag(true)]))
      ], state: .open,
      answer: "code first that sends nothing which is refused afterwards, then the migrations",
      details: ["refused afterwards: rows with NULL in users.mood"]),
    OrderCase(
      changes: [
        ObjectChange(
          before: column("mood", [.notNull: .flag(true), .defaultValue: .text("''")]),
          after: column("mood", [.notNull: .flag(true)]))
      ], state: .open,
      answer: "code first that sends nothing which is refused afterwards, then the migrations",
      details: ["refused afterwards: rows without users.mood, which nothing fills any more"]),
    OrderCase(
      changes: [
        ObjectChange(
          before: nil,
          after: SchemaObject(ObjectID(.index, schema: "public", ["users", "ix"])))
      ], state: .done, answer: "either first: nothing that code names came or went"),
  ]

  @Test(arguments: orders)
  func `says in which order to deploy, by what came and went`(_ order: OrderCase) throws {
    let item = try item(.order) {
      $0.schema = SchemaDifference(order.changes)
      $0.traffic = nil
    }
    #expect(item.answer == order.answer)
    #expect(item.state == order.state)
    #expect(item.details == order.details)
  }

  @Test func `puts code first whose statements are refused afterwards`() throws {
    let item = try item(.order)
    #expect(item.state == .open)
    #expect(item.details == ["refused afterwards: UPDATE users SET name = name"])
    let working = try self.item(.order) {
      $0.traffic?.statements[0].failures = []
      $0.traffic?.statements[0].after = Latency([0.001])
    }
    #expect(
      working.details == ["every statement of --traffic that worked before works afterwards"])
  }

  @Test func `says of a statement that was not sent afterwards that nothing is known`() throws {
    let item = try item(.order) {
      $0.schema = SchemaDifference()
      $0.traffic?.statements[0].failures = []
    }
    #expect(item.state == .unknown)
    #expect(
      item.details == [
        "not known, since it was not sent after the migrations: UPDATE users SET name = name"
      ])
  }

  @Test func `counts no statement that was refused before the migrations already`() throws {
    let item = try item(.order) {
      $0.schema = SchemaDifference()
      $0.traffic = TrafficRecord(
        isGiven: true,
        statements: [
          TrafficStatement(
            sql: "SELECT nme FROM users",
            failures: [
              TrafficFailure(phase: .before, message: "no nme", sqlState: "42703", count: 9),
              TrafficFailure(phase: .after, message: "no nme", sqlState: "42703", count: 9),
            ])
        ])
    }
    #expect(item.state == .open)
    #expect(
      item.details == [
        "tells nothing, since it was refused before the migrations already: SELECT nme FROM users"
      ])
  }

  @Test func `stands in every form of the report`() throws {
    var record = SampleRecord.rehearsed()
    record.engines = [EngineRecord(engine: .postgresql, version: "15.18", scratch: "here")]
    let report = try SampleRecord.report(record, findings: [], declared: [])
    let checklist = try #require(report.checklist)
    #expect(try Report(json: report.json, name: "report.json").checklist == checklist)
    #expect(ReportFile.report.isOurs(String(report.json.prefix(400))))
    let junit = try report.junit(.standard)
    let page = report.summaryPage()
    let text = report.text(.full, style: Style())
    #expect(junit.contains("Go: what is pending ran on the copy of production"))
    #expect(page.hasPrefix("## Stairway: rehearsed"))
    #expect(page.contains("**Go**: what is pending ran on the copy of production\n\n- [ ] "))
    #expect(text.hasPrefix("Go: what is pending ran on the copy of production\n\n  [?] "))
    for item in checklist.items {
      #expect(junit.contains("\(item.state.box) \(item.title): "), "\(item.title)")
      #expect(page.contains("**\(item.title)**"), "\(item.title)")
      #expect(text.contains("  \(item.state.box) \(item.line)\n"), "\(item.title)")
    }
    let verified = try SampleRecord.report(SampleRecord.clean, findings: [], declared: [])
    #expect(verified.checklist == nil)
    #expect(!verified.json.contains("\"checklist\""))
  }
}
