import History
import Platform
import Projects
import Repositories

/// Finds files of revisions in a commit whose settings do not lead to them, by what the files say.
struct RevisionSearch {
  let source: any MigrationProject
  let repository: GitRepository

  /// Files of another moment that are read at a time.
  private static let portion = 500
  /// What every revision says, so that nothing else need be read closely.
  private static let mark = Array("down_revision".utf8)

  /// The files that lie in a folder in which one defines a wanted revision, or has its text.
  func files(
    of wanted: [RevisionFile], among candidates: [CommittedFile]
  ) throws -> [CommittedFile] {
    let ids = Set(wanted.compactMap { $0.known?.id })
    var folders: Set<Path> = []
    for first in stride(from: 0, to: candidates.count, by: Self.portion) {
      let some = candidates.dropFirst(first).prefix(Self.portion)
      let bytes = try repository.bytes(of: Set(some.map(\.contents)))
      let files = some.compactMap { file -> RevisionFile? in
        guard let text = bytes[file.contents], text.contains(Self.mark) else { return nil }
        let same = wanted.first { $0.bytes.map { RevisionFile.isSameText($0, text) } ?? false }
        return RevisionFile(file: file.path, bytes: text, assumed: same?.known)
      }
      guard !files.isEmpty else { continue }
      for reading in try source.read(files).readings where ids.contains(reading.revision.id) {
        folders.insert(Path(reading.revision.file).parent)
      }
    }
    return candidates.filter { folders.contains(Path($0.path).parent) }
  }
}
