/// Bytes that are to be text, as files written by any editor hold them.
package enum UTF8Text {
  /// The text without a byte order mark.
  ///
  /// - Parameter name: what errors call the text, usually its path.
  /// - Throws: `FormatError` `not-utf-8` with the line of the first byte that is not UTF-8.
  package static func decode(_ bytes: [UInt8], name: String) throws -> String {
    let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
    if let text = String(validating: body, as: UTF8.self) { return text }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw FormatError(
        .notUTF8, source: name, line: 1, message: "the text is UTF-16 and should be UTF-8")
    }
    let (line, column) = firstFault(in: body)
    throw FormatError(
      .notUTF8, source: name, line: line, column: column, message: "the text is not UTF-8")
  }

  /// Line and column, from 1, of the first byte that belongs to no character.
  private static func firstFault(in bytes: ArraySlice<UInt8>) -> (line: Int, column: Int) {
    var decoder = UTF8()
    var source = bytes.makeIterator()
    var (line, column) = (1, 1)
    while case .scalarValue(let scalar) = decoder.decode(&source) {
      column += 1
      if scalar == "\n" { (line, column) = (line + 1, 1) }
    }
    return (line, column)
  }
}
