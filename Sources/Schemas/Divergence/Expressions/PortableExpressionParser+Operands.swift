import Databases

extension PortableExpressionParser {
  /// What stands on one side of a comparison, by the operators' strength.
  mutating func operation(_ level: Int = 0) throws -> Expression {
    guard level < Self.levels.count else { return try signed() }
    var left = try operation(level + 1)
    while let token = reader.next, token.kind == .symbol, binds(token.text, at: level) {
      _ = try reader.take()
      left = .call(token.text, [left, try operation(level + 1)])
    }
    return left
  }

  /// The weakest first. What is none of these and no comparison is PostgreSQL's own, and as weak as
  /// the weakest.
  private static let levels: [Set<String>] = [
    ["||", "&", "|", "<<", ">>", "->", "->>"], ["+", "-"], ["*", "/", "%"],
  ]

  private func binds(_ symbol: String, at level: Int) -> Bool {
    if Self.levels[level].contains(symbol) { return true }
    guard level == 0, symbol.utf8.allSatisfy("+-*/<>=~!@#%^&|?".utf8.contains) else { return false }
    return !Self.levels.contains { $0.contains(symbol) }
      && build.comparison(symbol, .null, .null) == nil
  }

  private mutating func signed() throws -> Expression {
    if reader.take(symbol: "+") { return try signed() }
    if reader.take(symbol: "~") { return .call("bitnot", [try signed()]) }
    guard reader.take(symbol: "-") else { return try postfixed() }
    let operand = try signed()
    guard case .number(let number) = operand else { return .call("-", [operand]) }
    return .number(DecimalText.shortest(number.hasPrefix("-") ? number : "-" + number) ?? number)
  }

  /// Casts, collations and subscripts bind to what stands before them.
  private mutating func postfixed() throws -> Expression {
    var operand = try primary()
    while true {
      if reader.take(symbol: "::") {
        operand = build.cast(operand, to: try typeName())
      } else if reader.take(words: "COLLATE") {
        // A key that ignores case is for PostgreSQL one of the lowered text.
        let collation = try qualifiedName()
        if build.isExact {
          operand = .call(
            "collate \(engine == .sqlite ? collation.uppercased() : collation)", [operand])
        } else if collation.uppercased() == "NOCASE" {
          operand = .call("lower", [operand])
        }
      } else if reader.take(words: "AT", "TIME", "ZONE") {
        operand = build.function("timezone", [try postfixed(), operand], of: engine)
      } else if reader.take(symbol: "[") {
        let index = try disjunction()
        try reader.expect(symbol: "]")
        operand = .call("subscript", [operand, index])
      } else {
        return operand
      }
    }
  }

  private mutating func primary() throws -> Expression {
    let token = try reader.take()
    switch token.kind {
    case .number: return .number(DecimalText.shortest(token.text) ?? token.text)
    case .string: return .string(token.text)
    case .blob: return .bytes(token.text.lowercased())
    case .symbol:
      guard token.isSymbol("(") else { throw TokenReader.Unexpected() }
      let inner = try disjunction()
      guard reader.take(symbol: ",") else {
        try reader.expect(symbol: ")")
        return inner
      }
      var items = [inner]
      repeat { items.append(try disjunction()) } while reader.take(symbol: ",")
      try reader.expect(symbol: ")")
      return .call("row", items)
    case .quoted: return try named(token)
    case .word: return try word(token)
    }
  }

  private mutating func word(_ token: Token) throws -> Expression {
    switch token.keyword {
    case "NULL": return .null
    case "TRUE": return .truth(true)
    case "FALSE": return .truth(false)
    case "CASE": return try choice()
    case "CAST": return try cast()
    case "ARRAY" where reader.take(symbol: "["):
      var items: [Expression] = []
      while !reader.take(symbol: "]") {
        items.append(try disjunction())
        _ = reader.take(symbol: ",")
      }
      return .array(items)
    case "E" where reader.next?.kind == .string: return .opaque("E'\(try reader.take().text)'")
    default: return try named(token)
    }
  }

