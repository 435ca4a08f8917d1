import Databases
import History
import Projects
import Rows
import Schemas
import Scratch
import Testing
import Walks

@testable import Runner

/// A scripted project whose models are SQL too.
private final class ModelsProject: MigrationProject {
  let adapter = "scripted"
  let mendWriter: any MendWriter = NoMends()
  let migrations: ScriptedProject
  let reading: ModelsReading
  /// What makes each table.
  let tables: [(name: String, sql: String)]
  let unregistered: UnregisteredReading?

  init(
    _ migrations: ScriptedProject, _ tables: [(name: String, sql: String)],
    reading: ModelsReading? = nil, unregistered: UnregisteredReading? = nil
  ) {
    self.migrations = migrations
    self.tables = tables
    self.unregistered = unregistered
    self.reading =
      reading
      ?? .read(
        ModelsDescription(
          tables: tables.map { ModelTable(name: $0.name, model: $0.name) },
          creatable: tables.map { TableReference(name: $0.name) },
          operations: [ToolsOperation(kind: "drop_table", table: "elsewhere")]))
  }

  var revisionFolders: RevisionFolders { RevisionFolders() }
  func read(_ files: [RevisionFile]) -> MomentReading { MomentReading() }
  func history() -> RevisionGraph { migrations.history() }
  func openUpgrade(on address: DatabaseAddress) throws -> any UpgradeProcess {
    try migrations.openUpgrade(on: address)
  }

  func open(on address: DatabaseAddress) throws -> any MigrationSession {
    ModelsSession(self, try migrations.open(on: address), address)
  }
}

private final class ModelsSession: MigrationSession {
  let project: ModelsProject
  let inner: any MigrationSession
  var address: DatabaseAddress

  init(_ project: ModelsProject, _ inner: any MigrationSession, _ address: DatabaseAddress) {
    self.project = project
    self.inner = inner
    self.address = address
  }

  var versionTable: VersionTable { inner.versionTable }
  var environment: [String: String] { inner.environment }
  var notes: [String] { inner.notes }
  func step(_ revision: RevisionID, _ direction: Direction) -> SessionAnswer {
    inner.step(revision, direction)
  }
  func run(_ revisions: [RevisionID], _ direction: Direction) -> SessionAnswer {
    inner.run(revisions, direction)
  }
  func measure(_ revisions: [RevisionID], _ direction: Direction) -> SessionAnswer {
    inner.measure(revisions, direction)
  }
  func touch() -> SessionAnswer { SessionAnswer(outcome: .succeeded) }
  func upgradeToHeads() -> SessionAnswer { SessionAnswer(outcome: .succeeded) }
  func stampHeads() -> SessionAnswer { SessionAnswer(outcome: .succeeded) }
  func printSQL(_ revisions: [RevisionID], _ direction: Direction) -> PrintedSQL { .script([]) }
  func startApplication() -> (name: String, answer: SessionAnswer)? { nil }
  func prepareOrigin() -> SessionAnswer? { inner.prepareOrigin() }
  func releaseConnections() { inner.releaseConnections() }
  func move(to address: DatabaseAddress) {
    self.address = address
    inner.move(to: address)
  }
  func close() { inner.close() }

  func readModels() -> ModelsReading? { project.reading }
  func findUnregisteredModels() -> UnregisteredReading? { project.unregistered }

  func createModels(_ tables: [TableReference]) -> SessionAnswer {
    make(tables).map { SessionAnswer(outcome: .failed($0)) }
      ?? SessionAnswer(outcome: .succeeded)
  }
  func createModelsOneByOne(
    _ tables: [TableReference]
  ) -> (refused: [TableReference], SessionAnswer) {
    (tables.filter { make([$0]) != nil }, SessionAnswer(outcome: .succeeded))
  }

  private func make(_ tables: [TableReference]) -> StepFailure? {
    guard case .sqlite(let path) = address else { return nil }
    do {
      let database = try SQLiteConnection(path: path, access: .createIfMissing)
      for table in tables {
        for made in project.tables where made.name == table.name { try database.execute(made.sql) }
      }
      return nil
    } catch {
      let statement = (error as? DatabaseError)?.statement
      return StepFailure(type: "DatabaseError", message: "\(error)", statement: statement)
    }
  }
}

@Suite struct `Models at the end of a lane` {
  private static let history = ScriptedProject([
    ScriptedProject.Migration(
      id: "a", up: "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT)", down: "DROP TABLE users"
    )
  ])

  private func parity(
    _ project: ModelsProject, _ plan: ParityPlan = ParityPlan()
  ) throws -> ParityRecord {
    let planner = WalkPlanner(graph: project.history())
    let lane = LanePlan(
      walk: planner.walk(on: .sqlite), parity: plan, project: project,
      server: ServerStart { try SQLiteScratch(ScratchSettings(environment: [:])) })
    let record = try #require(Runner(RunContext(now: { 0 })).run([lane]).engines.first)
    #expect(record.fault == nil)
    return try #require(record.parity)
  }

