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
  ///   - settings: what tells where the project's revisions lie.
  ///   - graph: the history as the work tree has it, read from that project.
  /// - Throws: `RepositoryError`; `Complaint` where the revisions lie outside of the repository.
  init(_ settings: PlaceSettings, graph: RevisionGraph) throws {
    let environment = settings.invocation.environment
    folder = settings.folder.path
    repository = try GitRepository(of: folder, environment: environment)
    own = WorkTree(graph, in: folder)
    folders = try CommittedFolders(
      settings, of: repository, temporary: Files.temporaryFolder(environment))
    project = settings.project
    self.graph = graph
  }

  /// Everything that has happened on both sides since they parted, and the revisions that the other has
  /// or had then; nil where a file of it could not be read.
  ///
  /// - Throws: `RepositoryError` where the commit is not there; `ProjectError`.
  func read(since reference: String) throws -> (SinceRecord, merged: Set<RevisionID>?) {
    let head = try repository.head()
    let target = try repository.resolve(reference)
    let parting = try repository.mergeBase(of: head, and: target, named: reference)
    let base = try moment(at: repository.tree(of: parting))
    let tip = target == parting ? base : try moment(at: repository.tree(of: target), after: base)
    let merge = ForthcomingMerge(
      base: base.revisions, theirs: tip.revisions + nameless(at: tip, since: base),
      ours: graph.definitions)
    let changes = HistoryChanges(from: base.readings, to: try present(besides: base))
      .without(same: own.revisions(sameIn: tip.texts), gone: Set(merge.leaving))
    let unread = (base.unread + tip.unread).uniqued
    let lock = folders.inRepository(HistoryLock.fileName)
    let hadLock = [base, tip].allSatisfy { $0.tree.file(at: lock) != nil }
    let record = SinceRecord(
      reference: reference, tip: target.short, base: parting.short, folder: folders.project,
      added: changes.added, changes: changes.changes.map { placed($0, among: base.revisions) },
      rewritten: own.revisions(of: base.unread), vanished: vanished(since: base, to: tip),
      merge: merge,
      uncommitted: try uncommitted(
        in: head == parting ? base.tree : repository.tree(of: head)),
      unread: unread,
      lostLock: hadLock && !Files.exists(folder / HistoryLock.fileName)
        ? HistoryLock.fileName : nil)
    return (record, unread.isEmpty ? Set((base.revisions + tip.revisions).map(\.id)) : nil)
  }

  /// What a commit holds, in the folders that its settings name, and where these do not lead to what was
  /// there before, or is here, wherever that lay.
  ///
  /// - Parameter base: a moment before it.
  private func moment(
    at tree: CommitTree, after base: CommittedMoment? = nil
  ) throws -> CommittedMoment {
    let settled = try folders.settled(at: tree)
    let files = folders.files(in: settled, of: tree)
    let found = try moment(at: tree, files, after: base)
    let isWhole = settled.names.allSatisfy { name in
      tree.files(in: name, isRecursive: settled.isRecursive).contains(where: \.isRevision)
    }
    let missing = base.map { $0.files(besides: found) } ?? (isWhole ? [] : own.texts)
    guard !missing.isEmpty else { return found }
    let known = Set(files.map(\.path))
    let places = own.places
    let candidates = tree.files.filter { file in
      base.map { file.isRevision && !file.isLink && $0.tree.file(at: file.path) == nil }
        ?? folders.mayHaveMoved(file, to: places)
    }
    let moved = try RevisionSearch(source: project, repository: repository)
      .files(of: missing, among: candidates)
      .map { folders.named($0.path, contents: $0.contents) }
      .filter { !known.contains($0.path) }
    return moved.isEmpty ? found : try moment(at: tree, files + moved, after: base)
  }

  /// What files of a commit say.
  ///
  /// A file that could not be read as it was then is taken for the revision that it defined at the
  /// moment before, or defines now, so that it is taken neither for a new one nor for one that is gone.
  private func moment(
    at tree: CommitTree, _ files: [ProjectFile], after base: CommittedMoment?
  ) throws -> CommittedMoment {
    let texts = try texts(of: files)
    let past = try project.read(own.seen(from: texts))
    let assumed = past.unread.compactMap { unread in
      base?.reading(of: unread.file) ?? own.reading(of: unread.file)
    }
    return CommittedMoment(
      tree: tree, texts: texts, readings: past.readings + assumed, unread: past.unread,
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

  /// A change with where its file would have to lie to be read now, and where it lay.
  ///
  /// A revision is gone also where its file lies as it did, in a folder that the settings do not name any
  /// more and from which nothing was moved.
  private func placed(_ change: RevisionChange, among then: [Revision]) -> RevisionChange {
    guard let file = change.formerFile, !folders.areLookedIn(for: file) else { return change }
    var told = change
    if let home = home(of: change.revision, in: file, among: then) {
      told.formerFile = home
      told.formerPlace = folders.inRepository(file)
    } else if change.isGone, Files.exists(folder / file) {
      told.isFileLeft = true
    }
    return told
  }

  /// The file of a revision, or where it would lie beside those that it lay beside; nil where of these
  /// none is left.
  private func home(of id: RevisionID, in file: String, among then: [Revision]) -> String? {
    if let own = graph[id] { return own.file }
    let folder = Path(file).parent
    let beside = then.lazy.filter { Path($0.file).parent == folder }.compactMap { graph[$0.id] }
    return beside.first.map { (Path($0.file).parent / Path(file).name).text }
  }

  /// What the work tree's files say, and do where they are not as they were.
  private func present(besides base: CommittedMoment) throws -> [RevisionReading] {
    let now = try project.read(own.files(besides: base.texts))
    if let unread = now.unread.first { throw ProjectError(unread) }
    return now.readings
  }

  private func texts(of files: [ProjectFile]) throws -> [CommittedText] {
    let bytes = try repository.bytes(of: Set(files.compactMap(\.contents)))
    return files.compactMap { file in
      // What lies outside of the repository has no past: it is what it is now.
      let text = file.contents.map { bytes[$0] } ?? (try? Files.bytes(of: folder / file.path))
      return text.map { CommittedText(path: file.path, bytes: $0) }
    }
  }

  /// The files of now that a commit has not as they are.
  private func uncommitted(in tree: CommitTree) throws -> [String] {
    let files = own.names.compactMap { name in
      let place = folders.inRepository(name)
      if place.hasPrefix("/") { return ProjectFile(path: name, contents: nil) }
      return tree.file(at: place).map { ProjectFile(path: name, contents: $0.contents) }
    }
    return own.uncommitted(besides: try texts(of: files))
  }
}

extension [UnreadFile] {
  /// Each once: what the base and the tip have alike is read twice.
  fileprivate var uniqued: [UnreadFile] {
    var seen: Set<UnreadFile> = []
    return filter { seen.insert($0).inserted }
  }
}
