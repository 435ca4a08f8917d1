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

  /// - Throws: `Complaint` where a file cannot be read: what is left out would be neither new nor merged.
  init(_ graph: RevisionGraph, in folder: Path) throws {
    self.folder = folder
    files = try graph.definitions.map { revision in
      do {
        return File(revision: revision, bytes: try Files.bytes(of: folder / revision.file))
      } catch let error as PlatformError {
        throw Complaint(
          "unreadable-revision", at: revision.file,
          "the file of revision \(revision.id) cannot be held against git or a lock: \(error.message)",
          fix:
            "where its name has other than ASCII letters, write them in UTF-8 (`git mv`), and run "
            + "Python with PYTHONUTF8=1")
      }
    }
    byPath = Dictionary(files.map { ($0.revision.file, $0) }) { first, _ in first }
  }

  /// Whether there is what a file of another moment may have become: of its path, its name or its text, or
  /// one that came since and says its id with the same words.
  ///
  /// - Parameter others: all of that moment.
  func mayHold(_ other: RevisionFile, among others: [RevisionFile]) -> Bool {
    files.contains {
      $0.revision.file == other.file || Path($0.revision.file).name == Path(other.file).name
        || RevisionFile.isSameText($0.bytes, other.bytes ?? [])
    } || renamed(from: other, among: others) != nil
  }

  /// Another moment's files: those that are the same here are known, the others are to be read.
  func seen(from others: [RevisionFile]) -> [RevisionFile] {
    others.map { other in
      isSame(other)
        ? RevisionFile(file: other.file, known: byPath[other.file]?.revision)
        : RevisionFile(
          file: other.file, bytes: other.bytes,
          assumed: (byPath[other.file] ?? renamed(from: other, among: others))?.revision)
    }
  }

  /// What has the text of another moment's file under another name, or, edited as well, says its id with the
  /// same words and was not there then; nil where the id depends on the name, or several do.
  private func renamed(from other: RevisionFile, among others: [RevisionFile]) -> File? {
    guard let bytes = other.bytes, !bytes.contains(Array("__file__".utf8)) else { return nil }
    if let same = files.first(where: { RevisionFile.isSameText($0.bytes, bytes) }) { return same }
    guard let words = Self.wordsOfID(bytes) else { return nil }
    let names = Set(others.map(\.file))
    let found = files.filter {
      !names.contains($0.revision.file) && Self.wordsOfID($0.bytes) == words
    }
    return found.count == 1 ? found[0] : nil
  }

  /// The line that says a file's id, without blanks at its ends; nil where there is none.
  private static func wordsOfID(_ bytes: [UInt8]) -> String? {
    String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
      .first {
        $0.hasPrefix("revision =") || $0.hasPrefix("revision=") || $0.hasPrefix("revision:")
      }
      .map(\.trimmed)
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
