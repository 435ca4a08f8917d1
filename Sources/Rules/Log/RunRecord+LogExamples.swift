import History
import Walks

extension RunRecord {
  /// A history in which one merged revision is not what it was.
  static func changed(
    _ change: RevisionChange? = nil, among revisions: [Revision] = [.example],
    added: [RevisionID] = []
  ) -> RunRecord {
    var record = history(revisions)
    record.log = LogRecord(
      since: SinceRecord(
        reference: "origin/main", tip: "5d2c41a9f0", base: "5d2c41a9f0", added: added,
        changes: [change].compactMap(\.self)))
    return record
  }

  /// A history of one revision, which is new and has this message.
  static func added(message: String) -> RunRecord {
    let revision = Revision(
      id: Revision.example.id, message: message, file: Revision.example.file, upgradeLine: 12,
      downgradeLine: 18)
    return changed(among: [revision], added: [revision.id])
  }
}
