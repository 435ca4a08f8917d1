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
}
