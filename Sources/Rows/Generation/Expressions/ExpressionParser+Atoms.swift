extension ExpressionParser {
  /// A literal, a column, a call, or what is between parentheses.
  mutating func atom() throws -> SQLExpression {
    guard let word = words.first else { throw unexpected }
    switch word {
    case .number(let digits):
      words.removeFirst()
      if let whole = Int64(digits) { return .literal(.integer(whole)) }
      guard let number = Double(digits) else { throw NotUnderstood(what: digits) }
      return .literal(.number(number))
    case .string(let text):
      words.removeFirst()
      return .literal(.text(text))
    case .coded(_, let digits):
      words.removeFirst()
      return .literal(.text(digits))
    case .symbol("("):
      words.removeFirst()
      if isNext("SELECT") { throw NotUnderstood(what: "a subquery") }
      var items = [try disjunction()]
      while take(",") { items.append(try disjunction()) }
      try expect(")")
      return items.count == 1 ? items[0] : .array(items)
    case .symbol: throw unexpected
    case .quoted(let name):
      words.removeFirst()
      return try reference(name)
    case .word(let name):
      words.removeFirst()
      return try keywordAtom(word.keyword) ?? reference(name)
    }
  }

  mutating func keywordAtom(_ keyword: String) throws -> SQLExpression? {
    switch keyword {
    case "NULL": return .literal(.null)
    case "TRUE": return .literal(.boolean(true))
    case "FALSE": return .literal(.boolean(false))
    case "CURRENT_DATE": return .call("current_date", [])
    case "CURRENT_TIMESTAMP", "LOCALTIMESTAMP": return .call("now", [])
    case "EXISTS", "SELECT": throw NotUnderstood(what: "a subquery")
    case "CASE": return try choice()
    case "NOT": return .not(try inversion())
    case "ARRAY", "ROW":
      let closing = keyword == "ARRAY" ? "]" : ")"
      try expect(keyword == "ARRAY" ? "[" : "(")
      var items: [SQLExpression] = []
      if !take(closing) {
        repeat { items.append(try disjunction()) } while take(",")
        try expect(closing)
      }
      return .array(items)
    default: break
    }
    guard words.first == .symbol("(") else { return nil }
    return try specialCall(keyword)
  }

  /// The functions whose arguments stand between words.
  mutating func specialCall(_ keyword: String) throws -> SQLExpression? {
    let before = words
    words.removeFirst()
    switch keyword {
    case "CAST":
      let value = try disjunction()
      try expect(word: "AS")
      let type = try typeName()
      try expect(")")
      return .cast(value, type)
    case "EXTRACT":
      guard let field = words.first?.name else { throw unexpected }
      words.removeFirst()
      try expect(word: "FROM")
      let value = try disjunction()
      try expect(")")
      return .call("date_part", [.literal(.text(field)), value])
    case "POSITION":
      let part = try matching()
      try expect(word: "IN")
      let whole = try disjunction()
      try expect(")")
      return .call("strpos", [whole, part])
    case "TRIM":
      let sides = ["BOTH": "btrim", "LEADING": "ltrim", "TRAILING": "rtrim"]
      guard let name = words.first.flatMap({ sides[$0.keyword] }) else { break }
      words.removeFirst()
      var arguments: [SQLExpression] = []
      if !isNext("FROM") { arguments.append(try disjunction()) }
      try expect(word: "FROM")
      arguments.insert(try disjunction(), at: 0)
      try expect(")")
      return .call(name, arguments)
    case "SUBSTRING":
      let value = try disjunction()
      guard take(word: "FROM") else { break }
      var arguments = [value, try disjunction()]
      if take(word: "FOR") { arguments.append(try disjunction()) }
      try expect(")")
      return .call("substr", arguments)
    default: break
    }
    words = before
    return nil
  }

  mutating func choice() throws -> SQLExpression {
    let operand = isNext("WHEN") ? nil : try disjunction()
    var branches: [SQLExpression.Branch] = []
    while take(word: "WHEN") {
      let condition = try disjunction()
      try expect(word: "THEN")
      branches.append(
        .init(
          condition: operand.map { .comparison("=", $0, condition) } ?? condition,
          value: try disjunction()))
    }
    let otherwise = take(word: "ELSE") ? try disjunction() : .literal(.null)
    try expect(word: "END")
    return .choice(branches, otherwise: otherwise)
  }

  /// A column, perhaps after its table's name, or a function's call.
  mutating func reference(_ name: String) throws -> SQLExpression {
    var name = name
    while take(".") {
      guard let next = words.first?.name else { throw unexpected }
      words.removeFirst()
      name = next
    }
    guard take("(") else { return .column(name) }
    var arguments: [SQLExpression] = []
    if !take(")") {
      repeat { arguments.append(try disjunction()) } while take(",")
      try expect(")")
    }
    return .call(name.lowercased(), arguments)
  }
}
