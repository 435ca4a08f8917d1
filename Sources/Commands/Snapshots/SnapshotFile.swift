import Platform
import Reports
import Schemas

/// A file that `stairway snapshot` or a run wrote.
enum SnapshotFile {
  /// Reads the snapshot, with the files beside it that it begins with.
  ///
  /// - Throws: `FormatError`, `PlatformError`; `Complaint` where the parts do not make up what was
  ///   written.
  static func snapshot(in file: Path) throws -> Snapshot {
    var documents = [try read(file)]
    var seen: Set<String> = [file.name]
    while let base = documents.last?.document.base {
      guard !base.contains("/"), seen.insert(base).inserted else { break }
      let beside = file.parent / base
      documents.append(try read(beside))
    }
    let (whole, _) = documents[0]
    var snapshot = Snapshot(engine: whole.engine)
    for (document, _) in documents.reversed() { document.apply(to: &snapshot) }
    // Where credentials were taken out, the fingerprint is that of the schema with them.
    let isRedacted = documents.contains { $0.isRedacted }
    guard isRedacted || snapshot.fingerprint == whole.fingerprint else {
      throw Complaint(
        "changed-snapshot", at: file.text,
        "the file, or one that it begins with, is not what Stairway wrote: its fingerprint differs",
        fix: "take the snapshot again", outcome: .usage)
    }
    return snapshot
  }

  private static func read(
    _ file: Path
  ) throws -> (document: SnapshotDocument, isRedacted: Bool) {
    let text = try Files.text(of: file)
    return (try SnapshotDocument(text: text, name: file.text), text.contains(Redaction.mark))
  }
}
