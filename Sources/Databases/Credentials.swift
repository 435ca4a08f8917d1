/// Passwords in texts that others wrote: drivers, settings, exceptions.
package enum Credentials {
  /// The text with every password that can be told by its place replaced by `***`: the one in
  /// `scheme://user:password@host`, and the value after `password=`, `passwd=`, `pwd=` or `_pass=`.
  package static func removed(from text: String) -> String {
    removedFromKeywords(removedFromURLs(text))
  }

  private static func removedFromURLs(_ text: String) -> String {
    var result = ""
    var rest = text[...]
    while let separator = rest.firstRange(of: "://") {
      result += rest[..<separator.upperBound]
      rest = rest[separator.upperBound...]
      // A password may hold anything unescaped: the last @ before the next space ends it.
      let end = rest.firstIndex { $0.isWhitespace || $0 == "\"" || $0 == "<" } ?? rest.endIndex
      guard let at = rest[..<end].lastIndex(of: "@"),
        let colon = rest[..<at].firstIndex(of: ":")
      else { continue }
      result += rest[..<colon] + ":***"
      rest = rest[at...]
    }
    return result + rest
  }

  private static var keyword: Regex<Substring> {
    /(?:password|passwd|(?:\b|_)pwd|_pass)=/.ignoresCase()
  }

  private static let switches: Set<String> = ["true", "false", "none"]

  private static func removedFromKeywords(_ text: String) -> String {
    var result = ""
    var rest = text[...]
    while let keyword = rest.firstMatch(of: Self.keyword) {
      let value = rest[keyword.range.upperBound...]
      let end = endOfValue(value)
      // The shell's `PWD=/…` is a folder, and SQLAlchemy's `hide_password=False` a switch.
      let isFolder = keyword.0.lowercased() == "pwd=" && value.hasPrefix("/")
      let isSecret = !isFolder && !switches.contains(value[..<end].lowercased())
      result += rest[..<keyword.range.upperBound] + (isSecret ? "***" : "")
      rest = isSecret ? value[end...] : value
    }
    return result + rest
  }

  /// Where a keyword's value ends: at its closing quote, else at the next space or separator.
  private static func endOfValue(_ text: Substring) -> Substring.Index {
    guard let quote = text.first, quote == "'" || quote == "\"" else {
      return text.firstIndex { $0.isWhitespace || "&,;)'\"".contains($0) } ?? text.endIndex
    }
    var isEscaped = false
    for index in text.indices.dropFirst() {
      if isEscaped {
        isEscaped = false
      } else if text[index] == "\\" {
        isEscaped = true
      } else if text[index] == quote {
        return text.index(after: index)
      }
    }
    return text.endIndex
  }
}
