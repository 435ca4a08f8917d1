import Platform

/// Finds the root of the repository that a project lies in: what CI systems put before the paths of
/// files, wherever in it a run was started.
enum RepositoryRoot {
  /// What CI systems call the folder that they put the repository into.
  private static let variables = ["GITHUB_WORKSPACE", "CI_PROJECT_DIR", "BUILD_SOURCESDIRECTORY"]

  /// The folder as the root sees it, empty for the root itself; nil where it lies in no repository.
  static func place(of folder: Path, environment: [String: String]) -> String? {
    guard let folder = Files.resolved(folder) else { return nil }
    let named = variables.lazy.compactMap { environment[$0] }
      .compactMap { Files.resolved(Path($0)) }.first { contains($0, folder) }
    guard let root = named ?? rootOfGit(above: folder) else { return nil }
    let place = folder.relative(to: root).text
    return place == "." ? "" : place
  }

  private static func contains(_ root: Path, _ folder: Path) -> Bool {
    folder == root || folder.text.hasPrefix(root.text == "/" ? "/" : root.text + "/")
  }

  /// `.git` is a folder, and a file in a worktree and a submodule.
  private static func rootOfGit(above folder: Path) -> Path? {
    var current = folder
    while !Files.exists(current / ".git") {
      if current.parent == current { return nil }
      current = current.parent
    }
    return current
  }
}
