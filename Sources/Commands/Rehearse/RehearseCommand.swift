import Copies
import Databases
import History
import Platform
import Projects
import Reports
import Rules
import Runner
import Scratch
import Walks

/// `stairway rehearse`: runs what is pending on a copy of production, and says what it cost.
enum RehearseCommand: Command {
  static let syntax = CommandSyntax(
    "rehearse", overview: "Run what is pending on a copy of production, timed, with its locks.",
    discussion: """
      The source is only read. The copy is dropped afterwards, and says by its own
      version table what is pending; that is run as one command of the tool runs it,
      taken back with the rows there, and run again; every row is accounted for.

      Exit status: 0 nothing found, 1 findings, 2 interrupted, 3 could not rehearse,
      4 a mistake on the command line or in the settings, 5 nothing is pending.
      """,
    positionals: [
      Positional("PROJECT", isRequired: false, help: "The project's folder (default: this one).")
    ],
    options: CopyRequest.options + [
      Option(
        "to", value: "REVISION",
        help: "Go no further than this revision; head or heads (default: head)."),
      Option(
        "lock-timeout", value: "TIME",
        help: "Give up a statement that waits so long for a lock, as the deploy does: 2s."),
      Option(
        "statement-timeout", value: "TIME",
        help: "Give up a statement that takes so long, as the deploy does: 5min."),
      Option(
        "max-lock", value: "TIME",
        help: "How long a lock may keep others from a table (default: 500ms)."),
      Option(
        "max-step", value: "TIME", help: "How long a revision may take (default: 30s)."),
      Option(
        "traffic", value: "FILE|auto",
        help: "Send these statements meanwhile, or read and write a row of each touched table."),
      Option(
        "instances", value: "N",
        help: "Start so many upgrades at the same moment, 2 to 16, on the copy as it was."),
      Option(
        "interrupt",
        help: "Kill the upgrade after each of its statements, each time on the copy as it was."),
      Option(
        "max-interruptions", value: "N",
        help: "Kill it at so many places at most (default: 100)."),
      Option("keep", help: "Keep the copy, and say where it is."),
      .python, .config,
      Option(
        "report-dir", value: "DIR",
        help: "Write the reports to the folder 'rehearsal' in this one (default: reports)."),
      Option(
        "output-format", value: "FORMAT", choices: OutputFormat.allCases.map(\.rawValue),
        help: "How findings are written: full, concise, json or github."),
      Option(
        "postgresql-server", value: "URL",
        help: "Make the copy on this server instead of a private one."),
      Option(
        "fail-on", value: "SEVERITY", choices: ["warning", "error"],
        help: "The least severity that makes the exit status 1 (default: error)."),
      Option(
        "color", value: "WHEN", choices: ["auto", "always", "never"],
        help: "Colour the output: auto, always or never."),
      Option("quiet", short: "q", help: "Show no progress."),
    ])

  static func run(_ arguments: ParsedArguments, in invocation: Invocation) throws -> Outcome {
    if arguments["source"] == nil {
      throw UsageError.other("Missing expected option '--source URL|FILE'.", syntax)
    }
    let folder = try ProjectFolder(arguments, in: invocation)
    return try folder.reportingRun(
      to: folder.settings.reportFolder / "rehearsal", isRehearsal: true, arguments, in: invocation
    ) { display, reports in
      try rehearse(folder, arguments, telling: display, into: reports, in: invocation)
    }
  }

  private static func rehearse(
    _ folder: ProjectFolder, _ arguments: ParsedArguments, telling display: Display,
    into reports: ReportFolder, in invocation: Invocation
  ) throws -> Outcome {
    let start = RunStart(invocation.clock)
    let project = try folder.open()
    let trials = try TrialPlan(arguments, folder.settings)
    let traffic = try TrafficPlan(arguments["traffic"], in: invocation)
    let request = try CopyRequest(arguments, for: project, trials: trials, in: invocation)
    let graph = try project.history()
    let target = try RehearsalTarget(arguments["to"], in: graph)
    let planner = WalkPlanner(
      graph: graph, downgradeFloor: folder.settings.downgradeFloor,
      skipped: folder.settings.skipped)
    try planner.checkRevisions(namedIn: folder.settings)
    let allowances = try folder.settings.allowances(besides: graph, in: folder.path)
    let copy = try request.copy(folder.settings, telling: display, in: invocation)
    defer { copy.drop() }
    let rehearsal = Rehearsal(
      of: project, graph, to: target, keeping: planner.kept,
      bounds: folder.settings.rehearsalBounds,
      traffic: traffic, isByOtherRole: copy.record.method != .inPlace, trials: trials)
    var measured: RehearsalRecord
    do {
      measured = try rehearsal.carryOut(
        on: copy.database, version: copy.server.version,
        in: RunContext(
          now: invocation.clock.utc, isInterrupted: { invocation.interruption.isRaised },
          tell: { display.tell($0) }))
    } catch let error as RehearsalError {
      throw Complaint(error, on: copy.record)
    }
    try invocation.interruption.check()
    measured.take(copy.record)
    measured.judgeByCopy()
    if trials.isEmpty, !folder.settings.trials.isEmpty {
      measured.notes.append(
        "instances and interruptions, which the settings ask for, were not tried: a copy that is used "
          + "in place is not put back")
    }
    var record = folder.record(of: project, graph, since: start, by: invocation.clock)
    record.add(measured, on: copy.server.origin)
    display.endProgress()
    let judgement = RuleBook.judge(
      record, allowances: allowances, severities: folder.settings.severities,
      mendWriter: project.mendWriter)
    let report = try folder.report(
      record, judgement, hiding: project.passwords, in: invocation)
    let outcome = Outcome(report.summary.verdict)
    try reports.publish(report, as: folder.form(endingWith: outcome))
    display.show(report, writtenTo: reports.path)
    if arguments.has("keep") {
      let place = try copy.keep(
        in: invocation.workingFolder, interruption: invocation.interruption)
      display.show("the copy is kept: \(place)")
    }
    return outcome
  }
}
