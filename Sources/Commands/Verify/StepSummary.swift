import Platform
import Reports

/// The page of a job on GitHub, to which each step adds by appending to a file
/// (<https://docs.github.com/actions/reference/workflow-commands-for-github-actions#adding-a-job-summary>).
struct StepSummary: Sendable {
  private let file: Path

  /// - Returns: nil outside of a workflow.
  init?(_ environment: [String: String]) {
    guard let named = environment["GITHUB_STEP_SUMMARY"], !named.isEmpty else { return nil }
    file = Path(named)
  }

  /// Adds the run, as much of it as GitHub still takes of this step.
  ///
  /// - Throws: `PlatformError` where the file cannot be written.
  func add(_ report: Report) throws {
    let room = SummaryPage.limit - (Files.size(of: file) ?? 0)
    try Files.append(report.summaryPage(limit: room), to: file)
  }
}
