/// PostgreSQL's text form of a one-dimensional array
/// (<https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO>).
enum ArrayLiteral {
  /// The elements of `{a,"b c",NULL}`, those that are NULL left out.
  static func elements(of literal: String) -> [String] {
    var elements: [String] = []
    var element: [UInt8] = []
    var (isQuoted, wasQuoted, isEscaped) = (false, false, false)
    func finish() {
      let text = String(decoding: element, as: UTF8.self)
      if wasQuoted || !(text.isEmpty || text == "NULL") { elements.append(text) }
      element.removeAll()
      wasQuoted = false
    }
    for byte in literal.utf8.dropFirst().dropLast() {
      if isEscaped {
        element.append(byte)
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "\"") {
        isQuoted.toggle()
        wasQuoted = true
      } else if byte == UInt8(ascii: ","), !isQuoted {
        finish()
      } else {
        element.append(byte)
      }
    }
    finish()
    return elements
  }
}
