import FoundationEssentials
import Testing
import Platform

/// A file of `fixtures/ddl/postgresql`: statements between blank lines, each with what it should
/// change in comments above it.
struct DDLCase: CustomTestStringConvertible {
  /// What a statement changes.
  enum Effect: Equatable {
    case both, neither, onlyStairway, onlyPgDump
  }

  struct Statement {
    let sql: String
    let line: Int
    var effect = Effect.both
    /// The oldest major version that knows it.
    var needs = 0
    /// Whether the server refuses it, though not without a trace.
    var fails = false
  }

  let name: String
  let statements: [Statement]

  var testDescription: String { name }

  init(_ file: Path) throws {
    name = file.name
    let text = try String(contentsOf: file.url, encoding: .utf8)
    var statements: [Statement] = []
    var lines: [Substring] = []
    func finish(at number: Int) {
      if let statement = Self.statement(lines, before: number) { statements.append(statement) }
      lines = []
    }
    let all = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (number, line) in all.enumerated() {
      if line.isEmpty { finish(at: number) } else { lines.append(line) }
    }
    finish(at: all.count)
    self.statements = statements
  }

  private static func statement(_ lines: [Substring], before number: Int) -> Statement? {
    let sql = lines.filter { !$0.hasPrefix("-- ") }.joined(separator: "\n")
    guard !sql.isEmpty else { return nil }
    var statement = Statement(sql: sql, line: number - lines.count + 1)
    for line in lines where line.hasPrefix("-- ") {
      let note = line.dropFirst(3)
      if note.hasPrefix("only stairway: ") { statement.effect = .onlyStairway }
      if note.hasPrefix("only pg_dump: ") { statement.effect = .onlyPgDump }
      if note == "neither" { statement.effect = .neither }
      if note == "fails" { statement.fails = true }
      if note.hasPrefix("needs ") { statement.needs = Int(note.dropFirst(6)) ?? 0 }
    }
    return statement
  }

  /// Every file, by name.
  static func all() throws -> [DDLCase] {
    let folder = Path(#filePath).parent.parent.parent.parent / "fixtures/ddl/postgresql"
    return try FileManager.default.contentsOfDirectory(atPath: folder.text).sorted()
      .filter { $0.hasSuffix(".sql") }.map { try DDLCase(folder / $0) }
  }
}
