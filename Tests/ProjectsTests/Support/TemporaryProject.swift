import Databases
import History
import Platform
import Projects
import Testing
import Walks

/// An Alembic project in a folder of its own, removed when it is let go.
final class TemporaryProject {
  let folder: Path
  /// A SQLite scratch database for it.
  let database: Path

  init(_ files: [String: String]) throws {
    folder = try Files.makeTemporaryFolder(in: "/tmp", prefix: "stairway-project")
    database = try Files.makeTemporaryFolder(in: "/tmp", prefix: "stairway-scratch") / "scratch.db"
    for (name, text) in files {
      try Files.makeFolder((folder / name).parent)
      try Files.write(text, to: folder / name)
    }
  }

  deinit {
    try? Files.removeTree(folder)
    try? Files.removeTree(database.parent)
  }

  /// A plain project: ini, env.py and these revisions.
  convenience init(
    ini: String = Sample.ini(), environment: String = Sample.environment, _ revisions: Sample...,
    files: [String: String] = [:]
  ) throws {
    var all = files
    all["alembic.ini"] = ini
    all["migrations/env.py"] = environment
    for revision in revisions {
      all["migrations/versions/\(revision.id)_sample.py"] = revision.text
    }
    try self.init(all)
  }

  func project(
    _ change: (inout AlembicSettings) -> Void = { _ in }, variables: [String: String] = [:]
  ) throws -> AlembicProject {
    var settings = AlembicSettings(folder: folder, python: try TestPython.path())
    change(&settings)
    return try AlembicProject(
      settings: settings, processEnvironment: TestPython.environment.merging(variables) { $1 })
  }

  /// A session of the project on its SQLite scratch database.
  func session(
    on address: DatabaseAddress? = nil, _ change: (inout AlembicSettings) -> Void = { _ in },
    variables: [String: String] = [:]
  ) throws -> any MigrationSession {
    try project(change, variables: variables).open(on: address ?? .sqlite(path: database.text))
  }

  /// The names in the scratch database's schema, sorted, without Alembic's table.
  func objects() throws -> [String] {
    let connection = try SQLiteConnection(path: database.text, access: .createIfMissing)
    return try connection.rows(
      "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
    ).map { $0.text(0) }.filter { $0 != "alembic_version" }
  }

  /// The revisions that the version table of the scratch database holds.
  func versions() throws -> [String] {
    let connection = try SQLiteConnection(path: database.text, access: .createIfMissing)
    return try connection.rows("SELECT version_num FROM alembic_version ORDER BY 1")
      .map { $0.text(0) }
  }
}

extension SessionAnswer {
  var isSuccess: Bool { outcome == .succeeded }

  var failure: StepFailure? {
    if case .failed(let failure) = outcome { failure } else { nil }
  }

  var fault: Fault? {
    if case .unjudged(let fault) = outcome { fault } else { nil }
  }
}
