import Databases
import History
import Platform
import Reports
import Rules
import Schemas
import Testing
import Walks

@Suite struct SARIFTests {
  /// Reads logs in Python: what the validator has against each, then what the script prints of them.
  private func read(_ logs: [String], _ script: String = "") throws -> [String] {
    let folder = try TemporaryFolder()
    var paths: [String] = []
    for (index, text) in logs.enumerated() {
      let path = folder.path / "\(index).sarif"
      try Files.write(text, to: path)
      paths.append(path.text)
    }
    let head = """
      import json, sys, jsonschema
      schema = json.load(open(sys.argv[1]))
      kind = jsonschema.validators.validator_for(schema)
      kind.check_schema(schema)
      validator = kind(schema, format_checker=kind.FORMAT_CHECKER)
      logs = [json.load(open(path)) for path in sys.argv[2:]]
      for log in logs:
          errors = [e.json_path + ": " + e.message[:200] for e in validator.iter_errors(log)]
          print(errors[:5] if errors else "valid")

      """
    let schema = PackageFiles.root / "fixtures/schemas/sarif-2.1.0.json"
    return try PackageFiles.python(head + script, [schema.text] + paths)
      .split(separator: "\n").map(String.init)
  }

  @Test func `every log satisfies the standard's schema, and a damaged one does not`() throws {
    let logs = try [
      SampleRecord.report(), SampleRecord.report(SampleRecord.clean, findings: [], declared: []),
      SampleRecord.report(RunRecord(), findings: [], declared: []),
      SampleRecord.report(RunRecord(fault: SampleRecord.fault), findings: [], declared: []),
    ].map { try $0.sarif(exitStatus: 1) }
    #expect(try read(logs) == ["valid", "valid", "valid", "valid"])
    let damaged = logs[0].replacing("\"startLine\":22", with: "\"startLine\":0")
    #expect(damaged != logs[0])
    #expect(try read([damaged]) != ["valid"])
  }

