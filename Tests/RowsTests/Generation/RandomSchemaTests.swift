import Databases
import Schemas
import TestSupport
import Testing

@testable import Rows

@Suite struct RandomSchemaTests {
  /// Whatever the schema, each row is taken by the engine; a table without rows is named, and the
  /// reason is looked into: nobody else finds a row either.
  @Test(arguments: 0..<40)
  func `SQLite takes what is made for a schema at random`(seed: UInt64) throws {
    var schema = RandomSchema(seed: seed, engine: .sqlite)
    let database = try TestDatabase(.sqlite, schema.script(tables: 6))
    try Self.hold(database, try database.snapshot().tables, seed)
  }

  /// Many schemas in one database, each in a schema of its own.
  @Test func `PostgreSQL takes what is made for schemas at random`() throws {
    let database = try TestDatabase(.postgresql)
    for seed in 0..<40 as Range<UInt64> {
      var schema = RandomSchema(seed: seed, engine: .postgresql)
      try database.execute(
        "CREATE SCHEMA s\(seed); SET search_path = s\(seed); \(schema.script(tables: 6))")
    }
    try Self.hold(database, try database.snapshot().tables, 5)
  }

  private static func hold(_ database: TestDatabase, _ tables: [TableShape], _ seed: UInt64) throws
  {
    for kind in [RowGenerator.Kind.typical, .edge] {
      let made = RowGenerator(seed: seed).rows(for: tables, kind: kind)
      #expect(made == RowGenerator(seed: seed).rows(for: tables, kind: kind))
      let refused = try RowWriter(database.address).insert(made.rows, tables: tables)
      #expect(refused.map { "\($0.table) \($0.message) \($0.detail ?? "")" } == [])
      let names = Set(made.unfilled.map(\.table))
      let tests = tables.map { "EXISTS (SELECT 1 FROM \($0.name.quoted))" }
      let filled = try database.rows("SELECT \(tests.joined(separator: ", "))")[0]
      for (table, answer) in zip(tables, filled) {
        #expect(["t", "1"].contains(answer) != names.contains(table.name), "\(table)")
      }
      for unfilled in made.unfilled where !hopeless(unfilled, tables) {
        Issue.record(
          "\(kind) \(unfilled.table.schema?.raw ?? "") \(unfilled.table.name): \(unfilled.reason)")
      }
      let all = tables.map(\.name.quoted)
      try database.execute(
        database.address.engine == .postgresql
          ? "TRUNCATE \(all.joined(separator: ", "))"
          : all.reversed().map { "DELETE FROM \($0)" }.joined(separator: ";"))
    }
  }

  /// Whether no row can be there: the columns whose checks contradict each other may not be NULL, or
  /// the table that must be pointed to is empty too.
  private static func hopeless(_ unfilled: UnfilledTable, _ tables: [TableShape]) -> Bool {
    unfilled.reason.hasSuffix("which has none")
      || Contradiction.isKnown(in: tables.table(unfilled.table), unfilled.reason)
  }
}

/// Pairs of checks that `RandomSchema` makes and no row satisfies, found by looking through all
/// numbers, or all short texts, that could.
enum Contradiction {
  static func isKnown(in table: TableShape?, _ reason: String) -> Bool {
    guard let table else { return false }
    let plan = TablePlan(table, filled: [], routing: nil)
    let numbers = plan.columns.filter {
      $0.type.isNumber && $0.isNotNull && reason.contains($0.name.raw)
    }
    guard !numbers.isEmpty, numbers.count <= 2 else { return false }
    let reading = ValueReading(engine: table.engine)
    var row = Candidate(plan: plan, reading: reading)
    let conditions = plan.conditions.filter { condition in
      condition.expression.columns.allSatisfy { name in numbers.contains { $0.name.raw == name } }
    }
    let range = (-160...160).map { InputValue.integer($0) } + [.integer(5000), .integer(6000)]
    for first in range {
      row.set(numbers[0].name.raw, first)
      for second in numbers.count == 2 ? range : [.null] {
        if numbers.count == 2 { row.set(numbers[1].name.raw, second) }
        if conditions.allSatisfy({ row.evaluator.allows($0.expression) }) { return false }
      }
    }
    return true
  }
}
