/// Bytes as `%XX`, where they would mean something in the place that a text is written to
/// (<https://www.rfc-editor.org/rfc/rfc3986#section-2.1>).
package enum PercentEncoding {
  /// The text with everything but ASCII letters, digits and these marks encoded.
  ///
  /// - Parameter text: as UTF-8.
  package static func encoded(_ text: some Sequence<UInt8>, keeping marks: String) -> String {
    let kept = Set(marks.utf8)
    return encoded(text) { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: kept.contains(byte)
      }
    }
  }

  /// The text with these characters of ASCII encoded, and all others as they are.
  package static func encoded(_ text: String, only marks: String) -> String {
    let encoded = Set(marks.utf8)
    return text.unicodeScalars.map { scalar in
      scalar.isASCII && encoded.contains(UInt8(ascii: scalar))
        ? Self.encoded(CollectionOfOne(UInt8(ascii: scalar))) { _ in false } : String(scalar)
    }.joined()
  }

  /// The text with every `%XX` decoded; a percent sign before anything else stands for itself.
  package static func decoded(_ text: some StringProtocol) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      let digits = String(decoding: rest.prefix(2), as: UTF8.self)
      if byte == UInt8(ascii: "%"), digits.count == 2, digits.allSatisfy(\.isHexDigit),
        let value = UInt8(digits, radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func encoded(
    _ text: some Sequence<UInt8>, where isPlain: (UInt8) -> Bool
  ) -> String {
    text.map { byte in
      if isPlain(byte) { return String(UnicodeScalar(byte)) }
      let digits = String(byte, radix: 16, uppercase: true)
      return "%" + (digits.count == 1 ? "0" : "") + digits
    }.joined()
  }
}
