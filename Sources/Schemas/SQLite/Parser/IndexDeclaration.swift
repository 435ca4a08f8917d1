/// What a `CREATE INDEX` says.
struct IndexDeclaration: Sendable {
  let isUnique: Bool
  let parts: [TableDeclaration.KeyPart]
  let predicate: [Token]

  /// nil where the text is not one that SQLite documents.
  init?(_ sql: String) {
    do {
      var reader = TokenReader(Tokenizer.tokens(of: sql))
      try reader.expect(word: "CREATE")
      isUnique = reader.take(words: "UNIQUE")
      try reader.expect(word: "INDEX")
      _ = reader.take(words: "IF", "NOT", "EXISTS")
      _ = try reader.qualifiedName()
      try reader.expect(word: "ON")
      _ = try reader.name()
      parts = try reader.list().map(ConstraintParser.keyPart)
      predicate = reader.take(words: "WHERE") ? Array(reader.rest) : []
      guard reader.take(symbol: ";") || reader.isAtEnd || !predicate.isEmpty else { return nil }
    } catch {
      return nil
    }
  }
}

/// What the text of a view, a trigger or a virtual table says.
enum OtherDeclarations {
  /// A view's columns, where it names them, and its query.
  static func view(_ sql: String) -> (columns: [String]?, query: String)? {
    do {
      var reader = TokenReader(Tokenizer.tokens(of: sql))
      try reader.expect(word: "CREATE")
      _ = reader.take(words: "TEMP") || reader.take(words: "TEMPORARY")
      try reader.expect(word: "VIEW")
      _ = reader.take(words: "IF", "NOT", "EXISTS")
      _ = try reader.qualifiedName()
      let columns = reader.next?.isSymbol("(") == true ? try reader.names() : nil
      try reader.expect(word: "AS")
      return (columns, CanonicalText().text(of: reader.rest))
    } catch {
      return nil
    }
  }

  /// A trigger's statement without what is implied: `BEFORE`, `FOR EACH ROW`.
  static func trigger(_ sql: String) -> String? {
    do {
      var reader = TokenReader(Tokenizer.tokens(of: sql))
      try reader.expect(word: "CREATE")
      _ = reader.take(words: "TEMP") || reader.take(words: "TEMPORARY")
      try reader.expect(word: "TRIGGER")
      _ = reader.take(words: "IF", "NOT", "EXISTS")
      let name = try reader.qualifiedName()
      var timing = "BEFORE"
      if reader.take(words: "INSTEAD", "OF") {
        timing = "INSTEAD OF"
      } else if reader.take(words: "AFTER") {
        timing = "AFTER"
      } else {
        _ = reader.take(words: "BEFORE")
      }
      var body = Array(reader.rest)
      let header = body.prefix { !$0.isWord("BEGIN") }.count
      if let start = body.prefix(header).indices.first(where: { index in
        index + 2 < header && body[index].isWord("FOR") && body[index + 1].isWord("EACH")
          && body[index + 2].isWord("ROW")
      }) {
        body.removeSubrange(start..<start + 3)
      }
      return "CREATE TRIGGER \(CanonicalText.name(name)) \(timing) "
        + CanonicalText().text(of: body)
    } catch {
      return nil
    }
  }

  /// What implements a virtual table, in small letters, and its arguments.
  static func virtualTable(_ sql: String) -> (module: String, arguments: String)? {
    do {
      var reader = TokenReader(Tokenizer.tokens(of: sql))
      try reader.expect(word: "CREATE")
      guard reader.take(words: "VIRTUAL", "TABLE") else { return nil }
      _ = reader.take(words: "IF", "NOT", "EXISTS")
      _ = try reader.qualifiedName()
      try reader.expect(word: "USING")
      return (try reader.name().lowercased(), CanonicalText().text(of: reader.rest))
    } catch {
      return nil
    }
  }
}
