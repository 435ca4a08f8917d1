/// Takes values out of what databases say.
package enum HiddenValues {
  private static let mark = "…"

  /// Hides what the text quotes, unless it names something, and what PostgreSQL quotes of a row or of the
  /// statement without quotation marks.
  ///
  /// - Parameter isName: whether a quoted text names something and may stay; what PostgreSQL calls a
  ///   name, as in `column "email"`, stays anyway.
  package static func hide(
    in text: String, keeping isName: (String) -> Bool = { _ in false }
  ) -> String {
    var result = ""
    var rest = withoutExcerpts(text)[...]
    while let start = rest.firstIndex(where: { "'\"(".contains($0) }) {
      let opening = rest[start]
      result += rest[..<start]
      rest = rest[rest.index(after: start)...]
      if opening == "(" {
        result += "("
        guard let end = endOfRow(in: rest, after: result) else { continue }
        result += mark
        rest = rest[end...]
        continue
      }
      guard let end = end(of: opening, in: rest, after: result) else {
        return result + String(opening) + mark
      }
      let content = String(rest[..<end])
      let stays = isName(content) || opening == "\"" && endsWithNoun(result)
      result += "\(opening)\(stays ? content : mark)\(opening)"
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }

  /// Without the part of the statement, or of a document, that PostgreSQL shows beside its message:
  /// `LINE 1: …`, with a mark below it, and `JSON data, line 1: …`.
  private static func withoutExcerpts(_ text: String) -> String {
    guard text.contains("LINE ") || text.contains("JSON data, line ") else { return text }
    return text.split(separator: "\n", omittingEmptySubsequences: false).compactMap { line in
      if line.contains("^"), line.allSatisfy({ $0 == " " || $0 == "^" }) { return nil }
      guard let head = line.prefixMatch(of: #/LINE \d+: |.*?JSON data, line \d+: /#)?.0 else {
        return String(line)
      }
      return head + mark
    }.joined(separator: "\n")
  }

  /// Whether what PostgreSQL has between the double quotes that follow is an object's name
  /// (<https://www.postgresql.org/docs/current/error-style-guide.html>).
  private static func endsWithNoun(_ text: String) -> Bool {
    guard text.last == " " else { return false }
    let word = text.dropLast().reversed().prefix { $0.isLetter }
    return nouns.contains(String(word.reversed()).lowercased())
  }

  private static let nouns: Set<String> = [
    "column", "constraint", "database", "domain", "extension", "function", "index", "language",
    "partition", "relation", "role", "schema", "sequence", "table", "trigger", "type", "view",
  ]

  /// Where values in parentheses end that belong to a key or a row:
  /// `Key (email)=(ann@example.org) already exists`, `Failing row contains (1, ann).` Values are not
  /// escaped, so that the last end that fits is the one.
  private static func endOfRow(
    in text: Substring, after beginning: String
  ) -> Substring.Index? {
    let ends: [String]
    if beginning.hasSuffix("=(") {
      ends = keyEnds
    } else if beginning.hasSuffix("contains (") {
      ends = [")."]
    } else {
      return nil
    }
    return ends.compactMap { lastIndex(of: $0, in: text) }.max() ?? text.lastIndex(of: ")")
  }

  private static let keyEnds = [
    ") already exists", ") is not present in table", ") is still referenced from table",
    ") is duplicated", ") conflicts with existing key",
  ]

  /// Where the quotation ends; a doubled quote stands for itself. A value behind a colon is not escaped:
  /// `invalid input syntax for type integer: "12" inch"`.
  private static func end(
    of quote: Character, in text: Substring, after beginning: String
  ) -> Substring.Index? {
    if quote == "\"", beginning.hasSuffix(": ") {
      let part = text.firstRange(of: /\n(?:DETAIL|HINT|CONTEXT|LINE|QUERY)\b/)
      return text[..<(part?.lowerBound ?? text.endIndex)].lastIndex(of: quote)
    }
    var place = text.startIndex
    while let found = text[place...].firstIndex(of: quote) {
      let next = text.index(after: found)
      guard next < text.endIndex, text[next] == quote else { return found }
      place = text.index(after: next)
    }
    return nil
  }

  private static func lastIndex(of words: String, in text: Substring) -> Substring.Index? {
    var last: Substring.Index?
    var rest = text
    while let found = rest.firstRange(of: words) {
      last = found.lowerBound
      rest = rest[rest.index(after: found.lowerBound)...]
    }
    return last
  }
}
