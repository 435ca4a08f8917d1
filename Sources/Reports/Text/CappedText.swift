/// Shortens text so that one report of a hostile or huge migration stays readable and uploadable.
enum CappedText {
  /// The text, or its beginning with a word that it was cut; at most `limit` bytes of UTF-8.
  static func bytes(_ text: String, limit: Int) -> String {
    guard text.utf8.count > limit else { return text }
    let mark = "\n… cut here; the whole is in report.json"
    var end = text.utf8.index(text.utf8.startIndex, offsetBy: max(0, limit - mark.utf8.count))
    while end > text.startIndex, end.samePosition(in: text) == nil {
      end = text.utf8.index(before: end)
    }
    return text[..<end] + mark
  }

  /// The beginning of a text of any size as one line, whatever it held; at most `limit` characters. What
  /// is cut is not looked at.
  static func oneLine(_ text: String, limit: Int) -> String {
    let bytes = 16 * limit
    let beginning =
      text.utf8.count > bytes ? String(decoding: text.utf8.prefix(bytes), as: UTF8.self) : text
    return line(VisibleText.oneLine(beginning), limit: limit)
  }

  /// The beginning of one line, with an ellipsis where it was cut; at most `limit` characters.
  static func line(_ text: String, limit: Int) -> String {
    text.utf8.count > limit && text.count > limit ? text.prefix(limit - 1) + "…" : text
  }

  /// The first lines, each of at most `width` characters, and how many more there are.
  static func lines(_ text: String, limit: Int, width: Int) -> [String] {
    let all = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
      .map { line in
        String(line.prefix(line.count - line.reversed().prefix { $0 == " " }.count))
      }
    return lines(all, limit: limit, width: width)
  }

  static func lines(_ all: [String], limit: Int, width: Int) -> [String] {
    let shown = all.prefix(all.count > limit ? limit - 1 : limit).map {
      Self.line($0, limit: width)
    }
    return all.count > limit ? shown + ["… \(all.count - limit + 1) more lines"] : shown
  }
}
