import Databases

/// Values as ordinary rows hold them: for each column a series, in which different numbers give
/// different values as long as the type has any.
struct TypicalValues {
  let engine: Engine
  let random: SeededRandom
  /// The whole number with which keys begin.
  var firstKey: Int64 = 1

  /// Whether the row of this number holds NULL wherever it may: the third of every three, so that the
  /// values of the others, an odd text among them, are there in any case.
  static func isWithNulls(_ number: Int) -> Bool { number % 3 == 2 }

  /// - Parameter number: from 0; the second of every three texts is an odd one.
  /// - Returns: nil for a type of which nothing is known.
  func value(for column: ColumnShape, _ number: Int, isKey: Bool = false) -> InputValue? {
    let named = NamedText(column: column.name.raw.lowercased(), number: number)
    if column.type.isText || column.type.base == .any {
      if engine == .sqlite, let text = identifier(column.typeText, number) { return .text(text) }
      if let text = named.text, fits(text, column.type.base) { return .text(text) }
    }
    if !isKey, case .integer = column.type.base, number % 3 == 1, NumberName(column.name).isSigned,
      case .integer(let value)? = self.value(of: column.type.base, number + salt(column))
    {
      return .integer(-value)
    }
    return value(of: column.type.base, isKey ? number : number + salt(column), isKey: isKey)
  }

  /// The value of another row of three, as columns hold that need not be unique: the third text is the first
  /// once more, and the first the second, where the third is NULL.
  func repeated(for column: ColumnShape, _ number: Int, hasNulls: Bool) -> InputValue? {
    guard column.type.isText,
      NamedText(column: column.name.raw.lowercased(), number: number).text == nil
    else { return value(for: column, number) }
    switch number % 3 {
    case 0 where hasNulls: return value(for: column, number + 1)
    case 2: return value(for: column, number - 2)
    default: return value(for: column, number)
    }
  }

  /// Lets two columns of one row hold different values, so that a value shows which it is from. A whole
  /// number of series, in which each value has its place.
  private func salt(_ column: ColumnShape) -> Int {
    var random = SeededRandom(seed: 0, name: column.name.raw)
    return random.below(160) * 6
  }

  private func fits(_ text: String, _ type: ColumnType) -> Bool {
    switch type {
    case .text(let limit?), .character(let limit): text.unicodeScalars.count <= limit
    case .byteCharacter: false
    default: true
    }
  }

  /// SQLAlchemy keeps a UUID in SQLite as 32 hexadecimal digits.
  private func identifier(_ declared: String, _ number: Int) -> String? {
    switch declared {
    case "CHAR(32)": uuid(number).filter { $0 != "-" }
    case "CHAR(36)": uuid(number)
    default: nil
    }
  }

  func value(of type: ColumnType, _ number: Int, isKey: Bool = false) -> InputValue? {
    switch type {
    case .boolean: .boolean(number % 2 == 0)
    case .integer(let bits):
      .integer(
        isKey
          ? firstKey + Int64(number) : Int64((number * 37 + 11) % (bits == 16 ? 30_000 : 99_991)))
    case .numeric(let precision, let scale): numeric(number, precision, scale)
    case .real: .decimal("\(number * 3 + 1).\(["5", "2", "125"][number % 3])")
    case .money: .decimal("\(number * 17 + 3).\(10 + number % 90)")
    case .text(let limit):
      .text(isKey ? SampleText.plain(number, limit) : SampleText.text(number, limit))
    case .character(let limit): .text(SampleText.plain(number, limit))
    case .byteCharacter: .text(SampleText.plain(number, 1))
    case .name: .text(SampleText.plain(number, 63))
    case .caselessText: .text(SampleText.text(number, nil))
    case .bytes: .bytes([0, 0xFF, 0x27, 0x5C, UInt8(number & 0xFF), UInt8(number >> 8 & 0xFF)])
    case .uuid: .text(uuid(number))
    case .json, .jsonb:
      // Neither in `jsonb`'s order nor with its blanks, which `json` keeps.
      .json(
        "{\"name\": \"Zo\u{EB} \\\"\u{3A9}\\\"\",  \"tags\":[1, null, true], \"id\": \(number)}")
    case .xml: .text("<row id=\"\(number)\">Zo\u{EB} &amp; co</row>")
    case .bits(let length, let varying): .text(bits(number, length ?? 8, varying: varying))
    case .enumeration(let labels): labels.isEmpty ? nil : .text(labels[number % labels.count])
    case .hstore: .text("\"id\"=>\"\(number)\", \"name\"=>\"Zo\u{EB}\", \"none\"=>NULL")
    case .domain: inDomain(type, number)
    case .composite(let fields):
      .list(fields.map { value(of: $0.type, number) ?? .null })
    case .array(let element): array(of: element, number)
    case .range(let element): SampleRange(element, number).text.map { .text($0) }
    case .multirange(let element): SampleRange(element, number).text.map { .text("{\($0)}") }
    case .date, .time, .timestamp, .interval: .text(time(type, number))
    case .any: number % 2 == 0 ? .text(SampleText.text(number, nil)) : .integer(Int64(number))
    default: SampleText.ofType(type, number, engine).map { .text($0) }
    }
  }

