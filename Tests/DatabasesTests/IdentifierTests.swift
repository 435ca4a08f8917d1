import Testing

@testable import Databases

struct IdentifierTests {
  @Test(arguments: [
    ("users", "\"users\""), ("", "\"\""), ("a b", "\"a b\""), ("a\"b", "\"a\"\"b\""),
    ("\"", "\"\"\"\""), ("é", "\"é\""),
  ])
  func `a name is quoted whatever it holds`(_ raw: String, _ quoted: String) {
    #expect(Identifier(raw).quoted == quoted)
  }

  @Test func `values keep their storage class`() throws {
    let connection = try SQLiteConnection(path: ":memory:", access: .createIfMissing)
    let row = try connection.rows(
      "SELECT ?, ?, ?, ?, ?, typeof(?5)",
      [.null, .integer(7), .real(0.5), .text("a\u{0}b"), .blob([])]
    ).first
    #expect(row?.values.prefix(3) == [.null, .integer(7), .real(0.5)])
    #expect(row?[3].text?.hasPrefix("a") == true)
    #expect(row?[5].text == "blob")
  }

  @Test func `a refused statement says what was asked and why`() throws {
    let connection = try SQLiteConnection(path: ":memory:", access: .createIfMissing)
    let error = #expect(throws: DatabaseError.self) { try connection.execute("SELEC 1") }
    #expect(error?.code == .statementFailed)
    #expect(error?.statement == "SELEC 1")
    #expect(error?.message.contains("syntax error") == true)
  }
}
