/// How text may look where it will be read: whether in colour, and how wide.
package struct Style: Sendable, Hashable {
  package let isColoured: Bool
  /// Columns to stay within; nil where lines may be as long as they like.
  package let width: Int?

  /// Whether no other signs than ASCII's are shown, but for those of the project's own texts.
  package let isPlain: Bool

  package init(isColoured: Bool = false, width: Int? = nil, isPlain: Bool = false) {
    self.isColoured = isColoured
    self.width = width
    self.isPlain = isPlain
  }

  /// What a piece of text is, for its colour.
  enum Tone: String {
    case bold = "1"
    case faint = "2"
    case error = "1;31"
    case warning = "1;33"
    case note = "1;36"
    case good = "1;32"
    case frame = "1;34"
    case removed = "31"
    case added = "32"
    case changed = "33"
  }

  /// The text with signs that can be shown.
  func shown(_ text: String) -> String { isPlain ? VisibleText.plain(text) : text }

  func paint(_ text: String, _ tone: Tone) -> String {
    isColoured && !text.isEmpty ? "\u{1B}[\(tone.rawValue)m\(text)\u{1B}[0m" : text
  }
}
