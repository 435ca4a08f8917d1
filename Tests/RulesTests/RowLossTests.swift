import Databases
import History
import Schemas
import Testing
import Walks

@testable import Rows
@testable import Rules

/// Which statement took two of three rows from table `day`, whose rows refer to those of `users`.
struct RowLossCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// Sent from line 20 on, one a line, each with the number of rows that the driver counted.
  let statements: [(sql: String, count: Int?)]
  var ancestors = [users]
  /// Whether SQLite followed foreign keys; nil on PostgreSQL.
  var follows: Bool?
  /// Of the statement that is to blame; nil for the line of the function.
  let line: Int?
  /// What is said of other tables, in parentheses.
  var way = ""
  /// The beginning of the mend.
  let fix: String

  private static let users = RowsDifference.Ancestor(TableName("users"), cascades: true)
  private static let update = "change the rows that do not fit (UPDATE) instead of deleting them\n"
  private static let direct = " (with those of table users, to which it refers ON DELETE CASCADE)"
  private static func rebuilding(_ table: String) -> [(sql: String, count: Int?)] {
    [
      ("CREATE TABLE _alembic_tmp_\(table) (id INTEGER)", nil),
      ("INSERT INTO _alembic_tmp_\(table) (id) SELECT \(table).id FROM \(table)", 3),
      ("DROP TABLE \(table)", nil),
      ("ALTER TABLE _alembic_tmp_\(table) RENAME TO \(table)", nil),
    ]
  }

  static let all = [
    Self(
      testDescription: "a rebuilt parent", statements: rebuilding("users"), follows: true, line: 22,
      way: direct,
      fix: "keep foreign keys from being followed while table users is rebuilt:\nsuspendReferences"),
    Self(
      testDescription: "a rebuilt grandparent", statements: rebuilding("users"),
      ancestors: [
        .init(TableName("hour"), cascades: true),
        .init(TableName("users"), through: TableName("hour"), cascades: true),
      ], follows: true, line: 22,
      way: " (with those of table users, to which it refers ON DELETE CASCADE through table hour)",
      fix: "keep foreign keys from being followed while table users is rebuilt:\n"),
    Self(
      testDescription: "a rebuilt parent while keys are not followed",
      statements: [("DELETE FROM day WHERE id > 1", 2)] + rebuilding("users"), follows: false,
      line: 20, fix: update),
    Self(
      testDescription: "a rebuilt parent while keys are not followed, and what a trigger did",
      statements: rebuilding("users"), follows: false, line: nil,
      fix: "copy the rows into what takes their place before they go\n"),
    Self(
      testDescription: "a parent and a child that are both rebuilt",
      statements: rebuilding("users") + rebuilding("day").map { ($0.sql, $0.count.map { _ in 1 }) },
      follows: true, line: 22, way: direct, fix: "keep foreign keys from being followed while "),
    Self(
      testDescription: "a row that is replaced",
      statements: [
        ("INSERT OR REPLACE INTO users SELECT id, replace(name, 'a', 'b') FROM users", 3)
      ],
      follows: true, line: 20, way: direct,
      fix: "write to table users by INSERT … ON CONFLICT … DO UPDATE"),
    Self(
      testDescription: "a row that replaces its table's own",
      statements: [("REPLACE INTO day VALUES (9, 'x')", 1)], ancestors: [], follows: true,
      line: 20, fix: "write by INSERT … ON CONFLICT … DO UPDATE"),
    Self(
      testDescription: "deleted parents", statements: [("DELETE FROM users WHERE id = 1", 1)],
      line: 20, way: direct, fix: "change the rows of table users where they are (UPDATE)"),
    Self(
      testDescription: "deleted parents that are there again",
      statements: [("DELETE FROM users", 3), ("INSERT INTO users SELECT * FROM kept", 3)], line: 20,
      way: direct, fix: "change the rows of table users where they are (UPDATE)"),
    Self(
      testDescription: "deleted children, then their parents",
      statements: [("DELETE FROM day WHERE id > 1", 2), ("DELETE FROM users", 1)], line: 20,
      fix: update),
    Self(
      testDescription: "deleted children that nobody counted, then their parents",
      statements: [("DELETE FROM day WHERE id > 1", nil), ("DELETE FROM users", 1)], line: 20,
      fix: update),
    Self(
      testDescription: "some deleted children, then parents",
      statements: [("DELETE FROM day WHERE id = 2", 1), ("DELETE FROM users WHERE id = 1", 1)],
      line: 21,
      way: " (1 of them with those of table users, to which it refers ON DELETE CASCADE)",
      fix: "change the rows of table users where they are (UPDATE)"),
    Self(
      testDescription: "no deleted child, then parents",
      statements: [("DELETE FROM day WHERE id = 9", 0), ("DELETE FROM users WHERE id = 1", 1)],
      line: 21, way: direct, fix: "change the rows of table users where they are (UPDATE)"),
    Self(
      testDescription: "deleted parents that no row went with",
      statements: [("DELETE FROM users", 0), ("SELECT purge()", 1)], line: nil, fix: "copy the rows"
    ),
    Self(
      testDescription: "deleted parents to which rows refer otherwise",
      statements: [("DELETE FROM users", 1), ("SELECT purge()", 1)],
      ancestors: [.init(TableName("users"), cascades: false)], line: nil, fix: "copy the rows"),
    Self(
      testDescription: "truncated parents", statements: [("TRUNCATE users CASCADE", nil)],
      ancestors: [.init(TableName("users"), cascades: false)], line: 20,
      way: " (with those of table users, by TRUNCATE … CASCADE)",
      fix: "delete what is to go from table users (DELETE) instead of by TRUNCATE … CASCADE"),
    Self(
      testDescription: "parents and children truncated by name",
      statements: [("TRUNCATE TABLE users, day", nil)], line: 20, fix: update),
    Self(
      testDescription: "PostgreSQL's DROP TABLE … CASCADE, which takes the key alone",
      statements: [("DROP TABLE users CASCADE", nil), ("DELETE FROM day WHERE id > 1", 2)],
      line: 21,
      fix: update),
    Self(
      testDescription: "children merged away",
      statements: [("MERGE INTO day USING bad ON bad.id = day.id WHEN MATCHED THEN DELETE", 2)],
      line: 20, fix: update),
    Self(
      testDescription: "a copy that leaves rows out",
      statements: [
        ("CREATE TABLE day2 AS SELECT id FROM day WHERE id > 2", 1), ("DROP TABLE day", nil),
        ("ALTER TABLE day2 RENAME TO day", nil),
      ], line: 20, fix: "copy every row: without a condition, "),
    Self(
      testDescription: "a table that is made anew",
      statements: [
        ("INSERT INTO audit SELECT * FROM day", 3), ("DROP TABLE day", nil),
        ("CREATE TABLE day (id int)", nil),
      ], line: 21, fix: "copy the rows into what takes their place before they go\n"),
    Self(
      testDescription: "a block of code",
      statements: [("DO $$ BEGIN DELETE FROM day; END $$", nil)], line: 20, fix: "copy the rows"),
  ]
}

