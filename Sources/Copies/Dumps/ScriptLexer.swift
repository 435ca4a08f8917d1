/// Takes a script for `psql` apart as `psql` does, a piece at a time: into statements, commands of its
/// own that begin with a backslash, and the rows that follow a COPY
/// (<https://www.postgresql.org/docs/current/sql-syntax-lexical.html>).
///
/// Strings are read as PostgreSQL has read them since 9.1 and as dumps ask for: a backslash means
/// something in `E'…'` only.
struct ScriptLexer {
  /// A word, a name between quotes, or a sign of a statement.
  struct Token: Hashable {
    let text: String
    let isQuoted: Bool

    /// In capitals; empty for a quoted name.
    var keyword: String { isQuoted ? "" : text.uppercased() }
  }

  /// What the lexer has come to the end of.
  enum Part {
    /// With the semicolon, and with blanks and comments before it; the line is the semicolon's.
    case statement([UInt8], [Token], line: Int)
    /// A command's line, without the backslash; whether a statement was begun before it.
    case command(String, afterStatement: Bool, line: Int)
    /// Rows of a COPY, whole or in part, with the line that ends them.
    case rows([UInt8])
    /// A comment's text that reaches to the end of its line.
    case comment(String)
  }

  private enum State: Equatable {
    case plain
    case string(escapes: Bool)
    case name
    case dollars(tag: [UInt8])
    case line
    case block(depth: Int)
    case command
    case rows
  }

  private var state = State.plain
  private var statement: [UInt8] = []
  private var tokens: [Token] = []
  private var word: [UInt8] = []
  private var note: [UInt8] = []
  private var parentheses = 0
  private var escaped = false
  private var last: UInt8 = 0
  /// What may be the tag of a dollar quote, or its end.
  private var tag: [UInt8]?
  /// Whether rows follow once the line is over.
  private var rowsFollow = false
  /// The first bytes of the row that is being read.
  private var lineHead: [UInt8] = []
  /// Of what is read, from 1.
  private(set) var line = 1

  /// Whether rows of a COPY, or a string, are still open.
  var isInside: Bool {
    switch state {
    case .plain, .line, .command: false
    default: true
    }
  }

  /// What was begun and has no semicolon.
  var rest: [UInt8] { statement }

  /// Reads on; `body` takes each part as it is complete.
  mutating func read(_ bytes: [UInt8], _ body: (Part) throws -> Void) throws {
    var index = 0
    while index < bytes.count {
      if state == .rows {
        index = try readRows(bytes, from: index, body)
        continue
      }
      let byte = bytes[index]
      index += 1
      if byte == 10 { line += 1 }
      try take(byte, body)
    }
  }

  // MARK: Statements

  private mutating func take(_ byte: UInt8, _ body: (Part) throws -> Void) throws {
    defer { last = byte }
    switch state {
    case .plain: try takePlain(byte, body)
    case .string(let escapes):
      statement.append(byte)
      if escaped {
        escaped = false
      } else if escapes, byte == UInt8(ascii: "\\") {
        escaped = true
      } else if byte == UInt8(ascii: "'") {
        // A doubled one begins another string of the same kind at once.
        state = .plain
        tokens.append(Token(text: "'", isQuoted: false))
      }
    case .name:
      statement.append(byte)
      if byte == UInt8(ascii: "\"") {
        state = .plain
        tokens.append(Token(text: String(decoding: word, as: UTF8.self), isQuoted: true))
        word = []
      } else {
        word.append(byte)
      }
    case .dollars(let end):
      statement.append(byte)
      if byte == UInt8(ascii: "$") {
        if tag == end {
          state = .plain
          tag = nil
          tokens.append(Token(text: "'", isQuoted: false))
        } else {
          tag = []
        }
      } else if tag != nil {
        tag?.append(byte)
        if (tag?.count ?? 0) > end.count { tag = nil }
      }
    case .line:
      statement.append(byte)
      if byte == 10 {
        state = .plain
        try body(.comment(String(decoding: note, as: UTF8.self)))
        note = []
        try beginRowsIfDue()
      } else if note.count < 200 {
        note.append(byte)
      }
    case .block(let depth):
      statement.append(byte)
      if last == UInt8(ascii: "*"), byte == UInt8(ascii: "/") {
        state = depth == 1 ? .plain : .block(depth: depth - 1)
        last = 0
      } else if last == UInt8(ascii: "/"), byte == UInt8(ascii: "*") {
        state = .block(depth: depth + 1)
      }
    case .command:
      if byte == 10 {
        let text = String(decoding: note, as: UTF8.self)
        note = []
        state = .plain
        let isAfter = !tokens.isEmpty
        if !isAfter { statement = [] }
        try body(.command(text, afterStatement: isAfter, line: line - 1))
      } else {
        note.append(byte)
      }
    case .rows: break
    }
  }

