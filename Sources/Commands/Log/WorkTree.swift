import History
import Platform

/// The revisions' files as they lie in the project now.
struct WorkTree {
  private struct File {
    let revision: Revision
    let bytes: [UInt8]
  }

  private let folder: Path
  /// In the history's order.
  private let files: [File]
  private let byPath: [String: File]

  init(_ graph: RevisionGraph, in folder: Path) {
    self.folder = folder
    files = graph.definitions.compactMap { revision in
      (try? Files.bytes(of: folder / revision.file)).map { File(revision: revision, bytes: $0) }
    }
    byPath = Dictionary(files.map { ($0.revision.file, $0) }) { first, _ in first }
  }

  /// Whether there is what a file of another moment may have become: of its path, its name or its text.
  func mayHold(_ other: RevisionFile) -> Bool {
    files.contains {
      $0.revision.file == other.file || Path($0.revision.file).name == Path(other.file).name
        || RevisionFile.isSameText($0.bytes, other.bytes ?? [])
    }
  }

  /// Another moment's files: those that are the same here are known, the others are to be read.
  func seen(from others: [RevisionFile]) -> [RevisionFile] {
    others.map { other in
      isSame(other)
        ? RevisionFile(file: other.file, known: byPath[other.file]?.revision)
        : RevisionFile(
          file: other.file, bytes: other.bytes,
          assumed: (byPath[other.file] ?? renamed(from: other))?.revision)
    }
  }

  /// What has the text of another moment's file under another name, where that does not depend on it.
  private func renamed(from other: RevisionFile) -> File? {
    guard let bytes = other.bytes, !bytes.contains(Array("__file__".utf8)) else { return nil }
    return files.first { RevisionFile.isSameText($0.bytes, bytes) }
  }

  /// The files of here, with their text where another moment has not the same.
  func files(besides others: [RevisionFile] = []) -> [RevisionFile] {
    let same = Set(others.filter(isSame).map(\.file))
    return files.map { file in
      RevisionFile(
        file: file.revision.file,
        bytes: same.contains(file.revision.file) ? nil : file.bytes, known: file.revision)
    }
  }

  /// Where they lie, without links.
  var places: Set<Path> { Set(files.compactMap { Files.resolved(folder / $0.revision.file) }) }

  /// What they are called.
  var names: [String] { files.map(\.revision.file) }

  /// The files that a commit has not, or has with another text.
  func uncommitted(besides committed: [RevisionFile]) -> [String] {
    let same = Set(committed.filter(isSame).map(\.file))
    return files.map(\.revision.file).filter { !same.contains($0) }
  }

  /// The revisions whose files another moment has with the same text.
  func revisions(sameIn others: [RevisionFile]) -> Set<RevisionID> {
    Set(others.filter(isSame).compactMap { byPath[$0.file]?.revision.id })
  }

  /// The revisions of files that could not be read as they were then.
  func revisions(of unread: [UnreadFile]) -> [RevisionID] {
    unread.compactMap { byPath[$0.file]?.revision.id }
  }

  /// Whether a revision of another moment is here, under the same name of its file.
  func holds(_ other: RevisionReading) -> Bool {
    byPath[other.revision.file]?.revision.id == other.revision.id
  }

  /// What a file says of itself; nil where there is none.
  func reading(of file: String) -> RevisionReading? {
    byPath[file].map { RevisionReading(revision: $0.revision) }
  }

  private func isSame(_ other: RevisionFile) -> Bool {
    byPath[other.file].map { RevisionFile.isSameText($0.bytes, other.bytes ?? []) } ?? false
  }
}
