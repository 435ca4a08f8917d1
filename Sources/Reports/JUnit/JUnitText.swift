import Formats
import FoundationEssentials

extension Report {
  /// The run as JUnit XML, for CI systems: *failure* is a promise that a migration broke, *error*
  /// what could not be judged, *skipped* what is declared, left out or was not reached.
  package func junit(_ dialect: JUnitDialect = .standard) throws -> String {
    var suites = CheckSuites(inRepository)
    return try JUnitText(suites: suites.all(), dialect: dialect).text()
  }
}

/// Writes suites as JUnit XML: one flat level, which is what all its readers understand.
struct JUnitText {
  let suites: [CheckSuite]
  let dialect: JUnitDialect

  func text() throws -> String {
    var xml = try XMLText()
    let totals = suites.map(Totals.init)
    let sum = totals.reduce(Totals()) { $0 + $1 }
    try xml.element(
      "testsuites",
      [
        "name": "stairway", "tests": "\(sum.tests)", "failures": "\(sum.failures)",
        "errors": "\(sum.errors)", "time": Self.seconds(sum.milliseconds),
      ]
    ) { xml in
      for (suite, totals) in zip(suites, totals) { try write(suite, totals, to: &xml) }
    }
    return try xml.finish()
  }

  private func write(_ suite: CheckSuite, _ totals: Totals, to xml: inout XMLText) throws {
    try xml.element(
      "testsuite",
      [
        "name": suite.className, "tests": "\(totals.tests)", "failures": "\(totals.failures)",
        "errors": "\(totals.errors)", "skipped": "\(totals.skipped)",
        "timestamp": Self.timestamp(suite.startedAt), "time": Self.seconds(totals.milliseconds),
      ]
    ) { xml in
      for check in suite.cases { try write(check, of: suite, to: &xml) }
    }
  }

  private func write(_ check: CheckCase, of suite: CheckSuite, to xml: inout XMLText) throws {
    // The schema of Jenkins' plugin knows no place of a case; the texts begin with it.
    let place = dialect == .strict ? nil : check.place
    try xml.element(
      "testcase",
      [
        "classname": suite.className, "name": check.name, "file": place?.file,
        "line": place?.line.map(String.init),
        "time": Self.seconds(Totals.milliseconds(check.time)),
      ]
    ) { xml in
      switch check.result {
      case .passed: break
      case .failure(let type, let message, let text):
        try xml.element("failure", ["type": type, "message": message], text: text)
      case .error(let type, let message, let text):
        try xml.element("error", ["type": type, "message": message], text: text)
      case .skipped(let message):
        try xml.element("skipped", ["message": message])
      }
      if !check.output.isEmpty { try xml.element("system-out", text: check.output) }
    }
  }

  private static func seconds(_ milliseconds: Int) -> String {
    Words.decimal(Double(milliseconds) / 1_000, digits: 3)
  }

  private static func timestamp(_ seconds: Double) -> String {
    Date(timeIntervalSince1970: seconds.rounded(.down)).formatted(.iso8601)
  }
}

/// A suite in numbers.
private struct Totals {
  var tests = 0
  var failures = 0
  var errors = 0
  var skipped = 0
  /// Whole, so that a suite's time is exactly the sum of its cases' as written.
  var milliseconds = 0

  init() {}

  init(_ suite: CheckSuite) {
    for check in suite.cases {
      tests += 1
      milliseconds += Self.milliseconds(check.time)
      switch check.result {
      case .passed: break
      case .failure: failures += 1
      case .error: errors += 1
      case .skipped: skipped += 1
      }
    }
  }

  static func + (left: Totals, right: Totals) -> Totals {
    var sum = left
    sum.tests += right.tests
    sum.failures += right.failures
    sum.errors += right.errors
    sum.skipped += right.skipped
    sum.milliseconds += right.milliseconds
    return sum
  }

  static func milliseconds(_ seconds: Double) -> Int {
    seconds.isFinite && seconds > 0 && seconds < 1e9 ? Int((seconds * 1_000).rounded()) : 0
  }
}
