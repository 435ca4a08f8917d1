/// Puts text of unknown origin into GitHub's Markdown, so that it can be nothing but text
/// (<https://github.github.com/gfm/>).
enum MarkdownText {
  /// One line between Markdown: whatever has a meaning there, or in HTML, is written as a character
  /// reference, which cannot stand for structure (GFM, 2.5).
  static func inline(_ text: String, limit: Int = 500) -> String {
    let text = CappedText.oneLine(text, limit: limit)
    var shown = ""
    var last: Character = " "
    var rest = text[...]
    while let next = rest.popFirst() {
      // Within a word it is no emphasis.
      let isWithinWord = next == "_" && isWord(last) && (rest.first.map(isWord) ?? false)
      shown += isWithinWord ? "_" : escaped(String(next), "&<>\"'`*_~[]|\\#$@!{}")
      last = next
    }
    return shown
  }

  private static func isWord(_ character: Character) -> Bool {
    character.isLetter || character.isNumber
  }

  /// One line as code, outside of tables.
  static func code(_ text: String) -> String {
    text.contains("`") ? inline(text) : "`\(VisibleText.oneLine(text))`"
  }

  /// One line within an HTML element.
  static func html(_ text: String, limit: Int = 500) -> String {
    escaped(CappedText.oneLine(text, limit: limit), "&<>")
  }

  /// A block of lines as they are, behind a fence that none of them can end.
  ///
  /// - Parameter language: what it is to be coloured as.
  static func fenced(_ lines: [String], as language: String = "text") -> [String] {
    let lines = lines.map { VisibleText.lines($0) }
    var longest = 0
    for line in lines {
      var run = 0
      for byte in line.utf8 {
        run = byte == UInt8(ascii: "`") ? run + 1 : 0
        longest = max(longest, run)
      }
    }
    let fence = String(repeating: "`", count: max(3, longest + 1))
    return [fence + language] + lines + [fence]
  }

  private static func escaped(_ text: String, _ characters: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if characters.unicodeScalars.contains(scalar) {
        result += "&#\(scalar.value);"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
