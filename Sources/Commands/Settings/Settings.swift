import Databases
import History
import Platform
import Reports
import Rules
import Runner
import Walks

/// What `verify` goes by, each value from the highest place that gives it.
struct Settings: Sendable {
  /// The commit since which changes are verified, as git names it; nil for the whole history.
  let since: String?
  /// The engines that were asked for; nil where nobody did.
  let engines: [Engine]?
  /// The URL of the server that scratch databases are to be made on; may hold a password.
  let postgresServer: String?
  /// The folder of PostgreSQL's programs; nil to look for it.
  let postgresBinaries: Path?
  let downgradeFloor: RevisionID?
  /// Revisions that are not run, each with the reason.
  let skipped: [RevisionID: String]
  let failOn: Severity
  let severities: [RuleName: Severity]
  /// Those of the settings file; those of comments are in the revisions' files.
  let allowances: [Allowance]
  /// The file of known findings; nil where none is to be read.
  let baseline: Path?
  /// Whether somebody named that file, so that it has to be there.
  let baselineIsNamed: Bool
  let reportFolder: Path
  let outputFormat: OutputFormat
  let junitDialect: JUnitDialect
  /// What the tables hold on the walk.
  let rows: RowSupply
  /// What made-up rows are drawn from.
  let seed: UInt64
  /// The folder of the project's fixtures, from the project's folder.
  let fixtures: Path
  /// Whether anything is held against the walk's result.
  let looksBeside: Bool
  /// Whether the SQL that the tool prints is run, and the application started.
  let printsSQL: Bool
  let startsApplication: Bool
  /// What a rehearsal's measurements are held against, and the limits that it runs with.
  let rehearsalBounds: RehearsalBounds
  /// What a rehearsal tries beside one upgrade.
  let trials: TrialPlan
  /// The whole of what was given, for the adapter's own section.
  let layers: SettingsLayers

  /// - Throws: `SettingsError` where a value names what does not exist.
  init(_ layers: SettingsLayers, project: Path, workingFolder: Path) throws {
    func place(_ key: String) -> Path? {
      layers.place(key, project: project, workingFolder: workingFolder)
    }
    self.layers = layers
    since = layers.text("since").flatMap { $0.isEmpty ? nil : $0 }
    engines = layers.names("engines").map { $0.compactMap(Engine.init(rawValue:)) }
    postgresServer = layers.text("postgresql.server")
    postgresBinaries = place("postgresql.binaries")
    downgradeFloor = layers.text("downgrade-floor").map { RevisionID($0) }
    skipped = Dictionary(
      layers.texts("skip").map { (RevisionID($0), $1) }, uniquingKeysWith: { first, _ in first })
    failOn = layers.text("fail-on").flatMap(Severity.init(rawValue:)) ?? .error
    severities = try Self.severities(layers["severity"])
    allowances = try AllowanceReader.allowances(layers["allow"])
    baselineIsNamed = layers.text("baseline") != nil
    baseline =
      layers.text("baseline") == "none"
      ? nil : place("baseline") ?? project / BaselineFile.standardName
    outputFormat =
      layers.text("output-format").flatMap(OutputFormat.init(rawValue:)) ?? .full
    junitDialect =
      layers.text("junit-dialect").flatMap(JUnitDialect.init(rawValue:)) ?? .standard
    rows = layers.text("rows").flatMap(RowSupply.init(rawValue:)) ?? .typical
    seed = layers.text("seed").flatMap { UInt64($0) } ?? 0
    fixtures = Path(layers.text("fixtures") ?? "stairway/fixtures")
    looksBeside = layers.text("parity") != "false"
    printsSQL = layers.text("offline") != "false"
    startsApplication = layers.text("application") != "none"
    func duration(_ key: String) -> Double? { layers.text(key).flatMap(DurationText.seconds) }
    let standard = RehearsalBounds.standard
    rehearsalBounds = RehearsalBounds(
      longestLock: duration("rehearse.max-lock") ?? standard.longestLock,
      longestStep: duration("rehearse.max-step") ?? standard.longestStep,
      lockTimeout: duration("rehearse.lock-timeout"),
      statementTimeout: duration("rehearse.statement-timeout"))
    trials = try TrialPlan(layers)
    for (key, what) in [
      ("report-dir", "the folder for reports"), ("baseline", "the file of the baseline"),
    ] where layers.text(key) == "" {
      throw SettingsError(
        .invalidValue, at: layers[key]?.place ?? key, "\(what) has no name",
        fix: "name one, or leave the setting out")
    }
    reportFolder = place("report-dir") ?? workingFolder / "reports"
  }

  private static func severities(_ node: SettingNode?) throws -> [RuleName: Severity] {
    var found: [RuleName: Severity] = [:]
    for entry in node?.entries ?? [] {
      guard case .text(let text) = entry.value.content else { continue }
      guard let severity = Severity(rawValue: text) else {
        let names = Severity.allCases.map(\.rawValue)
        let nearest = names.nearest(to: text).map { "; did you mean '\($0)'?" } ?? ""
        throw SettingsError(
          .invalidValue, at: entry.value.place,
          "the severity of '\(entry.key)' expects one of \(names.joined(separator: ", ")), not '\(text)'\(nearest)",
          fix: "write it like `severity: {\(entry.key): warning}`")
      }
      found[try KnownRules.rule(entry.key, at: entry.place)] = severity
    }
    return found
  }
}
