import Databases
import History
import Rules
import Schemas
import Testing
import Walks

@testable import Reports

@Suite struct TerminalTests {
  static let trace = Finding(
    rule: "downgrade-leaves-trace", severity: .error, engine: .sqlite, revision: "aaa1",
    step: .downgrade, objects: [SampleRecord.phone.id], message: "the downgrade leaves a column",
    evidence: Evidence(
      statement: "ALTER TABLE users ADD COLUMN phone", error: "no such table", sqlState: "42P01",
      difference: SchemaDifference([ObjectChange(before: nil, after: SampleRecord.phone)])),
    fix: "add to downgrade():\nop.drop_column('users', 'phone')")

  @Test func `a finding shows its place, evidence, difference and fix`() throws {
    let report = try SampleRecord.report(
      SampleRecord.clean, findings: [Self.trace], declared: [], folder: "backend")
    #expect(
      report.text(.full, style: Style(), reports: "reports") == """
        SQLite 3.40.1 · aaa1 create users

        error[downgrade-leaves-trace]: the downgrade leaves a column
          --> backend/migrations/versions/aaa1_users.py:20
           |
           | statement:
           |   ALTER TABLE users ADD COLUMN phone
           | error (SQLSTATE 42P01):
           |   no such table
           | difference:
           |   + column shop.users.phone character varying(20)
           |
           = fix: add to downgrade():
                  op.drop_column('users', 'phone')

        1 revision on SQLite 3.40.1: 1 error · reports in reports/

        """)
  }

  @Test(arguments: [("long-lock", "measured:"), ("rows-lost", "rows:")])
  func `what a rehearsal measured is not called rows`(_ rule: String, _ label: String) throws {
    let finding = Finding(
      rule: RuleName(rule), severity: .error, engine: .sqlite, revision: "aaa1", message: "x",
      evidence: Evidence(rows: ["SHARE on table users: held for 3 s"]))
    let text = try SampleRecord.report(SampleRecord.clean, findings: [finding])
      .text(.full, style: Style())
    #expect(text.contains("   | \(label)\n   |   SHARE on table users: held for 3 s\n"), "\(text)")
  }

  @Test func `the summary says what was verified, and where`() throws {
    let clean = try SampleRecord.report(SampleRecord.clean, findings: [], declared: [])
    #expect(clean.summaryLine(style: Style()) == "1 revision on SQLite 3.40.1: verified")
    let full = try SampleRecord.report()
    #expect(
      full.summaryLine(style: Style(), reports: "out/")
        == "4 revisions on SQLite 3.40.1 and PostgreSQL 15.18: 3 errors, 3 warnings, "
        + "2 could not be judged, 1 not reached, 1 declared, PostgreSQL left out · 1.5 s · reports in "
        + "out/")
    var empty = SampleRecord.clean
    empty.engines[0].roundTrips[0].filling = RowFilling()
    empty.engines[0].roundTrips[0].filling?.unfilled = [
      EmptyTable(table: TableName("users"), reason: "no row was found for it")
    ]
    let partly = try SampleRecord.report(empty, findings: [], declared: [])
    #expect(
      partly.summaryLine(style: Style())
        == "1 revision on SQLite 3.40.1: verified, 1 table without rows")
    #expect(partly.summaryPage().contains("1 table without rows"))
    let nothing = try SampleRecord.report(RunRecord(), findings: [], declared: [])
    #expect(
      nothing.summaryLine(style: Style()) == "nothing to verify: there are no revisions")
  }

  @Test func `what was left out, not reached or declared is said`() throws {
    let text = try SampleRecord.report().text(.full, style: Style())
    for part in [
      "note: PostgreSQL is left out: no server was found",
      "note: SQLite: ddd4 was not reached: it needs ccc3",
      "note: SQLite: steps of 1 revision are left out: no upgrade",
      "note: SQLite: the ascent is left out: the descent did not reach base",
      "note: SQLite: tables were made by the application's factory: users",
      "declared: missing-downgrade sqlite aaa1 because base data",
      "unknown[worker-exited]: SQLite ccc3 upgrade could not be judged: the Python worker ended",
      "   = fix: run `stairway doctor` to see what it printed",
      "unknown[database-lost]: PostgreSQL could not be judged: the server went away",
    ] {
      #expect(text.contains(part), "\(part)")
    }
  }

  @Test func `concise is one line a finding, whatever the finding holds`() throws {
    let lines = try SampleRecord.report().text(.concise, style: Style())
      .split(separator: "\n").map(String.init)
    #expect(lines.count == SampleRecord.findings.count + 2)
    #expect(lines[0] == "error[multiple-heads]: the history has 2 heads: ccc3 and ddd4")
    #expect(
      lines[1].hasPrefix(
        "migrations/versions/bbb2.py:22: error[downgrade-fails] sqlite bbb2: the downgrade failed"))
    #expect(
      lines[3].hasPrefix(
        "migrations/versions/aaa1_users.py:10: warning[sequence-too-narrow] sqlite aaa1: users.id"))
    #expect(lines[6].contains("ccc3.py:12: unknown[worker-exited] sqlite ccc3: the Python worker"))
  }

  @Test(arguments: OutputFormat.allCases)
  func `nothing in the user's text steers the terminal`(_ format: OutputFormat) throws {
    let text = try SampleRecord.report().text(format, style: Style(width: 60))
    let steering = text.unicodeScalars.filter { scalar in
      (scalar.value < 0x20 && scalar != "\n") || scalar.value == 0x7F
        || (format != .json && (0x202A...0x202E).contains(scalar.value))
    }
    #expect(steering.isEmpty)
    #expect(format == .json || text.contains("\\x1B[31mred"))
  }

  @Test func `colour is used only where it is asked for`() throws {
    let report = try SampleRecord.report()
    let plain = report.text(.full, style: Style())
    let coloured = report.text(.full, style: Style(isColoured: true))
    #expect(!plain.contains("\u{1B}"))
    #expect(coloured.contains("\u{1B}[1;31merror[downgrade-fails]: \u{1B}[0m"))
    #expect(Self.withoutColour(coloured) == plain)
  }

  /// Everything that a finding prints, in words that are wider than some terminals.
  static let wide = Finding(
    rule: "downgrade-leaves-trace", severity: .error, engine: .sqlite, revision: "aaa1",
    step: .downgrade, objects: [SampleRecord.phone.id],
    message: "the downgrade leaves submission.fk_submission_student_id_student without its rule",
    evidence: Evidence(
      statement: "CREATE TABLE t (\n\t\ta INTEGER,\n\t\tb TEXT\n)",
      error: "値が大きすぎます" + String(repeating: "長い名前", count: 20),
      difference: SchemaDifference([ObjectChange(before: nil, after: SampleRecord.phone)]),
      rows: ["users 1: email 'Lise.Meitner@Example.org' is now 'lise.meitner@example.org'"],
      frames: [
        Frame(file: "migrations/versions/aaa1_users.py", line: 20, function: "upgrade", code: "x()")
      ]),
    fix: """
      with op.batch_alter_table("submission") as batch_op:
          batch_op.create_foreign_key("fk_submission_student_id_student", "student", ["student_id"])
      """)

  @Test(arguments: [20, 24, 40, 60, 100], [false, true])
  func `nothing but a place is wider than the terminal`(_ width: Int, isRehearsal: Bool) throws {
    let record = isRehearsal ? SampleRecord.rehearsed { _ in } : SampleRecord.record
    let report = try SampleRecord.report(record, findings: SampleRecord.findings + [Self.wide])
    let text = report.text(.full, style: Style(width: width), reports: "reports")
    for line in text.split(separator: "\n")
    where !line.drop(while: { $0 == " " }).hasPrefix("--> ") {
      #expect(Wrapping.columns(of: line) <= width, "\(line)")
    }
    let coloured = report.text(
      .full, style: Style(isColoured: true, width: width), reports: "reports")
    #expect(Self.withoutColour(coloured) == text)
    func words(_ text: String) -> String { text.filter { !$0.isWhitespace && $0 != "|" } }
    #expect(words(text) == words(report.text(.full, style: Style(), reports: "reports")))
  }

  @Test(arguments: [40, nil])
  func `a terminal without Unicode is shown ASCII, but for the project's own`(_ width: Int?) throws
  {
    let report = try SampleRecord.report(
      SampleRecord.clean, findings: [Self.trace], declared: [], folder: "backend")
    let text = report.text(.full, style: Style(width: width, isPlain: true), reports: "reports")
    #expect(text.utf8.allSatisfy { $0 < 0x80 }, "\(text)")
    #expect(text.contains("SQLite 3.40.1 - aaa1 create users"))
    #expect(VisibleText.plain("été → … ·") == "été -> ... -")
  }

  @Test(arguments: [
    (
      "  ~ constraint submission.fk_student_id: on delete", 24,
      ["  ~ constraint", "    submission.fk_", "    student_id: on", "    delete"]
    ),
    ("error[downgrade-leaves-trace]:", 20, ["error[downgrade-", "  leaves-trace]:"]),
    ("\tx = 1", 40, ["    x = 1"]),
    ("長い名前長い名前", 10, ["長い名前長", "  い名前"]),
  ])
  func `what a line goes on with stands further in, and a word breaks where it is parted`(
    _ text: String, _ width: Int, _ lines: [String]
  ) {
    #expect(Wrapping.lines(text, width: width, hanging: 2) == lines)
  }

  @Test func `a table's line goes on below what it says, a sentence a little further in`() {
    let text = """
      python      3.11.7, /srv/app/bin/python
                  alembic 1.20.1, sqlalchemy
      error[no-python]: there is no Python with Alembic
        fix: name it
      """
    #expect(
      Wrapping.page(text, width: 30) == """
        python      3.11.7,
                    /srv/app/bin/
                    python
                    alembic 1.20.1,
                    sqlalchemy
        error[no-python]: there is no
          Python with Alembic
          fix: name it
        """)
    #expect(Wrapping.page(text, width: nil) == text)
  }

  @Test func `a long statement and a long difference are shortened`() throws {
    var finding = Self.trace
    finding = Finding(
      rule: finding.rule, severity: .error, engine: .sqlite, revision: "aaa1",
      message: finding.message,
      evidence: Evidence(
        statement: (0..<100).map { "line \($0)" }.joined(separator: "\n"),
        error: String(repeating: "e", count: 10_000)))
    let text = try SampleRecord.report(SampleRecord.clean, findings: [finding])
      .text(.full, style: Style())
    #expect(text.contains("… 89 more lines"))
    #expect(text.utf8.count < 2_000)
  }

  static func withoutColour(_ text: String) -> String {
    var kept = ""
    var isSkipping = false
    for character in text {
      if character == "\u{1B}" { isSkipping = true }
      if !isSkipping { kept.append(character) }
      if isSkipping, character == "m" { isSkipping = false }
    }
    return kept
  }
}
