import History
import Platform
import Projects
import Repositories
import Rules
import Walks

/// Holds a project's history against the branch that it is to be merged into, through git.
struct BranchReader {
  private let project: any MigrationProject
  private let folder: Path
  private let graph: RevisionGraph
  private let repository: GitRepository
  private let folders: CommittedFolders
  private let own: WorkTree
  private let moments: MomentReader
  private let baseline: BaselineFile?

  /// - Parameters:
  ///   - settings: what tells where the project's revisions lie.
  ///   - graph: the history as the work tree has it, read from that project.
  /// - Throws: `RepositoryError`; `Complaint` where the revisions lie outside of the repository.
  init(_ settings: PlaceSettings, graph: RevisionGraph) throws {
    let environment = settings.invocation.environment
    folder = settings.folder.path
    repository = try GitRepository(of: folder, environment: environment)
      .opened(to: settings.project.revisionFolders.paths)
    own = try WorkTree(graph, in: folder)
    folders = try CommittedFolders(
      settings, of: repository, temporary: Files.temporaryFolder(environment))
    project = settings.project
    baseline = settings.folder.settings.baseline.map {
      BaselineFile($0, project: settings.folder.path)
    }
    self.graph = graph
    moments = MomentReader(
      source: project, folder: folder, repository: repository, folders: folders, own: own)
  }

  /// Everything that has happened on both sides since they parted, and the revisions that the other has
  /// or had then; nil where a file of it could not be read.
  ///
  /// - Throws: `RepositoryError` where the commit is not there; `ProjectError`.
  func read(since reference: String) throws -> (SinceRecord, merged: Set<RevisionID>?) {
    let head = try repository.head()
    let target = try repository.resolve(reference)
    let partings = try repository.mergeBases(of: head, and: target, named: reference)
    let bases = try partings.map { try moments.base(at: $0) }
    let base = bases.dropFirst().reduce(bases[0]) { $0.joined(with: $1) }
    let tip = target == partings[0] ? base : try moments.tip(at: target, after: base)
    // What came to both sides since they parted is merged as well: picked, or squashed on its way.
    let merged = base.readings + tip.readings(besides: base).filter(own.holds)
    let merge = ForthcomingMerge(
      base: base.revisions, theirs: tip.revisions + nameless(at: tip, since: base),
      ours: graph.definitions)
    let others = bases.dropFirst().flatMap(\.texts) + tip.texts
    let changes = HistoryChanges(from: merged, to: try present(besides: base))
      .without(same: own.revisions(sameIn: others), gone: Set(merge.leaving))
    let gone = changes.changes.filter(\.isGone).compactMap(\.formerFile)
    try repository.expectCheckedOut(gone.map(folders.inRepository).filter { !$0.hasPrefix("/") })
    let unread = (base.unread + tip.unread).uniqued
    let lock = folders.inRepository(HistoryLock.fileName)
    let lostLock =
      try [base, tip].allSatisfy { $0.tree.file(at: lock) != nil }
      && !Files.exists(folder / HistoryLock.fileName) && repository.leftOut(of: [lock]).isEmpty
    let uncommitted = try uncommitted(
      in: head == base.commit ? base.tree : repository.tree(of: head))
    let branch = try repository.branchOfTrialMerge(head, partings: partings)
    let record = SinceRecord(
      reference: reference, tip: target.short, base: partings[0].short, folder: folders.project,
      added: changes.added,
      changes: changes.changes.map { placed($0, as: bases + [tip], among: merged.map(\.revision)) },
      reworded: changes.reworded, rewritten: own.revisions(of: base.unread),
      vanished: vanished(since: base, to: tip),
      merge: merge,
      uncommitted: uncommitted,
      unread: unread, lostLock: lostLock ? HistoryLock.fileName : nil,
      baseline: try baseline.flatMap { try growth(of: $0, since: bases + [tip]) },
      lacking: try branch.flatMap { try lacking(at: $0, besides: uncommitted) })
    return (record, unread.isEmpty ? Set((base.revisions + tip.revisions).map(\.id)) : nil)
  }

  /// The files that could not be read at the base and that nothing here may have come from, though the
  /// other branch has them: which revisions are gone with them, nobody can say.
  private func vanished(since base: CommittedMoment, to tip: CommittedMoment) -> [UnreadFile] {
    let there = Set(tip.texts.map(\.file))
    let texts = Dictionary(base.texts.map { ($0.file, $0) }) { first, _ in first }
    return base.unread.filter { unread in
      there.contains(unread.file)
        && texts[unread.file].map { own.mayHold($0, among: base.texts) } == false
    }
  }