@Suite struct RowLossTests {
  @Test(arguments: RowLossCase.all)
  func `rows are lost by the statement that took them, with those of the table that it was about`(
    _ c: RowLossCase
  ) throws {
    var table = RowsDifference.Table(
      before: TableName("day"), after: TableName("day"), rowsBefore: 3, rowsAfter: 1)
    table.rowsLost = 2
    table.ancestors = c.ancestors
    var upgrade = StepRecord(.upgrade, outcome: .succeeded, rows: RowsDifference([table]))
    upgrade.statements = c.statements.enumerated().map { place, sent in
      Statement(
        sql: sent.sql, duration: 0, line: 20 + place, rowCount: sent.count,
        followsReferences: c.follows)
    }
    let judgement = RuleBook.judge(
      .example(c.follows == nil ? .postgresql : .sqlite, steps: [upgrade]))
    let finding = try #require(judgement.findings.first { $0.rule == "rows-lost" })
    #expect(finding.message == "the upgrade loses 2 of 3 rows of table day" + c.way)
    #expect(finding.line == c.line ?? Revision.example.upgradeLine)
    #expect(finding.evidence.statement == c.line.map { c.statements[$0 - 20].sql })
    #expect(finding.fix?.hasPrefix(c.fix) == true, "\(finding.fix ?? "no fix")")
  }
}