  @Test func `a result has rule, level, sentence, one place and a fingerprint`() throws {
    let log = try SampleRecord.report(
      SampleRecord.clean, findings: [TerminalTests.trace], folder: "x", repositoryFolder: "backend"
    ).sarif(exitStatus: 1)
    let script = """
      run = logs[0]["runs"][0]
      print(run["tool"]["driver"]["name"], run["tool"]["driver"]["semanticVersion"])
      for rule in run["tool"]["driver"]["rules"]:
          print(rule["id"], rule["defaultConfiguration"]["level"], "|", rule["shortDescription"]["text"])
          assert rule["fullDescription"]["text"] and rule["help"]["text"] and "```" in rule["help"]["markdown"]
      result = run["results"][0]
      print(result["ruleId"], result["ruleIndex"], result["level"])
      print(json.dumps(result["message"]["text"]))
      print(json.dumps(result["locations"], sort_keys=True))
      print(json.dumps(result["properties"], sort_keys=True))
      print(run["results"][1]["suppressions"])
      invocation = run["invocations"][0]
      print(invocation["executionSuccessful"], invocation["exitCode"])
      """
    #expect(
      try read([log], script) == [
        "valid", "stairway 0.1.0",
        "missing-downgrade error | a downgrade raises NotImplementedError, or there is none",
        "downgrade-leaves-trace error | the schema after the downgrade is not the schema before the upgrade",
        "downgrade-leaves-trace 1 error",
        #""the downgrade leaves a column (SQLite, revision aaa1)\nstatement:\n  ALTER TABLE users ADD COLUMN phone\nerror (SQLSTATE 42P01):\n  no such table\ndifference:\n  + column shop.users.phone character varying(20)\nfix:\n  add to downgrade():\n  op.drop_column('users', 'phone')""#,
        #"[{"logicalLocations": [{"fullyQualifiedName": "shop.users.phone", "kind": "column"}], "physicalLocation": {"artifactLocation": {"uri": "backend/migrations/versions/aaa1_users.py", "uriBaseId": "%SRCROOT%"}, "region": {"startLine": 20}}}]"#,
        #"{"engine": "sqlite", "objects": ["column shop.users.phone"], "revision": "aaa1", "step": "downgrade"}"#,
        "[{'justification': 'base data', 'kind': 'external'}]", "True 1",
      ])
  }

  @Test func `a fingerprint outlives lines and words, and nothing else`() throws {
    func fingerprint(_ finding: Finding) throws -> String {
      let log = try SampleRecord.report(SampleRecord.clean, findings: [finding], declared: [])
        .sarif(exitStatus: 1)
      let key = "\"partialFingerprints\":{\"stairwayFinding/v1\":\""
      return String(try #require(log.split(separator: key).last).prefix { $0 != "\"" })
    }
    func finding(
      engine: Engine = .sqlite, revision: RevisionID = "aaa1", object: ObjectID, line: Int = 1,
      message: String = "left"
    ) -> Finding {
      Finding(
        rule: "downgrade-leaves-trace", severity: .error, engine: engine, revision: revision,
        step: .downgrade, objects: [object], file: "a.py", line: line, message: message)
    }
    let users = SampleRecord.users.id
    let first = try fingerprint(finding(object: users))
    #expect(first.count == 32)
    #expect(try fingerprint(finding(object: users, line: 9, message: "still left")) == first)
    #expect(try fingerprint(finding(engine: .postgresql, object: users)) != first)
    #expect(try fingerprint(finding(revision: "bbb2", object: users)) != first)
    #expect(try fingerprint(finding(object: SampleRecord.phone.id)) != first)
  }

  @Test func `two findings of one fingerprint are told apart`() throws {
    let log = try SampleRecord.report(
      SampleRecord.clean, findings: [TerminalTests.trace, TerminalTests.trace], declared: []
    ).sarif(exitStatus: 1)
    let script = """
      prints = [r["partialFingerprints"]["stairwayFinding/v1"] for r in logs[0]["runs"][0]["results"]]
      print(prints[1] == prints[0] + "-2")
      """
    #expect(try read([log], script) == ["valid", "True"])
  }

  @Test func `what could not be judged is no result, and the run is not successful`() throws {
    let log = try SampleRecord.report(findings: [], declared: []).sarif(exitStatus: 3)
    let script = """
      run = logs[0]["runs"][0]
      print(len(run["results"]))
      invocation = run["invocations"][0]
      print(invocation["executionSuccessful"], invocation["exitCode"], invocation["startTimeUtc"], invocation["endTimeUtc"])
      for told in invocation["toolExecutionNotifications"]:
          print(told["descriptor"]["id"], told["level"], told["message"]["text"])
      """
    #expect(
      try read([log], script) == [
        "valid", "0", "False 3 2023-11-14T22:13:20Z 2023-11-14T22:13:21Z",
        "worker-exited error SQLite ccc3 upgrade could not be judged: the Python worker ended with status 1",
        "database-lost error PostgreSQL could not be judged: the server went away",
        "engine-left-out warning PostgreSQL is left out: no server was found",
      ])
  }

  @Test func `a run over a history that cannot be run is not successful`() throws {
    var record = SampleRecord.clean
    record.revisions[0] = Revision(id: "aaa1", parents: ["nowhere"], file: "versions/a.py")
    let missing = Finding(rule: "missing-parent", severity: .error, message: "nowhere is missing")
    let log = try SampleRecord.report(record, findings: [missing], declared: []).sarif(
      exitStatus: 3)
    let script = """
      run = logs[0]["runs"][0]
      print(len(run["results"]), run["invocations"][0]["executionSuccessful"])
      """
    #expect(try read([log], script) == ["valid", "1 False"])
  }

  @Test func `the worst five thousand are told, the rest is counted`() throws {
    let findings = (0..<5_600).map { number in
      Finding(
        rule: "data-dropped", severity: number < 5_000 ? .warning : .error,
        message: "number \(number)")
    }
    let log = try SampleRecord.report(SampleRecord.clean, findings: findings, declared: [])
      .sarif(exitStatus: 1)
    let script = """
      run = logs[0]["runs"][0]
      levels = [result["level"] for result in run["results"]]
      print(len(levels), levels.index("warning"), levels.count("error"), run["properties"]["resultsLeftOut"])
      print(run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"])
      print(len({r["partialFingerprints"]["stairwayFinding/v1"] for r in run["results"]}))
      """
    #expect(
      try read([log], script) == [
        "valid", "5000 600 600 600", "600 more findings stand in report.json", "5000",
      ])
  }

  @Test
  func `any file's name becomes an address, and a finding without one has the last revision's`()
    throws
  {
    var record = SampleRecord.clean
    record.revisions[0] = Revision(
      id: "aaa1", message: "x", file: "migrations/ver sions/50%#1?é:.py", upgradeLine: 1)
    let findings = [
      Finding(rule: "multiple-heads", severity: .error, message: "two heads"),
      Finding(rule: "unused-allow", severity: .warning, file: "/etc/a b.yml", message: "unused"),
    ]
    let log = try SampleRecord.report(record, findings: findings, declared: [])
      .sarif(exitStatus: 1)
    let script = """
      for result in logs[0]["runs"][0]["results"]:
          print(json.dumps(result["locations"][0]["physicalLocation"], sort_keys=True))
      """
    #expect(
      try read([log], script) == [
        "valid",
        #"{"artifactLocation": {"uri": "migrations/ver%20sions/50%25%231%3F%C3%A9%3A.py", "uriBaseId": "%SRCROOT%"}}"#,
        #"{"artifactLocation": {"uri": "file:///etc/a%20b.yml"}}"#,
      ])
  }

  @Test func `the same run gives the same log, a line for each result`() throws {
    let report = try SampleRecord.report()
    let log = try report.sarif(exitStatus: 1)
    #expect(try report.sarif(exitStatus: 1) == log)
    #expect(log.split(separator: "\n").count { $0.contains("\"ruleId\":") } == 7)
  }
}
