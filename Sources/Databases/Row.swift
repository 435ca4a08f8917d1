/// A value as an engine hands it out: PostgreSQL's always in its text form, SQLite's by storage class.
package enum Value: Hashable, Sendable {
  case null
  case integer(Int64)
  case real(Double)
  case text(String)
  /// SQLite: a text that is no UTF-8, which is kept as it was given.
  case undecodedText([UInt8])
  case blob([UInt8])

  /// SQLite's text of these bytes.
  package init(text bytes: some Collection<UInt8>) {
    self =
      String(validating: bytes, as: UTF8.self).map { .text($0) } ?? .undecodedText(Array(bytes))
  }

  /// The value as text: numbers in their shortest form, blobs in hexadecimal, what is no UTF-8
  /// with U+FFFD in its place; nil for NULL.
  package var text: String? {
    switch self {
    case .null: nil
    case .integer(let number): String(number)
    case .real(let number): String(number)
    case .text(let text): text
    case .undecodedText(let bytes): String(decoding: bytes, as: UTF8.self)
    case .blob(let bytes):
      bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
  }

  /// The value as a whole number, where it is one or PostgreSQL's text says one.
  package var integer: Int64? {
    switch self {
    case .integer(let number): number
    case .text(let text): Int64(text)
    default: nil
    }
  }

  /// PostgreSQL's `t`/`f` or SQLite's 1/0.
  package var boolean: Bool? {
    switch self {
    case .text("t"), .integer(1): true
    case .text("f"), .integer(0): false
    default: nil
    }
  }
}

/// One row of a result, its values in the order of the query's columns.
package struct Row: Hashable, Sendable {
  package let values: [Value]

  package init(_ values: [Value]) { self.values = values }

  package subscript(column: Int) -> Value { values[column] }

  /// The column's text; the empty string for NULL, for columns that the query never leaves NULL.
  package func text(_ column: Int) -> String { values[column].text ?? "" }
}
