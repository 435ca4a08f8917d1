import Databases
import Formats
import History
import Schemas
import Testing
import Walks

@testable import Rows
@testable import Rules

/// What became of a table's rows in an upgrade of some statements, and what is said to be done about it.
struct RowMendCase: Sendable, CustomTestStringConvertible {
  let rule: RuleName
  /// Sent from line 20 on, one a line.
  let statements: [String]
  let rows: RowsDifference
  var engine = Engine.postgresql
  /// Of the statement that is to blame; nil for the line of the function.
  let line: Int?
  /// The beginning of the mend.
  let fix: String
  var testDescription: String { "\(rule): \(statements.last ?? "")" }

  private static func day(
    lost: Int = 0, _ columns: [RowsDifference.Column] = []
  ) -> RowsDifference {
    var table = RowsDifference.Table(
      before: TableName("day"), after: TableName("day"), rowsBefore: 3, rowsAfter: 3 - lost)
    table.rowsLost = lost
    table.columns = columns
    return RowsDifference([table])
  }

  private static func column(
    _ name: Identifier, _ change: ValueChange, from before: String = "text",
    to after: String = "text"
  ) -> RowsDifference.Column {
    var column = RowsDifference.Column(before: name, after: name)
    (column.typeBefore, column.typeAfter) = (before, after)
    column.changes = [change: 2]
    return column
  }

  private static func dropped(_ name: Identifier) -> RowsDifference.Column {
    var column = RowsDifference.Column(before: name, after: nil)
    column.valuesBefore = 3
    column.typeBefore = "text"
    return column
  }

  private static func added(_ name: Identifier, _ type: String = "text") -> RowsDifference.Column {
    var column = RowsDifference.Column(before: nil, after: name)
    column.typeAfter = type
    return column
  }

  static let all = [
    RowMendCase(
      rule: "rows-lost",
      statements: [
        "DELETE FROM other", "delete from \"public\".\"day\" WHERE mood IS NULL",
        "ALTER TABLE day ALTER COLUMN mood SET NOT NULL",
      ], rows: day(lost: 2), line: 21,
      fix: "change the rows that do not fit (UPDATE) instead of deleting them\n"),
    RowMendCase(
      rule: "rows-lost",
      statements: [
        "CREATE TABLE day2 (id int)", "INSERT INTO day2 SELECT id FROM day WHERE id > 2",
        "DROP TABLE day", "ALTER TABLE day2 RENAME TO day",
      ], rows: day(lost: 2), line: 21, fix: "copy every row: without a condition, "),
    RowMendCase(
      rule: "data-dropped",
      statements: [
        "ALTER TABLE day DROP COLUMN mood", "ALTER TABLE day ADD COLUMN feeling TEXT",
        "ALTER TABLE day ADD COLUMN n INTEGER",
      ], rows: day([dropped("mood"), added("feeling"), added("n", "integer")]), line: 20,
      fix: "where feeling is the same column under a new name, rename it:\n"
        + "rename column day.mood feeling\n"),
    RowMendCase(
      rule: "data-dropped",
      statements: ["ALTER TABLE day DROP COLUMN mood, DROP COLUMN note"],
      rows: day([dropped("mood"), dropped("note"), added("feeling")]), line: 20,
      fix: "copy what is still needed before it is dropped\n"
        + "where that is meant, say so beside the code:\nallow data-dropped column day.mood"),
    RowMendCase(
      rule: "data-dropped",
      statements: [
        "CREATE TABLE moods (day_id int, mood text REFERENCES day)",
        "INSERT INTO moods SELECT id, mood FROM day", "ALTER TABLE day DROP COLUMN mood",
      ], rows: day([dropped("mood")]), line: 22,
      fix: "let the downgrade write the values back from table moods, to which the upgrade has "
        + "copied them:\nfill column day.mood\n"),
    RowMendCase(
      rule: "data-dropped",
      statements: [
        "ALTER TABLE day ADD COLUMN feeling TEXT", "UPDATE day SET feeling = upper(mood)",
        "ALTER TABLE day DROP COLUMN mood",
      ], rows: day([dropped("mood"), added("feeling")]), line: 22,
      fix: "let the downgrade write the values back from column feeling, to which the upgrade has "
        + "copied them:\nfill column day.mood\n"),
    RowMendCase(
      rule: "data-dropped",
      statements: [
        "CREATE VIEW moods AS SELECT mood FROM day", "UPDATE day SET n = 1 WHERE mood = 'x'",
        "INSERT INTO notes SELECT id, note FROM day", "ALTER TABLE day DROP COLUMN mood",
      ], rows: day([dropped("mood")]), line: 23,
      fix: "copy what is still needed before it is dropped\n"),
    RowMendCase(
      rule: "data-dropped",
      statements: [
        "CREATE TABLE day2 (id int)", "INSERT INTO day2 SELECT id FROM day ORDER BY mood",
        "DROP TABLE day", "ALTER TABLE day2 RENAME TO day",
      ], rows: day([dropped("mood")]), line: 21,
      fix: "copy what is still needed before it is dropped\n"),
    RowMendCase(
      rule: "values-changed",
      statements: [
        "UPDATE day SET mood = lower(mood) -- not price", "UPDATE day SET price = 'mood'",
        "UPDATE other SET mood = price",
      ], rows: day([column("mood", .replaced)]), line: 20,
      fix: "let the upgrade write to those rows alone that need it\n"),
    RowMendCase(
      rule: "values-changed",
      statements: ["UPDATE day SET price = 1", "ALTER TABLE day ALTER COLUMN price TYPE INTEGER"],
      rows: day([column("price", .rounded, from: "numeric(10,2)", to: "integer")]), line: 21,
      fix: "keep numeric(10,2), or take a type that holds every value of it\n"),
    RowMendCase(
      rule: "values-changed",
      statements: ["ALTER TABLE day ALTER COLUMN at TYPE TIMESTAMP WITH TIME ZONE"],
      rows: day([
        column(
          "at", .timeZone, from: "timestamp without time zone", to: "timestamp with time zone")
      ]), line: 20, fix: "say in which time zone the times are:\nconvertTime column day.at true"),
    // A trigger did it.
    RowMendCase(
      rule: "values-changed", statements: ["UPDATE day SET price = 1"],
      rows: day([column("updated_at", .replaced)]), line: 20, fix: "let the upgrade write"),
    // Nothing that was sent names the table.
    RowMendCase(
      rule: "values-changed", statements: ["SELECT repair()"],
      rows: day([column("mood", .replaced)]), line: nil, fix: "let the upgrade write"),
  ]
}

