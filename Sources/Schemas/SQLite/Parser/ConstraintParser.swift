/// Reads the constraints of a column and of a table.
struct ConstraintParser {
  var reader: TokenReader

  typealias Constraint = TableDeclaration.Constraint
  typealias KeyPart = TableDeclaration.KeyPart
  typealias Reference = TableDeclaration.Reference

  /// Everything up to the comma that ends the column: what is the column's own goes into it, the
  /// constraints come back as if the table had them.
  mutating func columnConstraints(of column: inout TableDeclaration.Column) throws -> [Constraint] {
    var constraints: [Constraint] = []
    var name: String?
    while let token = reader.next, !token.isSymbol(",") {
      if reader.take(words: "CONSTRAINT") {
        name = try reader.name()
        continue
      }
      if let definition = try sharedConstraint(of: &column) {
        constraints.append(Constraint(name: name, definition: definition, conflict: try conflict()))
      } else if let deferral = deferral() {
        constraints.deferLast(deferral)
      } else {
        try property(of: &column)
      }
      name = nil
    }
    return constraints
  }

  /// A constraint that could as well be the table's; nil where something else comes next.
  private mutating func sharedConstraint(
    of column: inout TableDeclaration.Column
  ) throws -> TableDeclaration.Definition? {
    let own = Token(.quoted, column.name)
    if reader.take(words: "PRIMARY", "KEY") {
      var part = KeyPart(expression: [own])
      part.isDescending = direction()
      column.isDescendingKey = part.isDescending
      let conflict = try conflict()
      let autoincrement = reader.take(words: "AUTOINCREMENT")
      pendingConflict = conflict
      return .primaryKey([part], autoincrement: autoincrement)
    }
    if reader.take(words: "UNIQUE") { return .unique([KeyPart(expression: [own])]) }
    if reader.take(words: "CHECK") { return .check(try reader.parenthesised()) }
    if reader.next?.isWord("REFERENCES") == true {
      return .foreignKey(columns: [column.name], try reference())
    }
    return nil
  }

  /// A conflict clause that was read before its constraint was whole.
  private var pendingConflict: String?

  init(reader: TokenReader) { self.reader = reader }

  private mutating func property(of column: inout TableDeclaration.Column) throws {
    if reader.take(words: "NOT", "NULL") {
      column.notNull = true
      column.notNullConflict = try conflict()
    } else if reader.take(words: "NULL") {
      _ = try conflict()
    } else if reader.take(words: "DEFAULT") {
      column.defaultValue = try defaultValue()
    } else if reader.take(words: "COLLATE") {
      column.collation = try reader.name().uppercased()
    } else if reader.take(words: "GENERATED", "ALWAYS", "AS") || reader.take(words: "AS") {
      column.generated = try reader.parenthesised()
      column.isStored = reader.take(words: "STORED")
      _ = reader.take(words: "VIRTUAL")
    } else {
      throw TokenReader.Unexpected()
    }
  }

  /// A literal, one with a sign, or an expression in parentheses. A name alone is a string, as
  /// SQLite takes it.
  private mutating func defaultValue() throws -> [Token] {
    if reader.next?.isSymbol("(") == true { return try reader.parenthesised() }
    var tokens: [Token] = []
    if let sign = reader.next, sign.isSymbol("+") || sign.isSymbol("-") {
      tokens.append(try reader.take())
    }
    let value = try reader.take()
    let constants = ["NULL", "TRUE", "FALSE", "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP"]
    switch value.kind {
    case .quoted: tokens.append(Token(.string, value.text))
    case .word where !constants.contains(value.keyword): tokens.append(Token(.string, value.text))
    case .symbol: throw TokenReader.Unexpected()
    default: tokens.append(value)
    }
    return tokens
  }

