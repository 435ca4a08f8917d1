import History
import Platform
import Projects
import Repositories

/// Reads a project's history as commits have it: in the folders that their settings name, and where these
/// lead nowhere, wherever the revisions lay.
struct MomentReader {
  let source: any MigrationProject
  /// The project's.
  let folder: Path
  let repository: GitRepository
  let folders: CommittedFolders
  let own: WorkTree

  /// A commit at which the branches parted. Where its settings lead to no revision, those of now are looked
  /// for in all of it.
  func base(at commit: Commit) throws -> CommittedMoment {
    let tree = try repository.tree(of: commit)
    let settled = try folders.settled(at: tree)
    let files = try folders.files(in: settled, of: tree)
    let found = try moment(at: commit, tree, texts(of: files), after: nil)
    let isWhole = settled.names.allSatisfy { name in
      tree.files(in: name, isRecursive: settled.isRecursive).contains(where: \.isRevision)
    }
    if isWhole { return found }
    let places = own.places
    return try completed(found, with: own.files(), after: nil) {
      folders.mayHaveMoved($0, to: places)
    }
  }

  /// The tip of the other branch. What the base has and its settings lead to no more is looked for in what
  /// has come to it since.
  func tip(at commit: Commit, after base: CommittedMoment) throws -> CommittedMoment {
    let tree = try repository.tree(of: commit)
    let settled = try folders.files(in: folders.settled(at: tree), of: tree)
    let led = Set(settled.map(\.path))
    let places = try placesFound(in: base)
    let kept = tree.files.filter {
      $0.isRevision && !$0.isLink && places.contains(Path($0.path).parent)
    }.map { folders.named($0.path, contents: $0.contents) }
    let files = settled + kept.filter { !led.contains($0.path) }
    let found = try moment(at: commit, tree, texts(of: files), after: base)
    return try completed(found, with: base.files(besides: found), after: base) { file in
      file.isRevision && !file.isLink && base.tree.file(at: file.path) == nil
    }
  }

  /// The folders in which a commit's revisions lay though its settings do not lead there, as the repository
  /// names them: whoever moved a project finds what the other branch adds to it in its old place.
  private func placesFound(in moment: CommittedMoment) throws -> Set<Path> {
    let led = try folders.files(in: folders.settled(at: moment.tree), of: moment.tree)
    let files = Set(moment.texts.map(\.file)).subtracting(led.map(\.path))
    return Set(files.map { Path(folders.inRepository($0)).parent })
  }

  /// The same with files that are missing in it, found by what they say.
  private func completed(
    _ found: CommittedMoment, with missing: [RevisionFile], after base: CommittedMoment?,
    among isCandidate: (CommittedFile) -> Bool
  ) throws -> CommittedMoment {
    guard !missing.isEmpty else { return found }
    let known = Set(found.texts.map(\.file))
    let moved = try RevisionSearch(source: source, repository: repository)
      .files(of: missing, among: found.tree.files.filter(isCandidate))
      .map { folders.named($0.path, contents: $0.contents) }
      .filter { !known.contains($0.path) }
    guard !moved.isEmpty else { return found }
    return try moment(
      at: found.commit, found.tree, found.texts + texts(of: moved), after: base)
  }

  /// What files of a commit say.
  ///
  /// A file that could not be read as it was then is taken for the revision that it defined at the
  /// moment before, or defines now, so that it is taken neither for a new one nor for one that is gone.
  private func moment(
    at commit: Commit, _ tree: CommitTree, _ texts: [RevisionFile], after base: CommittedMoment?
  ) throws -> CommittedMoment {
    let past = try source.read(own.seen(from: texts))
    let assumed = past.unread.compactMap { unread in
      base?.reading(of: unread.file) ?? own.reading(of: unread.file)
    }
    return CommittedMoment(
      commit: commit, tree: tree, texts: texts, readings: past.readings + assumed,
      unread: past.unread, nameless: past.nameless)
  }

  /// The bytes of files of a commit.
  func texts(of files: [ProjectFile]) throws -> [RevisionFile] {
    let bytes = try repository.bytes(of: Set(files.compactMap(\.contents)))
    return files.compactMap { file in
      // What lies outside of the repository has no past: it is what it is now.
      let text = file.contents.map { bytes[$0] } ?? (try? Files.bytes(of: folder / file.path))
      return text.map { RevisionFile(file: file.path, bytes: $0) }
    }
  }
}
