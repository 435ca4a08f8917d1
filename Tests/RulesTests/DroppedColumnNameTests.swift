import Databases
import Schemas
import Testing
import Walks

@testable import Rows
@testable import Rules

/// By which name a column is told that a table lost which has another name now.
@Suite struct DroppedColumnNameTests {
  @Test(arguments: [
    (
      [
        "CREATE TABLE invoices (id INTEGER)", "INSERT INTO invoices (id) SELECT id FROM orders",
        "DROP TABLE orders",
      ], "orders.note"
    ),
    (
      [
        "CREATE TABLE n (id INTEGER)", "INSERT INTO n (id) SELECT id FROM orders",
        "DROP TABLE orders", "ALTER TABLE n RENAME TO invoices",
      ], "orders.note"
    ),
    (
      ["ALTER TABLE orders RENAME TO invoices", "ALTER TABLE invoices DROP COLUMN note"],
      "invoices.note"
    ),
    (
      ["ALTER TABLE orders DROP COLUMN note", "ALTER TABLE orders RENAME TO invoices"],
      "orders.note"
    ),
  ])
  func `a dropped column bears the name that its table had then`(
    _ statements: [String], _ name: String
  ) {
    var column = RowsDifference.Column(before: "note", after: nil)
    column.valuesBefore = 2
    var table = RowsDifference.Table(
      before: TableName("orders"), after: TableName("invoices"), rowsBefore: 3, rowsAfter: 3)
    table.columns = [column]
    var upgrade = StepRecord(.upgrade, outcome: .succeeded, rows: RowsDifference([table]))
    upgrade.statements = statements.map { Statement(sql: $0, duration: 0) }
    let findings = RuleBook.judge(.example(.sqlite, steps: [upgrade])).findings.filter {
      $0.rule == "data-dropped"
    }
    #expect(findings.map(\.message) == ["the upgrade drops column \(name) with 2 values"])
    #expect(findings.map { $0.objects.map(\.qualifiedName) } == [[name]])
  }
}
