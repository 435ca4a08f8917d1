import Databases
import History
import Platform
import Projects
import Repositories
import Runner
import Scratch
import Walks

/// What `doctor` finds of a project and of what its verification needs.
struct Examination: Sendable, Encodable {
  private let schemaVersion = 1
  /// The project's folder.
  let project: String
  /// The file that says where the history is, from the project's folder on; nil where none was found.
  private(set) var historyFile: String?
  private(set) var isFlaskMigrate = false
  private(set) var history: History?
  /// The settings file; nil where there is none.
  private(set) var settingsFile: String?
  /// Files that hold settings too, and are not read since the first is there.
  private(set) var settingsPassedOver: [String] = []
  /// What was given, by the order of the keys.
  private(set) var settings: [Setting] = []
  private(set) var python: Python?
  private(set) var engines: [ExaminedEngine] = []
  /// The repository's root, or why there is none: without one, `--since` is out of reach.
  let git: String
  /// What is missing or wrong.
  private(set) var problems: [Problem] = []

  struct History: Sendable, Encodable {
    let revisions: Int
    let heads: [RevisionID]
  }

  /// A value that somebody gave, and where.
  struct Setting: Sendable, Encodable {
    let key: String
    let value: String
    let place: String
  }

  struct Python: Sendable, Encodable {
    let path: String
    let origin: String
    let version: String
    /// Versions by the package's name.
    let packages: [String: String]
  }

  struct ExaminedEngine: Sendable, Encodable {
    let engine: Engine
    /// nil where there is none.
    var version: String?
    /// Where its scratch databases are.
    var scratch: String?
    /// What the environment was loaded with; empty where it could not be.
    var environment: [String: String] = [:]
    /// Why the project is not verified on it, where nobody asked for it.
    var leftOut: String?
  }

  struct Problem: Sendable, Encodable {
    let code: String
    let place: String?
    let message: String
    let fix: String?
    /// The lines for a reader.
    let text: String

    init(_ complaint: Complaint) {
      code = complaint.code
      place = complaint.place
      message = complaint.message
      fix = complaint.fix
      text = complaint.text
    }
  }

  /// - Throws: `PlatformError` where it is interrupted.
  init(of folder: ProjectFolder, in invocation: Invocation) throws {
    project = folder.path.text
    do {
      git = try GitRepository(of: folder.path, environment: invocation.environment).root.text
    } catch {
      git = (error as? RepositoryError)?.message ?? "\(error)"
    }
    let servers = EngineServers(for: folder, in: invocation)
    settings = SettingKey.all.compactMap { key in
      folder.settings.layers[key.path].map {
        Setting(key: key.path, value: $0.shown, place: $0.place)
      }
    }
    settingsFile = SettingsFile.find(project: folder.path, named: folder.namedSettings)
      .map { $0.relative(to: folder.path).text }
    if folder.namedSettings == nil {
      settingsPassedOver = SettingsFile.all(in: folder.path).dropFirst().map(\.name)
    }
    let found = try attempt(in: folder, invocation) { try folder.open() }
    if let found {
      try lookAt(found, in: folder, invocation)
      for engine in servers.choice.engines {
        try lookAt(engine, of: found, servers, in: folder, invocation)
      }
    }
    engines += servers.choice.leftOut.map {
      ExaminedEngine(engine: $0.engine, leftOut: $0.reason)
    }
  }

  var outcome: Outcome { problems.isEmpty ? .verified : .couldNotVerify }

  private mutating func lookAt(
    _ found: AlembicProject, in folder: ProjectFolder, _ invocation: Invocation
  ) throws {
    historyFile = (found.layout.ini ?? found.layout.toml)?.relative(to: folder.path).text
    isFlaskMigrate = found.layout.usesFlask
    let packages = try attempt(in: folder, invocation) {
      try PythonPackages(of: found.python, environment: invocation.environment)
    }
    python = Python(
      path: found.python.path.text, origin: found.python.origin.description,
      version: found.python.version, packages: packages?.versions ?? [:])
    history = try attempt(in: folder, invocation) {
      let graph = try found.history()
      return History(revisions: graph.revisions.count, heads: graph.heads)
    }
  }

  /// Loads the environment on an empty database of this engine.
  private mutating func lookAt(
    _ engine: Engine, of project: AlembicProject, _ servers: EngineServers,
    in folder: ProjectFolder, _ invocation: Invocation
  ) throws {
    var examined = ExaminedEngine(engine: engine)
    defer { engines.append(examined) }
    do {
      guard let server = try servers[engine]?.server() else { return }
      defer { server.shutDown() }
      examined.version = server.version
      examined.scratch = server.origin
      let database = try server.lend()
      defer { database.drop() }
      let session = try project.open(on: database.address)
      defer { session.close() }
      examined.environment = session.environment
    } catch let error as ProjectError where error.code == .otherEngine && servers.choice.isAssumed {
      examined.leftOut = error.reasonToLeaveOut
    } catch {
      try note(error, in: folder, invocation)
    }
  }

  private mutating func attempt<Found>(
    in folder: ProjectFolder, _ invocation: Invocation, _ look: () throws -> Found
  ) throws -> Found? {
    do {
      return try look()
    } catch {
      try note(error, in: folder, invocation)
      return nil
    }
  }

  /// Keeps what is wrong, once: the same environment is loaded for every engine.
  private mutating func note(
    _ error: any Error, in folder: ProjectFolder, _ invocation: Invocation
  ) throws {
    try invocation.interruption.check()
    let problem = Problem(folder.shown(Complaint(error)))
    if !problems.contains(where: { $0.text == problem.text }) { problems.append(problem) }
  }
}

extension SettingNode {
  /// The value in one line, without passwords; of variables only the names, whose values are often secret.
  fileprivate var shown: String {
    switch content {
    case .text(let text): Credentials.removed(from: text)
    case .list(let items): items.map(\.shown).joined(separator: ", ")
    case .map(let entries): entries.map(\.key).joined(separator: ", ")
    case .nothing: ""
    }
  }
}
