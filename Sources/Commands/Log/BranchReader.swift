import History
import Platform
import Projects
import Repositories
import Walks

/// Holds a project's history against the branch that it is to be merged into, through git.
struct BranchReader {
  private let project: any MigrationProject
  private let graph: RevisionGraph
  private let repository: GitRepository
  private let folders: CommittedFolders
  private let own: WorkTree

  /// - Parameters:
  ///   - folder: the project's, absolute.
  ///   - graph: the history as the work tree has it, read from `project`.
  ///   - environment: the process's variables, for git.
  /// - Throws: `RepositoryError`; `Complaint` where the revisions lie outside of the repository.
  init(
    _ project: any MigrationProject, in folder: Path, graph: RevisionGraph,
    environment: [String: String]
  ) throws {
    repository = try GitRepository(of: folder, environment: environment)
    folders = try CommittedFolders(project.revisionFolders, of: folder, in: repository)
    own = WorkTree(graph, in: folder)
    self.project = project
    self.graph = graph
  }

  /// Everything that has happened on both sides since they parted.
  ///
  /// - Throws: `RepositoryError` where the commit is not there; `ProjectError`.
  func read(since reference: String) throws -> SinceRecord {
    let head = try repository.head()
    let target = try repository.resolve(reference)
    let parting = try repository.mergeBase(of: head, and: target, named: reference)
    let base = try moment(at: parting)
    let tip = try moment(at: target, after: base)
    let merge = ForthcomingMerge(
      base: base.revisions, theirs: tip.revisions, ours: graph.definitions)
    let changes = HistoryChanges(from: base.readings, to: try present(besides: base))
      .without(same: own.revisions(sameIn: tip.texts), gone: Set(merge.leaving))
    return SinceRecord(
      reference: reference, tip: target.short, base: parting.short, folder: folders.project,
      added: changes.added, changes: changes.changes,
      rewritten: own.revisions(of: base.unread), merge: merge,
      uncommitted: own.uncommitted(besides: try texts(at: head)),
      unread: (base.unread + tip.unread).uniqued)
  }

  /// What a commit holds.
  ///
  /// A file that could not be read as it was then is taken for the revision that it defined at the
  /// moment before, or defines now, so that it is taken neither for a new one nor for one that is gone.
  ///
  /// - Parameter base: a moment before it. What that has and the commit has unchanged at another place
  ///   is there too: the project's settings may name other folders there.
  private func moment(
    at commit: Commit, after base: CommittedMoment? = nil
  ) throws -> CommittedMoment {
    let texts = try texts(at: commit)
    let past = try project.read(own.seen(from: texts))
    let assumed = past.unread.compactMap { unread in
      base?.reading(of: unread.file) ?? own.reading(of: unread.file)
    }
    let moved = try base.map { try readings(of: $0, movedAt: commit, besides: texts) } ?? []
    return CommittedMoment(
      texts: texts, readings: past.readings + assumed + moved, unread: past.unread)
  }

  /// What the work tree's files say, and do where they are not as they were.
  private func present(besides base: CommittedMoment) throws -> [RevisionReading] {
    let now = try project.read(own.files(besides: base.texts))
    if let unread = now.unread.first { throw ProjectError(unread) }
    return now.readings
  }

  private func texts(at commit: Commit) throws -> [CommittedText] {
    let files = try folders.files(at: commit, movedTo: own)
    let bytes = try repository.bytes(of: Set(files.map(\.contents)))
    return files.compactMap { file in
      bytes[file.contents].map {
        CommittedText(path: file.path, contents: file.contents, bytes: $0)
      }
    }
  }

  /// Those of a moment whose files a later commit has unchanged where the project has none.
  private func readings(
    of base: CommittedMoment, movedAt tip: Commit, besides known: [CommittedText]
  ) throws -> [RevisionReading] {
    let paths = Set(known.map(\.path))
    let missing = base.texts.filter { !paths.contains($0.path) }
    guard !missing.isEmpty else { return [] }
    let contents = Set(try repository.allFiles(at: tip).map(\.contents))
    let moved = Set(missing.filter { contents.contains($0.contents) }.map(\.path))
    return base.readings.filter { moved.contains($0.revision.file) }
  }
}

extension [UnreadFile] {
  /// Each once: what the base and the tip have alike is read twice.
  fileprivate var uniqued: [UnreadFile] {
    var seen: Set<UnreadFile> = []
    return filter { seen.insert($0).inserted }
  }
}
