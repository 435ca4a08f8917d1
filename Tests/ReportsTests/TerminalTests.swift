import Databases
import History
import Reports
import Rules
import Schemas
import Testing
import Walks

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

  @Test func `the summary says what was verified, and where`() throws {
    let clean = try SampleRecord.report(SampleRecord.clean, findings: [], declared: [])
    #expect(clean.summaryLine(style: Style()) == "1 revision on SQLite 3.40.1: verified")
    let full = try SampleRecord.report()
    #expect(
      full.summaryLine(style: Style(), reports: "out/")
        == "4 revisions on SQLite 3.40.1 and PostgreSQL 15.18: 3 errors, 3 warnings, "
        + "2 could not be judged, 1 not reached, 1 declared · 1.5 s · reports in out/")
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

  @Test(arguments: [24, 40, 60, 100])
  func `narrow terminals break lines only at spaces`(_ width: Int) throws {
    let report = try SampleRecord.report(
      SampleRecord.clean, findings: [Self.trace], declared: [])
    let text = report.text(.full, style: Style(width: width))
    for line in text.split(separator: "\n") where line.count > max(width, 30) {
      let words = line.split(separator: " ").filter { !["|", "=", "-->", "fix:"].contains($0) }
      // What does not fit is one word, the place, or the summary.
      #expect(words.count <= 1 || line.contains("revision on"), "\(line)")
    }
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
