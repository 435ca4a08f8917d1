import Databases
import FoundationEssentials
import Glibc
import Platform
import Rows
import Schemas
import Testing

/// Each fault is a sentence with its file and line, and what stands beside it is used.
@Suite struct BadFixtureTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String
    let kind: FixtureProblem.Kind
    let line: Int
    let message: String
    /// Rows that are used all the same.
    var rows = 0
    var testDescription: String { "\(name): \(message)" }

    static let all: [Case] = yaml + json + csv + sql

    static let yaml: [Case] = [
      .init(
        name: "0001.yml", text: "rows:\n  t: [{a: 1}\n", kind: .syntax, line: 3, message: "expected"
      ),
      .init(
        name: "0001.yml", text: "rows:\n\tt: 1\n", kind: .syntax, line: 2,
        message: "cannot start any token"),
      .init(
        name: "0001.yml", text: "rows:\n  t:\n    - a: 1\n      a: 2\n", kind: .syntax, line: 4,
        message: "the key \"a\" is already in line 3"),
      .init(name: "0001.yml", text: "", kind: .form, line: 1, message: "the file is empty"),
      .init(
        name: "0001.yml", text: "# later\n", kind: .form, line: 1, message: "the file is empty"),
      .init(name: "0001.yml", text: "- a\n", kind: .form, line: 1, message: "holds a list"),
      .init(name: "0001.yml", text: "\nhello\n", kind: .form, line: 2, message: "holds a text"),
      .init(
        name: "0001.yml", text: "row:\n  t: []\nrows: {t: [{}]}\n", kind: .form, line: 1,
        message: "no row:", rows: 1),
      .init(
        name: "0001.yml", text: "rows: [1]\n", kind: .form, line: 1,
        message: "holds a list and should hold tables"),
      .init(
        name: "0001.yml", text: "rows:\n  t: 5\n  u: [{}]\n", kind: .form, line: 2,
        message: "the table t is a number", rows: 1),
      .init(
        name: "0001.yml", text: "rows:\n  t: {id: 1}\n", kind: .form, line: 2,
        message: "the table t is a mapping"),
      .init(
        name: "0001.yml", text: "rows:\n  t:\n    - [1, 2]\n    - {a: 1}\n", kind: .form, line: 3,
        message: "a row of t is a list", rows: 1),
      .init(
        name: "0001.yml", text: "rows:\n  t:\n    - \n    - {a: 1}\n", kind: .form, line: 3,
        message: "a row of t is nothing", rows: 1),
      .init(
        name: "0001.yml", text: "rows:\n  a.b.c: [{}]\n", kind: .form, line: 2,
        message: "a.b.c is no table's name"),
      .init(
        name: "0001.yml", text: "rows:\n  t:\n  - {<<: {a: 1}, b: 2}\n", kind: .form, line: 3,
        message: "merge key"),
    ]

    static let json: [Case] = [
      .init(
        name: "0001.json", text: "{\"rows\": {\n\"t\": [{\"a\": 1,}]}}", kind: .syntax, line: 2,
        message: "a key between double quotes"),
      .init(
        name: "0001.json", text: "{\"rows\": {},\n\"rows\": {}}", kind: .syntax, line: 2,
        message: "already in line 1"),
      .init(name: "0001.json", text: " \n", kind: .form, line: 1, message: "the file is empty"),
      .init(name: "0001.json", text: "null", kind: .form, line: 1, message: "the file is empty"),
      .init(
        name: "0001.json", text: "{\"rows\": {\"t\": [{\"v\":\n{\"$binary\": 5}}, {}]}}",
        kind: .wrongValue, line: 1, message: "the binary value is no text", rows: 1),
    ]

    static let csv: [Case] = [
      .init(
        name: "0001/t.csv", text: "a,b\n1,2\n3\n4,5\n", kind: .form, line: 3,
        message: "1 field stands under 2 columns", rows: 2),
      .init(
        name: "0001/t.csv", text: "a,b\n1,2,3\n", kind: .form, line: 2,
        message: "3 fields stand under 2 columns"),
      .init(name: "0001/t.csv", text: "a,\n1,2\n", kind: .form, line: 1, message: "has no name"),
      .init(name: "0001/t.csv", text: "a,a\n1,2\n", kind: .form, line: 1, message: "named twice"),
      .init(name: "0001/t.csv", text: "a;b\n1;2\n", kind: .form, line: 1, message: "not separated"),
      .init(name: "0001/t.csv", text: "", kind: .form, line: 1, message: "the file is empty"),
      .init(name: "0001/t.csv", text: "a\n\"x\n", kind: .syntax, line: 2, message: "never closed"),
      .init(
        name: "0001/a.b.c.csv", text: "a\n1\n", kind: .form, line: 1, message: "no table's name"),
      .init(name: "0001/t.txt", text: "a\n1\n", kind: .form, line: 1, message: "this is none"),
      .init(
        name: "0001/t.csv", text: "a\nx\0y\nz\n", kind: .wrongValue, line: 2, message: "U+0000",
        rows: 1),
    ]

    static let sql: [Case] = [
      .init(name: "0001.sql", text: " \n", kind: .form, line: 1, message: "the file is empty"),
      .init(name: "0001.sql", text: "SELECT 1;\n\0", kind: .syntax, line: 2, message: "U+0000"),
    ]
  }

  @Test(arguments: Case.all)
  func `a fault costs no more than what it is in`(_ c: Case) throws {
    let files = try FixtureFiles([c.name: c.text, "0001_beside.yml": "expect: {t: [{}]}"])
    let fixture = files.fixture()
    let problem = try #require(fixture.problems.first)
    #expect(fixture.problems.count == 1, "\(fixture.problems)")
    #expect(problem.kind == c.kind)
    #expect(problem.place == SourcePlace(file: "fixtures/\(c.name)", line: c.line))
    #expect(problem.message.contains(c.message), "\(problem)")
    #expect(!problem.fix.isEmpty)
    if c.kind == .syntax, !c.message.contains("U+0000") {
      #expect(problem.fix.hasSuffix("; nothing in this file was used"))
    }
    #expect(fixture.rows.count == c.rows)
    #expect(fixture.expect.count == 1)
  }

  @Test(arguments: ["0001.yml", "0001.json", "0001.sql", "0001/t.csv"])
  func `a file that is not UTF-8 is told with its line, a byte order mark is accepted`(name: String)
    throws
  {
    let files = try FixtureFiles()
    try files.write(Array("a: 1\nb: ".utf8) + [0xE9, 0x0A], to: name)
    let problem = try #require(files.fixture().problems.first)
    #expect(problem.kind == .syntax)
    #expect(problem.place.line == 2)
    #expect(problem.fix == "save the file as UTF-8; nothing in this file was used")
    try files.write([0xEF, 0xBB, 0xBF] + Array("id\n1\n".utf8), to: "0001/t.csv")
    #expect(files.fixture().rows.first?["id"] == .text("1"))
  }

  @Test(arguments: ["0001.yml", "0001.json", "0001.sql", "0001/t.csv"])
  func `a fixture of a gigabyte is refused before it is read`(name: String) throws {
    let files = try FixtureFiles([name: ""])
    try #require(truncate((files.folder / name).text, 1 << 30) == 0)
    let problem = try #require(files.fixture().problems.first)
    #expect(problem.kind == .tooLarge)
    #expect(problem.message == "the file has 1024 MiB, and a fixture at most 16")
  }

  @Test func `loops, folders, pipes and files that cannot be read are said so`() throws {
    let files = try FixtureFiles(["0001.json/x": "", "0001/t.csv/x": "", "0001/.keep": ""])
    let manager = FileManager.default
    func link(_ name: String, to target: String) throws {
      try manager.createSymbolicLink(
        atPath: (files.folder / name).text, withDestinationPath: target)
    }
    try link("0001.yml", to: "0001.yml")
    try link("0001_gone.yml", to: "nowhere.yml")
    try link("0001_null.sql", to: "/dev/null")
    // A file that can only be written, also by root.
    try link("0001_refs.sql", to: "/proc/self/clear_refs")
    let problems = files.fixture().problems
    #expect(problems.allSatisfy { $0.kind == .unreadableFile })
    let reasons = Dictionary(uniqueKeysWithValues: problems.map { ($0.place.file, $0.message) })
    #expect(reasons.count == 6)
    #expect(reasons["fixtures/0001.yml"]?.contains("Too many levels of symbolic links") == true)
    #expect(reasons["fixtures/0001.json"]?.contains("this is a folder") == true)
    #expect(reasons["fixtures/0001/t.csv"]?.contains("this is a folder") == true)
    #expect(reasons["fixtures/0001_gone.yml"]?.contains("No such file") == true)
    #expect(reasons["fixtures/0001_null.sql"]?.contains("no regular file") == true)
    #expect(reasons["fixtures/0001_refs.sql"]?.contains("Invalid argument") == true)
  }

  @Test func `a folder without a table is said so`() throws {
    let problem = try #require(
      try FixtureFiles(["0001/README": "x"]).fixture().problems.first)
    #expect(problem.message == "the folder holds no CSV file")
  }
}
