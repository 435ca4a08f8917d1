/// A piece of the page: HTML that this program wrote, in which everything else is escaped.
///
/// Literals are HTML; what is interpolated is text, whatever it holds, and can stand between tags and
/// within the double quotes of an attribute. This is the only place that escapes: no other type turns a
/// `String` into a `Markup`.
struct Markup: Sendable, ExpressibleByStringInterpolation {
  private(set) var text: String

  init() { text = "" }
  init(stringLiteral value: String) { text = value }
  init(stringInterpolation: Interpolation) { text = stringInterpolation.text }

  /// A file that this program carries, as it is.
  init(resource bytes: [UInt8]) { text = String(decoding: bytes, as: UTF8.self) }

  static func += (left: inout Markup, right: Markup) { left.text += right.text }

  struct Interpolation: StringInterpolationProtocol {
    fileprivate var text: String

    init(literalCapacity: Int, interpolationCount: Int) {
      text = ""
      text.reserveCapacity(literalCapacity + 16 * interpolationCount)
    }

    mutating func appendLiteral(_ literal: String) { text += literal }
    mutating func appendInterpolation(_ content: String) { text += Markup.escaped(content) }
    mutating func appendInterpolation(_ number: Int) { text += String(number) }
    mutating func appendInterpolation(_ markup: Markup) { text += markup.text }
    mutating func appendInterpolation(_ markups: [Markup]) {
      for markup in markups { text += markup.text }
    }
  }

  /// Text in which nothing is markup, and in which what would steer a terminal or turn the direction of
  /// writing is shown.
  private static func escaped(_ content: String) -> String {
    let isPlain = content.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"): false
      case UInt8(ascii: "\""), UInt8(ascii: "'"): false
      case 0x20..<0x7F, 0x0A: true
      default: false
      }
    }
    if isPlain { return content }
    var result = ""
    for scalar in VisibleText.lines(content).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension [Markup] {
  /// With something between each two of them.
  func joined(by separator: Markup) -> Markup {
    var result = Markup()
    for (index, markup) in enumerated() {
      if index > 0 { result += separator }
      result += markup
    }
    return result
  }
}
