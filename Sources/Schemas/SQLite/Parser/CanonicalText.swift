/// Writes tokens in one way, whatever the quotes, blanks and case that they came with.
///
/// Keywords are in capitals, functions in small letters, names bare where they can be; a name that
/// is a column of the table in question takes the spelling of its declaration.
struct CanonicalText {
  /// The table's columns as they are declared, by their names in small letters; nil where no single
  /// table is in question.
  let columns: [String: String]?

  init(columns: [String: String]? = nil) { self.columns = columns }

  func text(of tokens: some Collection<Token>) -> String {
    let tokens = Array(tokens)
    var text = ""
    var gap = Gap()
    for index in tokens.indices {
      let place = Place(
        previous: index > 0 ? tokens[index - 1] : nil,
        next: index + 1 < tokens.count ? tokens[index + 1] : nil)
      let (written, role) = write(tokens[index], at: place)
      if gap.isNeeded(before: tokens[index]) { text += " " }
      text += written
      gap.advance(past: tokens[index], as: role)
    }
    return text
  }

  /// The same without the parentheses around the whole, which mean nothing.
  func bareText(of tokens: [Token]) -> String { text(of: Self.withoutParentheses(tokens[...])) }

  static func withoutParentheses(_ tokens: ArraySlice<Token>) -> ArraySlice<Token> {
    var tokens = tokens
    while let first = tokens.first, first.isSymbol("("), tokens.count > 2,
      closing(of: tokens) == tokens.endIndex - 1
    { tokens = tokens.dropFirst().dropLast() }
    return tokens
  }

  /// Where the parenthesis closes that the tokens begin with.
  private static func closing(of tokens: ArraySlice<Token>) -> Int? {
    var depth = 0
    for index in tokens.indices {
      if tokens[index].isSymbol("(") { depth += 1 }
      if tokens[index].isSymbol(")") {
        depth -= 1
        if depth == 0 { return index }
      }
    }
    return nil
  }

  /// A name bare where SQLite would read it as one, else between double quotes.
  static func name(_ raw: String) -> String {
    let plain =
      raw.utf8.first.map { !(48...57).contains($0) && $0 != 36 } ?? false
      && raw.utf8.allSatisfy { byte in
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
          || byte == 95 || byte == 36 || byte >= 128
      }
    if plain, !Keywords.reserved.contains(raw.uppercased()) { return raw }
    return string(raw, quote: "\"")
  }

  static func string(_ raw: String, quote: String = "'") -> String {
    quote + raw.replacing(quote, with: quote + quote) + quote
  }

  private func write(_ token: Token, at place: Place) -> (String, Role) {
    switch token.kind {
    case .string: (Self.string(token.text), .operand)
    case .blob: ("X" + Self.string(token.text), .operand)
    case .number: (token.text, .operand)
    case .symbol: (token.text, .symbol)
    case .quoted: writeQuoted(token, at: place)
    case .word: writeWord(token, at: place)
    }
  }

  private func writeQuoted(_ token: Token, at place: Place) -> (String, Role) {
    if place.isFunction { return (Self.name(token.text.lowercased()), .operand) }
    let lowered = token.text.lowercased()
    if let columns {
      if let spelling = columns[lowered] { return (Self.name(spelling), .operand) }
      if token.doubleQuoted, !place.isQualified, !Self.rowids.contains(lowered) {
        return (Self.string(token.text), .operand)
      }
    }
    return (Self.name(token.text), .operand)
  }

  private static let rowids: Set<String> = ["rowid", "oid", "_rowid_"]

  private func writeWord(_ token: Token, at place: Place) -> (String, Role) {
    if Keywords.reserved.contains(token.keyword) { return (token.keyword, .keyword) }
    if Keywords.fallback.contains(token.keyword) {
      guard place.takesName(token.keyword) else { return (token.keyword, .keyword) }
    }
    if place.isFunction { return (token.text.lowercased(), .operand) }
    return (Self.name(columns?[token.text.lowercased()] ?? token.text), .operand)
  }
}

/// What a token turned out to be, as far as the blanks around it depend on that.
private enum Role { case keyword, operand, symbol }

/// A token's neighbours.
private struct Place {
  let previous: Token?
  let next: Token?

  /// Whether the name is part of a qualified one.
  var isQualified: Bool { previous?.isSymbol(".") == true || next?.isSymbol(".") == true }

  /// Whether a name here is a function's: it stands before a parenthesis, and not as a table's.
  var isFunction: Bool {
    guard next?.isSymbol("(") == true else { return false }
    guard let previous else { return true }
    return !["INTO", "TABLE", "REFERENCES", "ON", "AS", "WITH", "RECURSIVE"]
      .contains(previous.keyword) && !previous.isSymbol(".")
  }

  /// Whether a keyword that may be a name is one here: no keyword can stand after an operator or
  /// after those that introduce names and expressions.
  func takesName(_ keyword: String) -> Bool {
    if previous?.isSymbol(".") == true || next?.isSymbol(".") == true { return true }
    if Keywords.openers.contains(keyword) || next?.isWord("BY") == true { return false }
    guard let previous else { return true }
    let introduced =
      previous.kind == .symbol && previous.text != ")" && previous.text != ";"
      || Self.introducers.contains(previous.keyword)
    guard introduced else { return false }
    return !(previous.isWord("ON") && keyword == "CONFLICT")
      && !(previous.isWord("UPDATE") && keyword == "OF")
      && !(previous.isWord("NOT") && ["LIKE", "GLOB", "MATCH", "REGEXP"].contains(keyword))
  }

  private static let introducers: Set<String> = [
    "SELECT", "DISTINCT", "BY", "WHERE", "AND", "OR", "NOT", "ON", "SET", "AS", "OF", "FROM",
    "JOIN", "INTO", "UPDATE", "TABLE", "WHEN", "THEN", "ELSE", "CASE", "BETWEEN", "HAVING", "IS",
    "LIMIT", "RETURNING", "REFERENCES",
  ]
}

/// Where a blank belongs: between words and around operators, not inside parentheses, around dots,
/// before commas and after a sign.
private struct Gap {
  private var last: Token?
  private var role = Role.symbol
  /// Whether the last token was a sign before an operand, not an operator between two.
  private var afterSign = false

  func isNeeded(before token: Token) -> Bool {
    guard let last, !last.isSymbol("("), !last.isSymbol("."), !afterSign else { return false }
    guard token.kind == .symbol else { return true }
    switch token.text {
    case ",", ")", ".", ";": return false
    case "(": return role != .operand
    default: return true
    }
  }

  mutating func advance(past token: Token, as role: Role) {
    let sign = token.kind == .symbol && ["-", "+", "~"].contains(token.text)
    let operandBefore = self.role == .operand || last?.isSymbol(")") == true
    afterSign = sign && !(last != nil && operandBefore)
    last = token
    self.role = role
  }
}
