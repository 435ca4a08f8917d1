/// A value while a condition is worked out.
enum Datum: Hashable, Sendable {
  case null
  case boolean(Bool)
  case integer(Int64)
  case number(Double)
  case text(String)
  case bytes([UInt8])
  /// Seconds since 1970 in UTC: dates and time stamps of PostgreSQL.
  case instant(Double)
  /// Seconds: intervals and times of day of PostgreSQL.
  case span(Double)
  case list([Datum])
  indirect case range(RangeDatum)

  /// As a number, where it is one or SQLite would read it as one.
  var double: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .number(let number): number
    case .boolean(let flag): flag ? 1 : 0
    case .instant(let seconds), .span(let seconds): seconds
    case .text(let text): Double(text)
    default: nil
    }
  }

  /// As text, where the engines would print it.
  var text: String? {
    switch self {
    case .text(let text): text
    case .integer(let number): String(number)
    case .number(let number):
      number == number.rounded() && abs(number) < 1e15 ? String(Int64(number)) : String(number)
    case .boolean(let flag): flag ? "true" : "false"
    default: nil
    }
  }

  /// What a condition makes of it; nil is NULL.
  var truth: Bool? {
    switch self {
    case .boolean(let flag): flag
    case .integer(let number): number != 0
    case .number(let number): number != 0
    case .text(let text): Double(text).map { $0 != 0 } ?? false
    default: nil
    }
  }
}

/// A part of an expression that Stairway does not understand.
struct NotUnderstood: Error {
  let what: String
}

extension Datum {
  /// Negative, zero or positive as the engines order the two; nil where one is NULL.
  /// - Throws: `NotUnderstood` for values that cannot be compared.
  static func order(_ left: Datum, _ right: Datum) throws -> Int? {
    func sign<T: Comparable>(_ left: T, _ right: T) -> Int {
      left < right ? -1 : left == right ? 0 : 1
    }
    switch (left, right) {
    case (.null, _), (_, .null): return nil
    case (.integer(let left), .integer(let right)): return sign(left, right)
    case (.text(let left), .text(let right)):
      let same = Array(left.utf8) == Array(right.utf8)
      return same ? 0 : left.unicodeScalars.lexicographicallyPrecedes(right.unicodeScalars) ? -1 : 1
    case (.bytes(let left), .bytes(let right)):
      return left == right ? 0 : left.lexicographicallyPrecedes(right) ? -1 : 1
    case (.instant(let left), .text(let right)):
      guard let right = Calendar.seconds(of: right) else { throw NotUnderstood(what: right) }
      return sign(left, right)
    case (.text(let left), .instant(let right)):
      guard let left = Calendar.seconds(of: left) else { throw NotUnderstood(what: left) }
      return sign(left, right)
    // PostgreSQL counts the days between two dates.
    case (.span(let seconds), .integer(let days)): return sign(seconds, Double(days) * 86_400)
    case (.integer(let days), .span(let seconds)): return sign(Double(days) * 86_400, seconds)
    case (.range(let left), .range(let right)): return try left.order(right)
    case (.list(let left), .list(let right)):
      for (left, right) in zip(left, right) {
        guard let order = try order(left, right) else { return nil }
        if order != 0 { return order }
      }
      return sign(left.count, right.count)
    default:
      if let left = left.double, let right = right.double { return sign(left, right) }
      // SQLite: numbers before texts before blobs.
      return sign(left.rank, right.rank)
    }
  }

  private var rank: Int {
    switch self {
    case .null: 0
    case .boolean, .integer, .number, .instant, .span: 1
    case .text: 2
    case .bytes, .list, .range: 3
    }
  }
}

/// Dates by the proleptic Gregorian calendar, without time zones' rules.
enum Calendar {
  /// Days since 1970 (<https://howardhinnant.github.io/date_algorithms.html#days_from_civil>).
  static func days(year: Int, month: Int, day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let era = (year >= 0 ? year : year - 399) / 400
    let ofEra = year - era * 400
    let ofYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
  }

  static func date(days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let ofEra = shifted - era * 146_097
    let year = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * year + year / 4 - year / 100)
    let shiftedMonth = (5 * ofYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let day = ofYear - (153 * shiftedMonth + 2) / 5 + 1
    return (year + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  /// Seconds since 1970 of `2020-01-31`, `2020-01-31 10:00:00.5+02` and the like.
  static func seconds(of text: String) -> Double? {
    Moment(text).map { Double($0.microseconds) / 1e6 }
  }

  /// Of `10:00:00.5+02`, taken back to UTC.
  static func secondsOfDay(_ text: Substring) -> Double? {
    let zone = text.firstIndex { $0 == "+" || $0 == "-" || $0 == "Z" } ?? text.endIndex
    let fields = text[..<zone].split(separator: ":").compactMap { Double($0) }
    guard fields.count >= 2 else { return nil }
    var seconds = fields[0] * 3600 + fields[1] * 60 + (fields.count > 2 ? fields[2] : 0)
    let offset = text[zone...].dropFirst().split(separator: ":").compactMap { Double($0) }
    if let hours = offset.first {
      let shift = hours * 3600 + (offset.count > 1 ? offset[1] * 60 : 0)
      seconds += text[zone] == "-" ? shift : -shift
    }
    return seconds
  }

  /// `2020-01-31`, and with the time `2020-01-31 10:00:00.25`.
  static func text(_ seconds: Double, withTime: Bool) -> String {
    let day = Int((seconds / 86_400).rounded(.down))
    let (year, month, date) = date(days: day)
    let head = "\(padded(year, 4))-\(padded(month, 2))-\(padded(date, 2))"
    guard withTime else { return head }
    return head + " " + time(seconds - Double(day) * 86_400)
  }

  static func time(_ seconds: Double) -> String {
    let whole = Int(seconds)
    let micro = Int(((seconds - Double(whole)) * 1e6).rounded())
    let text = "\(padded(whole / 3600, 2)):\(padded(whole / 60 % 60, 2)):\(padded(whole % 60, 2))"
    return micro == 0 ? text : "\(text).\(padded(micro, 6))"
  }

  static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// Of `P1DT2H`, `1 day 02:00:00` and the like, a month being 30 days.
  static func span(of text: String) -> Double? {
    if text.hasPrefix("P") || text.hasPrefix("-P") { return isoSpan(text) }
    var total = 0.0
    var words = text.split(separator: " ")[...]
    while let word = words.popFirst() {
      if word.contains(":") {
        guard let time = secondsOfDay(word) else { return nil }
        total += time
        continue
      }
      guard let number = Double(word), let unit = words.popFirst(),
        let seconds = units.first(where: { unit.hasPrefix($0.0) })?.1
      else { return nil }
      total += number * seconds
    }
    return total
  }

  private static let units: [(String, Double)] = [
    ("mon", 2_592_000), ("y", 31_536_000), ("w", 604_800), ("d", 86_400), ("h", 3600),
    ("min", 60), ("s", 1),
  ]

  private static func isoSpan(_ text: String) -> Double? {
    var total = 0.0
    var number = ""
    var inTime = false
    for character in text.drop(while: { $0 != "P" }).dropFirst() {
      switch character {
      case "T": inTime = true
      case "0"..."9", ".", "-": number.append(character)
      default:
        let units: [Character: Double] = [
          "Y": 31_536_000, "M": inTime ? 60 : 2_592_000, "W": 604_800, "D": 86_400, "H": 3600,
          "S": 1,
        ]
        guard let unit = units[character], let value = Double(number) else { return nil }
        total += value * unit
        number = ""
      }
    }
    return total
  }
}
