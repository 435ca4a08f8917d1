import Databases

/// Writes values in PostgreSQL's text form for a column's type.
enum PostgresText {
  /// nil for NULL.
  static func text(of value: InputValue, as type: ColumnType) -> String? {
    let base = type.base
    switch value {
    case .null: return nil
    case .boolean(let flag):
      switch base {
      case .integer, .numeric, .real: return flag ? "1" : "0"
      case .bits(let length, _):
        return String(repeating: "0", count: max(0, (length ?? 1) - 1)) + (flag ? "1" : "0")
      default: return flag ? "true" : "false"
      }
    case .integer(let number): return String(number)
    case .decimal(let text): return text
    case .json(let text): return text
    case .text(let text):
      // Its escape form would read backslashes.
      if base == .bytes, !text.hasPrefix("\\x") { return "\\x" + Array(text.utf8).hexadecimal }
      return text
    case .bytes(let bytes):
      if base == .bytes { return "\\x" + bytes.hexadecimal }
      if base == .uuid { return bytes.hexadecimal }
      return String(validating: bytes, as: UTF8.self) ?? "\\x" + bytes.hexadecimal
    case .list(let items): return list(items, as: base)
    }
  }

  private static func list(_ items: [InputValue], as type: ColumnType) -> String {
    switch type {
    case .composite(let fields):
      let values = items.enumerated().map { index, item in
        let type = index < fields.count ? fields[index].type : .text(limit: nil)
        return text(of: item, as: type).map(quoted) ?? ""
      }
      return "(\(values.joined(separator: ",")))"
    case .json, .jsonb: return InputValue.list(items).json
    case .array(let element): return array(items, of: element)
    default: return array(items, of: type)
    }
  }

  /// <https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO>; `box` alone has its own
  /// separator.
  private static func array(_ items: [InputValue], of element: ColumnType) -> String {
    let texts = items.map { item in
      if case .list(let inner) = item, !element.base.takesLists { return array(inner, of: element) }
      return text(of: item, as: element).map(quoted) ?? "NULL"
    }
    let separator = element.base == .geometric("box") ? ";" : ","
    return "{\(texts.joined(separator: separator))}"
  }

  private static func quoted(_ text: String) -> String {
    var result: [UInt8] = [UInt8(ascii: "\"")]
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
        result.append(UInt8(ascii: "\\"))
      }
      result.append(byte)
    }
    return String(decoding: result + [UInt8(ascii: "\"")], as: UTF8.self)
  }

  /// A text as SQL's literal without a type, which takes the one of the column that it goes into
  /// as an assignment does: too long a text is refused, not cut as by a cast.
  static func literal(_ text: String?) -> String {
    guard let text else { return "NULL" }
    // By bytes: a quote that a combining mark follows is no character of its own.
    let quote = UInt8(ascii: "'")
    let doubled = text.utf8.flatMap { $0 == quote ? [quote, quote] : [$0] }
    return "'" + String(decoding: doubled, as: UTF8.self) + "'"
  }
}

extension ColumnType {
  fileprivate var takesLists: Bool {
    switch self {
    case .composite, .json, .jsonb: true
    default: false
    }
  }
}