  /// A column, a function's call, or a word that stands for one.
  private mutating func named(_ token: Token) throws -> Expression {
    var name = build.name(token, of: engine)
    while reader.take(symbol: ".") { name = build.name(try reader.take(), of: engine) }
    if reader.next?.isSymbol("(") == true { return try call(name) }
    if token.kind == .word, Vocabulary.clocks.contains(name) {
      return build.function(name, [], of: engine)
    }
    guard token.kind == .quoted || !Keywords.reserved.contains(token.keyword) else {
      throw TokenReader.Unexpected()
    }
    return .name(name)
  }

  private mutating func call(_ name: String) throws -> Expression {
    let before = reader
    if let arguments = try? list() { return build.function(name, arguments, of: engine) }
    reader = before
    // `TRIM(BOTH FROM x)`, as PostgreSQL prints it; of the others with words between their arguments
    // (EXTRACT, POSITION, OVERLAY) none is both engines'.
    let words = try reader.parenthesised()
    var inner = PortableExpressionParser(self, TokenReader(words))
    let sides = ["BOTH": "trim", "LEADING": "ltrim", "TRAILING": "rtrim"]
    guard name == "trim", let side = inner.reader.next.flatMap({ sides[$0.keyword] }) else {
      return .call("\(name)(\(build.isExact ? CanonicalText().text(of: words) : "…"))", [])
    }
    _ = try inner.reader.take()
    let characters = inner.reader.take(words: "FROM") ? [] : [try inner.disjunction()]
    if !characters.isEmpty { try inner.reader.expect(word: "FROM") }
    return .call(side, [try inner.disjunction()] + characters)
  }

  private init(_ other: PortableExpressionParser, _ reader: TokenReader) {
    self.reader = reader
    engine = other.engine
    build = other.build
  }

  private mutating func cast() throws -> Expression {
    try reader.expect(symbol: "(")
    let operand = try disjunction()
    try reader.expect(word: "AS")
    let type = try typeName()
    try reader.expect(symbol: ")")
    return build.cast(operand, to: type)
  }

  private mutating func choice() throws -> Expression {
    var parts: [Expression] = []
    if !(reader.next?.isWord("WHEN") ?? true) { parts.append(try disjunction()) }
    while reader.take(words: "WHEN") {
      let condition = try disjunction()
      try reader.expect(word: "THEN")
      parts.append(.array([condition, try disjunction()]))
    }
    // What is not said is NULL.
    parts.append(reader.take(words: "ELSE") ? try disjunction() : .null)
    try reader.expect(word: "END")
    return .call("case", parts)
  }

  private mutating func qualifiedName() throws -> String {
    var name = try reader.name()
    while reader.take(symbol: ".") { name = try reader.name() }
    return name
  }

  /// A type as PostgreSQL writes it behind `::`, in small letters: `character varying(20)[]`.
  mutating func typeName() throws -> String {
    var name = try qualifiedName().lowercased()
    let more: [[String]] = [
      ["VARYING"], ["PRECISION"], ["YEAR", "TO", "MONTH"], ["DAY", "TO", "SECOND"],
    ]
    for words in more where take(words) { name += " " + words.joined(separator: " ").lowercased() }
    if reader.next?.isSymbol("(") == true {
      name += "(" + CanonicalText().text(of: try reader.parenthesised()) + ")"
    }
    for words in [["WITHOUT", "TIME", "ZONE"], ["WITH", "TIME", "ZONE"]] where take(words) {
      name += " " + words.joined(separator: " ").lowercased()
    }
    while reader.take(symbol: "[") {
      _ = reader.next?.kind == .number ? try reader.take() : nil
      try reader.expect(symbol: "]")
      name += "[]"
    }
    return name
  }

  private mutating func take(_ words: [String]) -> Bool {
    var ahead = reader
    for word in words {
      guard ahead.take(words: word) else { return false }
    }
    reader = ahead
    return true
  }
}
