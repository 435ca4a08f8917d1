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
      SampleRecord.report(RunRecord(fault: SampleRecord.fault), findings: []),
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
        "stairway.sqlite.commands 1 0 0 0", "stairway.sqlite.application 1 0 0 1",
        "stairway.sqlite.offline 1 0 0 1", "stairway.postgresql.engine 1 0 1 0", "30 3 2",
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

  @Test func `an error begins with its place too`() throws {
    let text = try SampleRecord.report(findings: []).junit()
    #expect(
      text.contains(
        ">migrations/versions/ccc3.py:12: the Python worker ended with status 1\n"))
    var record = SampleRecord.clean
    record.engines[0].fault = Fault(
      .databaseLost, message: "env.py raised", file: "migrations/env.py", line: 4)
    let engine = try SampleRecord.report(record, findings: [], folder: "backend").junit()
    #expect(
      engine.contains(
        "name=\"the engine\" file=\"backend/migrations/env.py\" line=\"4\" time=\"0.000\">"))
    #expect(engine.contains(">backend/migrations/env.py:4: env.py raised</error>"))
  }

  @Test func `a run that could not begin is an error of a case that every run has`() throws {
    let fault = Fault(
      Fault.Code(rawValue: "unreadable-revision"), message: "syntax error: invalid syntax",
      fix: "correct the file", file: "migrations/versions/3c.py", line: 3)
    let report = try SampleRecord.report(RunRecord(fault: fault), findings: [], declared: [])
    let text = try report.junit()
    #expect(text.contains("<testsuites name=\"stairway\" tests=\"2\" failures=\"0\" errors=\"1\""))
    #expect(
      text.contains(
        """
            <testcase classname="stairway.project.history" name="the revision graph" \
        file="migrations/versions/3c.py" line="3" time="0.000">
              <error type="unreadable-revision" message="syntax error: invalid syntax">\
        migrations/versions/3c.py:3: syntax error: invalid syntax
        fix: correct the file</error>
        """))
    #expect(text.contains("<skipped message=\"the run did not begin\""))
    #expect((report.summary.verdict, report.summary.unjudged) == (.unknown, 1))
    #expect(
      report.text(.github, style: Style()).hasPrefix(
        "::error file=migrations/versions/3c.py,line=3,title=could not be judged (the project)::"))
    #expect(
      report.text(.concise, style: Style())
        == "migrations/versions/3c.py:3: unknown[unreadable-revision]: syntax error: invalid syntax\n"
    )
    #expect(report.text(.full, style: Style()).contains("the project could not be judged: syntax"))
  }

  @Test func `where there was nothing to do, nothing passed and nothing is wrong`() throws {
    let fault = Fault(.emptyRange, message: "--revisions a..b holds no revision")
    let report = try SampleRecord.report(RunRecord(fault: fault), findings: [], declared: [])
    #expect(report.summary.verdict == .nothing)
    let text = try report.junit()
    #expect(text.contains("errors=\"0\""))
    #expect(text.contains("<skipped message=\"--revisions a..b holds no revision\""))
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