@Suite struct RowMendTests {
  @Test(arguments: RowMendCase.all)
  func `a finding about rows points at the statement and says the mend`(_ c: RowMendCase) throws {
    let statements = c.statements.enumerated().map {
      Statement(sql: $1, duration: 0, line: 20 + $0)
    }
    var upgrade = StepRecord(.upgrade, outcome: .succeeded, rows: c.rows)
    upgrade.statements = statements
    let judgement = RuleBook.judge(.example(c.engine, steps: [upgrade]))
    let finding = try #require(judgement.findings.first { $0.rule == c.rule })
    #expect(finding.line == c.line ?? Revision.example.upgradeLine)
    #expect(finding.file == Revision.example.file)
    #expect(finding.evidence.statement == c.line.map { c.statements[$0 - 20] })
    #expect(finding.fix?.hasPrefix(c.fix) == true, "\(finding.fix ?? "no fix")")
  }

  @Test(arguments: RuleBook.rows + [UpgradeFailsOnData(), DowngradeFailsOnData()] as [any Rule])
  func `every finding about rows says how to mend it`(_ rule: any Rule) throws {
    let judgement = RuleBook.judge(rule.triggering.record)
    let findings = judgement.findings.filter { $0.rule == rule.name }
    #expect(!findings.isEmpty)
    #expect(findings.allSatisfy { $0.fix?.isEmpty == false })
  }

  @Test func `what the upgrade has not kept, no downgrade can write back`() throws {
    var record = RunRecord.example(
      .postgresql,
      steps: [StepRecord(.upgrade, outcome: .succeeded, rows: .example(changed: "mood", .rounded))],
      rowsTrace: .example(changed: "mood", .rounded))
    let lost = try #require(
      RuleBook.judge(record).findings.first { $0.rule == "values-lost" })
    #expect(
      lost.fix?.hasPrefix(
        """
        keep the old values beside the new ones, and let the downgrade write them back:
        fill column day.mood
        """) == true)
    record.engines[0].roundTrips[0].steps = .roundTrip
    let changed = try #require(
      RuleBook.judge(record).findings.first { $0.rule == "values-lost" })
    #expect(changed.fix?.hasPrefix("let the downgrade write the values back:\n") == true)
  }

  @Test func `values that are only written otherwise are no sample of changed ones`() throws {
    var column = RowsDifference.Column(before: "n", after: "n")
    column.changes = [.replaced: 1, .scale: 1]
    func sample(_ key: String, _ change: ValueChange) throws -> RowsDifference.ValueSample {
      let value = #"{"type": "numeric", "length": 1, "isNull": false, "text": "1"}"#
      return try JSONText.decode(
        from: """
          {"key": ["\(key)"], "change": "\(change.rawValue)", "before": \(value), "after": \(value)}
          """, name: "sample")
    }
    column.samples = [try sample("7", .replaced), try sample("8", .scale)]
    var table = RowsDifference.Table(
      before: TableName("day"), after: TableName("day"), rowsBefore: 2, rowsAfter: 2)
    table.columns = [column]
    func rows() throws -> [String] {
      let step = StepRecord(.upgrade, outcome: .succeeded, rows: RowsDifference([table]))
      return try #require(RuleBook.judge(.example(.sqlite, steps: [step])).findings.first)
        .evidence.rows
    }
    #expect(try rows() == ["day 7: n '1' is now '1'"])
  }
}
