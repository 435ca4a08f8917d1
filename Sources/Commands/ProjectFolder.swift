import Platform
import Projects

/// The project that a command is about.
struct ProjectFolder {
  let path: Path
  let settings: Settings
  private let invocation: Invocation

  /// Finds the folder and reads its settings.
  ///
  /// - Throws: `Complaint` where there is no such folder; what reading settings throws.
  init(_ arguments: ParsedArguments, in invocation: Invocation) throws {
    path = invocation.path(arguments.positional(0) ?? ".")
    guard Files.isFolder(path) else {
      throw Complaint(
        "no-such-folder", at: path.text,
        Files.exists(path) ? "this is a file; a project is a folder" : "there is no such folder",
        fix: "name the project's folder", outcome: .usage)
    }
    settings = try Settings.read(project: path, arguments: arguments, in: invocation)
    self.invocation = invocation
  }

  /// The project's migrations.
  ///
  /// - Throws: `ProjectError` where there are none, or no Python for them.
  func open() throws -> AlembicProject {
    try AlembicProject(
      settings: settings.alembic(project: path, in: invocation),
      processEnvironment: invocation.environment,
      interruption: invocation.interruption)
  }
}
