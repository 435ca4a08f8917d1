import Databases
import Formats
import History
import Platform
import Projects
import Reports
import Rules
import Runner
import Scratch
import Walks

/// `stairway verify`: takes every revision up, down and up again, and says what is wrong.
enum VerifyCommand: Command {
  static let syntax = CommandSyntax(
    "verify", overview: "Take every migration up, down and up again on scratch databases.",
    discussion: """
      Exit status: 0 verified, 1 findings, 2 interrupted, 3 could not verify,
      4 a mistake on the command line or in the settings, 5 nothing to verify.
      """,
    positionals: [
      Positional("PROJECT", isRequired: false, help: "The project's folder (default: this one).")
    ],
    options: [
      Option(
        "engine", value: "ENGINE", choices: Engine.allCases.map(\.rawValue), isRepeatable: true,
        help: "Verify on this engine: sqlite or postgresql; may be given more than once."),
      .python, .config,
      Option(
        "revisions", value: "A..B",
        help: "Verify only what B needs and A does not; either may be left out."),
      Option(
        "report-dir", value: "DIR", help: "Write the reports to this folder (default: reports)."),
      Option(
        "output-format", value: "FORMAT", choices: OutputFormat.allCases.map(\.rawValue),
        help: "How findings are written: full, concise, json or github."),
      Option(
        "postgresql-server", value: "URL",
        help: "Make scratch databases on this server instead of a private one."),
      Option(
        "rows", value: "ROWS", choices: RowSupply.allCases.map(\.rawValue),
        help: "What rows are made up for empty tables: typical, edge or none (default: typical)."),
      Option(
        "seed", value: "N",
        help: "Draw made-up rows from this number: the same one makes the same rows (default: 0)."),
      Option("redact", help: "Show no values of rows, only their keys, types and lengths."),
      Option(
        "fail-on", value: "SEVERITY", choices: ["warning", "error"],
        help: "The least severity that makes the exit status 1 (default: error)."),
      Option(
        "color", value: "WHEN", choices: ["auto", "always", "never"],
        help: "Colour the output: auto, always or never."),
      Option("quiet", short: "q", help: "Show no progress."),
    ])

  static func run(_ arguments: ParsedArguments, in invocation: Invocation) throws -> Outcome {
    let folder = try ProjectFolder(verifying: arguments, in: invocation)
    let display = Display(arguments, format: folder.settings.outputFormat, in: invocation)
    let reports = try ReportFolder(folder.settings.reportFolder)
    do {
      return try verify(folder, arguments, telling: display, into: reports, in: invocation)
    } catch {
      try invocation.interruption.check()
      let complaint = Complaint(error)
      let report = try Report(of: complaint, in: folder, at: invocation)
      // Where the report folder itself is the cause, the complaint says so.
      try? reports.publish(report)
      display.show(failed: report)
      throw folder.shown(complaint)
    }
  }

  private static func verify(
    _ folder: ProjectFolder, _ arguments: ParsedArguments, telling display: Display,
    into reports: ReportFolder, in invocation: Invocation
  ) throws -> Outcome {
    let project = try folder.open()
    let servers = EngineServers(for: folder, in: invocation)
    let graph = try project.history()
    let allowances = try folder.settings.allowances(besides: graph, in: folder.path)
    let range = try RevisionRange(arguments["revisions"], in: graph)
    let verification = try Verification(
      project, of: folder, graph: graph, range: range, on: servers,
      hidesValues: arguments.has("redact"), in: invocation)
    if verification.isEmpty, let range = arguments["revisions"] { throw Complaint.empty(range) }
    let record = try verification.run(telling: display, keeping: reports)
    try invocation.interruption.check()
    let besideModels = try Settings.allowances(besideModelsIn: record, project: folder.path)
    let judgement = RuleBook.judge(
      record, allowances: allowances + besideModels, severities: folder.settings.severities,
      mendWriter: project.mendWriter)
    let report = try Report(
      record: record, judgement: judgement, failOn: folder.settings.failOn,
      version: CommandLineTool.version,
      folder: folder.path.relative(to: invocation.workingFolder).text)
    try reports.publish(report)
    display.show(report, writtenTo: reports.path)
    return graph.canBeWalked ? Outcome(report.summary.verdict) : .couldNotVerify
  }
}

extension Outcome {
  /// The exit status that says the same as a report's verdict.
  init(_ verdict: Report.Verdict) {
    self =
      switch verdict {
      case .verified: .verified
      case .findings: .findings
      case .unknown: .couldNotVerify
      case .nothing: .nothingToVerify
      }
  }
}
