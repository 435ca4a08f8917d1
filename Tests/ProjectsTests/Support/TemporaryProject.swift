import Databases
import History
import Platform
import Projects
import Testing
import Walks

/// An Alembic project in a folder of its own, removed when it is let go.
final class TemporaryProject {
  let folder: Path
  /// The scratch database of its sessions.
  let database: TestDatabase

  init(_ files: [String: String], on engine: Engine = .sqlite) throws {
    folder = try Files.makeTemporaryFolder(in: "/tmp", prefix: "stairway-project")
    database = try TestDatabase(engine)
    for (name, text) in files {
      try Files.makeFolder((folder / name).parent)
      try Files.write(text, to: folder / name)
    }
  }

  deinit { try? Files.removeTree(folder) }

  /// A plain project: ini, env.py and these revisions.
  convenience init(
    ini: String = Sample.ini(), environment: String = Sample.environment, _ revisions: Sample...,
    files: [String: String] = [:], on engine: Engine = .sqlite
  ) throws {
    var all = files
    all["alembic.ini"] = ini
    all["migrations/env.py"] = environment
    for revision in revisions {
      all["migrations/versions/\(revision.id)_sample.py"] = revision.text
    }
    try self.init(all, on: engine)
  }

  func project(
    _ change: (inout AlembicSettings) -> Void = { _ in }, variables: [String: String] = [:]
  ) throws -> AlembicProject {
    var settings = AlembicSettings(folder: folder, python: try TestPython.path())
    change(&settings)
    return try AlembicProject(
      settings: settings, processEnvironment: TestPython.environment.merging(variables) { $1 })
  }

  /// A session of the project on its scratch database.
  func session(
    _ change: (inout AlembicSettings) -> Void = { _ in },
    variables: [String: String] = [:]
  ) throws -> any MigrationSession {
    try project(change, variables: variables).open(on: database.address)
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
