/// One line of a CSV text, or several where a quoted field holds line breaks.
package struct CSVRecord: Hashable, Sendable {
  package struct Field: Hashable, Sendable {
    package let text: String
    /// Whether it stands between quotes, which tells an empty text from nothing at all.
    package let isQuoted: Bool

    package init(_ text: String, isQuoted: Bool = false) {
      self.text = text
      self.isQuoted = isQuoted
    }
  }

  package let fields: [Field]
  /// Where it begins; from 1.
  package let line: Int
}

/// Reads a text of comma-separated values.
package enum CSVDocument {
  /// All records by RFC 4180 (<https://www.rfc-editor.org/rfc/rfc4180>), of whatever number of
  /// fields; lines may also end with a line feed or a carriage return alone, and empty ones are
  /// skipped.
  ///
  /// - Parameter name: what errors call the text, usually its path.
  /// - Throws: `FormatError` with the line, where a quote does not stand at a field's two ends.
  package static func records(of text: String, name: String) throws -> [CSVRecord] {
    var reader = CSVReader(bytes: Array(text.utf8), source: name)
    return try reader.records()
  }
}

/// Walks through the bytes once.
private struct CSVReader {
  private static let (comma, quote) = (UInt8(ascii: ","), UInt8(ascii: "\""))
  private static let (feed, carriage) = (UInt8(ascii: "\n"), UInt8(ascii: "\r"))

  let bytes: [UInt8]
  let source: String
  private var next = 0
  private var line = 1

  init(bytes: [UInt8], source: String) {
    self.bytes = bytes
    self.source = source
  }

  mutating func records() throws -> [CSVRecord] {
    var records: [CSVRecord] = []
    while next < bytes.count {
      let start = line
      if skipLineEnd() { continue }
      var fields = [try field()]
      while next < bytes.count, bytes[next] == Self.comma {
        next += 1
        fields.append(try field())
      }
      _ = skipLineEnd()
      records.append(CSVRecord(fields: fields, line: start))
    }
    return records
  }

  private mutating func field() throws -> CSVRecord.Field {
    if next < bytes.count, bytes[next] == Self.quote { return try quotedField() }
    let start = next
    while next < bytes.count, !isFieldEnd(bytes[next]) {
      guard bytes[next] != Self.quote else {
        throw error(line, "a quote stands inside a field that does not begin with one")
      }
      next += 1
    }
    return .init(String(decoding: bytes[start..<next], as: UTF8.self))
  }

  private mutating func quotedField() throws -> CSVRecord.Field {
    let start = line
    var content: [UInt8] = []
    next += 1
    while next < bytes.count {
      if bytes[next] == Self.quote {
        next += 1
        guard next < bytes.count, bytes[next] == Self.quote else {
          guard next == bytes.count || isFieldEnd(bytes[next]) else {
            throw error(line, "text follows the quote that ends a field")
          }
          return .init(String(decoding: content, as: UTF8.self), isQuoted: true)
        }
      } else if bytes[next] == Self.feed {
        line += 1
      }
      content.append(bytes[next])
      next += 1
    }
    throw error(start, "a quoted field is never closed")
  }

  private func isFieldEnd(_ byte: UInt8) -> Bool {
    byte == Self.comma || byte == Self.feed || byte == Self.carriage
  }

  private mutating func skipLineEnd() -> Bool {
    guard next < bytes.count, bytes[next] == Self.feed || bytes[next] == Self.carriage else {
      return false
    }
    let isPair = bytes[next...].starts(with: [Self.carriage, Self.feed])
    next += isPair ? 2 : 1
    line += 1
    return true
  }

  private func error(_ line: Int, _ message: String) -> FormatError {
    FormatError(.csvSyntax, source: source, line: line, message: message)
  }
}
