import Databases
import History
import Schemas
import Testing
import Walks

@testable import Rows
@testable import Rules

/// What is said of two values of `day.user_id` that became NULL.
struct ClearedValueCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// Sent from line 20 on, one a line.
  let statements: [String]
  /// Whether SQLite followed foreign keys; nil on PostgreSQL.
  var follows: Bool?
  var under = [RowsDifference.Ancestor(TableName("users"), cascades: true)]
  let severity: Severity
  /// nil for the line of the function.
  let line: Int?
  var way = ""
  /// The beginning of the mend.
  let fix: String

  private static let rebuilt = [
    "CREATE TABLE _alembic_tmp_users (id INTEGER)",
    "INSERT INTO _alembic_tmp_users (id) SELECT users.id FROM users", "DROP TABLE users",
    "ALTER TABLE _alembic_tmp_users RENAME TO users",
  ]
  private static let direct =
    " (with the rows of table users, to which it refers ON DELETE SET NULL)"
  private static let alone = "let the upgrade write to those rows alone that need it"

  static let all = [
    Self(
      testDescription: "a rebuilt parent", statements: rebuilt, follows: true, severity: .error,
      line: 22, way: direct,
      fix: "keep foreign keys from being followed while table users is rebuilt:\nsuspendReferences"),
    Self(
      testDescription: "a rebuilt parent while keys are not followed", statements: rebuilt,
      follows: false, severity: .warning, line: nil, fix: alone),
    Self(
      testDescription: "a deleted parent", statements: ["DELETE FROM users WHERE id = 1"],
      severity: .warning, line: 20, way: direct,
      fix: "let column day.user_id point to rows that stay before those of table users are deleted"),
    Self(
      testDescription: "a deleted grandparent", statements: ["DELETE FROM town WHERE id = 1"],
      under: [.init(TableName("town"), through: TableName("users"), cascades: true)],
      severity: .warning, line: 20,
      way:
        " (with the rows of table town, to which it refers ON DELETE SET NULL through table users)",
      fix: "let column day.user_id point to rows that stay before those of table town are deleted"),
    Self(
      testDescription: "values that a statement took away before the parents went",
      statements: ["UPDATE day SET user_id = NULL", "DELETE FROM users"], severity: .warning,
      line: 20, fix: alone),
    Self(
      testDescription: "a deleted parent on which nothing hangs",
      statements: ["DELETE FROM users", "UPDATE day SET user_id = NULL"], under: [],
      severity: .warning, line: 21, fix: alone),
  ]
}

@Suite struct ClearedValueTests {
  @Test(arguments: ClearedValueCase.all)
  func `values are cleared by what took the rows to which they pointed`(
    _ c: ClearedValueCase
  ) throws {
    var column = RowsDifference.Column(before: "user_id", after: "user_id")
    column.changes = [.nulled: 2]
    column.isUniformAfter = false
    column.clearedUnder = c.under
    var table = RowsDifference.Table(
      before: TableName("day"), after: TableName("day"), rowsBefore: 3, rowsAfter: 3)
    table.columns = [column]
    let rows = RowsDifference([table])
    var upgrade = StepRecord(.upgrade, outcome: .succeeded, rows: rows)
    upgrade.statements = c.statements.enumerated().map { place, sql in
      Statement(sql: sql, duration: 0, line: 20 + place, followsReferences: c.follows)
    }
    let judgement = RuleBook.judge(
      .example(c.follows == nil ? .postgresql : .sqlite, steps: [upgrade], rowsTrace: rows))
    let changed = try #require(judgement.findings.first { $0.rule == "values-changed" })
    #expect(changed.message == "the upgrade changes 2 values of column day.user_id" + c.way)
    #expect(changed.severity == c.severity)
    #expect(changed.line == c.line ?? Revision.example.upgradeLine)
    #expect(changed.fix?.hasPrefix(c.fix) == true, "\(changed.fix ?? "no fix")")
    let lost = try #require(judgement.findings.first { $0.rule == "values-lost" })
    #expect(lost.message == "up and down do not give back 2 values of column day.user_id" + c.way)
    #expect(lost.fix?.hasPrefix(c.fix) == !c.way.isEmpty, "\(lost.fix ?? "no fix")")
  }
}
