import FoundationEssentials
import Formats

extension FixtureNode {
  /// Plain scalars by YAML 1.2's core schema (https://yaml.org/spec/1.2.2/#103-core-schema); a number
  /// that is not spelled as it would be printed, like `012` or `1e3`, keeps its spelling, for text
  /// columns.
  init(_ node: YAMLNode) {
    line = node.line
    switch node.content {
    case .sequence(let items): content = .list(items.map { FixtureNode($0) })
    case .mapping(let entries):
      content = .map(
        entries.map { Entry(key: $0.key, line: $0.line, node: FixtureNode($0.value)) })
    case .scalar(let text, let isPlain):
      content = Self.content(text, isPlain: isPlain, node)
    }
  }

  private static func content(_ text: String, isPlain: Bool, _ node: YAMLNode) -> Content {
    switch node.tag {
    case "binary": return binary(text)
    case nil, "str": break
    case .some(let tag):
      return .refused(
        Refusal(
          message: "the tag !!\(tag) means nothing in a fixture",
          fix: isPlain ? "leave it out" : "leave it out, and the quotes as well"))
    }
    switch node.value {
    case .null, nil: return .value(.null)
    case .bool(let flag): return .value(.boolean(flag))
    case .int(let number):
      let isHexadecimalOrOctal = text.hasPrefix("0x") || text.hasPrefix("0o")
      return .value(
        isHexadecimalOrOctal || text == String(number)
          ? .integer(Int64(number)) : .decimal(text))
    case .double(let number):
      if number.isNaN { return .value(.decimal("NaN")) }
      guard text.hasSuffix("f") || text.hasSuffix("F") else { return .value(.decimal(text)) }
      return .value(.decimal(number < 0 ? "-Infinity" : "Infinity"))
    case .text(let text): return self.text(text)
    }
  }

  /// U+0000 is in no text of PostgreSQL's, and ends one in SQLite's C interface.
  static func text(_ text: String) -> Content {
    guard !text.unicodeScalars.contains("\0") else {
      return .refused(
        Refusal(
          message: "a text cannot hold the character U+0000",
          fix: "leave it out, or write the value as binary data"))
    }
    return .value(.text(text))
  }

  /// Base64 (RFC 4648), with line breaks and spaces wherever they are.
  static func binary(_ text: String) -> Content {
    let digits = text.filter { !$0.isWhitespace }
    guard let data = Data(base64Encoded: digits) else {
      return .refused(
        Refusal(
          message: "the binary value is no base64", fix: "write what `base64` prints of it"))
    }
    return .value(.bytes([UInt8](data)))
  }
}
