import Databases
import Formats
import History
import Platform
import Reports
import Rules
import Testing
import Walks

/// What each reader of JUnit XML needs of it, whatever the run; their ways stand in docs/reports.md.
@Suite struct JUnitReaderTests {
  /// Runs of every kind, the default dialect and the strict one.
  private static func documents(_ dialect: JUnitDialect) throws -> [String] {
    var long = SampleRecord.clean
    long.revisions[0] = Revision(
      id: "aaa1", message: String(repeating: "a long way to say it ", count: 100),
      file: "v/a.py", upgradeLine: 1)
    let loud = Finding(
      rule: "upgrade-fails", severity: .error, engine: .sqlite, revision: "aaa1", step: .upgrade,
      message: String(repeating: "refused\n", count: 10_000))
    return try [
      SampleRecord.report(), SampleRecord.report(failOn: .warning, folder: "backend"),
      SampleRecord.report(SampleRecord.clean, findings: [], declared: []),
      SampleRecord.report(RunRecord(), findings: [], declared: []),
      SampleRecord.report(RunRecord(fault: SampleRecord.fault), findings: [], declared: []),
      SampleRecord.report(long, findings: [loud], declared: []),
    ].map { try $0.junit(dialect) }
  }

  /// Holds every document against a piece of Python, to which `suites` and `cases` are given.
  private func hold(_ dialect: JUnitDialect, _ script: String) throws -> String {
    let folder = try TemporaryFolder()
    var paths: [String] = []
    for (index, text) in try Self.documents(dialect).enumerated() {
      let path = folder.path / "\(index).xml"
      try Files.write(text, to: path)
      paths.append(path.text)
    }
    let head = """
      import sys, os, xml.etree.ElementTree as tree
      wrong = []
      def must(truth, *words):
          if not truth: wrong.append(" ".join(str(word) for word in words))
      for path in sys.argv[1:]:
          root = tree.parse(path).getroot()
          suites = list(root)
          cases = [case for suite in suites for case in suite if case.tag == "testcase"]

      """
    let body = script.split(separator: "\n", omittingEmptySubsequences: false)
      .map { "    " + $0 }.joined(separator: "\n")
    return try PackageFiles.python(head + body + "\nprint(wrong[:5])", paths)
  }

  @Test func `Jenkins' schema takes the strict dialect, and not the default one`() throws {
    let schema = try PackageFiles.text("fixtures/schemas/junit-10.xsd")
    for text in try Self.documents(.strict) {
      #expect(try XMLSchemaCheck.problems(of: text, against: schema).isEmpty)
    }
    let first = try #require(try Self.documents(.standard).first)
    #expect(try !XMLSchemaCheck.problems(of: first, against: schema).isEmpty)
  }

  @Test func `the strict dialect loses places as attributes, and nothing else`() throws {
    let attributes = #/ (file|line)="[^"]*"/#
    for (strict, standard) in zip(try Self.documents(.strict), try Self.documents(.standard)) {
      let lines = standard.split(separator: "\n").map { line in
        line.contains("<testcase ") ? String(line.replacing(attributes, with: "")) : String(line)
      }
      #expect(strict.split(separator: "\n").map(String.init) == lines)
    }
  }

  @Test(arguments: JUnitDialect.allCases)
  func `GitLab finds a text in each failure and error, and no two cases of one name`(
    dialect: JUnitDialect
  ) throws {
    let script = """
      keys = [(case.get("classname"), case.get("name")) for case in cases]
      must(len(set(keys)) == len(keys), "the same name twice")
      for case in cases:
          for told in case:
              if told.tag in ("failure", "error"):
                  must((told.text or "").strip(), "no text", case.get("name"))
                  must(told.get("message").split("\\n")[0][:80] in told.text, "the text lacks the message")
      must(os.path.getsize(path) < 30_000_000, "too large")
      """
    #expect(try hold(dialect, script) == "[]\n")
  }

  @Test(arguments: JUnitDialect.allCases)
  func `dorny's reporter meets no suite and no case without a name, and one level of suites`(
    dialect: JUnitDialect
  ) throws {
    let script = """
      must(root.tag == "testsuites", "another root")
      for suite in suites:
          must(suite.tag == "testsuite" and suite.get("name"), "a suite without a name")
          must(float(suite.get("time")) >= 0, "a suite without a time")
          must(all(child.tag == "testcase" for child in suite), "a suite within a suite")
      for case in cases:
          must(case.get("name") and case.get("classname") and case.get("time"), "a case without a name")
      """
    #expect(try hold(dialect, script) == "[]\n")
  }

  @Test func `annotating actions find each failure's and error's file and line on its case`() throws
  {
    // EnricoMi's and mikepenz's; the latter looks for a file of the class's name where there is none.
    let script = """
      for case in cases:
          if any(told.tag in ("failure", "error") for told in case):
              must(case.get("file"), "no place", case.get("classname"))
          if case.get("line"):
              must(case.get("file"), "a line without a file")
      """
    #expect(try hold(.standard, script) == "[]\n")
  }

  @Test(arguments: JUnitDialect.allCases)
  func `Azure's limits are kept: names, messages, and a suite's time is its cases' sum`(
    dialect: JUnitDialect
  ) throws {
    let script = """
      from datetime import datetime
      for suite in suites:
          datetime.strptime(suite.get("timestamp"), "%Y-%m-%dT%H:%M:%SZ")
          total = sum(round(float(case.get("time")) * 1000) for case in suite)
          must(total == round(float(suite.get("time")) * 1000), "times", suite.get("name"))
      for case in cases:
          must(len(case.get("name")) <= 512, "a long name")
          for told in case:
              must(len(told.get("message") or "") < 1_100, "a long message")
      """
    #expect(try hold(dialect, script) == "[]\n")
  }

  @Test(arguments: JUnitDialect.allCases)
  func `Jenkins, CircleCI and Buildkite find one result a case and class and name on each`(
    dialect: JUnitDialect
  ) throws {
    let script = """
      for case in cases:
          results = [told.tag for told in case if told.tag in ("failure", "error", "skipped")]
          must(len(results) <= 1, "several results")
          must(case.get("classname").count(".") == 2, "another class", case.get("classname"))
          must(not case.findall("properties"), "properties")
      """
    #expect(try hold(dialect, script) == "[]\n")
  }

  @Test func `a hold on the documents can fail`() throws {
    #expect(try hold(.standard, "must(len(suites) == 0, 'suites')").contains("suites"))
  }
}
