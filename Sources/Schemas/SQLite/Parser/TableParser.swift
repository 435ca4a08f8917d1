/// Reads `CREATE TABLE`, by the grammar in SQLite's `parse.y`, which is wider than its
/// documentation: commas between table constraints may be missing, a constraint's name may stand
/// alone.
struct TableParser {
  private var reader: TokenReader
  private var table = TableDeclaration()

  /// - Returns: nil where the text is not one that this grammar knows.
  static func declaration(in sql: String) -> TableDeclaration? {
    var parser = TableParser(reader: TokenReader(Tokenizer.tokens(of: sql)))
    return try? parser.parse()
  }

  private init(reader: TokenReader) { self.reader = reader }

  private mutating func parse() throws -> TableDeclaration {
    try reader.expect(word: "CREATE")
    _ = reader.take(words: "TEMP") || reader.take(words: "TEMPORARY")
    try reader.expect(word: "TABLE")
    _ = reader.take(words: "IF", "NOT", "EXISTS")
    _ = try reader.qualifiedName()
    var body = TokenReader(try reader.parenthesised())
    try options()
    swap(&body, &reader)
    try columnsAndConstraints()
    return table
  }

  private mutating func options() throws {
    while !reader.isAtEnd {
      if reader.take(words: "WITHOUT", "ROWID") {
        table.withoutRowid = true
      } else if reader.take(words: "STRICT") {
        table.strict = true
      } else if !reader.take(symbol: ",") && !reader.take(symbol: ";") {
        throw TokenReader.Unexpected()
      }
    }
  }

  private mutating func columnsAndConstraints() throws {
    repeat {
      if beginsTableConstraint { break }
      try column()
    } while reader.take(symbol: ",")
    while !reader.isAtEnd {
      var parser = ConstraintParser(reader: reader)
      if let constraint = try parser.tableConstraint() { table.constraints.append(constraint) }
      reader = parser.reader
      _ = reader.take(symbol: ",")
    }
    guard !table.columns.isEmpty else { throw TokenReader.Unexpected() }
  }

  /// A column cannot have one of these words as a bare name.
  private var beginsTableConstraint: Bool {
    ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"].contains(reader.next?.keyword)
  }

  private mutating func column() throws {
    var column = TableDeclaration.Column(name: try reader.name())
    column.type = try type()
    var parser = ConstraintParser(reader: reader)
    table.constraints += try parser.columnConstraints(of: &column)
    reader = parser.reader
    table.columns.append(column)
  }

  /// Names in a row, then numbers in parentheses.
  private mutating func type() throws -> String? {
    var words: [String] = []
    while let token = reader.next, token.isName,
      !(token.isWord("GENERATED") && reader.afterNext?.isWord("ALWAYS") == true)
    {
      words.append(token.text.uppercased())
      _ = try reader.take()
    }
    guard !words.isEmpty else { return nil }
    var text = words.joined(separator: " ")
    if reader.next?.isSymbol("(") == true {
      text += "(" + CanonicalText().text(of: try reader.parenthesised()).uppercased() + ")"
    }
    return text
  }
}
