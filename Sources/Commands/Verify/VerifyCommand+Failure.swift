import Platform
import Reports

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
      throw error
    }
  }
}
