import Databases
import History
import Reports
import Rules
import Testing
import Walks

@Suite struct SummaryPageTests {
  @Test func `the verdict comes first, then what was seen where, then each finding`() throws {
    let report = try SampleRecord.report(
      SampleRecord.clean, findings: [TerminalTests.trace], folder: "x", repositoryFolder: "backend")
    #expect(
      report.summaryPage() == """
        ## Stairway: 1 finding to mend

        1 revision on SQLite 3.40.1: 1 error, 1 declared

        | revision | engine | what was seen |
        | --- | --- | --- |
        | aaa1 create users | SQLite | `downgrade-leaves-trace` |

        <details><summary><b>error</b> downgrade-leaves-trace · SQLite aaa1: the downgrade leaves a column</summary>

        `backend/migrations/versions/aaa1_users.py:20`

        statement:

        ```sql
        ALTER TABLE users ADD COLUMN phone
        ```

        error (SQLSTATE 42P01):

        ```text
        no such table
        ```

        difference:

        ```diff
        + column shop.users.phone character varying(20)
        ```

        fix:

        ```text
        add to downgrade():
        op.drop_column('users', 'phone')
        ```

        </details>

        - declared: missing-downgrade sqlite aaa1 because base data

        """)
  }

  @Test func `what both engines show of a revision is one row`() throws {
    func finding(_ rule: RuleName, _ engine: Engine) -> Finding {
      Finding(
        rule: rule, severity: .warning, engine: engine, revision: "aaa1", step: .upgrade,
        message: "seen")
    }
    let page = try SampleRecord.report(
      SampleRecord.clean,
      findings: [
        finding("data-dropped", .sqlite), finding("data-dropped", .postgresql),
        Finding(rule: "multiple-heads", severity: .error, message: "two heads"),
      ], declared: []
    ).summaryPage()
    #expect(
      page.contains(
        """
        | --- | --- | --- |
        | aaa1 create users | SQLite and PostgreSQL | `data-dropped` (warning) |
        | the whole |  | `multiple-heads` |

        """))
  }

  @Test func `a run without findings says so in two lines`() throws {
    let report = try SampleRecord.report(SampleRecord.clean, findings: [], declared: [])
    #expect(
      report.summaryPage() == """
        ## Stairway: verified

        1 revision on SQLite 3.40.1: verified

        """)
  }

  @Test func `no text is markup, breaks a table or ends a fence`() throws {
    var record = SampleRecord.clean
    let nasty = "a|b `code` <script>alert(1)</script> [x](y) *z* @team\n## heading </details>"
    record.revisions[0] = Revision(id: "aaa1", message: nasty, file: "a`b|<i>.py", upgradeLine: 1)
    let finding = Finding(
      rule: "upgrade-fails", severity: .error, engine: .sqlite, revision: "aaa1", step: .upgrade,
      message: nasty, evidence: Evidence(statement: "SELECT '\n````\n</details>'"))
    let page = try SampleRecord.report(record, findings: [finding], declared: []).summaryPage()
    let lines = page.split(separator: "\n")
    #expect(
      lines[4]
        == "| aaa1 a&#124;b &#96;code&#96; &#60;script&#62;alert(1)&#60;/script&#62; &#91;x&#93;(y) "
        + "&#42;z&#42; &#64;team &#35;&#35; heading &#60;/details&#62; | SQLite | `upgrade-fails` |"
    )
    #expect(!page.contains("<script>"))
    #expect(lines.filter { $0.hasPrefix("##") }.count == 1)
    // Four backticks stand in the statement, so that five fence it.
    #expect(lines.contains("`````sql"))
    #expect(lines.contains("`````"))
    #expect(lines.contains("</details>'"))
    #expect(page.contains("a&#96;b&#124;&#60;i&#62;.py:1"))
  }

  @Test
  func `what does not fit is counted, the worst is told, and the page stays within its limit`()
    throws
  {
    let long = Array(repeating: String(repeating: "é`", count: 250), count: 60)
      .joined(separator: "\n")
    let findings = (0..<60).map { number in
      Finding(
        rule: "upgrade-fails", severity: number == 59 ? .error : .warning, engine: .sqlite,
        revision: "aaa1", step: .upgrade,
        message: number == 7 ? String(repeating: "|`", count: 500_000) : "number \(number) \(long)",
        evidence: Evidence(statement: long, rows: [long]))
    }
    let report = try SampleRecord.report(SampleRecord.clean, findings: findings, declared: [])
    let page = report.summaryPage()
    #expect(page.utf8.count <= SummaryPage.limit)
    #expect(page.utf8.count > 900_000)
    let told = page.split(separator: "\n").filter { $0.hasPrefix("<details>") }
    #expect(told.first?.contains("number 59 ") == true)
    #expect(
      page.hasSuffix(
        "\n\(60 - told.count) more findings did not fit here: report.json has all of them.\n"))
    let small = report.summaryPage(limit: 2_000)
    #expect(small.utf8.count <= 2_000)
    #expect(small.hasPrefix("## Stairway: 1 finding to mend\n"))
    #expect(small.contains("60 more findings did not fit here"))
    #expect(report.summaryPage(limit: 10) == "")
    // Nearly full pages count as well.
    let heading =
      "## Stairway: 1 finding to mend\n\n1 revision on SQLite 3.40.1: 1 error, 59 warnings\n"
    let sentence = "\n60 more findings did not fit here: report.json has all of them.\n"
    for limit in [heading.utf8.count + sentence.utf8.count, heading.utf8.count + 257] {
      #expect(report.summaryPage(limit: limit) == heading + sentence)
    }
    #expect(report.summaryPage(limit: heading.utf8.count) == heading)
  }

  @Test func `remarks that do not fit are said to be elsewhere`() throws {
    var record = SampleRecord.clean
    record.engines[0].notes = (0..<50).map { "\($0) " + String(repeating: "long ", count: 80) }
    let report = try SampleRecord.report(record, findings: [], declared: [])
    #expect(report.summaryPage().contains("- note: SQLite: 49 long"))
    let page = report.summaryPage(limit: 2_000)
    #expect(
      page.hasSuffix("\nThe remarks did not fit here: report.html has all of them.\n"), "\(page)")
  }

  @Test func `a run that could not begin says why`() throws {
    let page = try SampleRecord.report(
      RunRecord(fault: SampleRecord.fault), findings: [], declared: []
    ).summaryPage()
    #expect(page.hasPrefix("## Stairway: could not be verified\n"))
    #expect(
      page.contains(
        "<b>unknown</b> worker-exited: the project could not be judged: the Python worker ended"))
    #expect(page.contains("fix:\n\n```text\nrun `stairway doctor` to see what it printed\n```"))
  }
}
