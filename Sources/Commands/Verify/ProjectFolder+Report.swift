import Platform
import Reports
import Rules
import Walks

extension ProjectFolder {
  /// The report of a run on this project, with the places of files as their readers see them.
  ///
  /// - Parameter passwords: the project's own, hidden where its files are quoted.
  /// - Throws: what `Report` throws.
  func report(
    _ record: RunRecord, _ judgement: Judgement, hiding passwords: Set<String> = [],
    in invocation: Invocation
  ) throws -> Report {
    try Report(
      record: record, judgement: judgement, failOn: settings.failOn,
      version: CommandLineTool.version,
      folder: path.relative(to: invocation.workingFolder).text,
      repositoryFolder: RepositoryRoot.place(of: path, environment: invocation.environment),
      invocation: invocation.words, passwords: passwords)
  }

  /// The report of a run that could not begin.
  func report(of complaint: Complaint, in invocation: Invocation) throws -> Report {
    try Report(of: complaint, inProject: path, failOn: settings.failOn, invocation)
  }

  /// How its files are written when the process ends so.
  func form(endingWith outcome: Outcome) -> ReportForm {
    ReportForm(dialect: settings.junitDialect, exitStatus: Int(outcome.rawValue))
  }
}

extension Report {
  /// That of a run which could not begin.
  ///
  /// - Parameter project: the folder from which the complaint names its place.
  init(
    of complaint: Complaint, inProject project: Path, failOn: Severity, _ invocation: Invocation
  ) throws {
    try self.init(
      record: RunRecord(
        project: project.text, startedAt: invocation.clock.utc(),
        fault: complaint.fault(ofProjectIn: project)),
      judgement: Judgement(findings: [], declared: []), failOn: failOn,
      version: CommandLineTool.version,
      folder: project.relative(to: invocation.workingFolder).text,
      repositoryFolder: RepositoryRoot.place(of: project, environment: invocation.environment),
      invocation: invocation.words)
  }
}
