import Databases
import Schemas

/// A statement's words outside of literals and comments, each with its place, so that others can be put
/// between them.
struct PlacedWords {
  struct Word: Hashable {
    /// In small letters, unless it was quoted; without quotation marks.
    let text: String
    let isQuoted: Bool
    let range: Range<String.Index>
    /// How many brackets are open.
    let depth: Int
  }

  let sql: String
  let words: [Word]

  /// - Parameter sql: one statement; comments before it and what ends it are left out.
  init(statement sql: String) {
    let all = PlacedWords(sql)
    guard let first = all.words.first, first.range.lowerBound > all.sql.startIndex else {
      self = all
      return
    }
    self.init(String(all.sql[first.range.lowerBound...]))
  }

  /// - Parameter sql: one statement; what ends it is left out.
  init(_ sql: String) {
    var text = sql[...]
    while let last = text.last, last.isWhitespace || last == ";" { text.removeLast() }
    let whole = String(text)
    var words: [Word] = []
    var depth = 0
    var rest = whole[...]
    while let first = rest.first {
      let start = rest.startIndex
      switch first {
      case "'": rest = rest.dropFirst().drop { $0 != "'" }.dropFirst()
      case "\"", "`":
        let name = rest.dropFirst().prefix { $0 != first }
        rest = rest[name.endIndex...].dropFirst()
        words.append(
          Word(text: String(name), isQuoted: true, range: start..<rest.startIndex, depth: depth))
      case "-" where rest.hasPrefix("--"): rest = rest.drop { !$0.isNewline }
      case "/" where rest.hasPrefix("/*"):
        rest = rest.firstRange(of: "*/").map { rest[$0.upperBound...] } ?? ""
      case "(", ")":
        depth += first == "(" ? 1 : -1
        rest = rest.dropFirst()
      case _ where Self.isPart(first):
        let word = rest.prefix(while: Self.isPart)
        rest = rest[word.endIndex...]
        words.append(
          Word(
            text: word.lowercased(), isQuoted: false, range: start..<word.endIndex, depth: depth))
      default: rest = rest.dropFirst()
      }
    }
    self.sql = whole
    self.words = words
  }

  private static func isPart(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_" || character == "$"
  }

  /// The place of the first of these keywords.
  func first(of keywords: Set<String>) -> Int? {
    words.firstIndex { !$0.isQuoted && $0.depth == 0 && keywords.contains($0.text) }
  }

  /// The relation that is named after such a keyword: its last word without the schema, as it was written, and
  /// where all of it stands. What may stand in between is passed over.
  func relation(after keyword: String) -> (name: String, range: Range<String.Index>)? {
    let fillers: Set<String> = ["if", "not", "exists", "only", "concurrently"]
    guard let place = first(of: [keyword]) else { return nil }
    var rest = words[(place + 1)...].drop { !$0.isQuoted && fillers.contains($0.text) }
    guard let start = rest.first?.range.lowerBound, var last = rest.popFirst() else { return nil }
    while let next = rest.first, sql[last.range.upperBound..<next.range.lowerBound] == "." {
      last = next
      rest.removeFirst()
    }
    return (last.text, start..<last.range.upperBound)
  }

  /// As it is written.
  func text(_ word: Word) -> String { String(sql[word.range]) }

  /// The statement with this in a place.
  func replacing(_ range: Range<String.Index>, with text: String) -> String {
    sql[..<range.lowerBound] + text + sql[range.upperBound...]
  }
}

extension PlacedWords {
  /// Every statement of a script, with that first which names an object where one does.
  static func all(in script: String, naming name: Identifier? = nil) -> [PlacedWords] {
    // Nobody is told to send so long a one otherwise.
    guard script.utf8.count < 20_000 else { return [PlacedWords(String(script.prefix(20_000)))] }
    let all = PostgresScript(script).statements.map { PlacedWords(statement: $0.sql) }
    guard all.count > 1, let name else { return all }
    let wanted = name.raw.lowercased()
    func names(_ words: PlacedWords) -> Bool {
      words.words.contains { $0.text.lowercased() == wanted }
    }
    return all.filter(names) + all.filter { !names($0) }
  }
}

extension Identifier {
  /// As SQL writes it, between quotes where it would be read as another one without.
  var written: String {
    let isPlain = raw.utf8.allSatisfy { byte in
      byte == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
    let starts = raw.first.map { !$0.isNumber } ?? false
    return isPlain && starts && !["user", "order", "group", "table"].contains(raw) ? raw : quoted
  }
}

extension ObjectID {
  /// Likewise with the schema, unless it is `public`.
  var written: String {
    (schema == "public" ? [] : [schema].compactMap(\.self)).map { $0.written + "." }.joined()
      + path.map(\.written).joined(separator: ".")
  }
}
