/// Hides passwords in text that leaves Stairway.
///
/// Works on any text, JSON included: it never reaches over an unescaped double quote and never cuts
/// an escape sequence, so that a JSON document stays one.
package enum Redaction {
  /// What stands where a password stood.
  package static let mark = "***"

  /// The text with the passwords of URLs (`scheme://user:password@host`), of connection strings and
  /// calls (`password=…`, `password = '…'`, `'password': '…'`, `PWD=…`, `DB_PASS=…`) and of SQL
  /// (`PASSWORD '…'`, `E'…'`, `$$…$$`) hidden.
  package static func applied(to text: String) -> String {
    var scan = RedactionScan(Array(text.utf8))
    return scan.run() ?? text
  }

  /// The text with these passwords hidden wherever each is a word, or words, of its own.
  static func hiding(_ passwords: Set<String>, in text: String) -> String {
    passwords.sorted { ($1.utf8.count, $0) < ($0.utf8.count, $1) }.reduce(text) { text, password in
      var result = ""
      var rest = text[...]
      while let found = rest.firstRange(of: password) {
        let isApart = ![text[..<found.lowerBound].last, text[found.upperBound...].first]
          .contains { $0.map(isOfWord) ?? false }
        result += rest[..<found.lowerBound] + (isApart ? mark : password)
        rest = rest[found.upperBound...]
      }
      return result + rest
    }
  }

  private static func isOfWord(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || character == "_")
  }
}

