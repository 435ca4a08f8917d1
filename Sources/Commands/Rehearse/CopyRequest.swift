import Copies
import Databases
import Projects
import Runner
import Scratch
import Walks

/// The copy that the command line asks for.
struct CopyRequest {
  private let plan: CopyPlan

  /// What says of which copy is meant, as the command's help lists it.
  static let options = [
    Option(
      "source", value: "URL|FILE", isRepeatable: true,
      help: "Production: a PostgreSQL URL, what pg_dump wrote, or a SQLite file; only read."),
    Option(
      "in-place",
      help: "Change the source itself, which is a copy that nobody needs; asks for its name."),
    Option(
      "confirm", value: "NAME",
      help: "The name of the database that is used in place, where nobody can be asked."),
    Option(
      "schema-only-tables", value: "PATTERN", isRepeatable: true,
      help: "Leave these tables empty; may be given more than once."),
    Option(
      "exclude-table", value: "PATTERN", isRepeatable: true,
      help: "Leave these tables out; may be given more than once."),
    Option(
      "sample", value: "PERCENT",
      help: "Keep so much of the rows, and only those whose parents are kept."),
    Option(
      "anonymize", value: "FILE",
      help: "Change columns' values by the rules in this file before anything else runs."),
  ]

  /// - Parameter trials: for which states of the copy are kept beside it.
  /// - Throws: `CopyError`, `UsageError`, `PlatformError` where the file of rules cannot be read, or where
  ///   who is asked interrupts, `ProjectError` where the project cannot say which databases are its own.
  init(
    _ arguments: ParsedArguments, for project: AlembicProject, trials: TrialPlan,
    in invocation: Invocation
  ) throws {
    if arguments.all("source").count > 1 {
      throw UsageError.other("'--source' was given more than once.", RehearseCommand.syntax)
    }
    if arguments.has("confirm"), !arguments.has("in-place") {
      throw UsageError.other(
        "'--confirm' needs '--in-place': a copy is made and dropped without asking.",
        RehearseCommand.syntax)
    }
    var plan = CopyPlan(
      source: try CopySource(
        arguments["source"] ?? "", relativeTo: invocation.workingFolder,
        inPlace: arguments.has("in-place"),
        environment: invocation.environment))
    plan.checkpoints += trials.states
    plan.schemaOnlyTables = arguments.all("schema-only-tables")
    plan.excludedTables = arguments.all("exclude-table")
    plan.confirmedName = arguments["confirm"]
    if case .inPlace = plan.source { plan.projectAddresses = try project.ownDatabases() }
    plan.samplePercent = try arguments["sample"].map { text in
      guard let percent = Double(text.hasSuffix("%") ? String(text.dropLast()) : text) else {
        throw UsageError.other(
          "The value '\(text)' is invalid for '--sample PERCENT'.", RehearseCommand.syntax)
      }
      return percent
    }
    plan.anonymization = try arguments["anonymize"].map { file in
      try Anonymization(
        yaml: invocation.text(ofFile: file, fix: "name a file of rules (docs/copies.md)"),
        name: file)
    }
    if plan.source.engine == .sqlite {
      for option in ["lock-timeout", "statement-timeout"] where arguments.has(option) {
        throw UsageError.other(
          "'--\(option)' has no effect: SQLite has no such limit.", RehearseCommand.syntax)
      }
    }
    if plan.confirmedName == nil, plan.source.nameToConfirm != nil, let ask = invocation.ask {
      try plan.checkMeaning()
      let name = try ask(
        "The migrations change \(plan.source.title) itself, and nothing puts it back.\n"
          + "Type the database's name to go on: ")
      plan.confirmedName = name.flatMap { $0.isEmpty ? nil : $0 }
    }
    self.plan = plan
  }

  /// Makes the copy.
  ///
  /// - Throws: `CopyError`, `ScratchError`, `PlatformError`.
  func copy(
    _ settings: Settings, telling display: Display, in invocation: Invocation
  ) throws -> ProductionCopy {
    let engine = plan.source.engine
    display.tell(.preparing(engine, "copying \(plan.source.title)"))
    var places = ScratchSettings(
      environment: invocation.environment, postgresURL: settings.postgresServer,
      postgresBinaries: settings.postgresBinaries)
    places.logsAsProduction = true
    return try ProductionCopy.make(
      plan, settings: places, interruption: invocation.interruption,
      tell: { display.tell(.preparing(engine, $0)) })
  }
}
