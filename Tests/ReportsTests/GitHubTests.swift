import Databases
import History
import Reports
import Rules
import Testing
import Walks

@Suite struct GitHubTests {
  @Test func `a finding becomes an annotation at its line`() throws {
    let text = try SampleRecord.report(
      SampleRecord.clean, findings: [TerminalTests.trace], declared: []
    ).text(.github, style: Style())
    #expect(
      text.hasPrefix(
        "::error file=migrations/versions/aaa1_users.py,line=20,"
          + "title=downgrade-leaves-trace (SQLite%2C aaa1)::the downgrade leaves a column%0Astatement:%0A"
      ))
    #expect(text.hasSuffix("fix:%0A  add to downgrade():%0A  op.drop_column('users', 'phone')\n"))
  }

  @Test func `places are those that the repository's root sees, wherever the run was started`()
    throws
  {
    let text = try SampleRecord.report(
      SampleRecord.clean, findings: [TerminalTests.trace], declared: [], folder: ".",
      repositoryFolder: "services/backend"
    ).text(.github, style: Style())
    #expect(
      text.hasPrefix("::error file=services/backend/migrations/versions/aaa1_users.py,line=20,"))
  }

  @Test func `no text begins a command of its own`() throws {
    let text = try SampleRecord.report().text(.github, style: Style())
    for line in text.split(separator: "\n") {
      #expect(["::error ", "::warning ", "::notice "].contains { line.hasPrefix($0) }, "\(line)")
      #expect(!line.contains("\r"))
    }
    #expect(text.contains("100%25 café"))
    #expect(text.contains("::notice title=PostgreSQL is left out::no server was found\n"))
  }

  @Test func `of each kind the ten worst are shown, the last counts the rest`() throws {
    let findings = (0..<25).flatMap { number in
      [Severity.warning, .error].map {
        Finding(rule: "x", severity: $0, message: "number \(number)")
      }
    }
    let lines = try SampleRecord.report(SampleRecord.clean, findings: findings)
      .text(.github, style: Style(), reports: "out/").split(separator: "\n")
    #expect(lines.count == 20)
    #expect(lines.prefix(10).allSatisfy { $0.hasPrefix("::error ") })
    #expect(
      lines[9]
        == "::error title=stairway%3A 16 more::16 more of this kind are in report.json in out/ and, "
        + "where it is not switched off, in the summary of the job: GitHub shows 10 of a step")
    #expect(lines[19].hasPrefix("::warning title=stairway%3A 16 more::"))
  }

  @Test func `what could not be judged is an annotation too`() throws {
    let text = try SampleRecord.report(findings: []).text(.github, style: Style())
    #expect(
      text.contains(
        "::error file=migrations/versions/ccc3.py,line=12,title=could not be judged (SQLite%2C ccc3)"
          + "::the Python worker ended with status 1%0Afix: run `stairway doctor`"))
  }
}
