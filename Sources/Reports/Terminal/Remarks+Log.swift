import Formats
import History
import Rules
import Walks

extension Remarks {
  /// What is to be known of the version control's answer, though nothing of it is a finding.
  var notesOnLog: [String] {
    notesOnCommits + notesOnMerge + notesOnLock
  }

  private var notesOnMerge: [String] {
    guard let since = report.record.log?.since else { return [] }
    let others = (since.merge.renamed?.count ?? 0) - 1
    let renamed = since.merge.renamed?.first.map { renamed in
      "revision \(renamed.revision) is in \(report.path(renamed.ours)) here and in "
        + "\(report.path(renamed.theirs)) in \(since.reference)"
        + (others > 0 ? ", and so \(others == 1 ? "is" : "are") \(others) more" : "")
        + ": `git merge \(since.reference.quotedForShell)` asks which of the two is kept; keep one"
    }
    let grown = since.baseline.map { growth in
      "this branch adds \(Words.count(growth.added, "finding")) to \(growth.file): "
        + "\(growth.added == 1 ? "it fails" : "they fail") nothing from now on"
    }
    return [renamed, grown].compactMap(\.self)
  }

  private var notesOnLock: [String] {
    guard let log = report.record.log else { return [] }
    if let since = log.since, let lost = since.lostLock {
      let command = JudgedRun.restoring([lost], from: since.base, in: since.folder)
      return ["\(lost) is in \(since.reference) and is gone: `\(command)` brings it back"]
    }
    guard let lock = log.lock else { return [] }
    let own = Set(log.since?.added ?? [])
    let changed = lock.changes.map(\.revision).filter(own.contains)
    let accepting = "`stairway lock --accept-changes` takes that up"
    func note(_ ids: [RevisionID], _ words: String, _ command: String) -> [String] {
      guard !ids.isEmpty else { return [] }
      return [
        "\(Words.list(ids.map(\.text), atMost: 4)) \(ids.count == 1 ? "is" : "are") \(words) "
          + "\(lock.file): \(command)"
      ]
    }
    return note(
      lock.missing, "not in", "`stairway lock` adds \(lock.missing.count == 1 ? "it" : "them")")
      + note(changed, "not as it stands in", accepting)
      + note(lock.unmerged ?? [], "gone, and still in", accepting)
  }

  private var notesOnCommits: [String] {
    guard let since = report.record.log?.since else { return [] }
    let uncommitted = since.uncommitted.map(report.path)
    var notes: [String] = []
    if !uncommitted.isEmpty {
      notes.append(
        "\(Words.list(uncommitted, atMost: 4)) \(uncommitted.count == 1 ? "is" : "are") not "
          + "committed: what lies in the work tree was verified")
    }
    return notes
      + since.unread.filter { !since.vanished.contains($0) }.map { unread in
        "\(report.path(unread.file)) could not be compared with what it was at "
          + "\(since.reference): \(unread.reason)"
      }
  }
}
