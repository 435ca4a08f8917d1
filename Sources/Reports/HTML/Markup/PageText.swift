import Rules

/// Cuts what is shown, and says how much there is.
enum PageText {
  /// Characters of one line; a value may hold a megabyte.
  static let lineLimit = 2_000

  /// One line of evidence.
  static func line(_ text: String) -> String { cut(text, limit: lineLimit) }

  /// A heading or a cell: one line.
  static func title(_ text: String, limit: Int = 300) -> String {
    cut(VisibleText.oneLine(beginning(of: text, limit: 8 * limit)), limit: limit, of: text)
  }

  private static func beginning(of text: String, limit: Int) -> String {
    text.utf8.count > limit
      ? String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit))) : text
  }

  private static func cut(_ text: String, limit: Int, of whole: String? = nil) -> String {
    let whole = whole ?? text
    guard text.utf8.count > limit else { return text }
    let shown = String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit)))
    return shown.utf8.count == text.utf8.count && whole.utf8.count == text.utf8.count
      ? text : "\(shown)… (cut here: \(whole.utf8.count.bytes) in all)"
  }
}