  /// The revisions that come with files of the other branch and that only running them would name.
  private func nameless(at tip: CommittedMoment, since base: CommittedMoment) -> [Revision] {
    let known = Set(base.texts.map(\.file))
    return tip.nameless.filter { !known.contains($0.file) && own.reading(of: $0.file) == nil }
  }

  /// A change with where its file would have to lie to be read now, and in which commit it lay where.
  ///
  /// A revision is gone also where its file lies as it did, in a folder that the settings do not name any
  /// more and from which nothing was moved.
  ///
  /// - Parameter moments: those at which it may have been merged; the first goes without saying.
  private func placed(
    _ change: RevisionChange, as moments: [CommittedMoment], among then: [Revision]
  ) -> RevisionChange {
    var told = change
    let first = moments.firstIndex { $0.revisions.contains { $0.id == change.revision } }
    told.formerCommit = first.flatMap { $0 == 0 ? nil : moments[$0].commit.short }
    guard let file = change.formerFile else { return told }
    if let first, let module = moments[first].tree.module(of: folders.inRepository(file)) {
      told.formerModule = module.path
      told.presentModule = folders.module(movedFrom: module.path)
      told.formerCommit = module.commit.short
    }
    if folders.areLookedIn(for: file) {
      let text = first.flatMap { moments[$0].texts.first { $0.file == file } }?.bytes
      told.leftAt =
        change.isGone
        ? text.flatMap { LeftFiles(folder: folder).place(of: file, holding: $0) } : nil
      return told
    }
    if let home = home(of: change.revision, in: file, among: then) {
      told.formerFile = home
      told.formerPlace = folders.inRepository(file)
    } else if change.isGone, Files.exists(folder / file) {
      told.leftAt = file
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

  /// What the known findings have more of than at any of these moments; nil where that is nothing, or not
  /// known since the file could not be read then.
  ///
  /// - Throws: `Complaint` where the file of now cannot be read.
  private func growth(
    of file: BaselineFile, since moments: [CommittedMoment]
  ) throws -> BaselineGrowth? {
    guard let now = try file.read(), let place = repository.name(of: file.path) else { return nil }
    var former = Baseline()
    for moment in moments {
      // In a project that was moved, it lay where there is none any more.
      let files =
        moment.tree.file(at: place).map { [$0] }
        ?? moment.tree.files.filter {
          Path($0.path).name == file.path.name && !Files.exists(repository.root / $0.path)
        }
      for text in try repository.bytes(of: Set(files.map(\.contents))).values {
        guard let then = try? file.parsed(String(decoding: text, as: UTF8.self)) else {
          return nil
        }
        former = former + (then - former)
      }
    }
    let added = (now - former).entries.reduce(0) { $0 + $1.count }
    return added == 0 ? nil : BaselineGrowth(file: file.name, added: added)
  }

  /// What the work tree's files say, and do where they are not as they were.
  private func present(besides base: CommittedMoment) throws -> [RevisionReading] {
    let now = try project.read(own.files(besides: base.texts))
    if let unread = now.unread.first { throw ProjectError(unread) }
    return now.readings
  }

  /// The revisions of now whose files a commit does not have; nil where it has all.
  private func lacking(
    at branch: Commit, besides uncommitted: [String]
  ) throws -> [RevisionID]? {
    let tree = try repository.tree(of: branch)
    let ids = graph.definitions.filter { revision in
      let place = folders.inRepository(revision.file)
      return !place.hasPrefix("/") && tree.file(at: place) == nil
        && !uncommitted.contains(revision.file)
    }.map(\.id)
    return ids.isEmpty ? nil : ids
  }

  /// The files of now that a commit has not as they are.
  private func uncommitted(in tree: CommitTree) throws -> [String] {
    let files = own.names.compactMap { name in
      let place = folders.inRepository(name)
      if place.hasPrefix("/") { return ProjectFile(path: name, contents: nil) }
      return tree.file(at: place).map { ProjectFile(path: name, contents: $0.contents) }
    }
    return own.uncommitted(besides: try moments.texts(of: files))
  }
}

extension [UnreadFile] {
  /// Each once: what the base and the tip have alike is read twice.
  fileprivate var uniqued: [UnreadFile] {
    var seen: Set<UnreadFile> = []
    return filter { seen.insert($0).inserted }
  }
}
