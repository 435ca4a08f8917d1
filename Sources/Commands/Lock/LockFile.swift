import History
import Platform
import Projects
import Walks

/// A project's `stairway.lock`, and what the project's files say beside it.
struct LockFile {
  let path: Path
  /// nil where there is no such file yet.
  let lock: HistoryLock?

  /// Reads it from the project's folder.
  ///
  /// - Throws: `Complaint` where it cannot be understood; `PlatformError` where it cannot be read.
  init(in folder: Path) throws {
    path = folder / HistoryLock.fileName
    if let complaint = Complaint("unreadable-lock", ofFile: path, named: HistoryLock.fileName) {
      throw complaint
    }
    guard Files.exists(path) else {
      lock = nil
      return
    }
    do {
      lock = try HistoryLock(text: try Files.text(of: path))
    } catch let error as LockError {
      throw Complaint(error)
    }
  }

  /// What every file of the history does.
  ///
  /// - Throws: `ProjectError`.
  static func readings(
    of project: any MigrationProject, _ graph: RevisionGraph, in folder: Path
  ) throws -> [RevisionReading] {
    let present = try project.read(try WorkTree(graph, in: folder).files())
    if let unread = present.unread.first { throw ProjectError(unread) }
    return present.readings
  }

  /// The lock held against the files; nil where there is none.
  ///
  /// - Parameter merged: the revisions that the branch has which this one is to be merged into; nil
  ///   where that is not known.
  /// - Throws: as `readings`.
  func record(
    of project: any MigrationProject, _ graph: RevisionGraph, in folder: Path,
    merged: Set<RevisionID>?
  ) throws -> LockRecord? {
    guard let lock else { return nil }
    let changes = lock.changes(to: try Self.readings(of: project, graph, in: folder))
    let unmerged = changes.changes.filter { change in
      change.isGone && merged.map { !$0.contains(change.revision) } ?? false
    }
    return LockRecord(
      file: HistoryLock.fileName, missing: changes.added,
      changes: changes.changes.filter { !unmerged.contains($0) },
      unmerged: unmerged.isEmpty ? nil : unmerged.map(\.revision))
  }
}

extension Complaint {
  fileprivate init(_ error: LockError) {
    let place = "\(HistoryLock.fileName):\(error.line)"
    switch error.reason {
    case .laterVersion(let version):
      self.init(
        "later-lock", at: place,
        "the file is of version \(version); this Stairway reads version \(HistoryLock.version)",
        fix: "update Stairway to the version that wrote it")
    case .conflict:
      self.init(
        "lock-conflict", at: place,
        "the file holds an unresolved merge: both sides changed it",
        fix:
          "keep the lines of both sides and take the markers out, of two lines of one revision either; "
          + "`stairway lock` then tells which line does not fit its file, and `stairway history` whether "
          + "there are two heads now", outcome: .usage)
    case .twice(let revision):
      self.init(
        "malformed-lock", at: place, "the file names revision \(revision) a second time",
        fix: "keep one of the two: where it does not fit the file as it was merged, "
          + "`stairway lock --accept \(revision)` writes it anew", outcome: .usage)
    case .malformed:
      self.init(
        "malformed-lock", at: place, "this is no line of a lock file",
        fix: "bring it back from the version control, or write it anew: rm stairway.lock, "
          + "then stairway lock", outcome: .usage)
    }
  }
}
