/// One token of SQLite's SQL, by <https://www.sqlite.org/lang_keywords.html> and `tokenize.c`.
struct Token: Hashable, Sendable {
  enum Kind: Sendable {
    /// A keyword or a bare name.
    case word
    /// A name between `"`, `[ ]` or backquotes.
    case quoted
    case string
    case number
    /// `x'…'`.
    case blob
    case symbol
  }

  let kind: Kind
  /// Names and strings without their quotes, blobs as their digits; the rest as it is written.
  let text: String
  /// Whether the quotes were `"`, which SQLite also takes around strings
  /// (<https://www.sqlite.org/quirks.html#double_quoted_string_literals_are_accepted>).
  let doubleQuoted: Bool
  /// A word in capitals, else empty.
  let keyword: String

  init(_ kind: Kind, _ text: String, doubleQuoted: Bool = false) {
    self.kind = kind
    self.text = text
    self.doubleQuoted = doubleQuoted
    keyword = kind == .word ? text.asciiUppercased : ""
  }

  func isWord(_ keyword: String) -> Bool { self.keyword == keyword }
  func isSymbol(_ symbol: String) -> Bool { kind == .symbol && text == symbol }

  /// Whether it can stand where a name stands: SQLite takes strings there too.
  var isName: Bool {
    switch kind {
    case .word: !Keywords.reserved.contains(keyword)
    case .quoted, .string: true
    default: false
    }
  }
}

extension String {
  /// Keywords are ASCII, and this is several times as quick as Unicode's capitals.
  var asciiUppercased: String {
    String(
      unsafeUninitializedCapacity: utf8.count
    ) { buffer in
      var count = 0
      for byte in utf8 {
        buffer[count] = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) ? byte - 32 : byte
        count += 1
      }
      return count
    }
  }
}

/// SQLite's keywords.
enum Keywords {
  /// Those that are never a bare name.
  static let reserved: Set<String> = [
    "ADD", "ALL", "ALTER", "AND", "AS", "AUTOINCREMENT", "BETWEEN", "CASE", "CHECK", "COLLATE",
    "COMMIT", "CONSTRAINT", "CREATE", "CROSS", "DEFAULT", "DEFERRABLE", "DELETE", "DISTINCT",
    "DROP", "ELSE", "ESCAPE", "EXCEPT", "EXISTS", "FOREIGN", "FROM", "FULL", "GROUP", "HAVING",
    "IN", "INDEX", "INNER", "INSERT", "INTERSECT", "INTO", "IS", "ISNULL", "JOIN", "LEFT", "LIMIT",
    "NATURAL", "NOT", "NOTHING", "NOTNULL", "NULL", "ON", "OR", "ORDER", "OUTER", "PRIMARY",
    "REFERENCES", "RETURNING", "RIGHT", "SELECT", "SET", "TABLE", "THEN", "TO", "TRANSACTION",
    "UNION", "UNIQUE", "UPDATE", "USING", "VALUES", "WHEN", "WHERE",
  ]

  /// Those that are a name where no keyword can stand (`%fallback` in SQLite's `parse.y`).
  static let fallback: Set<String> = [
    "ABORT", "ACTION", "AFTER", "ALWAYS", "ANALYZE", "ASC", "ATTACH", "BEFORE", "BEGIN", "BY",
    "CASCADE", "CAST", "CONFLICT", "CURRENT", "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP",
    "DATABASE", "DEFERRED", "DESC", "DETACH", "DO", "EACH", "END", "EXCLUDE", "EXCLUSIVE",
    "EXPLAIN", "FAIL", "FALSE", "FILTER", "FIRST", "FOLLOWING", "FOR", "GENERATED", "GLOB",
    "GROUPS", "IF", "IGNORE", "IMMEDIATE", "INDEXED", "INITIALLY", "INSTEAD", "KEY", "LAST", "LIKE",
    "MATCH", "MATERIALIZED", "NO", "NULLS", "OF", "OFFSET", "OTHERS", "OVER", "PARTITION", "PLAN",
    "PRAGMA", "PRECEDING", "QUERY", "RAISE", "RANGE", "RECURSIVE", "REGEXP", "REINDEX", "RELEASE",
    "RENAME", "REPLACE", "RESTRICT", "ROLLBACK", "ROW", "ROWS", "SAVEPOINT", "TEMP", "TEMPORARY",
    "TIES", "TRIGGER", "TRUE", "UNBOUNDED", "VACUUM", "VIEW", "VIRTUAL", "WINDOW", "WITH",
    "WITHIN", "WITHOUT",
  ]

  /// Those of the above that may begin an expression or a clause in parentheses as keywords.
  static let openers: Set<String> = [
    "CAST", "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP", "FALSE", "GROUPS", "RAISE",
    "RANGE", "ROWS", "TRUE", "WITH",
  ]
}
