import History
import Platform
import Projects
import Rows

/// Where the files of a project lie whose change means another verdict.
struct WatchedPlaces: Sendable {
  /// What a change of a file can change.
  enum Kind: Sendable, Hashable {
    /// The revision that it defines, and what follows it.
    case revision
    /// Rows of one revision.
    case fixture
    /// What is held against the heads: models, the application.
    case models
    /// Anything.
    case everything
  }

  let project: Path
  let fixtures: Path
  /// The folders of the revisions; empty where the history could not be read yet.
  let revisions: [Path]
  /// The folders of `env.py`.
  let environments: [Path]
  /// Files that settings or arguments name.
  let named: [Path]

  /// - Parameter opened: the project as the last run had it; nil where there was none.
  init(_ folder: ProjectFolder, opened: AlembicProject?) {
    let revisions = opened?.revisionFolders.paths ?? []
    let layout = opened?.layout
    self.init(
      project: folder.path, fixtures: folder.path / folder.settings.fixtures.text,
      revisions: revisions,
      environments: revisions.map(\.parent) + [layout?.folder].compactMap(\.self),
      named: [folder.namedSettings, folder.settings.baseline, layout?.ini, layout?.toml]
        .compactMap(\.self))
  }

  /// Of a project whose settings could not be read.
  init(project: Path) {
    self.init(project: project, fixtures: project / "stairway/fixtures")
  }

  /// All of them without links and dots, so that a file has one name.
  private init(
    project: Path, fixtures: Path, revisions: [Path] = [], environments: [Path] = [],
    named: [Path] = []
  ) {
    func resolved(_ path: Path) -> Path {
      Files.resolved(path) ?? (Files.resolved(path.parent) ?? path.parent) / path.name
    }
    self.project = resolved(project)
    self.fixtures = resolved(fixtures)
    self.revisions = revisions.map(resolved)
    self.environments = environments.map(resolved)
    self.named = named.map(resolved)
  }

  /// The folders to watch with all below them: the project's, and those that lie elsewhere.
  var roots: [Path] {
    let others = revisions + environments + [fixtures] + named.map(\.parent)
    return others.reduce(into: [project]) { roots, folder in
      if !roots.contains(where: { Self.isBelow(folder, $0) }) { roots.append(folder) }
    }
  }

  /// Whether a folder may hold such files: not what tools keep for themselves.
  static func enters(_ folder: Path) -> Bool {
    !folder.name.hasPrefix(".") && !toolFolders.contains(folder.name)
      && !Files.exists(folder / "pyvenv.cfg")
  }

  private static let toolFolders: Set<String> = [
    "__pycache__", "node_modules", "site-packages", "build", "dist",
  ]

  /// Nil for a file that changes nothing: another's, or what an editor keeps while it saves.
  func kind(of file: Path) -> Kind? {
    let name = file.name
    if named.contains(file) || Self.settings.contains(name) { return .everything }
    if name.hasPrefix(".") || name.hasPrefix("#") || name.hasSuffix("~") { return nil }
    if Self.isBelow(file, fixtures) { return .fixture }
    if name.hasSuffix(".ini") || name.hasSuffix(".sql") { return .everything }
    guard name.hasSuffix(".py") else { return nil }
    if revisions.contains(where: { Self.isBelow(file, $0) }) { return .revision }
    let isEnvironment =
      name == "env.py" || environments.contains(file.parent) && file.parent != project
    // Where the history could not be read, any file may be why.
    return isEnvironment || revisions.isEmpty ? .everything : .models
  }

  private static let settings: Set<String> = [
    "stairway.yml", "stairway.yaml", "pyproject.toml", ".env", "stairway.lock",
  ]

  /// The name right below the fixtures' folder, which says the revision.
  func fixtureName(of file: Path) -> String {
    String(file.relative(to: fixtures).text.prefix { $0 != "/" })
  }

  static func isBelow(_ path: Path, _ folder: Path) -> Bool {
    path == folder || path.text.hasPrefix(folder.text + "/")
  }
}
