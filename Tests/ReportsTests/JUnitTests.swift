import Databases
import Formats
import History
import Platform
import Reports
import Rules
import Schemas
import Testing
import Walks

@Suite struct JUnitTests {
  static func schema() throws -> String { try PackageFiles.text("docs/junit.xsd") }

  @Test func `the document satisfies its schema, hostile text and all`() throws {
    let schema = try Self.schema()
    for report in try [
      SampleRecord.report(), SampleRecord.report(failOn: .warning),
      SampleRecord.report(RunRecord(), findings: []),
    ] {
      #expect(try XMLSchemaCheck.problems(of: report.junit(), against: schema).isEmpty)
    }
    let text = try SampleRecord.report().junit()
    #expect(text.contains("bell#x07 #x1B[31mred"))
    #expect(!text.contains("CDATA"))
  }

  @Test func `the schema would notice a case named twice`() throws {
    let text = try SampleRecord.report().junit()
    let damaged = text.replacing("name=\"ddd4\"", with: "name=\"aaa1 create users\"")
    #expect(damaged != text)
    #expect(try !XMLSchemaCheck.problems(of: damaged, against: Self.schema()).isEmpty)
  }

  @Test func `junitparser reads back the same counts, names and results`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path / "junit.xml"
    try Files.write(try SampleRecord.report().junit(), to: path)
    let script = """
      import sys, junitparser
      xml = junitparser.JUnitXml.fromfile(sys.argv[1])
      names = set()
      for suite in xml:
          cases = list(suite)
          kinds = [type(r).__name__ for c in cases for r in c.result]
          written = (suite.tests, suite.failures, suite.errors, suite.skipped)
          counted = (len(cases), kinds.count("Failure"), kinds.count("Error"), kinds.count("Skipped"))
          assert written == counted, (suite.name, written, counted)
          assert abs(suite.time - sum(c.time for c in cases)) < 1e-9, suite.name
          for c in cases:
              assert c.classname == suite.name and (c.classname, c.name) not in names, c.name
              names.add((c.classname, c.name))
          print(suite.name, *written)
      assert xml.tests == len(names)
      print(xml.tests, xml.failures, xml.errors)
      """
    let lines = try PackageFiles.python(script, [path.text]).split(separator: "\n").map(String.init)
    #expect(
      lines == [
        "stairway.project.history 5 1 0 0", "stairway.project.settings 1 0 0 0",
        "stairway.sqlite.engine 1 0 0 0", "stairway.sqlite.approach 1 0 0 0",
        "stairway.sqlite.upgrade 4 0 1 1", "stairway.sqlite.downgrade 4 1 0 3",
        "stairway.sqlite.reupgrade 4 0 0 3", "stairway.sqlite.schema 4 0 0 2",
        "stairway.sqlite.descent 1 1 0 0", "stairway.sqlite.ascent 1 0 0 1",
        "stairway.postgresql.engine 1 0 1 0", "27 3 2",
      ])
  }

  @Test func `a failure begins with its place and holds evidence, difference and fix`() throws {
    let finding = Finding(
      rule: "downgrade-leaves-trace", severity: .error, engine: .sqlite, revision: "aaa1",
      step: .downgrade, message: "the downgrade leaves column users.phone behind",
      evidence: Evidence(statement: "SELECT 1", difference: SampleRecord.difference),
      fix: "op.drop_column('users', 'phone')")
    let text = try SampleRecord.report(
      SampleRecord.clean, findings: [finding], declared: [], folder: "backend"
    ).junit()
    #expect(
      text.contains(
        """
              <failure type="downgrade-leaves-trace" message="the downgrade leaves column users.phone behind">\
        backend/migrations/versions/aaa1_users.py:20: the downgrade leaves column users.phone behind
        error[downgrade-leaves-trace] SQLite aaa1 downgrade
        statement:
          SELECT 1
        """))
    #expect(text.contains("  + column shop.users.phone"))
    #expect(text.contains("fix:\n  op.drop_column('users', 'phone')</failure>"))
    #expect(
      text.contains(
        "name=\"aaa1 create users\" file=\"backend/migrations/versions/aaa1_users.py\" line=\"20\"")
    )
  }

  @Test func `several findings of one case become one failure, the worst first`() throws {
    let findings = [Severity.warning, .error].map { severity in
      Finding(
        rule: RuleName("rule-\(severity.rawValue)"), severity: severity, engine: .sqlite,
        revision: "aaa1", step: .upgrade, message: "seen as \(severity.rawValue)")
    }
    let clean = SampleRecord.clean
    let strict = try SampleRecord.report(clean, findings: findings, failOn: .warning).junit()
    #expect(
      strict.contains("<failure type=\"rule-error\" message=\"seen as error (and 1 more)\">"))
    #expect(strict.split(separator: "<failure").count == 2)
    let lenient = try SampleRecord.report(clean, findings: findings).junit()
    #expect(lenient.contains("<failure type=\"rule-error\" message=\"seen as error\">"))
    #expect(lenient.contains("<system-out>migrations/versions/aaa1_users.py:10: seen as warning"))
  }

  @Test func `revisions of the same id, and messages that look alike, keep names apart`() throws {
    var record = SampleRecord.clean
    record.revisions = [record.revisions[0], record.revisions[0], record.revisions[0]]
    let text = try SampleRecord.report(record, findings: []).junit()
    #expect(text.contains("name=\"aaa1 create users (2)\""))
    #expect(text.contains("name=\"aaa1 create users (3)\""))
    #expect(try XMLSchemaCheck.problems(of: text, against: Self.schema()).isEmpty)
  }

  @Test func `a finding without a case of its own is not lost`() throws {
    let finding = Finding(
      rule: "upgrade-fails", severity: .error, engine: .postgresql, revision: "zzz9",
      step: .upgrade, message: "never recorded")
    let text = try SampleRecord.report(SampleRecord.clean, findings: [finding]).junit()
    #expect(text.contains("classname=\"stairway.postgresql.upgrade\" name=\"zzz9\""))
    #expect(text.contains("message=\"never recorded\""))
  }

  @Test func `a huge text is cut near 64 KiB`() throws {
    let finding = Finding(
      rule: "upgrade-fails", severity: .error, engine: .sqlite, revision: "aaa1", step: .upgrade,
      message: "refused",
      evidence: Evidence(
        statement: Array(repeating: String(repeating: "é", count: 3_000), count: 300)
          .joined(separator: "\n")))
    let text = try SampleRecord.report(SampleRecord.clean, findings: [finding]).junit()
    #expect(text.utf8.count < 80_000)
    #expect(text.contains("… cut here"))
    #expect(try XMLSchemaCheck.problems(of: text, against: Self.schema()).isEmpty)
  }

  @Test func `thousands of revisions stay small and valid`() throws {
    var record = SampleRecord.clean
    record.revisions = (0..<2_000).map {
      Revision(id: RevisionID("r\($0)"), message: "step \($0)", file: "v/\($0).py", upgradeLine: 1)
    }
    record.engines[0].roundTrips = record.revisions.map {
      RoundTripRecord(
        revision: $0.id,
        steps: [.upgrade, .downgrade, .reupgrade].map { StepRecord($0, outcome: .succeeded) })
    }
    let findings = record.revisions.map {
      Finding(
        rule: "missing-downgrade", severity: .error, engine: .sqlite, revision: $0.id,
        step: .downgrade, message: "no way back",
        evidence: Evidence(statement: String(repeating: "x", count: 3_900)))
    }
    let report = try SampleRecord.report(record, findings: findings)
    let text = try report.junit()
    #expect(text.utf8.count < 30_000_000)
    #expect(text.contains("failures=\"2000\""))
    #expect(report.text(.github, style: Style()).split(separator: "\n").count == 10)
  }
}
