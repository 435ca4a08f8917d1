import History
import Platform
import Projects
import Repositories

/// A file of a commit as the project names it.
struct ProjectFile {
  /// Relative to the project's folder where it lies inside, else absolute.
  let path: String
  /// The name of its contents in the repository; nil for what lies outside of it, behind a link.
  let contents: String?
}

/// Where a project's revisions lie in the commits of its repository.
struct CommittedFolders {
  private let source: any MigrationProject
  private let repository: GitRepository
  private let here: WorkTree
  /// Those of now.
  private let current: Folders
  /// The project's folder as the repository names it; empty for its top.
  let project: String
  private let temporary: Path

  /// Folders as the repository names them.
  private struct Folders {
    let names: [String]
    let isRecursive: Bool
  }

  /// - Parameters:
  ///   - source: what tells where the revisions lie, now and at a commit.
  ///   - here: the files of now; where the settings cannot tell where a folder lay, these do.
  ///   - temporary: where the settings of a commit are laid out to be read.
  /// - Throws: `Complaint` where a folder of revisions lies outside of the repository.
  init(
    _ source: any MigrationProject, in folder: Path, of repository: GitRepository, here: WorkTree,
    temporary: Path
  ) throws {
    let names = try source.revisionFolders.paths.map { path in
      guard let name = try Self.name(of: path, in: repository) else {
        throw Complaint(
          "no-repository",
          "the revisions in \(path) do not lie in the repository \(repository.root)",
          fix: "leave --since out to verify the whole history", outcome: .usage)
      }
      return name
    }
    current = Folders(names: names, isRecursive: source.revisionFolders.isRecursive)
    project = try repository.name(of: folder) ?? ""
    self.temporary = temporary
    self.source = source
    self.repository = repository
    self.here = here
  }

  /// Also of a folder that is gone with all that it held.
  private static func name(of folder: Path, in repository: GitRepository) throws -> String? {
    if Files.isFolder(folder) { return try repository.name(of: folder) }
    guard folder.parent != folder, let above = try name(of: folder.parent, in: repository) else {
      return nil
    }
    return above.isEmpty ? folder.name : "\(above)/\(folder.name)"
  }

  /// Whether a file of the project's lies where its settings of now look for revisions.
  func areLookedIn(for file: String) -> Bool {
    let above = inRepository(file).split(separator: "/").dropLast().joined(separator: "/")
    return current.names.contains { name in
      above == name || current.isRecursive && above.hasPrefix(name + "/")
    }
  }

  /// What may be revisions' files at a commit, where its own settings say that they lie.
  func files(at commit: Commit) throws -> [ProjectFile] {
    let settled = try settled(at: commit) ?? current
    var found: [CommittedFile] = []
    for name in settled.names {
      var files = try revisions(in: name, at: commit, settled.isRecursive)
      if files.isEmpty, let old = try formerFolder(at: commit) {
        files = try revisions(in: old, at: commit, settled.isRecursive)
      }
      found += files
    }
    return try found.map { file in
      guard file.isLink else {
        return ProjectFile(path: inProject(file.path), contents: file.contents)
      }
      switch try repository.target(of: file, at: commit) {
      case .file(let target):
        return ProjectFile(path: inProject(target.path), contents: target.contents)
      case .outside(let path): return ProjectFile(path: path.text, contents: nil)
      }
    }
  }

  private func revisions(
    in folder: String, at commit: Commit, _ isRecursive: Bool
  ) throws -> [CommittedFile] {
    try repository.files(in: folder, at: commit, isRecursive: isRecursive).filter(\.isRevision)
  }

  private var prefix: String { project.isEmpty ? "" : project + "/" }

  private func inProject(_ path: String) -> String {
    path.hasPrefix(prefix)
      ? String(path.dropFirst(prefix.count)) : (repository.root / path).text
  }

  private func inRepository(_ file: String) -> String {
    file.hasPrefix("/") ? Path(file).relative(to: repository.root).text : prefix + file
  }
}

// MARK: - Where they lay

extension CommittedFolders {
  /// The folders that a commit's own settings name; nil where these are as they are now, or do not tell.
  private func settled(at commit: Commit) throws -> Folders? {
    let files = try repository.files(in: project, at: commit, isRecursive: true).filter {
      !$0.isLink
    }
    let settings = files.filter { source.settingsFileNames.contains(Path($0.path).name) }
    let texts = try repository.bytes(of: Set(settings.map(\.contents)))
    let isSame = settings.allSatisfy { file in
      (try? Files.bytes(of: repository.root / file.path)).map { now in
        texts[file.contents].map { RevisionFile.isSameText($0, now) } ?? false
      } ?? false
    }
    if isSame { return nil }
    let made = try Files.makeTemporaryFolder(in: temporary, prefix: ".stairway-settings")
    defer { try? Files.removeTree(made) }
    // A process's working folder is told without links.
    let copy = Files.resolved(made) ?? made
    // Which files there are tells, beside what stands in the settings, where the folders begin.
    for file in files {
      let path = copy / inProject(file.path)
      try Files.makeFolder(path.parent)
      let text = settings.contains(file) ? texts[file.contents] ?? [] : []
      try Files.write(text, to: path)
    }
    guard let told = try? source.revisionFolders(in: copy) else { return nil }
    let names = try told.paths.map { path -> String? in
      let inside = path.relative(to: copy)
      if !inside.isAbsolute { return inside == "." ? project : prefix + inside.text }
      return try Self.name(of: path, in: repository)
    }
    let known = names.compactMap(\.self)
    return known.isEmpty ? nil : Folders(names: known, isRecursive: told.isRecursive)
  }

  /// The folder that a commit has and the work tree has not, and in which a file lay that is here
  /// unchanged, or one that defines a revision of now.
  private func formerFolder(at commit: Commit) throws -> String? {
    let gone = try repository.allFiles(at: commit).filter { file in
      file.isRevision && !Files.exists(repository.root / file.path)
    }
    let bytes = try repository.bytes(of: Set(gone.map(\.contents)))
    let unchanged = gone.first { file in
      bytes[file.contents].map { here.hasFile(named: Path(file.path).name, $0) } ?? false
    }
    let files = gone.map { RevisionFile(file: $0.path, bytes: bytes[$0.contents] ?? []) }
    let proof =
      try unchanged?.path
      ?? source.read(files).readings.first { here.defines($0.revision.id) }?.revision.file
    return proof.map { Path($0).parent.text == "." ? "" : Path($0).parent.text }
  }
}

extension CommittedFile {
  /// Whether Alembic would take it for one (`alembic.script.base._only_source_rev_file`).
  fileprivate var isRevision: Bool {
    let name = Path(path).name
    return name.hasSuffix(".py") && !name.hasPrefix(".#") && !name.hasPrefix("__init__")
  }
}
