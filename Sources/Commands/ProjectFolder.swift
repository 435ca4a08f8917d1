import History
import Platform
import Projects
import Repositories

/// The project that a command is about.
struct ProjectFolder {
  let path: Path
  let settings: Settings
  /// The settings file that `--config` names.
  let namedSettings: Path?
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
    namedSettings = arguments["config"].map(invocation.path)
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
      let (graph, absence) = try historyIfAny(of: project)
      return (project, graph, absence.map { shown(Complaint($0)) })
    } catch {
      throw shown(Complaint(error))
    }
  }

  /// The history, an empty one where its files are all gone, with what says so.
  ///
  /// - Throws: `RepositoryError` where they are gone since git did not check them out; else `ProjectError`.
  func historyIfAny(
    of project: AlembicProject
  ) throws -> (RevisionGraph, absence: ProjectError?) {
    do {
      let (graph, absence) = try project.historyIfAny()
      if absence != nil { try expectCheckedOut(project.revisionFolders.paths) }
      return (graph, absence)
    } catch let error as ProjectError where error.code == .brokenConfiguration {
      try expectModules(namedIn: error)
      try expectCheckedOut([])
      throw error
    }
  }

  /// - Parameter folders: those of the revisions; none where even these are not known.
  /// - Throws: `RepositoryError` where git left out what is looked for there.
  private func expectCheckedOut(_ folders: [Path]) throws {
    guard let repository = try? GitRepository(of: path, environment: invocation.environment) else {
      return
    }
    try repository.expectModules(around: folders)
    let names = (folders.isEmpty ? [path] : folders).compactMap(repository.name)
    // Each folder of migrations has an env.py.
    try repository.expectCheckedOut(
      names.map { $0.isEmpty ? "." : $0 }, named: folders.isEmpty ? "env.py" : nil)
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
    do {
      return try AlembicProject(
        settings: settings.alembic(project: path, in: invocation),
        processEnvironment: invocation.environment,
        interruption: invocation.interruption)
    } catch let error as ProjectError where error.code == .noMigrations {
      try expectModules(namedIn: error)
      throw error
    }
  }

  /// - Throws: `RepositoryError` where what an error says to be missing lies in a module that is not checked
  ///   out: the project itself, what the error names, or a folder of the tool's usual name.
  private func expectModules(namedIn error: ProjectError) throws {
    guard let repository = try? GitRepository(of: path, environment: invocation.environment) else {
      return
    }
    try repository.expectModules(around: [path])
    try repository.expectModules(within: path) { module in
      error.message.contains(module)
        || error.code == .noMigrations && ["migrations", "alembic"].contains(Path(module).name)
    }
  }
}
