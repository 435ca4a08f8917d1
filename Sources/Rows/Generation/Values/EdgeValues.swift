import Databases

/// The outermost values that a type holds: longest texts, largest and smallest numbers, first and last
/// days. Where a type has no ends, its typical values.
struct EdgeValues {
  let typical: TypicalValues

  /// - Parameters:
  ///   - number: the row's; odd ones are at the lower end.
  ///   - isKey: whether rows are found by the column: a key stays such that another can follow it.
  func value(for column: ColumnShape, _ number: Int, isKey: Bool) -> InputValue? {
    if isKey, column.type.isNumber || column.type.base == .any {
      return typical.value(for: column, number, isKey: true)
    }
    return edge(of: column.type.base, number, isKey: isKey)
      ?? typical.value(for: column, number, isKey: isKey)
  }

  private func edge(of type: ColumnType, _ number: Int, isKey: Bool) -> InputValue? {
    let isLow = number % 2 == 1
    switch type {
    case .integer(let bits):
      let top = Int64.max >> Int64(64 - bits)
      return .integer(isLow ? -top - 1 : top)
    case .numeric(let precision, let scale): return .decimal(numeric(precision, scale, isLow))
    case .real(let bits):
      let top = bits == 32 ? "3.4028235e+38" : "1.7976931348623157e+308"
      return .decimal(isLow ? "-\(top)" : top)
    case .money: return .decimal((isLow ? "-" : "") + "92233720368547758.07")
    case .text(let limit): return .text(SampleText.longest(number, limit, isKey: isKey))
    case .character(let limit): return .text(SampleText.longest(number, limit, isKey: isKey))
    case .name: return .text(SampleText.plain(number, 40) + String(repeating: "x", count: 20))
    case .caselessText: return .text(SampleText.longest(number, nil, isKey: isKey))
    case .bytes:
      return isLow ? .bytes([]) : .bytes(Array(repeating: 0xFF, count: isKey ? 500 : 4000))
    case .date: return .text(isLow ? "0001-01-01" : "9999-12-31")
    case .timestamp(let zone, let digits):
      let mark = zone && typical.engine == .postgresql ? "+00" : ""
      let fraction = digits == 6 ? ".999999" : ""
      return .text(
        (isLow ? "0001-01-01 00:00:00" : "9999-12-31 23:59:59\(fraction)") + mark)
    case .time(let zone, let digits):
      let mark = zone && typical.engine == .postgresql ? "+00" : ""
      return .text((isLow ? "00:00:00" : "23:59:59\(digits == 6 ? ".999999" : "")") + mark)
    case .array: return isLow ? .list([]) : nil
    case .jsonb, .json: return .json(isLow ? "null" : "[]")
    case .bits(let length, true):
      return .text(isLow ? "" : String(repeating: "1", count: length ?? 64))
    case .bits(let length, false):
      return .text(String(repeating: isLow ? "0" : "1", count: length ?? 1))
    default: return nil
    }
  }

  /// SQLite keeps 15 digits of a number with a fraction.
  private func numeric(_ precision: Int?, _ scale: Int, _ isLow: Bool) -> String {
    let sign = isLow ? "-" : ""
    let isExact = typical.engine == .postgresql
    guard let precision else {
      return sign + (isExact ? "12345678901234567890123456789.123456789" : "123456789012.345")
    }
    if scale < 0 {
      return sign + String(repeating: "9", count: precision) + String(repeating: "0", count: -scale)
    }
    let digits = isExact ? precision : min(precision, 15)
    let fraction = min(scale, digits)
    let whole = digits - fraction
    let head = whole == 0 ? "0" : String(repeating: "9", count: whole)
    if fraction == 0 { return sign + head }
    let zeros = max(0, scale - precision)
    return "\(sign)\(head)." + String(repeating: "0", count: zeros)
      + String(repeating: "9", count: fraction - zeros)
  }
}
