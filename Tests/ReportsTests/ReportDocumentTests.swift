import Databases
import Formats
import History
import Platform
import Reports
import Rules
import Testing
import Walks

@Suite struct ReportDocumentTests {
  @Test func `a report read back is the report that was written`() throws {
    let report = try SampleRecord.report(folder: "backend")
    let back = try Report(json: report.json, name: "report.json")
    #expect(back.record == report.record)
    #expect(back.judgement == report.judgement)
    #expect(back.json == report.json)
    #expect(back.summary == report.summary)
    #expect((back.failOn, back.version, back.folder) == (.error, "0.1.0", "backend"))
    #expect(report.record == SampleRecord.record)
    #expect(report.judgement.findings == SampleRecord.findings)
  }

  @Test func `the summary counts what the run amounts to`() throws {
    let summary = try SampleRecord.report().summary
    #expect(summary.verdict == .findings)
    #expect((summary.revisions, summary.errors, summary.warnings) == (4, 3, 3))
    #expect((summary.declared, summary.unjudged, summary.blocked) == (1, 2, 1))
    #expect(try SampleRecord.report(findings: []).summary.verdict == .unknown)
    #expect(try SampleRecord.report(SampleRecord.clean, findings: []).summary.verdict == .verified)
    #expect(try SampleRecord.report(RunRecord(), findings: []).summary.verdict == .nothing)
    let warnings = SampleRecord.findings.filter { $0.severity == .warning }
    let clean = SampleRecord.clean
    #expect(try SampleRecord.report(clean, findings: warnings).summary.verdict == .verified)
    let strict = try SampleRecord.report(clean, findings: warnings, failOn: .warning)
    #expect(strict.summary.verdict == .findings)
    // What fails is known, and hides what comes after it.
    var unreached = SampleRecord.clean
    unreached.engines[0].roundTrips.append(
      RoundTripRecord(
        revision: "new1", steps: [StepRecord(.upgrade, outcome: .blocked(by: "old1"))]))
    let hidden = try SampleRecord.report(unreached, findings: []).summary
    #expect((hidden.verdict, hidden.unjudged, hidden.blocked) == (.unknown, 0, 1))
  }

  @Test func `a report satisfies its JSON Schema, and a damaged one does not`() throws {
    let folder = try TemporaryFolder()
    let texts = try [
      SampleRecord.report().json, SampleRecord.report(SampleRecord.clean, findings: []).json,
      SampleRecord.report(RunRecord(), findings: [], declared: []).json,
      SampleRecord.report(
        RunRecord(fault: Fault(.stateLost, message: "no", fix: "yes", file: "a.py", line: 1)),
        findings: []
      ).json,
      SampleRecord.report().json.replacing("\"severity\"", with: "\"severitee\""),
    ]
    var paths: [String] = []
    for (index, text) in texts.enumerated() {
      let path = folder.path / "\(index).json"
      try Files.write(text, to: path)
      paths.append(path.text)
    }
    let script = """
      import json, sys, jsonschema
      schema = json.load(open(sys.argv[1]))
      jsonschema.Draft202012Validator.check_schema(schema)
      validator = jsonschema.Draft202012Validator(schema)
      for path in sys.argv[2:]:
          errors = [e.json_path + ": " + e.message[:200] for e in validator.iter_errors(json.load(open(path)))]
          print(errors[:5] if errors else "valid")
      """
    let schema = (PackageFiles.root / "docs/report.schema.json").text
    let answers = try PackageFiles.python(script, [schema] + paths).split(separator: "\n")
    #expect(answers.dropLast() == ["valid", "valid", "valid", "valid"])
    #expect(answers.last != "valid")
  }

  @Test func `every member of a finding is always there`() throws {
    let json = try SampleRecord.report().json
    #expect(json.contains("\"engine\":null"))
    #expect(json.contains("\"column shop.users.phone\""))
    #expect(json.contains("\"+ column shop.users.phone"))
  }

  @Test func `another version, another document or no JSON is refused by name`() throws {
    let newer = try SampleRecord.report().json.replacing(
      "\"schemaVersion\":1", with: "\"schemaVersion\":2")
    let error = #expect(throws: FormatError.self) { try Report(json: newer, name: "a.json") }
    #expect(error?.message.contains("version 2") == true)
    #expect(throws: FormatError.self) { try Report(json: "{}", name: "a.json") }
    #expect(throws: FormatError.self) { try Report(json: "", name: "a.json") }
  }

  @Test func `no password leaves in a report, in any of its forms`() throws {
    var record = SampleRecord.record
    record.engines[0].roundTrips[0].steps[0].output =
      "connecting to postgresql://app:s3cr\"et-1@db/shop?password=s3cret-2"
    record.engines[1].fault = Fault(
      .databaseLost, message: "connection to 'host=db password=s3cret-3 user=x' failed")
    record.engines[0].notes = ["ALTER ROLE app PASSWORD 's3cret-4'"]
    let finding = Finding(
      rule: "upgrade-fails", severity: .error, engine: .sqlite, revision: "aaa1", step: .upgrade,
      message: "cannot reach postgresql://app:s3cret-5@db/shop",
      evidence: Evidence(error: "connect(password=\"s3cret-6\")"), fix: "no password='s3cret-7'")
    let report = try SampleRecord.report(record, findings: [finding])
    var texts = [report.json, try report.junit()]
    for format in OutputFormat.allCases { texts.append(report.text(format, style: Style())) }
    for text in texts { #expect(!text.contains("s3cret")) }
    #expect(texts[1].contains("postgresql://app:***@db/shop"))
    #expect(try Report(json: report.json, name: "x").record == report.record)
  }
}
