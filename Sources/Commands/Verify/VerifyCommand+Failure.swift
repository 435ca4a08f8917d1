import Platform
import Reports
import Rules

extension ProjectFolder {
  /// The project that a run is about. Where its settings cannot be followed, the verdict of the run
  /// before is taken away, since there will be no other in its place.
  ///
  /// - Throws: as the initializer for every command.
  init(verifying arguments: ParsedArguments, in invocation: Invocation) throws {
    do {
      try self.init(arguments, in: invocation)
    } catch {
      let project = invocation.path(arguments.positional(0) ?? ".")
      try? ReportFolder.withdraw(
        from: Settings.likelyReportFolder(project: project, arguments: arguments, in: invocation))
      if !(error is UsageError) { Self.annotate(Complaint(error), arguments, in: invocation) }
      throw error
    }
  }

  /// Says what is wrong with the settings where GitHub shows it, if it is GitHub that asks.
  ///
  /// - Parameter complaint: with its place as the working folder sees it.
  private static func annotate(
    _ complaint: Complaint, _ arguments: ParsedArguments, in invocation: Invocation
  ) {
    guard arguments["output-format"] == OutputFormat.github.rawValue else { return }
    let report = try? Report(
      of: complaint, inProject: invocation.workingFolder, failOn: .error, invocation)
    if let report { Display(arguments, format: .github, in: invocation).show(failed: report) }
  }
}
