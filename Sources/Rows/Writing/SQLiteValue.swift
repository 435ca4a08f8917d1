import Databases

/// Gives values the storage class in which SQLite's column takes them; what its affinity then makes of
/// them is SQLite's own affair.
enum SQLiteValue {
  static func value(of value: InputValue, in column: ColumnShape) -> Value {
    switch value {
    case .null: return .null
    case .boolean(let flag): return .integer(flag ? 1 : 0)
    case .integer(let number): return .integer(number)
    case .decimal(let text):
      // The affinity reads the number; where there is none it is to be one all the same.
      guard column.affinity == .blob || column.affinity == .any || column.affinity == nil,
        let number = Double(text), number.isFinite
      else { return .text(text) }
      return .real(number)
    case .text(let text), .json(let text): return .text(text)
    case .bytes(let bytes): return .blob(bytes)
    case .list: return .text(value.json)
    }
  }
}
