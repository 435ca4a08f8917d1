import History
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
    do {
      settings = try Settings.read(project: path, arguments: arguments, in: invocation)
    } catch {
      throw Complaint(error).seen(from: invocation.workingFolder, ofProjectIn: path)
    }
    self.invocation = invocation
  }

  /// The complaint with its place as the working folder sees it.
  func shown(_ complaint: Complaint) -> Complaint {
    complaint.seen(from: invocation.workingFolder, ofProjectIn: path)
  }

  /// The project and its history.
  ///
  /// - Throws: `Complaint`.
  func project() throws -> (AlembicProject, RevisionGraph) {
    do {
      let project = try open()
      return (project, try project.history())
    } catch {
      throw shown(Complaint(error))
    }
  }

  /// The project's migrations.
  ///
  /// - Throws: `ProjectError` where there are none, or no Python for them; `Complaint` where the
  ///   settings name a file that is not there.
  func open() throws -> AlembicProject {
    if let named = settings.layers.text("alembic.config"), !Files.isFile(path / named) {
      throw Complaint(
        "no-such-file", at: settings.layers["alembic.config"]?.place,
        "there is no file \(named), which `alembic: {config: …}` names",
        fix: "correct it, or leave it out: alembic.ini is found by itself", outcome: .usage)
    }
    return try AlembicProject(
      settings: settings.alembic(project: path, in: invocation),
      processEnvironment: invocation.environment,
      interruption: invocation.interruption)
  }
}