  /// An element of a list or a composite whose type has checks of its own.
  private func inDomain(_ type: ColumnType, _ number: Int) -> InputValue? {
    let plan = TablePlan(.single(type, engine: engine), filled: [], routing: nil)
    var row = Candidate(plan: plan, reading: ValueReading(engine: engine))
    guard let column = plan.columns.first, let first = value(for: column, number) else {
      return nil
    }
    row.set(column.name.raw, first)
    var search = RowSolver(plan: plan, fixed: [], random: random) { value(for: $0, number + $1) }
    return search.row(from: row, taken: [])?[column.name.raw]
  }

  private func numeric(_ number: Int, _ precision: Int?, _ scale: Int) -> InputValue {
    guard let precision else { return .decimal("\(number * 13 + 1).\(25 + number % 60)") }
    let whole = max(0, precision - scale)
    var limit = 1
    for _ in 0..<min(whole, 4) { limit *= 10 }
    let digits = (0..<max(0, min(scale, 12))).map { String((number * 7 + $0 * 3 + 5) % 10) }
    let integer = whole == 0 ? 0 : (number * 3 + 1) % limit
    if scale < 0 {
      return .decimal(String(number % 9 + 1) + String(repeating: "0", count: -scale))
    }
    if scale > precision {
      let zeros = String(repeating: "0", count: scale - precision)
      return .decimal("0." + zeros + digits.suffix(precision).joined())
    }
    return .decimal(digits.isEmpty ? String(integer) : "\(integer).\(digits.joined())")
  }

  private func bits(_ number: Int, _ length: Int, varying: Bool) -> String {
    let digits = String(number * 5 + 1, radix: 2).suffix(length)
    return varying ? String(digits) : String(repeating: "0", count: length - digits.count) + digits
  }

  /// The second of every three holds a NULL, where the elements may, and the third is empty.
  private func array(of element: ColumnType, _ number: Int) -> InputValue? {
    guard let first = value(of: element, number), let second = value(of: element, number + 1)
    else { return nil }
    let takesNull = !element.domains.contains { $0.isNotNull || !$0.checks.isEmpty }
    switch number % 3 {
    case 0: return .list([first])
    case 1: return .list([first, takesNull ? .null : second, second])
    default: return .list([])
    }
  }

  private func uuid(_ number: Int) -> String {
    var random = SeededRandom(seed: UInt64(number), name: "uuid")
    var digits = Array(([UInt8](repeating: 0, count: 16)).map { _ in UInt8(random.below(256)) })
    digits[6] = digits[6] & 0x0F | 0x40
    digits[8] = digits[8] & 0x3F | 0x80
    let text = Array(digits.hexadecimal)
    let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32]
    return groups.map { String(text[$0]) }.joined(separator: "-")
  }

  /// From 2018 to 2024, an hour among them that some time zones do not have.
  private func time(_ type: ColumnType, _ number: Int) -> String {
    let day = Calendar.days(year: 2018, month: 1, day: 15) + (number * 97 + 40) % 2500
    let ofDay = Double((number * 5431 + 9000) % 86_400) + 0.123456
    let isZoned = engine == .postgresql
    switch type {
    case .date: return Calendar.text(Double(day) * 86_400, withTime: false)
    case .time(let zone, _): return Calendar.time(ofDay) + (zone && isZoned ? "+02" : "")
    case .interval(let fields, _):
      return fields?.contains("year") == true || fields == "month"
        ? "\(number + 1) years 2 mons" : "\(number + 1) days 02:03:04"
    case .timestamp(let zone, _):
      let text = Calendar.text(Double(day) * 86_400 + ofDay, withTime: true)
      return text + (zone && isZoned ? ["+00", "+02", "-05:30"][number % 3] : "")
    default: return ""
    }
  }
}
