import Databases

/// Cuts SQL into tokens, leaving out white space and comments. Takes any text: what SQLite would
/// refuse becomes a symbol, what does not end goes on to the end.
///
/// Reads as well the expressions that PostgreSQL prints, which hold no comments and no strings with
/// escapes but such as begin with `E`, given here as the word and the string.
struct Tokenizer {
  private let bytes: [UInt8]
  private let engine: Engine
  private var position = 0

  private init(_ sql: String, _ engine: Engine) {
    bytes = Array(sql.utf8)
    self.engine = engine
  }

  static func tokens(of sql: String, as engine: Engine = .sqlite) -> [Token] {
    var tokenizer = Tokenizer(sql, engine)
    var tokens: [Token] = []
    while let token = tokenizer.next() { tokens.append(token) }
    return tokens
  }

  private mutating func next() -> Token? {
    skipBlank()
    guard position < bytes.count else { return nil }
    let byte = bytes[position]
    switch byte {
    case UInt8(ascii: "'"): return Token(.string, quoted(until: byte))
    case UInt8(ascii: "\""): return Token(.quoted, quoted(until: byte), doubleQuoted: true)
    case UInt8(ascii: "`") where engine == .sqlite:
      return Token(.quoted, quoted(until: byte))
    case UInt8(ascii: "[") where engine == .sqlite:
      return Token(.quoted, quoted(until: UInt8(ascii: "]")))
    case UInt8(ascii: "x"), UInt8(ascii: "X"):
      guard self.byte(at: 1) == UInt8(ascii: "'") else { return word() }
      position += 1
      return Token(.blob, quoted(until: UInt8(ascii: "'")).uppercased())
    default: break
    }
    if byte.isDigit || byte == UInt8(ascii: ".") && (self.byte(at: 1)?.isDigit ?? false) {
      return number()
    }
    if byte.isWordPart { return word() }
    return engine == .sqlite ? symbol() : postgresSymbol()
  }

  private func byte(at distance: Int) -> UInt8? {
    position + distance < bytes.count ? bytes[position + distance] : nil
  }

  private mutating func skipBlank() {
    while position < bytes.count {
      switch (bytes[position], byte(at: 1)) {
      case (0x09...0x0D, _), (0x20, _):
        position += 1
      case (UInt8(ascii: "-"), UInt8(ascii: "-")):
        position = bytes[position...].firstIndex(of: 0x0A) ?? bytes.count
      case (UInt8(ascii: "/"), UInt8(ascii: "*")):
        position += 2
        while position < bytes.count,
          !(bytes[position] == UInt8(ascii: "*") && byte(at: 1) == UInt8(ascii: "/"))
        { position += 1 }
        position = min(position + 2, bytes.count)
      default: return
      }
    }
  }

  /// From an opening quote past the closing one; a doubled quote stands for itself, but for `]`.
  private mutating func quoted(until quote: UInt8) -> String {
    position += 1
    var content: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == quote {
        guard quote != UInt8(ascii: "]"), position < bytes.count, bytes[position] == quote else {
          break
        }
        position += 1
      }
      content.append(byte)
    }
    return String(decoding: content, as: UTF8.self)
  }

  private mutating func word() -> Token {
    let start = position
    while position < bytes.count, bytes[position].isWordPart { position += 1 }
    return Token(.word, String(decoding: bytes[start..<position], as: UTF8.self))
  }

  /// Digits with a fraction, an exponent, underscores between them, or hexadecimal.
  private mutating func number() -> Token {
    let start = position
    while position < bytes.count {
      let byte = bytes[position]
      let afterExponent =
        position > start && (bytes[position - 1] | 0x20) == UInt8(ascii: "e")
        && !(bytes.count > start + 1 && (bytes[start + 1] | 0x20) == UInt8(ascii: "x"))
      let sign = byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
      guard byte.isWordPart || byte == UInt8(ascii: ".") || sign && afterExponent else { break }
      position += 1
    }
    return Token(.number, String(decoding: bytes[start..<position], as: UTF8.self).lowercased())
  }

  /// `::`, an operator of any length, else one byte. Signs stand apart: PostgreSQL prints a blank
  /// before them.
  private mutating func postgresSymbol() -> Token {
    let start = position
    if bytes[position] == UInt8(ascii: ":"), byte(at: 1) == bytes[position] {
      position += 2
    } else {
      while position < bytes.count, "+-*/<>=~!@#%^&|?".utf8.contains(bytes[position]) {
        position += 1
      }
      if position == start { position += 1 }
    }
    return Token(.symbol, String(decoding: bytes[start..<position], as: UTF8.self))
  }

  /// The longest of SQLite's operators that begins here, else one byte.
  private mutating func symbol() -> Token {
    let start = position
    switch (bytes[position], byte(at: 1)) {
    case (UInt8(ascii: "-"), UInt8(ascii: ">")):
      position += byte(at: 2) == UInt8(ascii: ">") ? 3 : 2
    case (UInt8(ascii: "|"), UInt8(ascii: "|")), (UInt8(ascii: "<"), UInt8(ascii: "<")),
      (UInt8(ascii: ">"), UInt8(ascii: ">")), (UInt8(ascii: "<"), UInt8(ascii: ">")),
      (UInt8(ascii: "<"), UInt8(ascii: "=")), (UInt8(ascii: ">"), UInt8(ascii: "=")),
      (UInt8(ascii: "="), UInt8(ascii: "=")), (UInt8(ascii: "!"), UInt8(ascii: "=")):
      position += 2
    default:
      position += 1
    }
    return Token(.symbol, String(decoding: bytes[start..<position], as: UTF8.self))
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

  /// What SQLite's `IdChar` accepts: letters, digits, `_`, `$` and everything beyond ASCII.
  fileprivate var isWordPart: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...:
      true
    default: false
    }
  }
}
