import Databases
import Schemas
import TestSupport
import Testing

/// A check whose columns' types go elsewhere and come back.
struct CastCase: Sendable, CustomTestStringConvertible {
  let column: String
  let check: String
  let other: String
  var testDescription: String { "\(column) to \(other): \(check)" }

  static let all: [CastCase] = [
    .init(column: "integer", check: "hours >= 0", other: "numeric"),
    .init(column: "integer", check: "hours BETWEEN -1 AND 24", other: "numeric(8, 2)"),
    .init(column: "smallint", check: "hours > 0 AND NOT hours = 7", other: "double precision"),
    .init(column: "bigint", check: "hours IS NULL OR hours < 3000000000", other: "numeric"),
  ]
}

@Suite struct CheckCastTests {
  private func changes(
    _ column: String, _ check: String, _ script: String
  ) throws -> SchemaDifference {
    let database = try TestDatabase(
      .postgresql, "CREATE TABLE work (hours \(column), CONSTRAINT kept CHECK (\(check)))")
    let before = try database.snapshot()
    try database.execute(script)
    return SchemaDifference(from: before, to: try database.snapshot())
  }

  @Test(arguments: CastCase.all)
  func `the casts that stay when a type has gone elsewhere and come back are no difference`(
    _ c: CastCase
  ) throws {
    let found = try changes(
      c.column, c.check,
      """
      ALTER TABLE work ALTER hours TYPE \(c.other);
      ALTER TABLE work ALTER hours TYPE \(c.column) USING hours::\(c.column)
      """)
    #expect(!found.isStructural, "\(found.lines)")
    // PostgreSQL did write it otherwise.
    #expect(found.changes.map(\.id.name) == ["kept"])
  }

  @Test(arguments: [
    ("integer", "hours >= 0", "hours::numeric >= 0.5"),
    ("integer", "hours / 2 > 1", "hours::numeric / 2 > 1"),
    ("integer", "round(hours) > 1", "round(hours::numeric) > 1"),
    ("numeric", "hours > 0", "hours::integer > 0"),
    ("numeric", "hours > 0", "hours::double precision > 0"),
    ("text", "hours > '1'", "hours::numeric > 1"),
  ])
  func `a check that says something else is one`(
    _ column: String, _ check: String, _ other: String
  ) throws {
    let found = try changes(
      column, check,
      "ALTER TABLE work DROP CONSTRAINT kept, ADD CONSTRAINT kept CHECK (\(other))")
    #expect(found.isStructural, "\(found.lines)")
  }
}
