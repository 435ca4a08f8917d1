/// A JSON document as PostgreSQL's `jsonb` writes it: keys by length and then bytes, the last of equal
/// ones, one blank after each colon and comma, numbers written out.
struct CanonicalJSON {
  private let bytes: [UInt8]
  /// Whether members stay as they stand, those of equal keys too.
  private let keepsOrder: Bool
  private var position = 0
  private var depth = 0

  /// nil for what is no JSON.
  static func text(of document: String) -> String? { text(of: document, keepsOrder: false) }

  /// The same with all members as they stand.
  static func orderedText(of document: String) -> String? {
    text(of: document, keepsOrder: true)
  }

  private static func text(of document: String, keepsOrder: Bool) -> String? {
    guard let first = document.utf8.first(where: { $0 > 0x20 }),
      "{[\"-0123456789tfn".utf8.contains(first)
    else { return nil }
    var reader = CanonicalJSON(document, keepsOrder: keepsOrder)
    guard let text = reader.value() else { return nil }
    reader.skipBlank()
    return reader.position == reader.bytes.count ? text : nil
  }

  private init(_ document: String, keepsOrder: Bool) {
    bytes = Array(document.utf8)
    self.keepsOrder = keepsOrder
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipBlank() {
    while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
  }

  private mutating func take(_ character: Character) -> Bool {
    skipBlank()
    guard let byte = next, byte == character.asciiValue else { return false }
    position += 1
    return true
  }

  private mutating func value() -> String? {
    skipBlank()
    depth += 1
    defer { depth -= 1 }
    guard depth < 512, let byte = next else { return nil }
    switch byte {
    case UInt8(ascii: "{"): return object()
    case UInt8(ascii: "["): return array()
    case UInt8(ascii: "\""): return string().map(Self.quoted)
    default: return word()
    }
  }

  private mutating func object() -> String? {
    guard take("{") else { return nil }
    var members: [ExactText: String] = [:]
    var inOrder: [String] = []
    if take("}") { return "{}" }
    repeat {
      skipBlank()
      guard let key = string(), take(":"), let value = value() else { return nil }
      members[ExactText(key)] = value
      if keepsOrder { inOrder.append(Self.quoted(key) + ": " + value) }
    } while take(",")
    guard take("}") else { return nil }
    if keepsOrder { return "{" + inOrder.joined(separator: ", ") + "}" }
    let sorted = members.sorted { left, right in
      let (one, other) = (left.key.string.utf8, right.key.string.utf8)
      return one.count == other.count
        ? one.lexicographicallyPrecedes(other) : one.count < other.count
    }
    return "{" + sorted.map { Self.quoted($0.key.string) + ": " + $0.value }.joined(separator: ", ")
      + "}"
  }

  private mutating func array() -> String? {
    guard take("[") else { return nil }
    if take("]") { return "[]" }
    var elements: [String] = []
    repeat {
      guard let element = value() else { return nil }
      elements.append(element)
    } while take(",")
    return take("]") ? "[" + elements.joined(separator: ", ") + "]" : nil
  }

  /// What stands between the quotes, its escapes undone.
  private mutating func string() -> String? {
    guard next == UInt8(ascii: "\"") else { return nil }
    position += 1
    var units: [UInt8] = []
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: units, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard let scalar = escaped() else { return nil }
        units += Array(String(scalar).utf8)
      default: units.append(byte)
      }
    }
    return nil
  }

  private mutating func escaped() -> Unicode.Scalar? {
    guard let byte = next else { return nil }
    position += 1
    switch byte {
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "u"):
      guard let unit = hexadecimal() else { return nil }
      guard (0xD800..<0xDC00).contains(unit) else { return Unicode.Scalar(unit) }
      guard next == UInt8(ascii: "\\") else { return nil }
      position += 1
      guard next == UInt8(ascii: "u") else { return nil }
      position += 1
      guard let low = hexadecimal(), (0xDC00..<0xE000).contains(low) else { return nil }
      return Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
    default: return Unicode.Scalar(byte)
    }
  }

  private mutating func hexadecimal() -> UInt32? {
    guard position + 4 <= bytes.count else { return nil }
    defer { position += 4 }
    return UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
  }

  /// A number, `true`, `false` or `null`.
  private mutating func word() -> String? {
    let start = position
    while let byte = next, byte > 0x20, !",]}:[{\"".utf8.contains(byte) { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if ["true", "false", "null"].contains(text) { return text }
    return DecimalText.expanded(text)
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case "\u{8}": result += "\\b"
      case "\u{C}": result += "\\f"
      case "\0"..<" ":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

/// Decimal numbers as text.
enum DecimalText {
  /// Without an exponent, as PostgreSQL's `numeric` writes it; nil for what is no number.
  static func expanded(_ text: String) -> String? {
    let isNegative = text.hasPrefix("-")
    let parts = text.dropFirst(isNegative ? 1 : 0).lowercased().split(
      separator: "e", maxSplits: 1, omittingEmptySubsequences: false)
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    guard mantissa.count <= 2, let whole = mantissa.first, !whole.isEmpty,
      mantissa.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
      let exponent = parts.count == 2 ? Int(parts[1]) : 0, abs(exponent) < 10_000
    else { return nil }
    let fraction = mantissa.count == 2 ? mantissa[1] : ""
    var digits = Array((whole + fraction).utf8)
    var point = whole.utf8.count + exponent
    if point < 1 {
      digits = Array(repeating: 0x30, count: 1 - point) + digits
      point = 1
    }
    if point > digits.count {
      digits += Array(repeating: 0x30, count: point - digits.count)
    }
    while point > 1, digits[0] == 0x30 {
      digits.removeFirst()
      point -= 1
    }
    let isZero = digits.allSatisfy { $0 == 0x30 }
    let result =
      String(decoding: digits[..<point], as: UTF8.self)
      + (point < digits.count ? "." + String(decoding: digits[point...], as: UTF8.self) : "")
    return (isNegative && !isZero ? "-" : "") + result
  }
}
