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
    let tip = try repository.resolve(reference)
    let base = try repository.mergeBase(of: head, and: tip, named: reference)
    let committed = try [base, tip, head].map { try folders.files(at: $0, movedTo: own) }
    let bytes = try repository.bytes(of: Set(committed.flatMap(\.self).map(\.contents)))
    let texts = committed.map { files in
      files.compactMap { file in bytes[file.contents].map { (file.path, $0) } }
    }
    let moments = try project.read([
      own.seen(from: texts[0]), own.seen(from: texts[1]), own.files(besides: texts[0]),
    ])
    if let unread = moments[2].unread.first { throw ProjectError(unread) }
    let before = own.supplemented(moments[0])
    let unreadThere = Set(moments[1].unread.map(\.file))
    let there =
      own.supplemented(moments[1])
      + moments[0].readings.filter { unreadThere.contains($0.revision.file) }
      + (try readings(moments[0].readings, of: committed[0], movedAt: tip, besides: committed[1]))
    let changes = HistoryChanges(from: before, to: moments[2].readings)
      .without(own.revisions(sameIn: texts[1]), butFor: Set(there.map(\.revision.id)))
    return SinceRecord(
      reference: reference, tip: tip.short, base: base.short, folder: folders.project,
      added: changes.added, changes: changes.changes,
      rewritten: own.revisions(of: moments[0].unread),
      merge: ForthcomingMerge(
        base: before.map(\.revision), theirs: there.map(\.revision), ours: graph.definitions),
      uncommitted: own.uncommitted(besides: texts[2]),
      unread: (moments[0].unread + moments[1].unread).uniqued)
  }

  /// Those of the base whose files the tip has unchanged, and not where the project has them: its
  /// settings there may name other folders.
  private func readings(
    _ readings: [RevisionReading], of base: [ProjectFile], movedAt tip: Commit,
    besides known: [ProjectFile]
  ) throws -> [RevisionReading] {
    let paths = Set(known.map(\.path))
    let missing = base.filter { !paths.contains($0.path) }
    guard !missing.isEmpty else { return [] }
    let contents = Set(try repository.allFiles(at: tip).map(\.contents))
    let moved = Set(missing.filter { contents.contains($0.contents) }.map(\.path))
    return readings.filter { moved.contains($0.revision.file) }
  }
}

extension [UnreadFile] {
  /// Each once: what the base and the tip have alike is read twice.
  fileprivate var uniqued: [UnreadFile] {
    var seen: Set<UnreadFile> = []
    return filter { seen.insert($0).inserted }
  }
}
