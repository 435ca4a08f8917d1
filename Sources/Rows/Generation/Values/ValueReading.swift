import Databases
import Formats

/// What a value that goes into a column is in an expression, and what goes into a column to make an
/// expression see a value.
struct ValueReading {
  let engine: Engine

  /// The value as a condition on the column sees it.
  func datum(of value: InputValue, in column: ColumnShape) -> Datum {
    switch engine {
    case .postgresql: postgres(value, column.type.base)
    case .sqlite: sqlite(value, column.affinity ?? .blob)
    }
  }

  private func postgres(_ value: InputValue, _ type: ColumnType) -> Datum {
    switch value {
    case .null: return .null
    case .boolean(let flag): return .boolean(flag)
    case .integer(let number): return .integer(number)
    case .decimal(let text):
      return Int64(text).map { .integer($0) } ?? Double(text).map { .number($0) } ?? .text(text)
    case .bytes(let bytes): return .bytes(bytes)
    case .json(let text): return .text(text)
    case .list(let items):
      guard case .array(let element) = type else { return .list(items.map { postgres($0, .any) }) }
      return .list(items.map { postgres($0, element.base) })
    case .text(let text):
      switch type {
      case .date, .timestamp: return Calendar.seconds(of: text).map { .instant($0) } ?? .text(text)
      case .interval: return Calendar.span(of: text).map { .span($0) } ?? .text(text)
      case .time: return Calendar.secondsOfDay(text[...]).map { .span($0) } ?? .text(text)
      case .money: return Double(text).map { .number($0) } ?? .text(text)
      // Blanks at the end do not count and are gone when it is compared.
      case .character:
        var scalars = Array(text.unicodeScalars)
        while scalars.last == " " { scalars.removeLast() }
        return .text(FunctionCall.string(scalars))
      case .range(let element):
        let range = RangeDatum.Element(element).flatMap { RangeDatum(text, of: $0) }
        return range.map { .range($0) } ?? .text(text)
      case .integer, .numeric, .real:
        return Int64(text).map { .integer($0) } ?? Double(text).map { .number($0) } ?? .text(text)
      default: return .text(text)
      }
    }
  }

  /// As SQLite keeps it: <https://www.sqlite.org/datatype3.html#type_affinity>.
  private func sqlite(_ value: InputValue, _ affinity: ColumnShape.Affinity) -> Datum {
    switch value {
    case .null: .null
    case .boolean(let flag): number(.integer(flag ? 1 : 0), affinity)
    case .integer(let number): self.number(.integer(number), affinity)
    case .decimal(let text): read(text, affinity == .blob ? .numeric : affinity)
    case .text(let text), .json(let text): read(text, affinity)
    case .bytes(let bytes): .bytes(bytes)
    case .list: .text(value.json)
    }
  }

  private func number(_ datum: Datum, _ affinity: ColumnShape.Affinity) -> Datum {
    switch (affinity, datum) {
    case (.text, _): .text(datum.text ?? "")
    case (.real, .integer(let number)): .number(Double(number))
    default: datum
    }
  }

  private func read(_ text: String, _ affinity: ColumnShape.Affinity) -> Datum {
    switch affinity {
    case .text, .blob, .any: return .text(text)
    case .integer, .numeric, .real:
      if affinity != .real, let number = Int64(text) { return .integer(number) }
      guard let number = Double(text) else { return .text(text) }
      if affinity != .real, let whole = Int64(exactly: number) { return .integer(whole) }
      return .number(number)
    }
  }

  // MARK: Back

  /// The value that the column is to be given; nil where it does not fit the column's type.
  func value(of datum: Datum, for column: ColumnShape) -> InputValue? {
    if datum == .null { return column.isNotNull ? nil : .null }
    return value(of: datum, as: column.type.base)
  }

  private func value(of datum: Datum, as type: ColumnType) -> InputValue? {
    switch type {
    case .boolean: return datum.truth.map { .boolean($0) }
    case .integer(let bits):
      guard let number = whole(datum), number.magnitude < 1 << UInt64(bits - 1) else { return nil }
      return .integer(number)
    case .numeric(let precision, let scale):
      return datum.double.flatMap { Self.decimal($0, precision, scale) }
    case .money: return datum.double.flatMap { Self.decimal($0, 18, 2) }
    case .real: return datum.double.map { .decimal(Self.shortest($0)) }
    case .text(let limit): return text(datum, limit: limit)
    case .character(let limit): return text(datum, limit: limit)
    case .byteCharacter: return text(datum, limit: 1)
    case .name: return text(datum, limit: 63)
    case .enumeration(let labels):
      guard let label = datum.text, labels.contains(label) else { return nil }
      return .text(label)
    case .bytes:
      if case .bytes(let bytes) = datum { return .bytes(bytes) }
      return datum.text.map { .bytes(Array($0.utf8)) }
    case .date, .timestamp, .time, .interval: return time(datum, type)
    case .array(let element):
      guard case .list(let items) = datum else { return nil }
      var values: [InputValue] = []
      for item in items {
        guard let value = item == .null ? .null : value(of: item, as: element.base) else {
          return nil
        }
        values.append(value)
      }
      return .list(values)
    case .any, .other: return natural(datum)
    default:
      if case (.range(let range), .range(let element)) = (datum, type) {
        let ends = [range.lower, range.upper].compactMap { $0 }
        let isHeld = ends.allSatisfy { value(of: $0, as: element.base) != nil }
        return isHeld ? .text(range.text) : nil
      }
      guard case .text(let text) = datum, Self.isOf(type, text) else { return nil }
      return .text(text)
    }
  }