/// One pass over a text's UTF-8.
private struct RedactionScan {
  private let bytes: [UInt8]
  private var hidden: [Range<Int>] = []

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The redacted text; nil where there is nothing to hide.
  mutating func run() -> String? {
    var index = 0
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: ":"): index = url(at: index)
      case UInt8(ascii: "p"), UInt8(ascii: "P"): index = word(at: index)
      default: index += 1
      }
    }
    guard !hidden.isEmpty else { return nil }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var kept = 0
    for range in hidden {
      result += bytes[kept..<range.lowerBound]
      result += Redaction.mark.utf8
      kept = range.upperBound
    }
    result += bytes[kept...]
    return String(decoding: result, as: UTF8.self)
  }

  private mutating func hide(_ range: Range<Int>) {
    if !range.isEmpty, !bytes[range].elementsEqual(Redaction.mark.utf8) { hidden.append(range) }
  }

  private func byte(_ index: Int) -> UInt8? { bytes.indices.contains(index) ? bytes[index] : nil }

  private func matches(_ word: StaticString, at index: Int) -> Bool {
    guard index + word.utf8CodeUnitCount <= bytes.count else { return false }
    return word.description.utf8.enumerated().allSatisfy { bytes[index + $0] | 0x20 == $1 }
  }

  private static func endsURL(_ byte: UInt8) -> Bool {
    byte <= 0x20 || "\"'`<>\\".utf8.contains(byte)
  }

  /// Takes `://`, then hides what lies between the first colon and the `@` that ends the
  /// authority's credentials. A password may hold a slash that nobody escaped, so where there is no
  /// `@` before the path, one within it counts too.
  private mutating func url(at colon: Int) -> Int {
    guard byte(colon + 1) == UInt8(ascii: "/"), byte(colon + 2) == UInt8(ascii: "/") else {
      return colon + 1
    }
    let start = colon + 3
    var end = start
    var first: Int?
    var authorityAt: Int?
    var anyAt: Int?
    var isAuthority = true
    while let next = byte(end), !Self.endsURL(next) {
      switch next {
      case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"): isAuthority = false
      case UInt8(ascii: ":") where first == nil: first = end
      case UInt8(ascii: "@"):
        if isAuthority { authorityAt = end }
        anyAt = anyAt ?? end
      default: break
      }
      end += 1
    }
    guard let first, let at = authorityAt ?? anyAt, first < at else { return start }
    hide(first + 1..<at)
    return at
  }

  /// Takes `password`, `passwd`, `pwd` or `pass`, what joins it to a value, and hides the value. The
  /// short ones count where no letter stands before them: `DB_PASS=…`, and not `bypass=…`.
  private mutating func word(at start: Int) -> Int {
    var index: Int
    let isOneWord = start == 0 || !Self.isLetter(bytes[start - 1])
    if matches("password", at: start) {
      index = start + 8
    } else if matches("passwd", at: start) {
      index = start + 6
    } else if isOneWord, matches("pass", at: start) {
      index = start + 4
    } else if isOneWord, matches("pwd", at: start), !namesFolder(after: start + 3) {
      index = start + 3
    } else {
      return start + 1
    }
    let afterWord = index
    let keyQuote = quote(at: index)
    if let keyQuote { index += keyQuote.count }
    let beforeSpace = index
    index = skippingSpaces(index)
    let sign = byte(index)
    if sign == UInt8(ascii: "=") || (sign == UInt8(ascii: ":") && keyQuote != nil) {
      let isTight = sign == UInt8(ascii: "=") && index == beforeSpace
      index += 1
      let value = skippingSpaces(index)
      if let quote = quote(at: value) { return hideQuoted(quote, at: value) }
      return isTight && value == index ? hideBare(at: index) : afterWord
    }
    // `CREATE ROLE … PASSWORD '…'`
    if keyQuote == nil, afterWord > start + 4, index > beforeSpace {
      if let quote = literal(at: index) { return hideQuoted([UInt8(ascii: "'")], at: quote) }
      if let inner = dollarQuoted(at: index) {
        hide(inner)
        return inner.upperBound
      }
    }
    return afterWord
  }

  /// Where the quotation mark of PostgreSQL's `'…'`, `E'…'` or `U&'…'` stands.
  private func literal(at index: Int) -> Int? {
    let mark = UInt8(ascii: "'")
    if byte(index) == mark { return index }
    if matches("e", at: index), byte(index + 1) == mark { return index + 1 }
    let isUnicode = matches("u", at: index) && byte(index + 1) == UInt8(ascii: "&")
    return isUnicode && byte(index + 2) == mark ? index + 2 : nil
  }

  /// What lies in `$$…$$` or `$tag$…$tag$`, as far as the text or its JSON string goes.
  private func dollarQuoted(at start: Int) -> Range<Int>? {
    let dollar = UInt8(ascii: "$")
    guard byte(start) == dollar else { return nil }
    var index = start + 1
    while let next = byte(index), next != dollar {
      guard Self.isLetter(next) || next == UInt8(ascii: "_") else { return nil }
      index += 1
    }
    guard byte(index) == dollar else { return nil }
    let tag = bytes[start...index]
    let first = index + 1
    var end = first
    while let next = byte(end), next != UInt8(ascii: "\"") {
      if next == dollar, bytes[end...].starts(with: tag) { break }
      end += 1
    }
    return first..<min(end, bytes.count)
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  /// Whether it is the shell's `PWD=/…`.
  private func namesFolder(after index: Int) -> Bool {
    byte(index) == UInt8(ascii: "=") && byte(index + 1) == UInt8(ascii: "/")
  }

  private func skippingSpaces(_ start: Int) -> Int {
    var index = start
    while byte(index) == UInt8(ascii: " ") { index += 1 }
    return index
  }

  /// The quotation mark there: `'`, or `\"` as JSON holds a double quote. A bare double quote ends a
  /// JSON string and is never crossed.
  private func quote(at index: Int) -> [UInt8]? {
    if byte(index) == UInt8(ascii: "'") { return [UInt8(ascii: "'")] }
    if byte(index) == UInt8(ascii: "\\"), byte(index + 1) == UInt8(ascii: "\"") {
      return Array("\\\"".utf8)
    }
    return nil
  }

  private mutating func hideQuoted(_ quote: [UInt8], at start: Int) -> Int {
    let first = start + quote.count
    var index = first
    while let next = byte(index), next != UInt8(ascii: "\"") {
      if quote.count == 1, next == quote[0] {
        // A doubled quote is part of the value.
        guard byte(index + 1) == quote[0] else { break }
        index += 2
      } else if next == UInt8(ascii: "\\") {
        if quote.count == 2, byte(index + 1) == UInt8(ascii: "\"") { break }
        // JSON's `\\'` is a backslash and the quote that it escapes.
        let isEscapedQuote =
          byte(index + 1) == UInt8(ascii: "\\") && byte(index + 2) == UInt8(ascii: "'")
        index += isEscapedQuote ? 3 : 2
      } else {
        index += 1
      }
    }
    index = min(index, bytes.count)
    hide(first..<index)
    return index
  }

  private mutating func hideBare(at start: Int) -> Int {
    // A placeholder is no password.
    if let first = byte(start), "%?$:{".utf8.contains(first) { return start }
    var index = start
    while let next = byte(index), next > 0x20, !"&;,()\"'\\<>]}".utf8.contains(next) { index += 1 }
    // SQLAlchemy's `hide_password=False` is a switch.
    let value = String(decoding: bytes[start..<index], as: UTF8.self).lowercased()
    if !["true", "false", "none"].contains(value) { hide(start..<index) }
    return index
  }
}
