import History
import Repositories

/// A project's history as a commit has it.
struct CommittedMoment {
  let commit: Commit
  let tree: CommitTree
  /// What may be revisions' files, with their text.
  let texts: [RevisionFile]
  /// What they say and do, as far as it is known.
  let readings: [RevisionReading]
  /// Those that could not be read as they were.
  let unread: [UnreadFile]
  /// Of these, what only the id is missing of, under the names of their files.
  let nameless: [Revision]

  var revisions: [Revision] { readings.map(\.revision) }

  /// The same with what another moment has besides: of both together everything is merged.
  func joined(with other: CommittedMoment) -> CommittedMoment {
    let paths = Set(texts.map(\.file))
    return CommittedMoment(
      commit: commit, tree: tree, texts: texts + other.texts.filter { !paths.contains($0.file) },
      readings: readings + other.readings(besides: self),
      unread: unread + other.unread.filter { !paths.contains($0.file) },
      nameless: nameless + other.nameless.filter { !paths.contains($0.file) })
  }

  /// What files say and do that define revisions which another moment has not, and were read.
  func readings(besides other: CommittedMoment) -> [RevisionReading] {
    let there = Set(other.revisions.map(\.id))
    let unread = Set(unread.map(\.file))
    return readings.filter {
      !there.contains($0.revision.id) && !unread.contains($0.revision.file)
    }
  }

  /// Its revisions' files with their texts, but those that another moment has too.
  func files(besides other: CommittedMoment) -> [RevisionFile] {
    let there = Set(other.revisions.map(\.id))
    let bytes = Dictionary(texts.map { ($0.file, $0.bytes) }) { first, _ in first }
    return revisions.filter { !there.contains($0.id) }.map { revision in
      RevisionFile(file: revision.file, bytes: bytes[revision.file] ?? nil, known: revision)
    }
  }

  /// What a file said of itself.
  func reading(of file: String) -> RevisionReading? {
    readings.first { $0.revision.file == file }
  }
}
