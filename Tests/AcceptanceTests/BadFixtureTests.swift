import Formats
import Glibc
import Platform
import Testing

/// Fixtures that cannot be used: each is told with its file and line, on both engines, and the whole walk
/// happens all the same.
@Suite struct BadFixtureTests {
  private struct Case {
    let revision: String
    let file: String
    let text: [UInt8]
    let line: Int
    /// What both engines' findings say, or each one's in the order SQLite, PostgreSQL.
    let sentences: [String]
    let fix: String

    init(
      _ revision: String, _ file: String, _ text: String, line: Int, _ sentences: String...,
      fix: String = ""
    ) {
      self.init(revision, file, Array(text.utf8), line: line, sentences, fix: fix)
    }

    init(
      _ revision: String, _ file: String, _ text: [UInt8], line: Int, _ sentences: [String],
      fix: String
    ) {
      self.revision = revision
      self.file = file
      self.text = text
      self.line = line
      self.sentences = sentences
      self.fix = fix
    }

    static func rows(
      _ revision: String, _ table: String, _ row: String, _ sentences: String..., fix: String = ""
    ) -> Case {
      Case(
        revision, "\(revision).yml", Array("rows:\n  \(table):\n    - {\(row)}\n".utf8), line: 3,
        sentences, fix: fix)
    }

    static let all: [Case] = [
      .rows(
        "r02", "user", "id: 1", "there is no table user", fix: "did you mean users?"),
      .rows(
        "r03", "users", "emial: a", "users has no column emial", fix: "did you mean email?"),
      .rows(
        "r04", "users", "id: one", "users.id is INTEGER, and the value is a text that is no number",
        "users.id is integer, and the value is a text that is no number",
        fix: "write a whole number"),
      .rows(
        "r05", "users", "id: 5, born: 2001-13-45, email: e",
        "users.born is DATE, and the value is a day that is in no calendar",
        "users.born: date/time field value out of range"),
      .rows(
        "r06", "users", "id: 6, email: null", "NOT NULL constraint failed: users.email",
        "null value in column \"email\" of relation \"users\" violates not-null constraint",
        fix: "give the column a value"),
      .rows(
        "r07", "posts", "id: 7, user_id: 77", "posts.user_id: FOREIGN KEY constraint failed",
        "violates foreign key constraint", fix: "write the row that it points to"),
      .init(
        "r08", "r08.yml", "rows:\n  users:\n    - {id: 8, email: a\n    - b\n", line: 5,
        "did not find expected ',' or '}' while parsing a flow mapping that begins in line 3",
        fix: "mend the line"),
      .init(
        "r09", "r09/users.csv", "id,email\n9,a\n10\n11,c,d\n", line: 3,
        "1 field stands under 2 columns", fix: "separate as many by commas"),
      .init(
        "r10", "r10.yml", Array("rows:\n  users:\n    - {email: ".utf8) + [0xE9, 0x7D, 0x0A],
        line: 3,
        ["the text is not UTF-8"], fix: "save the file as UTF-8"),
      // A ring that no order and no deferring makes whole: one of the two is not there.
      .init(
        "r11", "r11.yml",
        "rows:\n  left_side:\n    - {id: 1, other: 1}\n  right_side:\n    - {id: 1, other: 2}\n",
        line: 5, "right_side.other: FOREIGN KEY constraint failed",
        "insert or update on table \"right_side\" violates foreign key constraint",
        fix: "write the row that it points to"),
      .init(
        "r12", "r12.sql", "INSERT INTO users (id, email) VALUES (12, 'l');\n\nINSERT INTO userz;\n",
        line: 3, "near \";\": syntax error", "syntax error at or near \";\""),
      .init(
        "r13", "r13.sql", "INSERT INTO users (id, email) VALUES (13, 'm');\nDROP TABLE posts;\n",
        line: 2,
        "the script changes the schema, which a fixture leaves as it is: it drops table posts; "
          + "nothing of it was used", fix: "leave CREATE, ALTER and DROP to the migrations"),
    ]
  }

  private static let huge = ["r13.yml", "r14.json", "r15.sql", "r16/users.csv"]

