import Formats
import Testing

@Suite struct JSONDocumentTests {
  @Test func `every node and key has its line, and members keep their order`() throws {
    let root = try JSONDocument.parse("{\n \"b\": [1,\n  null],\n \"a\": true\n}", name: "x")
    guard case .object(let members) = root.content else {
      Issue.record("no object")
      return
    }
    #expect(members.map(\.key) == ["b", "a"])
    #expect(members.map(\.line) == [2, 4])
    #expect(
      members[0].value.content
        == .array([JSONNode(.number("1"), line: 2), JSONNode(.null, line: 3)]))
  }

  @Test(arguments: [
    (#""a\n\"\\\/é""#, "a\n\"\\/é"), (#""\u00e9""#, "é"), (#""\ud83d\ude00!""#, "😀!"),
    (#""\u0000""#, "\0"),
  ])
  func `texts are unescaped`(text: String, value: String) throws {
    #expect(try JSONDocument.parse(text, name: "x").content == .string(value))
  }

  @Test(arguments: ["0", "-1", "1.50", "1e400", "123456789012345678901234567890", "-0"])
  func `numbers keep their digits`(text: String) throws {
    #expect(try JSONDocument.parse(text, name: "x").content == .number(text))
  }

  @Test(arguments: [
    ("", 1, "ends where a value"), ("{\"a\": 1,\n}", 2, "a key between double quotes"),
    ("[1\n2]", 2, "a comma or a closing bracket"), ("{\"a\" 1}", 1, "a colon"),
    ("01", 1, "01 is no JSON value"), ("nul", 1, "nul is no JSON value"), ("1 2", 1, "follows"),
    ("\"a\nb\"", 1, "control character"), ("\"a", 1, "never closed"),
    (#""\ud83d""#, 1, "surrogate"),
    (#""\x""#, 1, "backslash"), (#""\u12""#, 1, "four hexadecimal"), ("{'a': 1}", 1, "a key"),
    ("{\"a\": 1 \"b\": 2}", 1, "a closing brace"), ("NaN", 1, "NaN is no JSON value"),
    (String(repeating: "[", count: 200), 1, "levels deep"), ("\"\\", 1, "never closed"),
    (#""\ud83d\u00"#, 1, "four hexadecimal"), ("[", 1, "ends where a value"),
  ])
  func `a fault names its line`(text: String, line: Int, part: String) {
    let error = #expect(throws: FormatError.self) { try JSONDocument.parse(text, name: "x") }
    #expect(error?.line == line)
    #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
  }

  @Test func `a key that comes twice is refused`() {
    let error = #expect(throws: FormatError.self) {
      try JSONDocument.parse("{\"a\": 1,\n\"a\": 2}", name: "x")
    }
    #expect(error?.code == .jsonDuplicateKey)
    #expect(error?.line == 2)
  }
}