  /// Whether a text that came out of a condition can be one of the type, as far as its look tells.
  private static func isOf(_ type: ColumnType, _ text: String) -> Bool {
    switch type {
    case .uuid: text.count == 36 && text.allSatisfy { $0.isHexDigit || $0 == "-" }
    case .bits(let length, let varying):
      text.allSatisfy { $0 == "0" || $0 == "1" }
        && length.map { varying ? text.count <= $0 : text.count == $0 } ?? true
    case .inet, .cidr, .macAddress:
      text.contains { $0 == "." || $0 == ":" } && text.contains(where: \.isNumber)
    case .json, .jsonb: JSONNode(document: text) != nil
    case .range: text == "empty" || "[(".contains(text.first ?? " ")
    case .multirange: text.first == "{"
    case .geometric: text.contains("(") || text.contains(",")
    case .hstore: text.contains("=>")
    case .xml: text.first == "<"
    case .composite, .textSearchQuery, .textSearchVector: false
    default: true
    }
  }

  private func natural(_ datum: Datum) -> InputValue? {
    switch datum {
    case .integer(let number): .integer(number)
    case .boolean(let flag): .integer(flag ? 1 : 0)
    case .number(let number): .decimal(Self.shortest(number))
    case .bytes(let bytes): .bytes(bytes)
    default: datum.text.map { .text($0) }
    }
  }

  private func whole(_ datum: Datum) -> Int64? {
    switch datum {
    case .integer(let number): number
    case .boolean(let flag): flag ? 1 : 0
    case .number(let number): Int64(exactly: number.rounded())
    case .text(let text): Int64(text)
    default: nil
    }
  }

  private func text(_ datum: Datum, limit: Int?) -> InputValue? {
    guard let text = datum.text, !text.utf8.contains(0),
      limit.map({ text.unicodeScalars.count <= $0 }) ?? true
    else { return nil }
    return .text(text)
  }

  /// From the year 1 to 9999, which drivers know too.
  private static let years =
    Double(
      Calendar.days(year: 1, month: 1, day: 1)) * 86_400..<Double(
      Calendar.days(year: 10_000, month: 1, day: 1)) * 86_400

  private func time(_ datum: Datum, _ type: ColumnType) -> InputValue? {
    if case .instant(let seconds) = datum, !Self.years.contains(seconds) { return nil }
    switch (type, datum) {
    case (.date, .instant(let seconds)): return .text(Calendar.text(seconds, withTime: false))
    case (.timestamp(let zone, _), .instant(let seconds)):
      return .text(
        Calendar.text(seconds, withTime: true) + (zone && engine == .postgresql ? "+00" : ""))
    case (.time(let zone, _), .span(let seconds)):
      return (0..<86_400).contains(seconds)
        ? .text(Calendar.time(seconds) + (zone ? "+00" : "")) : nil
    case (.interval, .span(let seconds)): return .text("\(Self.shortest(seconds)) seconds")
    default:
      guard case .text(let text) = datum else { return nil }
      let isRead =
        switch type {
        case .time: Calendar.secondsOfDay(text[...]) != nil
        case .interval: Calendar.span(of: text) != nil
        default: Calendar.seconds(of: text) != nil
        }
      return isRead ? .text(text) : nil
    }
  }

  /// Rounded to the scale; nil where the precision does not hold it.
  static func decimal(_ number: Double, _ precision: Int?, _ scale: Int) -> InputValue? {
    guard number.isFinite else { return nil }
    guard let precision else { return .decimal(shortest(number)) }
    guard scale >= 0 else {
      var unit = 1.0
      for _ in 0..<(-scale) { unit *= 10 }
      return Int64(exactly: (number / unit).rounded() * unit).map { .decimal(String($0)) }
    }
    var limit = 1.0
    for _ in 0..<max(0, precision - scale) { limit *= 10 }
    var unit = 1.0
    for _ in 0..<scale { unit *= 10 }
    guard let units = Int64(exactly: (number * unit).rounded()), abs(number) < limit,
      abs(Double(units)) / unit < limit
    else { return nil }
    let digits = Calendar.padded(Int(units.magnitude), scale + 1)
    let sign = units < 0 ? "-" : ""
    return scale == 0
      ? .decimal(sign + digits)
      : .decimal("\(sign)\(digits.dropLast(scale)).\(digits.suffix(scale))")
  }

  static func shortest(_ number: Double) -> String {
    if let whole = Int64(exactly: number), abs(number) < 1e15 { return String(whole) }
    return String(number)
  }
}
