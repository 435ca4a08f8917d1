import Databases
import Rows
import Schemas
import Testing

@Suite struct FixtureTextTests {
  private static let values: [InputValue] = [
    .null, .boolean(true), .boolean(false), .integer(0), .integer(.min), .integer(.max),
    .decimal("1.50"), .decimal("1E+3"), .decimal("1e+20"), .decimal("-0"), .decimal("NaN"),
    .decimal("123456789012345678901234567890"), .decimal("Infinity"), .decimal("-Infinity"),
    .text(""), .text("true"), .text("null"), .text("012"), .text("1e3"), .text("a\n\"b\"\\'\t"),
    .text("2001-02-03 04:05:06+00:00"), .text(" x "), .text("é\u{2028}😀"), .text("{a, b}: #c"),
    .bytes([]), .bytes([0, 255, 39, 92]), .bytes(Array(repeating: 7, count: 100)),
    .list([]), .list([.integer(1), .null, .text("a, b")]), .list([.list([.text("x")]), .list([])]),
    .list([.bytes([1]), .json(#"{"a": [1, {"b": null}]}"#)]),
    .json("{}"), .json(#"{"a": 1.50, "b c": [true, false, null, "x: \"y\"\n"], "": {"1": "2"}}"#),
  ]

  @Test func `every value is read back as it was`() throws {
    let rows = Self.values.enumerated().map { index, value in
      InputRow(
        TableName("t"), [.init("id", .integer(Int64(index))), .init("v", value), .init("w", value)])
    }
    var text = FixtureText(comment: ["For a test:", "", "# all of it"])
    text.add(rows, to: .rows)
    let fixture = try FixtureFiles.fixture("0001.yml", text.text)
    #expect(fixture.problems == [])
    #expect(fixture.rows.map(\.cells) == rows.map(\.cells))
  }

  @Test func `sections, tables and rows keep their order, and names what they are`() throws {
    let tables = [
      TableName("users"), TableName(schema: "auth", "tokens"), TableName("odd.name"),
      TableName(schema: "a b", "say \"hi\""), TableName("null"), TableName("12"),
    ]
    let rows = (tables + tables.reversed()).enumerated().map { index, table in
      InputRow(
        table, [.init(Identifier(["id", "a: b", "yes", "é"][index % 4]), .integer(Int64(index)))])
    }
    var text = FixtureText()
    text.add(rows, to: .before)
    text.add([], to: .expect)
    text.add([InputRow(TableName("t"), [])], to: .rows)
    let fixture = try FixtureFiles.fixture("0001.yml", text.text)
    #expect(fixture.problems == [])
    #expect(fixture.expect.isEmpty && fixture.rows.map(\.cells) == [[]])
    #expect(Set(fixture.before.map { "\($0.table)\($0.cells)" }).count == rows.count)
    for table in tables {
      #expect(
        fixture.before.filter { $0.table == table }.map(\.cells)
          == rows.filter { $0.table == table }.map(\.cells))
    }
    #expect(fixture.before.first?.table == tables.first)
  }

  @Test func `a row that is too wide has a line for each column`() {
    var text = FixtureText()
    let long = String(repeating: "word ", count: 18) + "end"
    text.add(
      [InputRow(TableName("t"), [.init("id", .integer(1)), .init("v", .text(long))])], to: .rows)
    #expect(text.text == "rows:\n  t:\n    - id: 1\n      v: \(long)\n")
  }
}
