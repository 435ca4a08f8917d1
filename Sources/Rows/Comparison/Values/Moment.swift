/// A point on the time line, from texts as PostgreSQL, SQLite and Python write dates and times.
struct Moment: Hashable {
  /// Since 1970-01-01 00:00:00 UTC; a text without an offset is taken as UTC.
  let microseconds: Int64
  /// Whether the text says how far its clock is ahead of UTC.
  let hasOffset: Bool

  static func == (left: Moment, right: Moment) -> Bool { left.microseconds == right.microseconds }
  func hash(into hasher: inout Hasher) { hasher.combine(microseconds) }

  /// Reads `2024-01-31`, `2024-01-31 12:30:00.25`, with `T` between and `+05:30`, `+0530`, `+05` or `Z`
  /// behind; nil for anything else.
  init?(_ text: String) {
    var rest = Array(text.utf8)[...]
    guard rest.count >= 10, let year = Self.number(&rest), Self.take("-", &rest),
      let month = Self.number(&rest), Self.take("-", &rest), let day = Self.number(&rest),
      (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    var seconds: Int64 = 0
    var fraction: Int64 = 0
    var hasOffset = false
    if Self.take(" ", &rest) || Self.take("T", &rest) {
      guard let hour = Self.number(&rest), Self.take(":", &rest), let minute = Self.number(&rest)
      else { return nil }
      seconds = hour * 3600 + minute * 60
      if Self.take(":", &rest) {
        guard let second = Self.number(&rest) else { return nil }
        seconds += second
        if Self.take(".", &rest) { fraction = Self.fraction(&rest) }
      }
      _ = Self.take(" ", &rest)
      hasOffset = !rest.isEmpty
      guard let offset = Self.offset(&rest) else { return nil }
      seconds -= offset
    }
    guard rest.isEmpty else { return nil }
    let days = Calendar.days(year: Int(year), month: Int(month), day: Int(day))
    self.hasOffset = hasOffset
    microseconds = (Int64(days) * 86_400 + seconds) * 1_000_000 + fraction
  }

  private static func take(_ character: Character, _ rest: inout ArraySlice<UInt8>) -> Bool {
    guard rest.first == character.asciiValue else { return false }
    rest.removeFirst()
    return true
  }

  private static func number(_ rest: inout ArraySlice<UInt8>) -> Int64? {
    let digits = rest.prefix(6).prefix { (0x30...0x39).contains($0) }
    guard !digits.isEmpty else { return nil }
    rest.removeFirst(digits.count)
    return digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
  }

  private static func fraction(_ rest: inout ArraySlice<UInt8>) -> Int64 {
    let digits = rest.prefix { (0x30...0x39).contains($0) }
    rest.removeFirst(digits.count)
    let six = digits.prefix(6) + Array(repeating: 0x30, count: max(0, 6 - digits.count))
    return six.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
  }

  /// In seconds to the east; 0 where there is none.
  private static func offset(_ rest: inout ArraySlice<UInt8>) -> Int64? {
    guard !rest.isEmpty, !take("Z", &rest) else { return 0 }
    let isWest = rest.first == UInt8(ascii: "-")
    guard isWest || rest.first == UInt8(ascii: "+") else { return nil }
    rest.removeFirst()
    let digits = rest.prefix { (0x30...0x39).contains($0) }.count
    guard digits <= 2 || digits == 4, let number = number(&rest) else { return nil }
    var seconds = digits == 4 ? (number / 100 * 60 + number % 100) * 60 : number * 3600
    if digits <= 2, take(":", &rest) {
      guard let minutes = Self.number(&rest) else { return nil }
      seconds += minutes * 60
    }
    return isWest ? -seconds : seconds
  }
}
