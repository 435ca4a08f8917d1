import Databases
import History
import Platform
import Projects
import Reports
import Rows
import Runner
import Schemas
private import Synchronization
import Walks

/// One run, decided before anything is started: the walks on each engine.
struct Verification {
  private let folder: ProjectFolder
  private let project: AlembicProject
  private let graph: RevisionGraph
  private let choice: EngineChoice
  private let lanes: [LanePlan]
  private let fixtureFaults: [FixtureFault]
  private let log: LogRecord?
  private let invocation: Invocation

  /// Plans the walks.
  ///
  /// - Parameters:
  ///   - graph: also a broken one, of which nothing is walked.
  ///   - log: what the rules are to know of the history beside it.
  /// - Throws: `Complaint` where the settings name a revision that the history does not have.
  init(
    _ project: AlembicProject, of folder: ProjectFolder, graph: RevisionGraph,
    scope: WalkScope, log: LogRecord?, on servers: EngineServers, hidesValues: Bool,
    in invocation: Invocation
  ) throws {
    let planner = WalkPlanner(
      graph: graph, scope: scope, downgradeFloor: folder.settings.downgradeFloor,
      skipped: folder.settings.skipped, rows: folder.settings.rows)
    let fixtures = folder.path / folder.settings.fixtures.text
    let rows = RowPlan(
      fixtures: Files.isFolder(fixtures)
        ? FixtureFolder(
          fixtures, shownRelativeTo: folder.path, revisions: graph.definitions.map(\.id.text))
        : nil, seed: folder.settings.seed, hidesValues: hidesValues)
    if graph.canBeWalked, !graph.revisions.isEmpty {
      try planner.checkRevisions(namedIn: folder.settings)
    }
    let settings = folder.settings
    let isWalked = graph.canBeWalked && !graph.revisions.isEmpty
    let isReworded = log?.since?.reworded.isEmpty == false
    lanes = (isWalked ? servers.choice.engines : []).compactMap { engine in
      let parity =
        settings.looksBeside
        ? ParityPlan(
          printsSQL: settings.printsSQL, startsApplication: settings.startsApplication,
          // Which modules are imported is no engine's matter: once is enough, where most can be run.
          findsUnregisteredModels: engine == servers.choice.engines.last) : nil
      let walk = planner.walk(on: engine)
      // Where nothing changed, the walk leads to what is held against its end, or nowhere; on the way,
      // files that only read otherwise are loaded.
      if walk.roundTrips.isEmpty, !isReworded, parity == nil || !scope.isOfChanges { return nil }
      return servers[engine].map {
        LanePlan(
          walk: walk, rows: rows, parity: parity, engineIsAssumed: servers.choice.isAssumed,
          project: project, server: $0)
      }
    }
    let isOnRows = folder.settings.rows != .none
    if isOnRows, rows.fixtures == nil, let named = folder.settings.layers["fixtures"] {
      throw Complaint(
        "no-fixtures", at: named.place,
        "there is no folder \(folder.settings.fixtures) with fixtures",
        fix: "name the folder that holds them, or leave the setting out", outcome: .usage)
    }
    fixtureFaults = isOnRows ? (rows.fixtures?.problems ?? []).map { FixtureFault($0) } : []
    self.folder = folder
    self.project = project
    self.graph = graph
    self.log = log
    choice = servers.choice
    self.invocation = invocation
  }

  /// Whether there are engines and revisions, and nothing to do with them.
  var isEmpty: Bool { lanes.isEmpty && graph.canBeWalked && !choice.engines.isEmpty }

  /// Carries the walks out.
  ///
  /// - Throws: `ReportError` where the schemas of the revisions cannot be kept among the reports.
  func run(telling display: Display, keeping reports: ReportFolder) throws -> RunRecord {
    let interruption = invocation.interruption
    let start = RunStart(invocation.clock)
    let unwritten = Mutex<ReportError?>(nil)
    let context = RunContext(
      now: invocation.clock.utc,
      isInterrupted: { interruption.isRaised || unwritten.withLock { $0 != nil } },
      tell: { display.tell($0) },
      keep: { kept in
        do {
          try reports.keep(
            snapshot: SnapshotDocument(kept.snapshot, after: kept.base).text(),
            engine: kept.snapshot.engine,
            revision: kept.revision)
        } catch let error as ReportError {
          // No lane's fault: what ends the run is told as it is.
          unwritten.withLock { $0 = error }
          throw error
        }
      })
    let result = Runner(context).run(lanes)
    display.endProgress()
    if let error = unwritten.withLock({ $0 }) { throw error }
    var record = folder.record(of: project, graph, since: start, by: invocation.clock)
    record.fixtureFaults = fixtureFaults
    record.log = log
    record.rows = folder.settings.rows
    record.seed = folder.settings.rows == .none ? nil : folder.settings.seed
    record.engines = result.engines
    record.leftOut = choice.leftOut + result.leftOut
    record.engineComparison = result.comparison
    return record
  }
}

extension WalkPlanner {
  /// - Throws: `Complaint` where the settings name a revision that the history does not have.
  func checkRevisions(namedIn settings: Settings) throws {
    guard let unknown = unknownRevisions.first else { return }
    let entry = settings.layers["skip"]?.entries.first { $0.key == unknown.text }
    throw Complaint(
      "unknown-revision", at: entry?.place ?? settings.layers["downgrade-floor"]?.place,
      "the history has no revision '\(unknown)'", fix: "`stairway history` shows them",
      outcome: .usage)
  }
}
