import History
import Walks

extension Revision {
  /// As headings and test cases name it: `9f31c02e77ab add mood`.
  var title: String {
    message.isEmpty ? id.text : "\(id) \(CappedText.oneLine(message, limit: Report.titleLimit))"
  }
}

extension RunRecord {
  /// The title of a revision, of which the files may know nothing.
  func title(of id: RevisionID) -> String {
    revisions.first { $0.id == id }?.title ?? id.text
  }
}
