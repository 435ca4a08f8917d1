import Platform
import Projects
import Repositories

/// A file of a commit as the project names it.
struct ProjectFile {
  /// Relative to the project's folder where it lies inside, else absolute.
  let path: String
  /// The name of its contents in the repository.
  let contents: String
}

/// Where a project's revisions lie in the commits of its repository.
struct CommittedFolders {
  private let repository: GitRepository
  private let names: [String]
  private let isRecursive: Bool
  /// The project's folder as the repository names it; empty for its top.
  let project: String

  /// - Throws: `Complaint` where a folder of revisions lies outside of the repository.
  init(_ folders: RevisionFolders, of project: Path, in repository: GitRepository) throws {
    names = try folders.paths.map { folder in
      guard let name = try Self.name(of: folder, in: repository) else {
        throw Complaint(
          "no-repository",
          "the revisions in \(folder) do not lie in the repository \(repository.root)",
          fix: "leave --since out to verify the whole history", outcome: .usage)
      }
      return name
    }
    isRecursive = folders.isRecursive
    self.project = try repository.name(of: project) ?? ""
    self.repository = repository
  }

  /// Also of a folder that is gone with all that it held.
  private static func name(of folder: Path, in repository: GitRepository) throws -> String? {
    if Files.isFolder(folder) { return try repository.name(of: folder) }
    guard folder.parent != folder, let above = try name(of: folder.parent, in: repository) else {
      return nil
    }
    return above.isEmpty ? folder.name : "\(above)/\(folder.name)"
  }

  /// What may be revisions' files at a commit.
  ///
  /// - Parameter here: the files of now; where a folder is not there at the commit, they tell which
  ///   one they were moved from.
  func files(at commit: Commit, movedTo here: WorkTree) throws -> [ProjectFile] {
    var found: [CommittedFile] = []
    for name in names {
      var files = try revisions(in: name, at: commit)
      if files.isEmpty, let old = try formerFolder(at: commit, of: here) {
        files = try revisions(in: old, at: commit)
      }
      found += files
    }
    let prefix = project.isEmpty ? "" : project + "/"
    return found.map { file in
      let isInside = file.path.hasPrefix(prefix)
      return ProjectFile(
        path: isInside
          ? String(file.path.dropFirst(prefix.count)) : (repository.root / file.path).text,
        contents: file.contents)
    }
  }

  private func revisions(in folder: String, at commit: Commit) throws -> [CommittedFile] {
    try repository.files(in: folder, at: commit, isRecursive: isRecursive).filter(\.isRevision)
  }

  /// The folder that a commit has and the work tree has not, and in which a file lay that is here
  /// unchanged.
  private func formerFolder(at commit: Commit, of here: WorkTree) throws -> String? {
    let names = here.names
    let moved = try repository.allFiles(at: commit).filter { file in
      file.isRevision && names.contains(Path(file.path).name)
        && !Files.exists(repository.root / file.path)
    }
    let bytes = try repository.bytes(of: Set(moved.map(\.contents)))
    let proof = moved.first { file in
      bytes[file.contents].map { here.hasFile(named: Path(file.path).name, $0) } ?? false
    }
    return proof.map { Path($0.path).parent.text == "." ? "" : Path($0.path).parent.text }
  }
}

extension CommittedFile {
  /// Whether Alembic would take it for one (`alembic.script.base._only_source_rev_file`).
  fileprivate var isRevision: Bool {
    let name = Path(path).name
    return name.hasSuffix(".py") && !name.hasPrefix(".#") && !name.hasPrefix("__init__")
  }
}
