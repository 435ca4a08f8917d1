/// A token of an expression as either engine prints it.
enum SQLWord: Hashable, Sendable {
  /// A bare word: a keyword, a name, a function.
  case word(String)
  /// A name between `"`.
  case quoted(String)
  case string(String)
  case number(String)
  /// The digits of `x'…'` or the bits of `B'…'`, with the letter before them.
  case coded(Character, String)
  case symbol(String)

  /// The word in capitals; empty for what is none.
  var keyword: String {
    if case .word(let text) = self { text.uppercased() } else { "" }
  }

  /// A name: as it is between quotes, bare otherwise.
  var name: String? {
    switch self {
    case .word(let text), .quoted(let text): text
    default: nil
    }
  }

  /// Cuts a text into its tokens; takes any text, what is unknown becomes a symbol.
  static func words(of text: String) -> [SQLWord] {
    var reader = Reader(text: Array(text.unicodeScalars))
    var words: [SQLWord] = []
    while let word = reader.next() { words.append(word) }
    return words
  }

  private struct Reader {
    let text: [Unicode.Scalar]
    var place = 0

    private func peek(_ distance: Int = 0) -> Unicode.Scalar? {
      place + distance < text.count ? text[place + distance] : nil
    }

    mutating func next() -> SQLWord? {
      while let scalar = peek(), scalar.properties.isWhitespace { place += 1 }
      guard let first = peek() else { return nil }
      switch first {
      case "'": return .string(quoted("'"))
      case "\"": return .quoted(quoted("\""))
      case "`": return .quoted(quoted("`"))
      case "[": return symbol()
      case _ where "xXbB".unicodeScalars.contains(first) && peek(1) == "'":
        place += 1
        return .coded(Character(first), quoted("'"))
      case "E", "e":
        guard peek(1) == "'" else { return word() }
        place += 1
        return .string(escaped())
      case "0"..."9": return number()
      case ".": return peek(1).map { ("0"..."9").contains($0) } == true ? number() : symbol()
      default: return isPart(first) ? word() : symbol()
      }
    }

    private func isPart(_ scalar: Unicode.Scalar) -> Bool {
      scalar == "_" || scalar == "$" || scalar.value >= 128
        || ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
        || ("0"..."9").contains(scalar)
    }

    private func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
      var view = String.UnicodeScalarView()
      view.append(contentsOf: scalars)
      return String(view)
    }

    private mutating func quoted(_ quote: Unicode.Scalar) -> String {
      place += 1
      var content: [Unicode.Scalar] = []
      while let scalar = peek() {
        place += 1
        if scalar == quote {
          guard peek() == quote else { break }
          place += 1
        }
        content.append(scalar)
      }
      return string(content)
    }

    /// PostgreSQL's `E'…'`, which it prints where a string holds a backslash.
    private mutating func escaped() -> String {
      place += 1
      var content: [Unicode.Scalar] = []
      while let scalar = peek() {
        place += 1
        if scalar == "'" {
          guard peek() == "'" else { break }
          place += 1
        } else if scalar == "\\", let next = peek() {
          place += 1
          let letters: [Unicode.Scalar: Unicode.Scalar] = ["n": "\n", "t": "\t", "r": "\r"]
          content.append(letters[next] ?? next)
          continue
        }
        content.append(scalar)
      }
      return string(content)
    }

    private mutating func word() -> SQLWord {
      let start = place
      while let scalar = peek(), isPart(scalar) { place += 1 }
      return .word(string(text[start..<place]))
    }

    private mutating func number() -> SQLWord {
      let start = place
      while let scalar = peek() {
        let afterExponent = place > start && (text[place - 1] == "e" || text[place - 1] == "E")
        guard
          ("0"..."9").contains(scalar) || scalar == "." || scalar == "e" || scalar == "E"
            || (scalar == "+" || scalar == "-") && afterExponent
        else { break }
        place += 1
      }
      return .number(string(text[start..<place]))
    }

    private mutating func symbol() -> SQLWord {
      for length in [4, 3, 2] where place + length <= text.count {
        let candidate = string(text[place..<place + length])
        if Self.longSymbols.contains(candidate) {
          place += length
          return .symbol(candidate)
        }
      }
      place += 1
      return .symbol(string([text[place - 1]]))
    }

    private static let longSymbols: Set<String> = [
      "!~~*", "!~*", "~~*", "!~~", "<>", "<=", ">=", "==", "!=", "||", "::", "~*", "!~", "~~", "<<",
      ">>",
      "@>", "<@", "&&", "->", "->>", "^@", "?|", "?&", "#>", "#>>", "-|-", "<<=", ">>=",
    ]
  }
}
