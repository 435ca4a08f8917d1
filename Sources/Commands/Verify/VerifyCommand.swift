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
    options: options + [watch])

  private static let watch = Option(
    "watch", help: "Go on: verify again what a changed migration, fixture or model concerns.")

  /// Also what `baseline` takes, which makes the same run.
  static let options = [
    .engine, .python, .config,
    Option(
      "revisions", value: "A..B",
      help: "Verify only what B needs and A does not; either may be left out."),
    Option(
      "since", value: "GITREF",
      help: "Verify only what changed since the branch left this one, e.g. origin/main."),
    Option(
      "report-dir", value: "DIR", help: "Write the reports to this folder (default: reports)."),
    Option(
      "output-format", value: "FORMAT", choices: OutputFormat.allCases.map(\.rawValue),
      help: "How findings are written: full, concise, json or github."),
    Option(
      "junit-dialect", value: "DIALECT", choices: JUnitDialect.allCases.map(\.rawValue),
      help: "Whose JUnit XML is written: default, or strict for Jenkins' xUnit plugin."),
    .postgresqlServer,
    Option(
      "rows", value: "ROWS", choices: RowSupply.allCases.map(\.rawValue),
      help: "What rows are made up for empty tables: typical, edge or none (default: typical)."),
    Option(
      "seed", value: "N",
      help: "Draw made-up rows from this number: the same one makes the same rows (default: 0)."),
    Option(
      "baseline", value: "FILE",
      help: "The file of known findings, or none (default: stairway-baseline.json)."),
    Option("redact", help: "Show no values of rows, only their keys, types and lengths."),
    Option(
      "fail-on", value: "SEVERITY", choices: ["warning", "error"],
      help: "The least severity that makes the exit status 1 (default: error)."),
    Option(
      "color", value: "WHEN", choices: ["auto", "always", "never"],
      help: "Colour the output: auto, always or never."),
    Option("quiet", short: "q", help: "Show no progress."),
  ]

  static func run(_ arguments: ParsedArguments, in invocation: Invocation) throws -> Outcome {
    guard arguments.has("watch") else {
      return try run(arguments, in: invocation, baseline: .hold)
    }
    return try WatchLoop(arguments, in: invocation).run()
  }

  /// - Parameters:
  ///   - baseline: what becomes of the project's known findings.
  ///   - watched: what of the history is verified, where a run before is gone on from.
  static func run(
    _ arguments: ParsedArguments, in invocation: Invocation, baseline: BaselineTask,
    watched: WatchedRun? = nil
  ) throws -> Outcome {
    if arguments["revisions"] != nil, arguments["since"] != nil {
      throw UsageError.other(
        "'--revisions' and '--since' both say what is verified. Please give one of them.", syntax)
    }
    let folder = try ProjectFolder(verifying: arguments, in: invocation)
    if watched != nil { try WatchLoop.check(folder.settings.outputFormat) }
    watched?.begin(folder)
    return try folder.reportingRun(
      to: folder.settings.reportFolder, arguments, in: invocation
    ) { display, reports in
      try verify(
        folder, arguments, baseline: baseline, watched: watched, telling: display, into: reports,
        in: invocation)
    }
  }

  private static func verify(
    _ folder: ProjectFolder, _ arguments: ParsedArguments, baseline: BaselineTask,
    watched: WatchedRun?, telling display: Display, into reports: ReportFolder,
    in invocation: Invocation
  ) throws -> Outcome {
    let known = try KnownFindings(of: folder, for: baseline)
    let project = try folder.open()
    let servers = EngineServers(for: folder, in: invocation, spare: watched?.spare)
    let (graph, absence) = try folder.historyIfAny(of: project)
    watched?.begin(folder, project)
    let allowances = try folder.settings.allowances(besides: graph, in: folder.path)
    // What a history has today is more than what a branch does to it.
    let since = baseline.writes && arguments["since"] == nil ? nil : folder.settings.since
    var log = try LogRecord(
      of: project, in: folder, graph: graph, since: since, arguments, invocation)
    if let absence, log?.tellsOfRevisions != true { throw absence }
    var scope = try WalkScope(arguments["revisions"], since: log?.since, in: graph)
    if let touched = watched?.touched(graph) {
      scope = .changed(touched, since: WatchedRun.reference)
      if log?.since == nil {
        log = LogRecord(
          rewritten: touched, departed: watched?.departed(graph) ?? [], lock: log?.lock)
      }
    }
    let verification = try Verification(
      project, of: folder, graph: graph, scope: scope, log: log, on: servers,
      hidesValues: arguments.has("redact"), in: invocation)
    if verification.isEmpty, let range = arguments["revisions"] { throw Complaint.empty(range) }
    let record = try verification.run(telling: display, keeping: reports)
    try invocation.interruption.check()
    let besideModels = try Settings.allowances(besideModelsIn: record, project: folder.path)
    let (judgement, written) = try known.judgement(isWhole: graph.canBeWalked) { baseline in
      RuleBook.judge(
        record, allowances: allowances + besideModels, severities: folder.settings.severities,
        baseline: baseline, mendWriter: project.mendWriter)
    }
    watched?.end(graph, record, judgement)
    let report = try folder.report(
      record, judgement, hiding: project.passwords, in: invocation)
    let outcome = Outcome(report.summary.verdict)
    try reports.publish(report, as: folder.form(endingWith: outcome))
    display.show(report, writtenTo: reports.path)
    if let written { display.show(written) }
    return outcome
  }
}

extension LogRecord {
  /// That of a run which goes on from the one before it.
  fileprivate init(
    rewritten touched: Set<RevisionID>, departed: [RevisionID], lock: LockRecord?
  ) {
    self.init(
      since: SinceRecord(
        reference: WatchedRun.reference, rewritten: touched.sorted(),
        departed: departed.isEmpty ? nil : departed), lock: lock)
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
