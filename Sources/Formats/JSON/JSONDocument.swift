/// Reads a text that holds one JSON document, with the lines that `JSONDecoder` does not tell.
package enum JSONDocument {
  /// Parses by RFC 8259 (<https://www.rfc-editor.org/rfc/rfc8259>), which leaves repeated keys to the
  /// reader: they are refused, since one of the values would be lost.
  ///
  /// - Parameter name: what errors call the text, usually its path.
  /// - Throws: `FormatError` with the line and column.
  package static func parse(_ text: String, name: String) throws -> JSONNode {
    var parser = JSONParser(bytes: Array(text.utf8), source: name)
    return try parser.document()
  }
}

/// Reads values by recursive descent.
private struct JSONParser {
  static let depthLimit = 100

  let bytes: [UInt8]
  let source: String
  private var next = 0
  private var line = 1
  private var lineStart = 0

  init(bytes: [UInt8], source: String) {
    self.bytes = bytes
    self.source = source
  }

  mutating func document() throws -> JSONNode {
    let root = try value(depth: 0)
    skipSpace()
    guard next == bytes.count else { throw error("something follows the end of the document") }
    return root
  }

  private mutating func value(depth: Int) throws -> JSONNode {
    guard depth <= Self.depthLimit else {
      throw error("nested more than \(Self.depthLimit) levels deep")
    }
    skipSpace()
    let start = line
    guard next < bytes.count else { throw error("the text ends where a value is expected") }
    switch bytes[next] {
    case UInt8(ascii: "{"): return JSONNode(.object(try members(depth: depth)), line: start)
    case UInt8(ascii: "["): return JSONNode(.array(try items(depth: depth)), line: start)
    case UInt8(ascii: "\""): return JSONNode(.string(try string()), line: start)
    default: return JSONNode(try literal(), line: start)
    }
  }

  private mutating func members(depth: Int) throws -> [JSONNode.Member] {
    var members: [JSONNode.Member] = []
    var lines: [String: Int] = [:]
    next += 1
    if skips("}") { return [] }
    repeat {
      skipSpace()
      guard next < bytes.count, bytes[next] == UInt8(ascii: "\"") else {
        throw error("a key between double quotes is expected")
      }
      let start = line
      let key = try string()
      if let first = lines.updateValue(start, forKey: key) {
        throw error(.jsonDuplicateKey, "the key \"\(key)\" is already in line \(first)")
      }
      guard skips(":") else { throw error("a colon is expected after the key \"\(key)\"") }
      members.append(.init(key: key, line: start, value: try value(depth: depth + 1)))
    } while skips(",")
    guard skips("}") else { throw error("a comma or a closing brace is expected") }
    return members
  }

  private mutating func items(depth: Int) throws -> [JSONNode] {
    var items: [JSONNode] = []
    next += 1
    if skips("]") { return [] }
    repeat { items.append(try value(depth: depth + 1)) } while skips(",")
    guard skips("]") else { throw error("a comma or a closing bracket is expected") }
    return items
  }

  private mutating func string() throws -> String {
    var content: [UInt8] = []
    next += 1
    while next < bytes.count {
      let byte = bytes[next]
      next += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: content, as: UTF8.self)
      case UInt8(ascii: "\\"): content += String(try escaped()).utf8
      case 0..<0x20:
        next -= 1
        throw error("a control character stands unescaped in a text")
      default: content.append(byte)
      }
    }
    throw error("a text is never closed")
  }

  private mutating func escaped() throws -> Unicode.Scalar {
    guard next < bytes.count else { throw error("a text is never closed") }
    defer { next += 1 }
    switch bytes[next] {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try codePoint()
    default: throw error("a backslash stands before what it does not escape")
    }
  }

  /// What follows `\u`; leaves `next` at its last digit.
  private mutating func codePoint() throws -> Unicode.Scalar {
    let first = try hexadecimal()
    if let scalar = Unicode.Scalar(first) { return scalar }
    let isPair = first < 0xDC00 && bytes[(next + 1)...].starts(with: #"\u"#.utf8)
    if isPair { next += 2 }
    guard isPair, case let second = try hexadecimal(), (0xDC00...0xDFFF).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw error("half of a surrogate pair stands alone") }
    return scalar
  }

  private mutating func hexadecimal() throws -> UInt32 {
    let digits = bytes[(next + 1)...].prefix(4)
    guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let number = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw error(#"four hexadecimal digits are expected after \u"#) }
    next += 4
    return number
  }

  private mutating func literal() throws -> JSONNode.Content {
    let word = bytes[next...].prefix { byte in
      byte >= 0x80 || Character(Unicode.Scalar(byte)).isLetter
        || "+-.0123456789".utf8.contains(byte)
    }
    let text = String(decoding: word, as: UTF8.self)
    let content: JSONNode.Content
    switch text {
    case "null": content = .null
    case "true": content = .boolean(true)
    case "false": content = .boolean(false)
    default:
      guard text.wholeMatch(of: Self.number) != nil else {
        throw error(text.isEmpty ? "a value is expected" : "\(text.prefix(40)) is no JSON value")
      }
      content = .number(text)
    }
    next += word.count
    return content
  }

  private static var number: Regex<Substring> {
    /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/
  }

  /// Whether this character comes next, which is then passed.
  private mutating func skips(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard next < bytes.count, bytes[next] == UInt8(ascii: character) else { return false }
    next += 1
    return true
  }

  private mutating func skipSpace() {
    while next < bytes.count {
      switch bytes[next] {
      case UInt8(ascii: "\n"): (line, lineStart) = (line + 1, next + 1)
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): break
      default: return
      }
      next += 1
    }
  }

  private func error(_ message: String) -> FormatError { error(.json, message) }

  private func error(_ code: FormatError.Code, _ message: String) -> FormatError {
    FormatError(
      code, source: source, line: line, column: next - lineStart + 1, message: message)
  }
}
