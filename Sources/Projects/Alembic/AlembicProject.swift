package import Databases
package import History
package import Platform
private import Schemas
package import Walks

/// A project whose history Alembic keeps, with or without Flask-Migrate.
///
/// Its Python code runs in a worker process, never in this one.
package final class AlembicProject: MigrationProject {
  package let adapter = "alembic"
  package let settings: AlembicSettings
  package let python: PythonInterpreter
  package let layout: AlembicLayout
  package let mendWriter: any MendWriter
  private let processEnvironment: [String: String]
  private let interruption: Interruption?

  /// Finds the history's files and the Python that runs it; runs none of the project's code.
  /// - Parameters:
  ///   - processEnvironment: the variables that the migrations see, before the settings' own.
  ///   - interruption: what ends the waiting for an answer.
  /// - Throws: `ProjectError`.
  package init(
    settings: AlembicSettings, processEnvironment: [String: String],
    interruption: Interruption? = nil
  ) throws {
    self.settings = settings
    self.processEnvironment = processEnvironment
    self.interruption = interruption
    layout = try AlembicLayout(settings)
    var folders = [settings.folder]
    if let near = layout.folder { folders += [near, near.parent] }
    python = try PythonInterpreter(
      named: settings.python.map { $0.text.contains("/") ? settings.folder / $0.text : $0 },
      folders: folders,
      environment: processEnvironment)
    mendWriter = CommentWriter()
  }

  /// Whether the folder holds a history of this kind.
  package static func isPresent(in folder: Path) -> Bool { AlembicLayout.isPresent(in: folder) }

  package func history() throws -> RevisionGraph {
    throw ProjectError(.workerFailed, "the worker is not there yet")
  }

  package func open(on address: DatabaseAddress) throws -> any MigrationSession {
    throw ProjectError(.workerFailed, "the worker is not there yet")
  }
}

private struct CommentWriter: MendWriter {
  func undoing(_ difference: SchemaDifference, on engine: Engine) -> [String] { [] }
}
