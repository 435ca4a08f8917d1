import Databases

/// A value as it was read, equal to another only when it is the same to the byte.
///
/// PostgreSQL's values are all text, in a form that `ColumnImage.kind` says; SQLite's keep their
/// storage class. Swift's own strings would take `é` in one and in two code points for the same.
enum Cell: Hashable, Sendable {
  case null
  case integer(Int64)
  case real(Double)
  case text(ExactText)
  /// SQLite: a text that is no UTF-8.
  case undecodedText([UInt8])
  case blob([UInt8])

  init(_ value: Value) {
    self =
      switch value {
      case .null: .null
      case .integer(let number): .integer(number)
      case .real(let number): .real(number)
      case .text(let text): .text(ExactText(text))
      case .undecodedText(let bytes): .undecodedText(bytes)
      case .blob(let bytes): .blob(bytes)
      }
  }

  var isNull: Bool { self == .null }

  /// The value for people and for the spelling of other types; nil for NULL.
  var text: String? {
    switch self {
    case .null: nil
    case .integer(let number): String(number)
    case .real(let number): Self.text(of: number)
    case .text(let text): text.string
    case .undecodedText(let bytes): "\\x\(bytes.hexadecimal) as text that is no UTF-8"
    case .blob(let bytes): "\\x" + bytes.hexadecimal
    }
  }

  /// A whole number as an integer is written, so that a column that became `REAL` reads the same.
  private static func text(of number: Double) -> String {
    if let whole = Int64(exactly: number), abs(number) < 1e15 { return String(whole) }
    return String(number)
  }
}

/// A string compared by its bytes.
struct ExactText: Hashable, Sendable {
  let string: String

  init(_ string: String) { self.string = string }

  static func == (left: ExactText, right: ExactText) -> Bool {
    left.string.utf8.elementsEqual(right.string.utf8)
  }

  func hash(into hasher: inout Hasher) {
    var text = string
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}
