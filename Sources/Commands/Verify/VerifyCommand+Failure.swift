import Platform
import Reports
import Rules
import Walks

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

extension Report {
  /// The report of a run that could not begin.
  init(
    of complaint: Complaint, in folder: ProjectFolder, at invocation: Invocation
  ) throws {
    try self.init(
      record: RunRecord(
        project: folder.path.text, startedAt: invocation.clock.utc(),
        fault: complaint.fault(ofProjectIn: folder.path)),
      judgement: Judgement(findings: [], declared: []), failOn: folder.settings.failOn,
      version: CommandLineTool.version,
      folder: folder.path.relative(to: invocation.workingFolder).text)
  }
}
