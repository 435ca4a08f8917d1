import Databases
import Rows
import Schemas
import TestSupport
import Testing

@Suite struct RowChangeTests {
  @Test(arguments: RowChangeCase.all)
  func `what statements do to rows is found and named`(_ c: RowChangeCase) throws {
    let database = try TestDatabase(c.engine, c.setup)
    let told = try database.difference(c.change).told
    #expect(told == c.told)
  }

  @Test(arguments: RowChangeCase.all)
  func `the same is found where only sums are kept`(_ c: RowChangeCase) throws {
    let database = try TestDatabase(c.engine, c.setup)
    let told = try database.difference(c.change, limits: .none).told
    #expect(told == c.toldOfLarge)
  }

  @Test(arguments: [
    ("CASE id WHEN 1 THEN 'x' WHEN 2 THEN 'y' ELSE a END", Bool?.some(true)),
    ("CASE id WHEN 1 THEN 'b' WHEN 2 THEN 'a' ELSE a END", false),
    ("'z'", false), ("NULL", false), ("a", nil),
  ])
  func `values that were drawn anew are told from others in another order`(
    _ value: String, _ expected: Bool?
  ) throws {
    let setup = "CREATE TABLE t (id int PRIMARY KEY, a text); "
    let database = try TestDatabase(
      .sqlite, setup + "INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c');")
    let column = try database.difference(["UPDATE t SET a = \(value)"]).tables.first?.columns.first
    #expect(column?.isDrawnAnew == expected)
  }
}