  /// One constraint of the table; nil for a name without one.
  mutating func tableConstraint() throws -> Constraint? {
    var name: String?
    while reader.take(words: "CONSTRAINT") { name = try reader.name() }
    if reader.isAtEnd || reader.next?.isSymbol(",") == true { return nil }
    let definition: TableDeclaration.Definition
    if reader.take(words: "PRIMARY", "KEY") {
      var items = try reader.list()
      let last = items.count - 1
      let autoincrement = items[last].last?.isWord("AUTOINCREMENT") == true
      if autoincrement { items[last].removeLast() }
      definition = .primaryKey(items.map(Self.keyPart), autoincrement: autoincrement)
    } else if reader.take(words: "UNIQUE") {
      definition = .unique(try reader.list().map(Self.keyPart))
    } else if reader.take(words: "CHECK") {
      definition = .check(try reader.parenthesised())
    } else if reader.take(words: "FOREIGN", "KEY") {
      let columns = try reader.names()
      var reference = try reference()
      while let deferral = deferral() { reference.isDeferred = deferral }
      definition = .foreignKey(columns: columns, reference)
    } else {
      throw TokenReader.Unexpected()
    }
    return Constraint(name: name, definition: definition, conflict: try conflict())
  }

  /// Cuts the order, the place of NULLs and the collation off an indexed column's end.
  static func keyPart(_ tokens: [Token]) -> KeyPart {
    var part = KeyPart(expression: tokens)
    func ends(with words: String...) -> Bool {
      part.expression.count > words.count
        && zip(part.expression.suffix(words.count), words).allSatisfy { $0.isWord($1) }
    }
    if ends(with: "NULLS", "FIRST") || ends(with: "NULLS", "LAST") {
      part.nulls = "NULLS \(part.expression[part.expression.count - 1].keyword)"
      part.expression.removeLast(2)
    }
    if ends(with: "DESC") || ends(with: "ASC") {
      part.isDescending = ends(with: "DESC")
      part.expression.removeLast()
    }
    if part.expression.count > 2, part.expression[part.expression.count - 2].isWord("COLLATE") {
      part.collation = part.expression.removeLast().text.uppercased()
      part.expression.removeLast()
    }
    part.expression = Array(CanonicalText.withoutParentheses(part.expression[...]))
    return part
  }

  private mutating func reference() throws -> Reference {
    try reader.expect(word: "REFERENCES")
    var reference = Reference(table: try reader.name())
    if reader.next?.isSymbol("(") == true { reference.columns = try reader.names() }
    while true {
      if reader.take(words: "ON", "DELETE") {
        reference.onDelete = try action()
      } else if reader.take(words: "ON", "UPDATE") {
        reference.onUpdate = try action()
      } else if reader.take(words: "ON", "INSERT") {
        _ = try action()
      } else if reader.take(words: "MATCH") {
        let match = try reader.name().uppercased()
        reference.match = match == "SIMPLE" ? nil : match
      } else {
        return reference
      }
    }
  }

  /// nil for `NO ACTION`, the default.
  private mutating func action() throws -> String? {
    if reader.take(words: "NO", "ACTION") { return nil }
    for words in [["SET", "NULL"], ["SET", "DEFAULT"]] where reader.take(words: words[0], words[1])
    {
      return words.joined(separator: " ")
    }
    for word in ["CASCADE", "RESTRICT"] where reader.take(words: word) { return word }
    throw TokenReader.Unexpected()
  }

  /// Whether the foreign key before is deferred; nil where nothing is said of that.
  private mutating func deferral() -> Bool? {
    let no = reader.take(words: "NOT", "DEFERRABLE")
    guard no || reader.take(words: "DEFERRABLE") else { return nil }
    let deferred = reader.take(words: "INITIALLY", "DEFERRED")
    _ = reader.take(words: "INITIALLY", "IMMEDIATE")
    return deferred && !no
  }

  /// nil for `ABORT`, the default.
  private mutating func conflict() throws -> String? {
    guard reader.take(words: "ON", "CONFLICT") else {
      defer { pendingConflict = nil }
      return pendingConflict
    }
    let resolution = try reader.name().uppercased()
    return resolution == "ABORT" ? nil : resolution
  }

  private mutating func direction() -> Bool {
    if reader.take(words: "DESC") { return true }
    _ = reader.take(words: "ASC")
    return false
  }
}

extension [TableDeclaration.Constraint] {
  /// `DEFERRABLE` stands by itself after a column's `REFERENCES`.
  fileprivate mutating func deferLast(_ deferred: Bool) {
    guard let index = indices.last,
      case .foreignKey(let columns, var reference) = self[index].definition
    else { return }
    reference.isDeferred = deferred
    self[index].definition = .foreignKey(columns: columns, reference)
  }
}
