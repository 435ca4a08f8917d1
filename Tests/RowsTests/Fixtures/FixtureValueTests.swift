import Databases
import Rows
import Schemas
import Testing

@Suite struct FixtureValueTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let text: String
    let value: InputValue
    var testDescription: String { text }

    init(_ text: String, _ value: InputValue) {
      self.text = text
      self.value = value
    }

    static let yaml: [Case] = [
      Case("null", .null), Case("~", .null), Case("", .null), Case("'null'", .text("null")),
      Case("true", .boolean(true)), Case("False", .boolean(false)), Case("yes", .text("yes")),
      Case("NO", .text("NO")), Case("on", .text("on")), Case("'true'", .text("true")),
      Case("42", .integer(42)), Case("-7", .integer(-7)), Case("0x1F", .integer(31)),
      Case("0o17", .integer(15)), Case("012", .decimal("012")), Case("1e3", .decimal("1e3")),
      Case("+5", .decimal("+5")), Case("-0", .decimal("-0")), Case("0.10", .decimal("0.10")),
      Case("'012'", .text("012")), Case("!!str 12", .text("12")),
      Case("9223372036854775807", .integer(.max)),
      Case("9223372036854775808", .decimal("9223372036854775808")),
      Case("1e400", .decimal("1e400")),
      Case(".inf", .decimal("Infinity")), Case("-.Inf", .decimal("-Infinity")),
      Case(".nan", .decimal("NaN")), Case("1_000", .text("1_000")), Case("12:30", .text("12:30")),
      Case("2001-02-03", .text("2001-02-03")),
      Case("2001-02-03 04:05:06+01:00", .text("2001-02-03 04:05:06+01:00")),
      Case("!!binary aGVsbG8=", .bytes(Array("hello".utf8))), Case("!!binary ''", .bytes([])),
      Case("!!binary |\n        aGVs\n        bG8=\n", .bytes(Array("hello".utf8))),
      Case("''", .text("")), Case("\" blanks \"", .text(" blanks ")),
      Case("[a, 1, null]", .list([.text("a"), .integer(1), .null])), Case("[]", .list([])),
      Case(
        "[[1, 2], [3, 4]]",
        .list([.list([.integer(1), .integer(2)]), .list([.integer(3), .integer(4)])])),
      Case(
        "{theme: dark, n: [1, 012, .5, 1e3, ~, yes]}",
        .json(#"{"theme": "dark", "n": [1, 12, 0.5, 1e3, null, "yes"]}"#)),
      Case("{}", .json("{}")), Case("[{a: 1}, 2]", .list([.json(#"{"a": 1}"#), .integer(2)])),
      Case("{a: \"q\\\"\\n\\x01\"}", .json(#"{"a": "q\"\n\u0001"}"#)),
    ]

    static let json: [Case] = [
      Case("null", .null), Case("true", .boolean(true)), Case("42", .integer(42)),
      Case("0.10", .decimal("0.10")), Case("1e3", .decimal("1e3")), Case("-0", .decimal("-0")),
      Case("\"2001-02-03\"", .text("2001-02-03")), Case("\"\"", .text("")),
      Case("{\"$binary\": \"aGVsbG8=\"}", .bytes(Array("hello".utf8))),
      Case("[{\"$binary\": \"aGVsbG8=\"}, null]", .list([.bytes(Array("hello".utf8)), .null])),
      Case("{\"a\": {\"$binary\": \"x\"}}", .json(#"{"a": {"$binary": "x"}}"#)),
      Case("{\"$binary\": \"aGk=\", \"b\": 1}", .json(#"{"$binary": "aGk=", "b": 1}"#)),
      Case("[1, \"a\"]", .list([.integer(1), .text("a")])), Case("{}", .json("{}")),
    ]
  }

  @Test(arguments: Case.yaml)
  func `a YAML value is what its core schema says, and keeps its spelling`(_ c: Case) throws {
    let fixture = try FixtureFiles.fixture("0001.yml", "rows:\n  t:\n    - v: \(c.text)\n")
    #expect(fixture.problems == [])
    #expect(fixture.rows.first?["v"] == c.value)
  }

  @Test(arguments: Case.json)
  func `a JSON value is itself, and binary under its own key`(_ c: Case) throws {
    let fixture = try FixtureFiles.fixture("0001.json", #"{"rows": {"t": [{"v": \#(c.text)}]}}"#)
    #expect(fixture.problems == [])
    #expect(fixture.rows.first?["v"] == c.value)
  }

  @Test func `in a CSV nothing is NULL, an empty text stands between quotes, all else is text`()
    throws
  {
    let fixture = try FixtureFiles.fixture(
      "0001/public.users.csv",
      "id,name,bio,active,avatar\r\n1,,\"\",true,\\x00ff\r\n2,\"a,\"\"b\"\"\",NULL,f,\"two\nlines\"\r\n"
    )
    #expect(fixture.problems == [])
    #expect(
      fixture.rows.map(\.table) == Array(repeating: TableName(schema: "public", "users"), count: 2))
    #expect(
      fixture.rows.map { $0.cells.map(\.value) } == [
        [.text("1"), .null, .text(""), .text("true"), .text("\\x00ff")],
        [.text("2"), .text("a,\"b\""), .text("NULL"), .text("f"), .text("two\nlines")],
      ])
    #expect(fixture.rows.map(\.place?.line) == [2, 3])
  }

  @Test(arguments: [
    ("!!binary 'not base64'", "the binary value is no base64"), ("!!int '5'", "the tag !!int"),
    ("\"a\\0b\"", "U+0000"), ("{a: !!binary aGk=}", "cannot hold binary"),
    ("{a: .inf}", "infinity"),
  ])
  func `a value that means nothing costs its row and no other`(text: String, part: String) throws {
    let fixture = try FixtureFiles.fixture(
      "0001.yml", "rows:\n  t:\n    - id: 1\n      v: \(text)\n    - {id: 2}\n")
    #expect(fixture.rows.map { $0["id"] } == [.integer(2)])
    let problem = try #require(fixture.problems.first)
    #expect(problem.kind == .wrongValue)
    #expect(problem.place == SourcePlace(file: "fixtures/0001.yml", line: 4))
    #expect(problem.column == "v")
    #expect(problem.message.contains(part), "\(problem)")
  }
}
