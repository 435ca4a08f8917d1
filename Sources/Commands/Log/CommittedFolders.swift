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
  /// As the repository names them, links on the way not followed.
  struct Folders {
    let names: [String]
    let isRecursive: Bool
  }

  private let settings: PlaceSettings
  private let repository: GitRepository
  /// Those of now.
  private let current: Folders
  /// The same where links lead to.
  private let real: [String]
  /// The project's folder as the repository names it; empty for its top.
  let project: String
  private let temporary: Path

  /// - Parameters:
  ///   - settings: what tells where the revisions lie, now and at a commit.
  ///   - temporary: where the settings of a commit are laid out to be read.
  /// - Throws: `Complaint` where a folder of revisions lies outside of the repository.
  init(
    _ settings: PlaceSettings, of repository: GitRepository, temporary: Path
  ) throws {
    let folder = settings.folder.path
    let project = repository.name(of: folder) ?? ""
    let told = settings.project.revisionFolders
    real = try told.paths.map { path in
      guard let name = repository.name(of: path) else {
        throw Complaint(
          "no-repository",
          "the revisions in \(path) do not lie in the repository \(repository.root)",
          fix: "leave --since out to verify the whole history", outcome: .usage)
      }
      return name
    }
    let names = zip(told.paths, real).map { path, real in
      for base in [folder, Files.resolved(folder) ?? folder] {
        let inside = path.relative(to: base)
        if !inside.isAbsolute { return Self.name(inside, in: project) }
      }
      return real
    }
    current = Folders(names: names, isRecursive: told.isRecursive)
    self.project = project
    self.temporary = temporary
    self.settings = settings
    self.repository = repository
  }

  private static func name(_ inside: Path, in folder: String) -> String {
    inside == "." ? folder : folder.isEmpty ? inside.text : "\(folder)/\(inside.text)"
  }

  /// Whether a file of the project's lies where its settings of now look for revisions.
  func areLookedIn(for file: String) -> Bool {
    let above = inRepository(file).split(separator: "/").dropLast().joined(separator: "/")
    return real.contains { name in
      above == name || current.isRecursive && above.hasPrefix(name + "/")
    }
  }

  /// What may be revisions' files in folders of a commit.
  ///
  /// - Throws: `RepositoryError` where they lay in a module that cannot be looked into.
  func files(in folders: Folders, of tree: CommitTree) throws -> [ProjectFile] {
    for name in folders.names {
      if let module = tree.closedModule(at: name, isRecursive: folders.isRecursive) {
        throw repository.closed(module)
      }
    }
    return folders.names.flatMap { tree.files(in: $0, isRecursive: folders.isRecursive) }
      .filter(\.isRevision).map { file in
        switch tree.place(of: file.path) {
        case .inside(let path): named(path, contents: tree.file(at: path)?.contents)
        case .outside(let path): ProjectFile(path: path.text, contents: nil)
        }
      }
  }

  /// Where a module lies now that had another place: around the revisions. nil where it has stayed, or they
  /// lie in none.
  func module(movedFrom place: String) -> String? {
    if Files.exists(repository.root / place / ".git") { return nil }
    return real.lazy.compactMap { repository.module(around: repository.root / $0) }.first
  }

  /// A file of a commit.
  func named(_ path: String, contents: String?) -> ProjectFile {
    ProjectFile(
      path: path.hasPrefix(prefix)
        ? String(path.dropFirst(prefix.count)) : (repository.root / path).text,
      contents: contents)
  }

  /// A file of the project's as the repository names it; an absolute path for one that lies elsewhere.
  func inRepository(_ file: String) -> String {
    file.hasPrefix("/") ? Path(file).relative(to: repository.root).text : prefix + file
  }

  private var prefix: String { project.isEmpty ? "" : project + "/" }
}

// MARK: - Where they lay

extension CommittedFolders {
  /// The folders that a commit's own settings name; those of now where they are the same or do not tell.
  func settled(at tree: CommitTree) throws -> Folders {
    let files = tree.files(in: project, isRecursive: true).filter { !$0.isLink }
    let telling = files.filter { settings.mayTell(repository.root / $0.path) }
    let texts = try repository.bytes(of: Set(telling.map(\.contents)))
    let isSame = telling.allSatisfy { file in
      (try? Files.bytes(of: repository.root / file.path)).map { now in
        texts[file.contents].map { RevisionFile.isSameText($0, now) } ?? false
      } ?? false
    }
    let isNew = settings.files.contains { file in
      repository.name(of: file).map { tree.file(at: $0) == nil } ?? false
    }
    if isSame, !isNew { return current }
    let made = try Files.makeTemporaryFolder(in: temporary, prefix: ".stairway-settings")
    defer { try? Files.removeTree(made) }
    // A process's working folder is told without links.
    let copy = Files.resolved(made) ?? made
    // What lies beside them and above tells too: where an application begins, which folders there are.
    var near: Set<Path> = []
    for file in telling {
      var folder = Path(file.path).parent
      while near.insert(folder).inserted, folder.text != project, folder != "." {
        folder = folder.parent
      }
    }
    for file in files where near.contains(Path(file.path).parent) {
      let path = copy / named(file.path, contents: nil).path
      try Files.makeFolder(path.parent)
      try Files.write(texts[file.contents] ?? [], to: path)
    }
    guard let told = settings.folders(in: copy) else { return current }
    let names = told.paths.compactMap { path -> String? in
      let inside = path.relative(to: copy)
      return inside.isAbsolute
        ? repository.name(of: path) : Self.name(inside, in: project)
    }
    return names.isEmpty ? current : Folders(names: names, isRecursive: told.isRecursive)
  }

  /// What a commit may have had as the project's revisions where its settings do not lead: all that is
  /// gone from where it lay, is reached through a link now, or lies in the project still.
  ///
  /// - Parameter own: the files of now.
  func mayHaveMoved(_ file: CommittedFile, to own: Set<Path>) -> Bool {
    guard file.isRevision, !file.isLink else { return false }
    guard !file.path.hasPrefix(prefix) else { return true }
    // What lies elsewhere still is another project's, which this one may be a copy of.
    return Files.resolved(repository.root / file.path).map(own.contains) ?? true
  }
}

extension CommittedFile {
  /// Whether Alembic would take it for one (`alembic.script.base._only_source_rev_file`).
  var isRevision: Bool {
    let name = Path(path).name
    return name.hasSuffix(".py") && !name.hasPrefix(".#") && !name.hasPrefix("__init__")
  }
}
