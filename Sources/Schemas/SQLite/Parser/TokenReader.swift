/// Walks over tokens, taking what a grammar asks for.
struct TokenReader {
  /// The text is not what the grammar expects at this point.
  struct Unexpected: Error {}

  private(set) var rest: ArraySlice<Token>

  init(_ tokens: some Sequence<Token>) { rest = Array(tokens)[...] }

  var isAtEnd: Bool { rest.isEmpty }
  var next: Token? { rest.first }

  /// The token after the next.
  var afterNext: Token? { rest.dropFirst().first }

  mutating func take() throws -> Token {
    guard let token = rest.popFirst() else { throw Unexpected() }
    return token
  }

  /// Takes these words if all of them come next.
  mutating func take(words: String...) -> Bool {
    guard rest.count >= words.count, zip(rest, words).allSatisfy({ $0.isWord($1) }) else {
      return false
    }
    rest.removeFirst(words.count)
    return true
  }

  mutating func take(symbol: String) -> Bool {
    guard next?.isSymbol(symbol) == true else { return false }
    rest.removeFirst()
    return true
  }

  mutating func expect(word: String) throws {
    guard take(words: word) else { throw Unexpected() }
  }

  mutating func expect(symbol: String) throws {
    guard take(symbol: symbol) else { throw Unexpected() }
  }

  mutating func name() throws -> String {
    guard let token = next, token.isName || token.kind == .word else { throw Unexpected() }
    rest.removeFirst()
    return token.text
  }

  /// The tokens between a parenthesis, which must come next, and its partner.
  mutating func parenthesised() throws -> [Token] {
    try expect(symbol: "(")
    var depth = 1
    var inner: [Token] = []
    while true {
      let token = try take()
      if token.isSymbol("(") { depth += 1 }
      if token.isSymbol(")") {
        depth -= 1
        if depth == 0 { return inner }
      }
      inner.append(token)
    }
  }

  /// The same, cut at the commas that lie in no inner parentheses.
  mutating func list() throws -> [[Token]] {
    var items: [[Token]] = [[]]
    var depth = 0
    for token in try parenthesised() {
      if token.isSymbol("(") { depth += 1 }
      if token.isSymbol(")") { depth -= 1 }
      if depth == 0, token.isSymbol(",") {
        items.append([])
      } else {
        items[items.count - 1].append(token)
      }
    }
    guard items.allSatisfy({ !$0.isEmpty }) else { throw Unexpected() }
    return items
  }

  mutating func names() throws -> [String] {
    try list().map { item in
      guard let name = item.first else { throw Unexpected() }
      return name.text
    }
  }

  /// A name after which a schema's may have stood: `main.t` gives `t`.
  mutating func qualifiedName() throws -> String {
    let first = try name()
    return take(symbol: ".") ? try name() : first
  }
}
