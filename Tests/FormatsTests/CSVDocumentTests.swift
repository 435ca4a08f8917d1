import Formats
import Testing

@Suite struct CSVDocumentTests {
  private func texts(_ text: String) throws -> [[String]] {
    try CSVDocument.records(of: text, name: "x").map { $0.fields.map(\.text) }
  }

  @Test(arguments: [
    ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]), ("a,b\n1,2", [["a", "b"], ["1", "2"]]),
    ("a\r1\r", [["a"], ["1"]]), ("a,b,\n", [["a", "b", ""]]), ("", []), ("\n\na\n", [["a"]]),
    ("\"a,b\",\"say \"\"hi\"\"\"\n", [["a,b", "say \"hi\""]]),
    ("\"two\r\nlines\",1", [["two\r\nlines", "1"]]), (" a , b", [[" a ", " b"]]),
    ("\"\"", [[""]]), ("\"\"\"\"", [["\""]]), ("é,日本\n", [["é", "日本"]]),
  ])
  func `fields are cut as RFC 4180 says`(text: String, fields: [[String]]) throws {
    #expect(try texts(text) == fields)
  }

  @Test func `an empty text is told from nothing, and each record knows its line`() throws {
    let records = try CSVDocument.records(of: "a,b\n,\"\"\n\"1\n2\",3\n4,5", name: "x")
    #expect(records[1].fields == [.init(""), .init("", isQuoted: true)])
    #expect(records.map(\.line) == [1, 2, 3, 5])
  }

  @Test(arguments: [
    ("a\nb\"c\n", 2, "does not begin with one"), ("a\n\"b\"c\n", 2, "follows the quote"),
    ("a\n\"b\n\nc", 2, "never closed"),
  ])
  func `a quote out of place is a fault with its line`(text: String, line: Int, part: String) {
    let error = #expect(throws: FormatError.self) {
      try CSVDocument.records(of: text, name: "users.csv")
    }
    #expect(error?.code == .csvSyntax)
    #expect(error?.line == line)
    #expect(error?.message.contains(part) == true)
  }
}
