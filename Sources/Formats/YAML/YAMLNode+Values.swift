extension YAMLNode {
  /// What a scalar says by YAML 1.2's core schema (https://yaml.org/spec/1.2.2/#103-core-schema):
  /// `yes` and `on` are text there, and so is everything between quotes.
  package enum Value: Sendable, Hashable {
    case null
    case bool(Bool)
    case int(Int)
    case double(Double)
    case text(String)
  }

  /// The scalar's value; nil for sequences and mappings.
  package var value: Value? {
    guard case .scalar(let text, let isPlain) = content else { return nil }
    guard isPlain else { return .text(text) }
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    default: break
    }
    if let number = Self.integer(text) { return .int(number) }
    if let number = Self.number(text) { return .double(number) }
    return .text(text)
  }

  /// A scalar's text as it was written, also where it looks like a number (revisions do); nil for
  /// null, sequences and mappings.
  package var string: String? {
    guard case .scalar(let text, _) = content, value != .null else { return nil }
    return text
  }

  /// The flag, where it is one.
  package var bool: Bool? {
    if case .bool(let flag) = value { flag } else { nil }
  }

  /// The whole number, where it is one that fits 64 bits.
  package var int: Int? {
    if case .int(let number) = value { number } else { nil }
  }

  /// The number, whole or not, where it is one.
  package var double: Double? {
    switch value {
    case .int(let number): Double(number)
    case .double(let number): number
    default: nil
    }
  }

  /// Whether nothing is said: an empty value, `~` or `null`.
  package var isNull: Bool { value == .null }

  /// The items, where it is a sequence.
  package var sequence: [YAMLNode]? {
    if case .sequence(let items) = content { items } else { nil }
  }

  /// The entries in the file's order, where it is a mapping.
  package var mapping: [Entry]? {
    if case .mapping(let entries) = content { entries } else { nil }
  }

  /// The value of a mapping's key.
  package subscript(key: String) -> YAMLNode? { mapping?.first { $0.key == key }?.value }

  /// What it is, as a sentence about a wrong type names it: `a list`, `the text "ja"`.
  package var title: String {
    switch content {
    case .sequence: return "a list"
    case .mapping: return "a mapping"
    case .scalar(let text, _):
      switch value {
      case .null: return "nothing"
      case .bool: return text
      case .int, .double: return "the number \(text)"
      default: return "the text \"\(text.count > 40 ? text.prefix(40) + "…" : text)\""
      }
    }
  }

  private static func integer(_ text: String) -> Int? {
    if text.hasPrefix("0o") { return digits(text.dropFirst(2), radix: 8) }
    if text.hasPrefix("0x") { return digits(text.dropFirst(2), radix: 16) }
    return Int(text)
  }

  /// `Int(_:radix:)` would take a sign after the prefix.
  private static func digits(_ text: Substring, radix: Int) -> Int? {
    guard let first = text.first, first != "-", first != "+" else { return nil }
    return Int(text, radix: radix)
  }

  private static func number(_ text: String) -> Double? {
    switch text {
    case ".nan", ".NaN", ".NAN": return .nan
    case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .infinity
    case "-.inf", "-.Inf", "-.INF": return -.infinity
    default: break
    }
    let allowed = text.utf8.allSatisfy { byte in
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || ".eE+-".utf8.contains(byte)
    }
    return allowed ? Double(text) : nil
  }
}
