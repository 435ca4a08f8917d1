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
    let (project, graph, absence) = try projectIfAny()
    if let absence { throw absence }
    return (project, graph)
  }

  /// The same, with an empty history where its files are all gone, and what says so.
  ///
  /// - Throws: `Complaint`, for every other reason.
  func projectIfAny() throws -> (AlembicProject, RevisionGraph, absence: Complaint?) {
    do {
      let project = try open()
      let (graph, absence) = try project.historyIfAny()
      return (project, graph, absence.map { shown(Complaint($0)) })
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
