import Databases
import Rows
import Schemas
import Testing

@Suite struct InputRowTests {
  @Test func `a row tells a NULL from a column that it does not name`() {
    let row = InputRow(.init("users"), [.init("name", .null)])
    #expect(row["name"] == .null)
    #expect(row["email"] == nil)
  }
}
