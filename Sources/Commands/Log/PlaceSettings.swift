import Platform
import Projects

/// What says where a project's revisions lie, now and at other moments: its settings and those of its
/// tool.
struct PlaceSettings {
  let project: AlembicProject
  let folder: ProjectFolder
  let arguments: ParsedArguments
  let invocation: Invocation

  /// The file that Stairway's own settings are named by, where it is not one that is found by itself.
  private var named: Path? { arguments["config"].map(invocation.path) }

  /// The files that say it now.
  var files: [Path] {
    [
      project.layout.ini, project.layout.toml,
      SettingsFile.find(project: folder.path, named: named),
    ].compactMap(\.self)
  }

  /// Whether a file of another moment may have said it.
  func mayTell(_ file: Path) -> Bool {
    AlembicProject.maySettle(file.name) || ["stairway.yml", "stairway.yaml"].contains(file.name)
      || files.contains(file)
  }

  /// Where they lie by the settings of another moment; nil where these do not tell.
  ///
  /// - Parameter copy: a folder with the files that may tell as they were then, and what lay beside or
  ///   above them, be it empty.
  func folders(in copy: Path) -> RevisionFolders? {
    let namedThen = named.map { copy / $0.relative(to: folder.path).text }
    guard
      let then = try? Settings.read(
        project: copy, named: namedThen, arguments: arguments, in: invocation)
    else { return nil }
    var settings = then.alembic(project: copy, in: invocation)
    settings.config = settings.config.map { (folder.path / $0.text).relative(to: folder.path) }
    return try? project.revisionFolders(by: settings)
  }
}
