/// What stands between the statements of a script.
enum ScriptBlanks {
  /// How many bytes of blanks, comments and stray semicolons come first, so that a statement's line is
  /// its own.
  ///
  /// - Parameter commentsNest: whether a `/*` inside a comment wants a `*/` of its own: on PostgreSQL
  ///   (<https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-COMMENTS>) and not
  ///   on SQLite (<https://www.sqlite.org/lang_comment.html>).
  static func count<Text: Collection>(before text: Text, commentsNest: Bool) -> Int
  where Text.SubSequence == Text, Text.Element: BinaryInteger {
    var rest = text
    while let byte = rest.first {
      if byte == 32 || byte == 59 || (9...13).contains(byte) {
        rest = rest.dropFirst()
      } else if rest.starts(with: [45, 45]) {
        rest = rest.drop { $0 != 10 }
      } else if rest.starts(with: [47, 42]) {
        rest = rest.dropFirst(lengthOfComment(rest, nests: commentsNest))
      } else {
        break
      }
    }
    return text.count - rest.count
  }

  private static func lengthOfComment<Text: Collection>(_ text: Text, nests: Bool) -> Int
  where Text.SubSequence == Text, Text.Element: BinaryInteger {
    var rest = text.dropFirst(2)
    var depth = 1
    while depth > 0, !rest.isEmpty {
      let begins = nests && rest.starts(with: [47, 42])
      let ends = rest.starts(with: [42, 47])
      depth += begins ? 1 : ends ? -1 : 0
      rest = rest.dropFirst(begins || ends ? 2 : 1)
    }
    return text.count - rest.count
  }
}
