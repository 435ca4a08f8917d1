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
    try report(
      RunRecord(
        project: path.text, startedAt: invocation.clock.utc(),
        fault: complaint.fault(ofProjectIn: path)),
      Judgement(findings: [], declared: []), in: invocation)
  }

  /// How its files are written when the process ends so.
  func form(endingWith outcome: Outcome) -> ReportForm {
    ReportForm(dialect: settings.junitDialect, exitStatus: Int(outcome.rawValue))
  }
}
