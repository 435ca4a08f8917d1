import Databases
import History
import Rules
import Testing
import Walks

@testable import Reports

/// What lies behind an upgrade that came to no end, where that fails nothing.
@Suite struct KnownFailureReportTests {
  private func record(_ upgrade: StepRecord, fingerprint: Bool = false) -> RunRecord {
    var record = SampleRecord.clean
    record.engines[0].roundTrips = [
      RoundTripRecord(
        revision: "aaa1",
        steps: [upgrade, StepRecord(.downgrade, outcome: .skipped("no upgrade"))],
        fingerprint: fingerprint ? "00ff" : nil)
    ]
    return record
  }

  private func finding(_ rule: RuleName, step: StepName = .upgrade) -> Finding {
    Finding(
      rule: rule, severity: .error, engine: .sqlite, revision: "aaa1", step: step, message: "no")
  }

  private static let failed = StepRecord(
    .upgrade, outcome: .failed(StepFailure(type: "E", message: "no")))
  private static let unrecorded = StepRecord(
    .upgrade, outcome: .succeeded, recordedVersions: [], expectedVersions: ["aaa1"])

  @Test func `one that is not recorded is told as that`() throws {
    let known = DeclaredFinding(known: finding("version-not-recorded"))
    let report = try SampleRecord.report(
      record(Self.unrecorded), findings: [], declared: [known])
    #expect(report.summary.verdict == .unknown)
    #expect(
      report.unjudged.map(\.sentence) == [
        "SQLite aaa1 could not be judged: its upgrade is not recorded, which is in the baseline; for "
          + "that, its way back was not verified"
      ])
  }

  @Test func `a failure that fails the run, and one past which the walk went on, say enough`()
    throws
  {
    let failing = try SampleRecord.report(
      record(Self.failed), findings: [finding("upgrade-fails")], declared: [])
    #expect(failing.summary.verdict == .findings)
    #expect(failing.unjudged == [])
    // On tables without rows it succeeded.
    let known = DeclaredFinding(known: finding("upgrade-fails-on-data"))
    let passed = try SampleRecord.report(
      record(Self.failed, fingerprint: true), findings: [], declared: [known])
    #expect(passed.summary.verdict == .verified)
  }

  /// What is told of the same step and is another thing does not stand for it.
  @Test func `another finding of that step leaves it unknown`() throws {
    let report = try SampleRecord.report(
      record(Self.failed), findings: [finding("partial-migration")],
      declared: [DeclaredFinding(known: finding("upgrade-fails"))])
    #expect(report.summary.verdict == .findings)
    #expect(report.unjudged.count == 1)
  }

  @Test func `the way up in one go counts where it kept the heads from being reached`() throws {
    var record = SampleRecord.clean
    record.engines[0].roundTrips[0].fingerprint = "00ff"
    record.engines[0].ascent = StepRecord(
      .ascent, outcome: .failed(StepFailure(type: "E", message: "no")), stoppedAt: "aaa1")
    let known = DeclaredFinding(known: finding("upgrade-fails", step: .ascent))
    func unjudged(_ parity: ParityRecord?) throws -> [String] {
      record.engines[0].parity = parity
      return try SampleRecord.report(record, findings: [], declared: [known]).unjudged.map(
        \.message)
    }
    #expect(try unjudged(nil) == [])
    #expect(
      try unjudged(ParityRecord(reason: .headsNotReached)) == [
        "its upgrade fails, which is in the baseline; for that, models, application and printed SQL at "
          + "the heads were not verified"
      ])
  }
}
