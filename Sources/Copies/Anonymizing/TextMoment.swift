/// A date, or a date with a time, as applications write it into a SQLite column of text:
/// `2024-02-29`, `2024-02-29 13:05:59.123456+00:00`.
struct TextMoment: Hashable {
  private let year: Int
  /// From 0.
  private let day: Int
  private let separator: Character?
  private let second: Int
  /// What follows the seconds.
  private let rest: String

  /// nil for what is none, or a day that no year has.
  init?(_ text: String) {
    let letters = Array(text)
    func number(_ range: Range<Int>) -> Int? {
      guard range.upperBound <= letters.count else { return nil }
      let digits = letters[range]
      return digits.allSatisfy { $0.isASCII && $0.isNumber } ? Int(String(digits)) : nil
    }
    guard letters.count >= 10, letters[4] == "-", letters[7] == "-", let year = number(0..<4),
      year > 0, let month = number(5..<7), (1...12).contains(month), let day = number(8..<10),
      (1...Self.days(in: month, of: year)).contains(day)
    else { return nil }
    self.year = year
    self.day = (1..<month).reduce(day - 1) { $0 + Self.days(in: $1, of: year) }
    guard letters.count > 10 else {
      separator = nil
      second = 0
      rest = ""
      return
    }
    guard letters.count >= 19, letters[10] == " " || letters[10] == "T", letters[13] == ":",
      letters[16] == ":", let hours = number(11..<13), hours < 24, let minutes = number(14..<16),
      minutes < 60, let seconds = number(17..<19), seconds < 60,
      letters[19...].allSatisfy({ $0.isASCII && ($0.isNumber || ".:+-Z".contains($0)) })
    else { return nil }
    separator = letters[10]
    second = hours * 3_600 + minutes * 60 + seconds
    rest = String(letters[19...])
  }

  private init(year: Int, day: Int, separator: Character?, second: Int, rest: String) {
    self.year = year
    self.day = day
    self.separator = separator
    self.second = second
    self.rest = rest
  }

  /// A day of the same year, at a time of the day, each as likely as any other; different moments stay
  /// different.
  func disguised(_ hash: KeyedHash) -> TextMoment {
    let days = Self.isLeap(year) ? 366 : 365
    return TextMoment(
      year: year, day: Self.moved(day, among: days, "year \(year)", hash), separator: separator,
      second: separator == nil
        ? 0 : Self.moved(second, among: 86_400, "day \(year) \(day)", hash), rest: rest)
  }

  /// A place among so many, for each its own: all are turned, and in each round two places that
  /// belong together are exchanged or not (<https://eprint.iacr.org/2012/254>).
  private static func moved(
    _ place: Int, among count: Int, _ label: String, _ hash: KeyedHash
  ) -> Int {
    let turned = (place + Int(hash(Array(label.utf8)) % UInt64(count))) % count
    return (0..<8).reduce(turned) { place, round in
      let sum = Int(hash(Array("\(label) \(round)".utf8)) % UInt64(count))
      let partner = (sum - place + count) % count
      let isExchanged =
        hash(Array("\(label) \(round) \(max(place, partner))".utf8)) % 2 == 1
      return isExchanged ? partner : place
    }
  }

  /// As it was written.
  var text: String {
    var month = 1
    var left = day
    while left >= Self.days(in: month, of: year) {
      left -= Self.days(in: month, of: year)
      month += 1
    }
    let date = "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(left + 1, 2))"
    guard let separator else { return date }
    let time = [second / 3_600, second / 60 % 60, second % 60].map { Self.padded($0, 2) }
    return "\(date)\(separator)\(time.joined(separator: ":"))\(rest)"
  }

  private static func padded(_ number: Int, _ count: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, count - digits.count)) + digits
  }

  private static func isLeap(_ year: Int) -> Bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }

  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