  @Test func `models that say the same as the migrations leave nothing`() throws {
    let parity = try parity(
      ModelsProject(
        Self.history, [("users", "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT)")]))
    #expect(parity.step(.models)?.record.outcome == .succeeded)
    #expect(parity.models?.units == [])
    #expect(parity.models?.toolsOpinion?.others.map(\.kind) == ["drop_table"])
  }

  @Test func `what models say otherwise is recorded with the model`() throws {
    let parity = try parity(
      ModelsProject(
        Self.history,
        [
          ("users", "CREATE TABLE users(id INTEGER PRIMARY KEY, name VARCHAR(9))"),
          ("notes", "CREATE TABLE notes(id INTEGER PRIMARY KEY)"),
        ]))
    let units = try #require(parity.models?.units)
    #expect(units.map(\.id.description) == ["table notes", "table users"])
    #expect(units.map(\.model?.model) == ["notes", "users"])
    #expect(
      units.last?.difference.lines == ["~ column users.name: type TEXT → VARCHAR(9)"])
  }

  @Test func `where one model cannot be made the others are compared, and it is said`() throws {
    let parity = try parity(
      ModelsProject(
        Self.history, [("broken", "CREATE TABLE broken()"), ("users", "CREATE TABLE users(id)")]))
    guard case .skipped(let reason)? = parity.step(.models)?.record.outcome else {
      Issue.record("the step was \(String(describing: parity.step(.models)))")
      return
    }
    #expect(
      reason.hasPrefix(
        "not all models can be compared (without broken): create_all() raises at model broken"))
    #expect(parity.models?.units.map(\.id.description) == ["table users"])
  }

  @Test(arguments: [
    (ModelsReading.none(SourcePlace(file: "env.py", line: 3)), "env.py has no target_metadata"),
    (
      .none(SourcePlace(file: "env.py", line: 3), mistake: "hands over the class Base"),
      "env.py:3 hands over the class Base"
    ),
    (.failed(StepFailure(type: "KeyError", message: "no PATH")), "cannot be read: no PATH"),
  ])
  func `models that cannot be compared are said so`(
    _ reading: ModelsReading, _ words: String
  ) throws {
    let parity = try parity(ModelsProject(Self.history, [], reading: reading))
    guard case .skipped(let reason)? = parity.step(.models)?.record.outcome else {
      Issue.record("the step was \(String(describing: parity.step(.models)))")
      return
    }
    #expect(reason.contains(words))
    #expect(parity.models?.units == [])
  }

  @Test(arguments: [
    "Compiler <SQLiteTypeCompiler object at 0x7f> can't render element of type TSVECTOR",
    "Compiler <x> can't render element of type <class 'sqlalchemy.dialects.postgresql.TSVECTOR'>",
  ])
  func `a type that the engine does not have is told with its column's line`(_ words: String) {
    let table = ModelTable(
      name: "users", model: "User", file: "models.py", line: 3,
      columns: [ModelColumn(name: "tags", file: "models.py", line: 5)])
    let unmade = UnmadeModels(
      failure: StepFailure(
        type: "sqlalchemy.exc.CompileError", message: "(in table 'users', column 'tags'): " + words),
      models: ModelsDescription(tables: [table]), refused: [TableReference(name: "users")],
      engine: .sqlite)
    #expect(
      unmade.sentence == """
        not all models can be compared (without users): column users.tags (models.py:5) is TSVECTOR, a \
        type that SQLite does not have; `.with_variant(…, "sqlite")` gives it another one there, and \
        env.py's include_object leaves out what is not to be made
        """)
  }

  @Test func `of columns that nobody's import adds it is told whether they are there`() throws {
    let models = [["name"], ["name", "gone"]].map {
      UnregisteredModel(
        name: "users", model: nil, module: nil, file: nil, line: nil, columns: $0)
    }
    let project = ModelsProject(
      Self.history, [], unregistered: .read(UnregisteredRecord(models: models)))
    #expect(try parity(project).unregistered?.models.map(\.isMigrated) == [true, false])
  }

  @Test func `of a model that nobody imports it is told whether its table is there`() throws {
    let models = ["users", "gone"].map {
      UnregisteredModel(name: $0, model: nil, module: nil, file: nil, line: nil)
    }
    let project = ModelsProject(
      Self.history, [], unregistered: .read(UnregisteredRecord(models: models)))
    #expect(try parity(project).unregistered?.models.map(\.isMigrated) == [true, false])
    let plan = ParityPlan(findsUnregisteredModels: false)
    #expect(try self.parity(project, plan).unregistered == nil)
  }

  @Test func `a plan that does not ask for models gets none`() throws {
    let parity = try parity(
      ModelsProject(Self.history, []), ParityPlan(comparesModels: false))
    #expect(parity.models == nil && parity.step(.models) == nil)
  }
}
