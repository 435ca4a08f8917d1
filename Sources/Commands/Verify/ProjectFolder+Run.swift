import History
import Platform
import Projects
import Reports
import Walks

extension ProjectFolder {
  /// Carries out a run that ends in a report: also one that cannot go on, whose report says why.
  ///
  /// - Parameters:
  ///   - reports: the folder that the report is written to.
  ///   - isRehearsal: whether it is one, on which not every file is written.
  ///   - run: publishes its own report, and shows it.
  /// - Throws: `Complaint` where the run cannot go on; `PlatformError` where it is interrupted;
  ///   `UsageError` of an argument that only the run could judge, without a report.
  func reportingRun(
    to reports: Path, isRehearsal: Bool = false, _ arguments: ParsedArguments,
    in invocation: Invocation, _ run: (Display, ReportFolder) throws -> Outcome
  ) throws -> Outcome {
    let display = Display(arguments, format: settings.outputFormat, in: invocation)
    var folder: ReportFolder?
    do {
      let made = try ReportFolder(reports, isForRehearsal: isRehearsal)
      folder = made
      return try run(display, made)
    } catch {
      display.endProgress()
      try invocation.interruption.check()
      if error is UsageError { throw error }
      let complaint = Complaint(error)
      let report = try report(of: complaint, in: invocation)
      // Where the report folder itself is the cause, the complaint says so.
      try? folder?.publish(report, as: form(endingWith: complaint.outcome))
      display.show(failed: report)
      throw shown(complaint)
    }
  }

  /// The record of a run of this project that ends now, with nothing of what it saw.
  ///
  /// - Parameter start: when it began.
  func record(
    of project: any MigrationProject, _ graph: RevisionGraph, since start: RunStart,
    by clock: Clock
  ) -> RunRecord {
    RunRecord(
      project: path.text, adapter: project.adapter, startedAt: start.utc,
      duration: clock.monotonic() - start.monotonic, revisions: graph.definitions)
  }
}

/// When a run began, as both clocks have it.
struct RunStart {
  let utc: Double
  let monotonic: Double

  init(_ clock: Clock) {
    utc = clock.utc()
    monotonic = clock.monotonic()
  }
}
