import Databases
import Formats

/// Gives a fixture's value the form in which its column takes it on this engine, or says why it can be
/// no value of the column's.
///
/// What PostgreSQL reads by itself is left to it. SQLite would keep almost anything in any column, so
/// that what the application cannot read back is refused here.
struct ColumnFit {
  private let column: ColumnShape
  private let type: ColumnType
  private let engine: Engine

  init(_ column: ColumnShape, _ engine: Engine) {
    self.init(column, column.type.base, engine)
  }

  private init(_ column: ColumnShape, _ type: ColumnType, _ engine: Engine) {
    self.column = column
    self.type = type
    self.engine = engine
  }

  func fitted(_ value: InputValue) throws(Refusal) -> InputValue {
    if value == .null { return value }
    switch type {
    case .json, .jsonb: return try json(value)
    case .array(let element): return try array(value, of: element.base)
    case .boolean: return try boolean(value)
    case .integer(let bits): return try integer(value, bits: bits)
    case .numeric, .real, .money: return try number(value)
    case .bytes: return try bytes(value)
    case .date, .time, .timestamp, .interval: return try time(value)
    case .enumeration(let labels): return try label(value, of: labels)
    case .text, .character, .byteCharacter, .name, .caselessText: return try text(value)
    case .uuid:
      switch value {
      case .text, .bytes: return value
      default: throw refusal(value, "write its digits between quotes")
      }
    default: return value
    }
  }

