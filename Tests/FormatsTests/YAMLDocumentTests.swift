import Formats
import Testing

@Suite struct YAMLDocumentTests {
  @Test func `mappings keep their order and every node its place`() throws {
    let root = try YAMLDocument.parse(
      "engines: [sqlite, postgresql]\nalembic:\n  config: a.ini\n", name: "stairway.yml")
    let entries = try #require(root.mapping)
    #expect(entries.map(\.key) == ["engines", "alembic"])
    #expect(entries.map(\.line) == [1, 2])
    #expect(root["engines"]?.sequence?.compactMap(\.string) == ["sqlite", "postgresql"])
    let config = try #require(root["alembic"]?.mapping?.first)
    #expect((config.line, config.column) == (3, 3))
    #expect((config.value.line, config.value.column) == (3, 11))
  }

  struct ScalarCase: Sendable, CustomTestStringConvertible {
    let text: String
    let value: YAMLNode.Value
    var testDescription: String { text }

    static let all: [ScalarCase] = [
      .init(text: "", value: .null), .init(text: "~", value: .null),
      .init(text: "null", value: .null), .init(text: "true", value: .bool(true)),
      .init(text: "FALSE", value: .bool(false)), .init(text: "yes", value: .text("yes")),
      .init(text: "on", value: .text("on")), .init(text: "\"true\"", value: .text("true")),
      .init(text: "'5'", value: .text("5")), .init(text: "!!str 5", value: .text("5")),
      .init(text: "5", value: .int(5)), .init(text: "-17", value: .int(-17)),
      .init(text: "0x1F", value: .int(31)), .init(text: "0o17", value: .int(15)),
      .init(text: "017", value: .int(17)), .init(text: "0x-1", value: .text("0x-1")),
      .init(text: "1.5", value: .double(1.5)), .init(text: "1e3", value: .double(1000)),
      .init(text: ".inf", value: .double(.infinity)), .init(text: "1_000", value: .text("1_000")),
      .init(text: "2024-01-01", value: .text("2024-01-01")),
      .init(text: "infinity", value: .text("infinity")), .init(text: "0x", value: .text("0x")),
      .init(text: "|\n  a\n  b\n", value: .text("a\nb\n")),
    ]
  }

  @Test(arguments: ScalarCase.all)
  func `scalars mean what YAML's core schema says`(_ scalar: ScalarCase) throws {
    let root = try YAMLDocument.parse("key: \(scalar.text)", name: "x")
    #expect(root["key"]?.value == scalar.value)
  }

  @Test func `a revision that looks like a number keeps its digits`() throws {
    let root = try YAMLDocument.parse("revision: 0012\nother: 012e34", name: "x")
    #expect(root["revision"]?.string == "0012")
    #expect(root["other"]?.string == "012e34")
  }

  @Test func `an empty text is an empty value`() throws {
    #expect(try YAMLDocument.parse("", name: "x").isNull)
    #expect(try YAMLDocument.parse("# nothing\n", name: "x").isNull)
  }

  @Test func `aliases are replaced by what they stand for`() throws {
    let root = try YAMLDocument.parse("a: &x [1, 2]\nb: *x", name: "x")
    #expect(root["b"]?.sequence?.compactMap(\.int) == [1, 2])
  }

  struct FaultCase: Sendable, CustomTestStringConvertible {
    let text: String
    let code: FormatError.Code
    let line: Int
    let part: String
    var testDescription: String { part }

    static let all: [FaultCase] = [
      .init(
        text: "a: 1\nb: [1\n", code: .yamlSyntax, line: 3,
        part: "did not find expected ',' or ']'"),
      .init(text: "a: 1\n\tb: 2", code: .yamlSyntax, line: 2, part: "found a tab character"),
      .init(text: "a: 1\nb: 2\na: 3", code: .yamlDuplicateKey, line: 3, part: "already in line 1"),
      .init(text: "a: *b", code: .yamlSyntax, line: 1, part: "*b has no anchor"),
      .init(text: "a: 1\n---\nb: 2", code: .yamlUnsupported, line: 2, part: "second document"),
      .init(text: "? [a]\n: 1", code: .yamlUnsupported, line: 1, part: "a key must be text"),
      .init(text: "a: !secret b", code: .yamlUnsupported, line: 1, part: "!secret"),
      .init(text: "a: \u{1}", code: .yamlSyntax, line: 1, part: "control characters"),
      .init(
        text: String(repeating: "[", count: 200), code: .yamlTooLarge, line: 1,
        part: "levels deep"),
    ]
  }

  @Test(arguments: FaultCase.all)
  func `a fault names its line and libyaml's own problem`(_ fault: FaultCase) {
    let error = #expect(throws: FormatError.self) {
      try YAMLDocument.parse(fault.text, name: "stairway.yml")
    }
    #expect(error?.code == fault.code)
    #expect(error?.line == fault.line)
    #expect(error?.message.contains(fault.part) == true, "\(error?.message ?? "")")
    #expect(error?.place == "stairway.yml:\(fault.line)")
  }

  @Test func `a bomb of aliases is refused before it grows`() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...12 {
      let items = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(items)]\n"
    }
    let error = #expect(throws: FormatError.self) { try YAMLDocument.parse(text, name: "x") }
    #expect(error?.code == .yamlTooLarge)
  }
}