  private func project() throws -> SampleProject {
    let project = try SampleProject()
    try Files.removeTree(project.path / "migrations/versions")
    try project.addRevision(
      "r01", after: nil,
      up: """
        op.execute('''CREATE TABLE users (id INTEGER PRIMARY KEY, email VARCHAR(40) NOT NULL,
              born DATE)''')
            op.execute('''CREATE TABLE posts (id INTEGER PRIMARY KEY,
              user_id INTEGER NOT NULL REFERENCES users (id))''')
            op.execute('''CREATE TABLE left_side (id INTEGER PRIMARY KEY, other INTEGER NOT NULL)''')
            op.execute('''CREATE TABLE right_side (id INTEGER PRIMARY KEY,
              other INTEGER NOT NULL REFERENCES left_side (id))''')
        """,
      down: """
        for table in ('right_side', 'left_side', 'posts', 'users'):
                op.execute('DROP TABLE ' + table)
        """)
    for number in 2...17 {
      func name(_ number: Int) -> String { "r" + (number < 10 ? "0" : "") + "\(number)" }
      try project.addRevision(name(number), after: name(number - 1), up: "pass", down: "pass")
    }
    for c in Case.all {
      let file = try project.folder.write("", to: "stairway/fixtures/\(c.file)")
      try Files.write(c.text, to: file)
    }
    for name in Self.huge {
      let file = try project.folder.write("", to: "stairway/fixtures/\(name)")
      try #require(truncate(file.text, 1 << 30) == 0)
    }
    try project.folder.write("rows: {users: [{id: 1}]}\n", to: "stairway/fixtures/r18.yml")
    try project.folder.write(
      "rows:\n  users:\n    - {id: 17, email: q}\nexpect:\n  users:\n    - {email: a, id: 9}\n",
      to: "stairway/fixtures/r17.yml")
    return project
  }

  private struct Report: Decodable {
    struct Finding: Decodable {
      let rule: String
      let engine: String?
      let revision: String?
      let file: String?
      let line: Int?
      let message: String
      let fix: String?
    }
    struct Record: Decodable { let engines: [Engine] }
    struct Engine: Decodable { let roundTrips: [Trip] }
    struct Trip: Decodable { let steps: [Step] }
    struct Step: Decodable {
      struct Outcome: Decodable { let status: String }
      let outcome: Outcome
    }
    let findings: [Finding]
    let record: Record
  }

  @Test func `each is a sentence with file and line, and the rest of the walk happens`() throws {
    let project = try project()
    let answer = try project.stairway().run("verify", "--python", Stairway.python().text)
    #expect(answer.status == 1, "\(answer.errors)")
    let text = try Files.text(of: project.path / "reports/report.json")
    let report = try JSONText.decode(Report.self, from: text, name: "report.json")
    for (index, engine) in ["sqlite", "postgresql"].enumerated() {
      for c in Case.all {
        let found = report.findings.filter { $0.engine == engine && $0.revision == c.revision }
        let sentence = c.sentences[min(index, c.sentences.count - 1)]
        let finding = try #require(
          found.first { $0.message.contains(sentence) }, "\(c.file): \(found)")
        #expect(finding.rule == "fixture-rejected")
        #expect(finding.file == "stairway/fixtures/\(c.file)")
        #expect(finding.line == c.line, "\(finding)")
        #expect((finding.fix ?? "").hasPrefix(c.fix), "\(finding)")
        #expect(answer.output.contains("stairway/fixtures/\(c.file):\(c.line)"))
      }
      for name in Self.huge {
        let finding = report.findings.first {
          $0.engine == engine && $0.file == "stairway/fixtures/\(name)"
        }
        #expect(finding?.message == "the file has 1024 MiB, and a fixture at most 16")
      }
    }
    let unowned = report.findings.filter { $0.engine == nil }
    #expect(unowned.map(\.message) == ["there is no revision r18"])
    #expect(unowned.last?.fix?.hasPrefix("did you mean r") == true)
    // What stands beside the faults was used, and every step was taken.
    #expect(report.findings.allSatisfy { $0.rule == "fixture-rejected" })
    let outcomes = report.record.engines.flatMap(\.roundTrips).flatMap(\.steps)
      .map(\.outcome.status)
    #expect(outcomes.count == 2 * 17 * 5)
    #expect(Set(outcomes) == ["succeeded"])
  }

  @Test func `redacted, a refused row shows no value`() throws {
    let project = try project()
    let answer = try project.stairway().run(
      "verify", "--redact", "--engine", "postgresql", "--python", Stairway.python().text)
    #expect(answer.status == 1)
    let report = try Files.text(of: project.path / "reports/report.json")
    #expect(report.contains("date/time field value out of range: \\\"…\\\""))
    #expect(!report.contains("2001-13-45") && !answer.says("2001-13-45"))
    #expect(report.contains("(user_id)=(…)") && !report.contains("=(77)"))
  }
}
