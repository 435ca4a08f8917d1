/// A moment without the zone in which it is meant: `2020-01-01 12:30:00`.
struct LocalMoment {
  private let minutes: Int
  private let seconds: Substring

  /// nil for what is no such moment.
  init?(_ text: String) {
    let halves = text.split(separator: " ")
    let date = halves.first?.split(separator: "-").compactMap { Int($0) } ?? []
    let clock = halves.count > 1 ? halves[1].split(separator: ":") : ["00", "00", "00"]
    guard (1...2).contains(halves.count), date.count == 3, clock.count == 3,
      let hour = Int(clock[0]), let minute = Int(clock[1])
    else { return nil }
    minutes = (Self.days(date[0], date[1], date[2]) * 24 + hour) * 60 + minute
    seconds = clock[2]
  }

  /// Whether the other one may be the same in UTC: no zone is more than 14 hours away from it, and all
  /// differ by quarters of an hour (<https://www.iana.org/time-zones>).
  func mayBe(_ utc: LocalMoment) -> Bool {
    let distance = abs(minutes - utc.minutes)
    return seconds == utc.seconds && distance <= 14 * 60 && distance.isMultiple(of: 15)
  }

  /// Days since some day in the past, where each year begins in March, so that the leap day is its last.
  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let year = month > 2 ? year : year - 1
    let month = (month + 9) % 12
    return year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day
  }
}
