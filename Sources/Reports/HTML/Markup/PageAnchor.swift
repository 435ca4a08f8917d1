import History
import Rules
import Schemas

/// The names that links within the page go to: letters, digits and dashes, whatever the project calls
/// things, and the same ones in each run.
struct PageAnchor: Hashable, Sendable {
  let text: String

  /// - Parameter name: what keeps the finding apart from all others, as `FindingNames` gives it.
  init(_ finding: Finding, name: String) {
    let parts = [finding.rule.text, finding.revision?.text, name].compactMap(\.self)
    text = parts.map(Self.plain).joined(separator: "-")
  }

  /// A revision's own place: ids that would become the same are told apart by their fingerprint.
  init(_ revision: RevisionID) {
    let plain = Self.plain(revision.text)
    text =
      "revision-" + plain
      + (plain == revision.text ? "" : "-\(Fingerprint(hashing: revision.text))")
  }

  private static func plain(_ text: String) -> String {
    String(
      decoding: text.utf8.prefix(60).map { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
          byte
        default: UInt8(ascii: "-")
        }
      }, as: UTF8.self)
  }
}
