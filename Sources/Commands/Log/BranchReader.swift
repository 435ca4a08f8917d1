import History
import Platform
import Projects
import Repositories
import Walks

/// Holds a project's history against the branch that it is to be merged into, through git.
struct BranchReader {
  private let project: any MigrationProject
  private let folder: Path
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
    own = WorkTree(graph, in: folder)
    folders = try CommittedFolders(
      project, in: folder, of: repository, here: own,
      temporary: Files.temporaryFolder(environment))
    self.folder = folder
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
      base: base.revisions, theirs: tip.revisions + nameless(at: tip, since: base),
      ours: graph.definitions)
    let changes = HistoryChanges(from: base.readings, to: try present(besides: base))
      .without(same: own.revisions(sameIn: tip.texts), gone: Set(merge.leaving))
    return SinceRecord(
      reference: reference, tip: target.short, base: parting.short, folder: folders.project,
      added: changes.added, changes: changes.changes.map(sayingWhetherItsFileIsLeft),
      rewritten: own.revisions(of: base.unread), vanished: vanished(since: base, to: tip),
      merge: merge,
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
      texts: texts, readings: past.readings + assumed + moved, unread: past.unread,
      nameless: past.nameless)
  }

  /// The files that could not be read at the base and that nothing here may have come from, though the
  /// other branch has them: which revisions are gone with them, nobody can say.
  private func vanished(since base: CommittedMoment, to tip: CommittedMoment) -> [UnreadFile] {
    let there = Set(tip.texts.map(\.path))
    let texts = Dictionary(base.texts.map { ($0.path, $0) }) { first, _ in first }
    return base.unread.filter { unread in
      there.contains(unread.file) && texts[unread.file].map(own.mayHold) == false
    }
  }

  /// The revisions that come with files of the other branch and that only running them would name.
  private func nameless(at tip: CommittedMoment, since base: CommittedMoment) -> [Revision] {
    let known = Set(base.texts.map(\.path))
    return tip.nameless.filter { !known.contains($0.file) && own.reading(of: $0.file) == nil }
  }

  /// A revision is gone also where its file lies as it did, in a folder that the settings do not name any
  /// more.
  private func sayingWhetherItsFileIsLeft(_ change: RevisionChange) -> RevisionChange {
    guard change.isGone, let file = change.formerFile, Files.exists(folder / file),
      !folders.areLookedIn(for: file)
    else { return change }
    var told = change
    told.isFileLeft = true
    return told
  }

  /// What the work tree's files say, and do where they are not as they were.
  private func present(besides base: CommittedMoment) throws -> [RevisionReading] {
    let now = try project.read(own.files(besides: base.texts))
    if let unread = now.unread.first { throw ProjectError(unread) }
    return now.readings
  }

  private func texts(at commit: Commit) throws -> [CommittedText] {
    let files = try folders.files(at: commit)
    let bytes = try repository.bytes(of: Set(files.compactMap(\.contents)))
    return files.compactMap { file in
      // What lies outside of the repository has no past: it is what it is now.
      let text =
        file.contents.map { bytes[$0] } ?? (try? Files.bytes(of: Path(file.path)))
      return text.map { CommittedText(path: file.path, contents: file.contents, bytes: $0) }
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
    let moved = Set(
      missing.filter { $0.contents.map(contents.contains) ?? false }.map(\.path))
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