  private func json(_ value: InputValue) throws(Refusal) -> InputValue {
    if case .text(let text) = value {
      // The engines take a member that is given twice.
      guard CanonicalJSON.text(of: text) != nil else {
        throw refusal(
          "a text that is no JSON document",
          #"write a mapping or a list; a JSON text has its own quotes: '"dark"'"#)
      }
      return value
    }
    guard let text = value.jsonText else {
      throw refusal(value, "write it as a text in a mapping or list")
    }
    return .json(text)
  }

  private func array(_ value: InputValue, of element: ColumnType) throws(Refusal) -> InputValue {
    switch value {
    case .text: return value
    case .list(let items):
      var fitted: [InputValue] = []
      for item in items {
        if case .list = item, !element.isDocument {
          // A further dimension.
          fitted.append(try self.fitted(item))
        } else {
          fitted.append(try ColumnFit(column, element, engine).fitted(item))
        }
      }
      return .list(fitted)
    default: throw refusal(value, "write its elements as a list")
    }
  }

  private func boolean(_ value: InputValue) throws(Refusal) -> InputValue {
    switch value {
    case .boolean: return value
    case .integer(let number) where number == 0 || number == 1: return .boolean(number == 1)
    case .text(let text):
      switch text.lowercased() {
      case "true", "t", "yes", "y", "on", "1": return .boolean(true)
      case "false", "f", "no", "n", "off", "0": return .boolean(false)
      default: break
      }
    default: break
    }
    throw refusal(value, "write true or false")
  }

  private func integer(_ value: InputValue, bits: Int) throws(Refusal) -> InputValue {
    let number: Int64
    switch value {
    case .boolean: return value
    case .integer(let given): number = given
    case .decimal(let text), .text(let text):
      if let whole = Int64(text) {
        number = whole
      } else if let given = Double(text) {
        guard let whole = Int64(exactly: given) else {
          throw refusal("a number with a fraction, or too large", "write a whole number")
        }
        number = whole
      } else if case .text = value, engine == .postgresql, text.contains(where: \.isNumber) {
        return value
      } else {
        throw refusal("a text that is no number", "write a whole number")
      }
    default: throw refusal(value, "write a whole number")
    }
    if engine == .postgresql, bits < 64, number >= 1 << (bits - 1) || number < -(1 << (bits - 1)) {
      throw refusal("a number of more than \(bits) bits", "write a smaller number")
    }
    if case .text = value { return value }
    return .integer(number)
  }

  private func number(_ value: InputValue) throws(Refusal) -> InputValue {
    switch value {
    case .boolean, .integer, .decimal: return value
    case .text(let text):
      let isNumber = Double(text) != nil
      if isNumber || engine == .postgresql && (text.contains(where: \.isNumber)) { return value }
      throw refusal("a text that is no number", "write a number")
    default: throw refusal(value, "write a number")
    }
  }

  private func bytes(_ value: InputValue) throws(Refusal) -> InputValue {
    switch value {
    case .bytes: return value
    case .text(let text):
      if let bytes = Self.bytes(hexadecimal: text) { return .bytes(bytes) }
      throw refusal(
        "a text", #"write !!binary and base64, {"$binary": "…"} in JSON, \x and hexadecimal in CSV"#
      )
    default: throw refusal(value, "write binary data")
    }
  }

  /// PostgreSQL's hex format
  /// (<https://www.postgresql.org/docs/current/datatype-binary.html#DATATYPE-BINARY-BYTEA-HEX-FORMAT>).
  private static func bytes(hexadecimal text: String) -> [UInt8]? {
    guard text.hasPrefix("\\x") else { return nil }
    let digits = text.dropFirst(2).compactMap(\.hexDigitValue)
    guard digits.count == text.count - 2, digits.count.isMultiple(of: 2) else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }

  private func time(_ value: InputValue) throws(Refusal) -> InputValue {
    switch value {
    case .text(let text) where engine == .postgresql: return .text(text)
    case .text(let text) where text.contains(where: \.isNumber):
      if case .interval = type { return value }
      guard Self.mayBeDay(text) else {
        throw refusal("a day that is in no calendar", "write a day that there is")
      }
      return value
    // SQLite has no type of its own for them, and applications also keep seconds.
    case .integer, .decimal: if engine == .sqlite { return value }
    default: break
    }
    throw refusal(value, "write it as ISO 8601 has it, like 2001-02-03 04:05:06")
  }

  /// False for `2001-13-45`, which SQLite would keep and no application read; true for what does not
  /// begin with a day.
  private static func mayBeDay(_ text: String) -> Bool {
    guard let parts = text.prefixMatch(of: /(\d{4})-(\d{1,2})-(\d{1,2})/)?.output,
      let year = Int(parts.1), let month = Int(parts.2), let day = Int(parts.3)
    else { return true }
    guard (1...12).contains(month), (1...31).contains(day) else { return false }
    return Calendar.date(days: Calendar.days(year: year, month: month, day: day)).day == day
  }

  private func label(_ value: InputValue, of labels: [String]) throws(Refusal) -> InputValue {
    let written: String
    switch value {
    case .text(let text), .decimal(let text): written = text
    case .integer(let number): written = String(number)
    case .boolean(let flag): written = flag ? "true" : "false"
    default: throw refusal(value, "write one of its labels: \(shortList(labels))")
    }
    guard labels.contains(written) else {
      let near = Spelling.nearest(to: written, among: labels)
      throw refusal(
        "none of its labels",
        near.map { "did you mean \($0)?" } ?? "write one of its labels: \(shortList(labels))")
    }
    return .text(written)
  }

  private func text(_ value: InputValue) throws(Refusal) -> InputValue {
    switch value {
    // SQLite would store 1 or 0.
    case .boolean(let flag): return .text(flag ? "true" : "false")
    case .integer(let number): return .text(String(number))
    case .decimal(let text): return .text(text)
    case .bytes: throw refusal(value, "write it as text")
    // Documents that applications keep in text columns.
    case .list:
      guard let text = value.jsonText else { throw refusal(value, "write it as text") }
      return .json(text)
    default: return value
    }
  }

  private func refusal(_ value: InputValue, _ fix: String) -> Refusal {
    let kind =
      switch value {
      case .null: "NULL"
      case .boolean: "true or false"
      case .integer, .decimal: "a number"
      case .text: "a text"
      case .bytes: "binary data"
      case .list: "a list"
      case .json: "a mapping"
      }
    return refusal(kind, fix)
  }

  private func refusal(_ kind: String, _ fix: String) -> Refusal {
    Refusal(message: "is \(column.typeText), and the value is \(kind)", fix: fix)
  }
}

extension ColumnType {
  /// Whether a list may be one value of it.
  fileprivate var isDocument: Bool { self == .json || self == .jsonb }
}