  private mutating func takePlain(_ byte: UInt8, _ body: (Part) throws -> Void) throws {
    if try takeTag(byte) { return }
    if byte == UInt8(ascii: "\\") {
      endWord()
      state = .command
      return
    }
    statement.append(byte)
    if Self.isPartOfWord(byte) {
      word.append(byte)
      return
    }
    let isEscape = word == [UInt8(ascii: "E")] || word == [UInt8(ascii: "e")]
    endWord()
    switch byte {
    case UInt8(ascii: "'"):
      state = .string(escapes: isEscape || last == byte && escapesAgain)
      escapesAgain = state == .string(escapes: true)
      escaped = false
    case UInt8(ascii: "\""):
      state = .name
      // A doubled one is part of the name.
      if last == byte, let begun = tokens.popLast() { word = Array(begun.text.utf8) + [byte] }
    case UInt8(ascii: "-") where last == UInt8(ascii: "-"):
      state = .line
      note = []
      if tokens.last?.text == "-" { tokens.removeLast() }
    case UInt8(ascii: "*") where last == UInt8(ascii: "/"):
      state = .block(depth: 1)
      if tokens.last?.text == "/" { tokens.removeLast() }
    case UInt8(ascii: "("):
      parentheses += 1
      tokens.append(Token(text: "(", isQuoted: false))
    case UInt8(ascii: ")"):
      parentheses = max(0, parentheses - 1)
      tokens.append(Token(text: ")", isQuoted: false))
    case UInt8(ascii: ";") where parentheses == 0:
      let isCopy = Self.isCopyFromClient(tokens)
      try body(.statement(statement, tokens, line: line))
      statement = []
      tokens = []
      rowsFollow = isCopy
    case 10: try beginRowsIfDue()
    case 0...32: break
    default: tokens.append(Token(text: String(decoding: [byte], as: UTF8.self), isQuoted: false))
    }
  }

  /// Whether the string before ended just now and was an `E'…'`, so that a doubled quote goes on with
  /// another of the kind.
  private var escapesAgain = false

  /// `$` and what follows it up to the next one: `$$` and `$tag$` begin a string, `$1` does not.
  private mutating func takeTag(_ byte: UInt8) throws -> Bool {
    if var open = tag {
      if byte == UInt8(ascii: "$") {
        statement.append(byte)
        state = .dollars(tag: open)
        tag = nil
        return true
      }
      let isFirst = open.isEmpty
      if Self.isPartOfWord(byte), byte != UInt8(ascii: "$"), !isFirst || !Self.isDigit(byte) {
        open.append(byte)
        tag = open
        statement.append(byte)
        return true
      }
      tag = nil
      return false
    }
    guard byte == UInt8(ascii: "$"), word.isEmpty else { return false }
    statement.append(byte)
    tag = []
    return true
  }

  private mutating func endWord() {
    guard !word.isEmpty else { return }
    // What a long list of values holds tells nothing.
    if tokens.count < 4_096 || tokens.first?.keyword != "INSERT" {
      tokens.append(Token(text: String(decoding: word, as: UTF8.self), isQuoted: false))
    }
    word = []
  }

  private static func isPartOfWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 128...255:
      true
    default: false
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

  // MARK: Rows

  static func isCopyFromClient(_ tokens: [Token]) -> Bool {
    guard tokens.first?.keyword == "COPY" else { return false }
    return zip(tokens, tokens.dropFirst()).contains {
      $0.keyword == "FROM" && $1.keyword == "STDIN"
    }
  }

  private mutating func beginRowsIfDue() throws {
    guard rowsFollow else { return }
    rowsFollow = false
    state = .rows
  }

  /// Passes rows on until `\.` stands alone on a line.
  /// - Returns: where to go on.
  private mutating func readRows(
    _ bytes: [UInt8], from start: Int, _ body: (Part) throws -> Void
  ) throws -> Int {
    // The newline that ended the statement's line belongs before the rows.
    var rows = statement
    statement = []
    var index = start
    while index < bytes.count {
      let end = bytes[index...].firstIndex(of: 10)
      let stop = end.map { $0 + 1 } ?? bytes.count
      // A line may come in two pieces; only its beginning is kept for the comparison.
      if lineHead.count < 4 { lineHead += bytes[index..<stop].prefix(4 - lineHead.count) }
      rows += bytes[index..<stop]
      index = stop
      guard end != nil else { break }
      line += 1
      let isEnd =
        lineHead.starts(with: [92, 46]) && [10, 13].contains(lineHead.count > 2 ? lineHead[2] : 0)
      lineHead = []
      if isEnd {
        state = .plain
        break
      }
    }
    try body(.rows(rows))
    return index
  }
}
