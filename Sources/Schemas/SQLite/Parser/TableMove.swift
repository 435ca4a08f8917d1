/// What one statement does to where rows and columns lie, as far as a rename or a rebuilt table is told
/// by it. Names are as they are written.
package enum TableMove: Hashable, Sendable {
  case create(table: String)
  case drop(table: String)
  case rename(table: String, to: String)
  case renameColumn(table: String, from: String, to: String)
  case dropColumn(table: String, column: String)
  case addColumn(table: String, column: String)
  /// `INSERT INTO table (into) SELECT from … FROM source`.
  /// - into: nil where the statement lists no columns.
  /// - from: for each of them the one column that its expression reads, nil where that is none or
  ///   several; nil as a whole for `*`.
  case fill(table: String, into: [String]?, from: [String?]?, source: String)

  /// nil for a statement that moves nothing, or whose text is not understood.
  package init?(_ statement: String) {
    var parser = TableMoveParser(statement)
    guard let move = try? parser.parse() else { return nil }
    self = move
  }
}

/// Reads the statements that `TableMove` knows (<https://www.sqlite.org/lang_altertable.html>).
private struct TableMoveParser {
  private var reader: TokenReader

  init(_ statement: String) { reader = TokenReader(Tokenizer.tokens(of: statement)) }

  mutating func parse() throws -> TableMove? {
    if reader.take(words: "ALTER", "TABLE") { return try alteration() }
    if reader.take(words: "DROP", "TABLE") {
      _ = reader.take(words: "IF", "EXISTS")
      return .drop(table: try reader.qualifiedName())
    }
    if reader.take(words: "CREATE") { return try creation() }
    if reader.take(words: "INSERT") || reader.take(words: "REPLACE") { return try insertion() }
    return nil
  }

  private mutating func alteration() throws -> TableMove? {
    let table = try reader.qualifiedName()
    if reader.take(words: "RENAME", "TO") { return .rename(table: table, to: try reader.name()) }
    if reader.take(words: "RENAME") {
      _ = reader.take(words: "COLUMN")
      let from = try reader.name()
      try reader.expect(word: "TO")
      return .renameColumn(table: table, from: from, to: try reader.name())
    }
    if reader.take(words: "DROP") {
      _ = reader.take(words: "COLUMN")
      return .dropColumn(table: table, column: try reader.name())
    }
    guard reader.take(words: "ADD") else { return nil }
    _ = reader.take(words: "COLUMN")
    return .addColumn(table: table, column: try reader.name())
  }

  private mutating func creation() throws -> TableMove? {
    guard reader.take(words: "TABLE") else { return nil }
    _ = reader.take(words: "IF", "NOT", "EXISTS")
    let table = try reader.qualifiedName()
    guard reader.take(words: "AS") else { return .create(table: table) }
    return try selection(into: table, columns: nil, isNew: true)
  }

  private mutating func insertion() throws -> TableMove? {
    if reader.take(words: "OR") { _ = try reader.take() }
    try reader.expect(word: "INTO")
    let table = try reader.qualifiedName()
    let columns = reader.next?.isSymbol("(") == true ? try reader.names() : nil
    return try selection(into: table, columns: columns, isNew: false)
  }

  private mutating func selection(
    into table: String, columns: [String]?, isNew: Bool
  ) throws -> TableMove? {
    try reader.expect(word: "SELECT")
    _ = reader.take(words: "DISTINCT") || reader.take(words: "ALL")
    var expressions: [[Token]] = [[]]
    var depth = 0
    while depth > 0 || reader.next?.isWord("FROM") != true {
      let token = try reader.take()
      if token.isSymbol("(") { depth += 1 }
      if token.isSymbol(")") { depth -= 1 }
      if depth == 0, token.isSymbol(",") {
        expressions.append([])
      } else {
        expressions[expressions.count - 1].append(token)
      }
    }
    try reader.expect(word: "FROM")
    let source = try reader.qualifiedName()
    let isStar = expressions.count == 1 && expressions[0].last?.isSymbol("*") == true
    let names = expressions.map(Self.column)
    let targets = isNew && !isStar ? expressions.map { $0.last?.text ?? "" } : columns
    return .fill(table: table, into: targets, from: isStar ? nil : names, source: source)
  }

  /// The one column that the expression reads, its alias and a cast's type left out.
  private static func column(in expression: [Token]) -> String? {
    var tokens = expression
    if let alias = tokens.lastIndex(where: { $0.isWord("AS") }), alias == tokens.count - 2 {
      tokens.removeLast(2)
    }
    var found: Set<String> = []
    var isType = false
    for (index, token) in tokens.enumerated() {
      if token.isWord("AS") { isType = true }
      if token.isSymbol(")") { isType = false }
      let next = index + 1 < tokens.count ? tokens[index + 1] : nil
      guard !isType, token.kind == .word || token.kind == .quoted, token.isName,
        next?.isSymbol("(") != true, next?.isSymbol(".") != true, !token.isWord("CAST")
      else { continue }
      found.insert(token.text)
    }
    return found.count == 1 ? found.first : nil
  }
}
